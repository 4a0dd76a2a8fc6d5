"""Danger words that a misspelt word may stand for.

The message has been spell-checked before, against all of English. Here an unknown word is held against the danger
words alone, because one letter too few must not hide a danger that everyone who reads it would understand.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib import resources

from rapidfuzz import process
from rapidfuzz.distance import OSA

from frontdesk.screening.reading import CONTRACTIONS, squeezed

_ENGLISH = "frequency_dictionary_en_82_765.txt"
_SHORTEST = 3
_SHORTEST_MEANT = 4
_LONG = 6
_COMMON = 45_000
"""So many of the most frequent English words are taken as meant; rarer entries are mostly names and slips."""
_LONGEST = 24
_CANDIDATES = 12
"""A short word is near to many; none of the nearest may be crowded out by their order."""


@lru_cache(maxsize=1)
def _english_words() -> frozenset[str]:
    source = resources.files("symspellpy").joinpath(_ENGLISH)
    return frozenset(line.partition(" ")[0] for line in source.read_text(encoding="utf-8-sig").splitlines())


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    source = resources.files("symspellpy").joinpath(_ENGLISH)
    lines = source.read_text(encoding="utf-8-sig").splitlines()[:_COMMON]
    return frozenset(line.partition(" ")[0] for line in lines)


def _is_near(word: str, words: list[str]) -> bool:
    return process.extractOne(word, words, scorer=OSA.distance, score_cutoff=2) is not None


class NearWords:
    """Finds the danger words near a word: one slip away, two in long words, of which swapped letters are one."""

    def __init__(self, danger: Iterable[str], as_written: Iterable[str] = ()) -> None:
        """Know the danger words.

        Args:
            danger: all of them, in lower case.
            as_written: those among them that no misspelt word is taken for.
        """
        self._known = frozenset(danger)
        guessed = self._known.difference(as_written)
        meant = [word for word in guessed if word.isalpha() and len(word) >= _SHORTEST_MEANT]
        english = sorted(word for word in meant if word in _english_words())
        # A misspelling that a group lists is found as it stands; what is near to it may be far from danger.
        names = sorted(word for word in meant if word not in _english_words() and not _is_near(word, english))
        self._danger = english + names
        self._find = lru_cache(maxsize=20_000)(self._search)
        self._find_contraction = lru_cache(maxsize=20_000)(self._search_contraction)

    def __call__(self, word: str) -> tuple[str, ...]:
        """The danger words ``word`` (lower case) may stand for besides itself; none when it is an English word."""
        if word in self._known or not _SHORTEST <= len(word) <= _LONGEST or word in _common_words():
            return ()
        return self._find(word)

    def knows(self, word: str) -> bool:
        """Whether ``word`` (lower case) is one of the rules' own words."""
        return word in self._known

    def contraction(self, word: str) -> str:
        """The contraction, without its apostrophe, that an unknown ``word`` is one slip away from, or nothing."""
        if not _SHORTEST_MEANT <= len(word) <= _LONGEST or word in self._known or word in _common_words():
            return ""
        return self._find_contraction(word)

    def _search_contraction(self, word: str) -> str:
        found = process.extractOne(word, CONTRACTIONS, scorer=OSA.distance, score_cutoff=1)
        return str(found[0]) if found else ""

    def _search(self, word: str) -> tuple[str, ...]:
        for candidate in squeezed(word):
            if candidate in self._known or candidate in _common_words():
                return (candidate,)
        reach = 2 if len(word) >= _LONG else 1
        scored = process.extract(word, self._danger, scorer=OSA.distance, score_cutoff=reach, limit=_CANDIDATES)
        near = [(found, distance) for found, distance, _ in scored if distance == 1 or found[0] == word[0]]
        nearest = min((distance for _, distance in near), default=0)
        return tuple(found for found, distance in near if distance == nearest)
