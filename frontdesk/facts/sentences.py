"""Rules for the words of the store: where numbers may stand, and how long a sentence may be."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

LONGEST_SENTENCE = 30

_NUMBER_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    "nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|dozen"
)
_NUMBER = re.compile(rf"\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE)
_WITH_DIGIT = re.compile(r"[^\s,;:!?()]*\d[^\s,;:!?()]*")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
# A full stop inside "e.g." or "0.5" ends nothing: the next word of a new sentence starts with a capital.
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')]*\s+(?=[\"'(]*[A-Z0-9£{])")


def numbers_in(text: str, names: Collection[str] = ()) -> list[str]:
    """The numbers written into a text, as digits or as words from "two" up.

    Args:
        text: The text; what stands in braces does not count.
        names: Words in lower case that have a digit as part of a name, such as `morpheus8`.
    """
    bare = _PLACEHOLDER.sub(" ", text)
    digits = (word.rstrip(".'’") for word in _WITH_DIGIT.findall(bare))
    return [word for word in digits if word.lower() not in names] + _NUMBER.findall(bare)


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return _SENTENCE_END.split(text)


def word_count(text: str) -> int:
    """How many words a text has; what stands in braces is one."""
    return len(_PLACEHOLDER.sub("x", text).split())


def long_sentences(text: str) -> Iterator[int]:
    """The number of words of each sentence that has too many."""
    for sentence in sentences(text):
        if word_count(sentence) > LONGEST_SENTENCE:
            yield word_count(sentence)
