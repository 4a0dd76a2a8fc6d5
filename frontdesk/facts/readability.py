"""How many years of school a text asks for."""

from __future__ import annotations

import re
from functools import lru_cache

import pyphen
import textstat


def reading_grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text: 8 is what a reader of about thirteen can follow; 0 for no words.

    Syllables are counted by hyphenation: textstat's own count downloads a dictionary when it is first used.
    """
    words = re.findall(r"[^\W\d_][\w'’-]*", text)
    if not words:
        return 0.0
    syllables = sum(len(_hyphenation().positions(word)) + 1 for word in words)
    return float(0.39 * textstat.words_per_sentence(text) + 11.8 * syllables / len(words) - 15.59)


@lru_cache(maxsize=1)
def _hyphenation() -> pyphen.Pyphen:
    # Printers keep single letters together; syllables do not.
    return pyphen.Pyphen(lang="en_GB", left=1, right=1)
