"""Recognises messages in another language by their small words, from spaCy's stop word lists."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import spacy.lang

_LANGUAGES = ("es", "fr", "de", "it", "pt", "nl", "pl", "sv", "da", "nb", "fi", "tr", "ro", "cs", "hu")


@lru_cache(maxsize=1)
def small_words() -> tuple[frozenset[str], dict[str, frozenset[str]]]:
    """English's small words, and those of each other language that are not English as well."""

    def stop_words(language: str) -> frozenset[str]:
        # Not imported: a language's package builds its tokenizer's exceptions, 2.4 s for French alone.
        module = Path(spacy.lang.__file__).parent / language / "stop_words.py"
        return frozenset(runpy.run_path(str(module))["STOP_WORDS"])

    english = stop_words("en")
    return english, {language: stop_words(language) - english for language in _LANGUAGES}


def is_foreign(words: Sequence[str], known: Callable[[str], bool]) -> bool:
    """Whether ``words`` (a message's words in order) are more likely another language than English.

    Args:
        words: in any case.
        known: whether English or the assistant's vocabulary has a word.
    """
    lower = [word.lower() for word in words]
    english, others = small_words()
    hits = max((sum(word in small for word in lower) for small in others.values()), default=0)
    own = sum(word in english for word in lower)
    strange = any(not known(word) for word in lower)
    return len(lower) > 1 and hits > own and (hits > 1 or strange) and (strange or hits * 2 >= len(lower))
