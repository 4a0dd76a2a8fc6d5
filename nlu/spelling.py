"""Mends misspelt words before a message is understood; the visitor's own words are kept beside it.

Words of the assistant's own vocabulary win over words of general English, because "rosaeca" in a skin clinic is
rosacea. A word that English or the vocabulary knows is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from typing import Literal

from symspellpy import SymSpell, Verbosity

from nlu.foreign import is_foreign, small_words
from nlu.shorthand import SHORTHAND

_ENGLISH = "frequency_dictionary_en_82_765.txt"
_ENGLISH_WORDS = 45_000  # the dictionary is sorted by frequency; rarer entries are mostly names and misspellings
_OWN_WEIGHT = 10**12  # above the count of "the", so that an own word wins among equally near ones
_LONG_WORD = 6  # from here on two edits are allowed
_SHORTEST = 3
_PREFIX = 5  # the same words as with the usual 7, indexed in a quarter of the time and memory; a lookup takes 0.5 ms
_ENOUGH_WORDS = 3
_KNOWN_SHARE = 0.4
_LATIN = re.compile(r"[A-Za-zÀ-ɏ'’]+")
_REPEATED = re.compile(r"(.)\1{2,}")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CONTRACTION = re.compile(r"['’]")

Unreadable = Literal["emoji_only", "other_language", "gibberish"]


@dataclass(frozen=True)
class Corrected:
    """A text after correction, with the way back to the original.

    Attributes:
        text: the corrected text; as many words as the original.
        changes: for each changed word ``(start, end, original start, original end)``, in order.
    """

    text: str
    changes: tuple[tuple[int, int, int, int], ...] = ()

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Character span in the original text of the span ``start``–``end`` in the corrected one."""
        return self._original(start, at_end=False), self._original(end, at_end=True)

    def _original(self, position: int, *, at_end: bool) -> int:
        shift = 0
        for start, end, original_start, original_end in self.changes:
            if position >= end and (at_end or position > start):
                shift = original_end - end
            elif position > start:
                return original_end if at_end else original_start
            else:
                break
        return position + shift


class Spelling:
    """Corrects single words by edit distance (one edit, two in long words) with the SymSpell algorithm."""

    def __init__(self, own_words: Iterable[str], left_alone: Iterable[str] = ()) -> None:
        """Know general English, ``own_words`` and what is ``left_alone`` (any case; single words or phrases).

        What is left alone counts as known, but nothing is mended into it: names of medicines are short and odd, and
        their listed misspellings are no words at all.
        """
        self._own = {word.lower() for word in own_words}
        self._left_alone = {word.lower() for phrase in left_alone for word in _WORD.findall(phrase)}
        self._speller = SymSpell(max_dictionary_edit_distance=2, prefix_length=_PREFIX)
        source = resources.files("symspellpy").joinpath(_ENGLISH)
        for line in source.read_text(encoding="utf-8-sig").splitlines()[:_ENGLISH_WORDS]:
            word, _, count = line.partition(" ")
            self._speller.create_dictionary_entry(word, int(count))
        small_words()
        self._of_the_trade = {word for word in self._own if word not in self._speller.words}
        for word in sorted(self._own):
            self._speller.create_dictionary_entry(word, _OWN_WEIGHT)

    def knows(self, word: str) -> bool:
        """Whether ``word`` is a word of English, or short for one, or of the vocabulary."""
        lower = word.lower()
        return lower in self._speller.words or lower in self._left_alone or lower in SHORTHAND

    def unreadable(self, text: str) -> Unreadable | None:
        """Why ``text`` cannot be English: ``emoji_only`` (no letters), ``other_language``, ``gibberish``, or None.

        A text in another script or with few known words among three or more is another language; one or two words
        that neither are known nor resemble a known one are gibberish.
        """
        words = _WORD.findall(text)
        if not words:
            return "emoji_only" if not any(character.isdigit() for character in text) else "gibberish"
        if sum(not _LATIN.fullmatch(word) for word in words) * 2 > len(words):
            return "other_language"
        # "u", "r" and "wat" are words of Dutch as well, and say nothing either way.
        if is_foreign([word for word in words if word.lower() not in SHORTHAND], self.knows):
            return "other_language"
        known = [word for word in words if self.knows(word) or "'" in word or "’" in word]
        if len(words) >= _ENOUGH_WORDS:
            mended = [word for word in words if word in known or self._mend(word, is_first=True) != word]
            return "other_language" if len(known) < _KNOWN_SHARE * len(words) and len(mended) < len(words) else None
        if known or any(self._mend(word, is_first=True).lower() != word.lower() for word in words):
            return None
        return "gibberish"

    def correct(self, text: str) -> Corrected:
        """``text`` with its unknown words replaced by the nearest known ones, where there is a near one."""
        pieces: list[str] = []
        changes: list[tuple[int, int, int, int]] = []
        position = length = 0
        found = list(_WORD.finditer(text))
        for match, following in zip(found, [*found[1:], None], strict=False):
            before = text[position : match.start()]
            is_name = following is not None and following.group()[0].isupper()
            word = self._mend(match.group(), is_first=not length and not before and not is_name)
            pieces += [before, word]
            length += len(before)
            if word != match.group():
                changes.append((length, length + len(word), match.start(), match.end()))
            length += len(word)
            position = match.end()
        pieces.append(text[position:])
        return Corrected("".join(pieces), tuple(changes))

    def _mend(self, word: str, *, is_first: bool) -> str:
        lower = word.lower()
        if lower in SHORTHAND and lower not in self._left_alone:
            return SHORTHAND[lower]
        if len(lower) < _SHORTEST or _CONTRACTION.search(lower) or self.knows(lower):
            return word
        squeezed = _REPEATED.sub(r"\1\1", lower)
        if squeezed != lower:
            single = _REPEATED.sub(r"\1", lower)
            return single if self.knows(single) else squeezed
        reach = 2 if len(lower) >= _LONG_WORD else 1
        nearest = self._speller.lookup(lower, Verbosity.CLOSEST, max_edit_distance=reach)
        is_name = word[0].isupper() and not word.isupper() and not is_first
        terms = [item.term for item in nearest if not is_name or item.term in self._of_the_trade]
        best = next((term for term in terms if term[0] == lower[0]), next(iter(terms), None))
        if best is None:
            return word
        # "Siobhán" may have been told of as "siobhan"; it has to stay recognisable as a name.
        return best.capitalize() if is_name else best
