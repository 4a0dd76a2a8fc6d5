"""What of a message may be like an emergency: its words, without the name of who writes and what is only a number."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from nlu.afterthought import afterthought_of
from nlu.introduction import introduction_of

_A_WORD = re.compile(r"(?<![\w@.-])[^\W\d_]{3,}(?![\w@])")
"""A number, a date, an address or a booking's reference says nothing that could be like an emergency."""


def sayings_of(sentences: Sequence[str], signs: Collection[str]) -> list[str]:
    """What is to be weighed of a message, each once: its ``sentences`` and what is said in it after other business.

    Args:
        sentences: the message and, after it, its parts.
        signs: the words that may be signs of danger, in lower case; see `beside_the_name`.
    """
    said = list(dict.fromkeys(filter(None, (beside_the_name(sentence, signs) for sentence in sentences))))
    afterthought = afterthought_of(said[0]) if said else None
    return [*said, afterthought] if afterthought and afterthought not in said else said


def beside_the_name(sentence: str, signs: Collection[str]) -> str:
    """What ``sentence`` says apart from the name it begins with, or "" for nothing; "Chest Pain" is no name."""
    if not _A_WORD.search(sentence):
        return ""
    introduction = introduction_of(sentence)
    if introduction is None:
        return sentence
    name, rest = introduction
    if any(word in signs for word in name.lower().split()):
        return sentence
    return rest if _A_WORD.search(rest) else ""
