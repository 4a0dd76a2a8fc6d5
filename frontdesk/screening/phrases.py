"""Finds the phrases of the word groups in a message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from frontdesk.language import stem
from frontdesk.screening.reading import NOT, Word, words_of

GAP = ".."
"""Stands in a phrase for up to ``_GAP_WORDS`` words of the same clause."""
EITHER = "|"
EXACT = "="
_GAP_WORDS = 3
_OF_OTHERS = {
    "i": ("she", "he", "they"),
    "my": ("her", "his", "their"),
    "me": ("her", "him", "them"),
    "myself": ("herself", "himself", "themselves"),
    "am": ("is", "are", "'s"),
    "do": ("does",),
}
"""What a phrase of one's own is when it is told of somebody else."""
_TURNING = frozenset((NOT, "no", "never", "without", "but"))
"""In a gap, they turn the meaning of a phrase round."""


@dataclass(frozen=True)
class Hit:
    """A phrase of a group found in a message.

    Attributes:
        group: the group's name.
        start, end: indices of its first word and the one after its last.
        turned: whether a negation stands in one of its gaps: "lips are not blue".
    """

    group: str
    start: int
    end: int
    turned: bool = False

    def overlaps(self, other: Hit) -> bool:
        """Whether the two share words."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class _Everything:
    """The stems and the written words of a whole message."""

    stems: frozenset[str]
    exact: frozenset[str]


@dataclass(frozen=True)
class _Item:
    """One place of a phrase: stems or written words of which one has to stand there; none of both for a gap."""

    stems: frozenset[str] = frozenset()
    exact: frozenset[str] = frozenset()

    def stands_in(self, everything: _Everything) -> bool:
        """Whether the message has the word anywhere; a gap may stand for nothing."""
        if not self.stems and not self.exact:
            return True
        return not self.stems.isdisjoint(everything.stems) or not self.exact.isdisjoint(everything.exact)

    def fits(self, word: Word) -> bool:
        return not self.stems.isdisjoint(word.forms) or not self.exact.isdisjoint(word.exact)


class _AsWritten:
    """Takes every word of a phrase for what it is."""

    def __call__(self, word: str) -> tuple[str, ...]:
        return ()

    def knows(self, word: str) -> bool:
        return False

    def contraction(self, word: str) -> str:
        return ""


def parsed(phrase: str) -> list[list[str]]:
    """The places of ``phrase``, each with its alternatives; contractions count as two places.

    A phrase is words separated by blanks. ``a|b`` is either, ``=word`` is exactly that form and not its relatives,
    ``..`` is up to three words.
    """
    places: list[list[str]] = []
    for part in phrase.split():
        if part == GAP:
            places.append([])
        elif EITHER in part:
            places.append(part.split(EITHER))
        elif part.startswith(EXACT):
            places.append([part])
        else:
            places += [[word] for word in _words(part)]
    return places


@cache
def _words(part: str) -> tuple[str, ...]:
    # The same few thousand words make up all phrases, and a server reads them at each start.
    return tuple(word.text for word in words_of(part, _AsWritten()))


def _items(phrase: str) -> tuple[_Item, ...]:
    return tuple(
        _Item(
            frozenset(
                stem(each) for word in place if not word.startswith(EXACT) for each in (word, *_OF_OTHERS.get(word, ()))
            ),
            frozenset(word[len(EXACT) :] for word in place if word.startswith(EXACT)),
        )
        for place in parsed(phrase)
    )


def words_in(phrases: Iterable[str]) -> set[str]:
    """Every word of ``phrases`` as written, in lower case."""
    return {word.lstrip(EXACT) for phrase in phrases for place in parsed(phrase) for word in place}


class PhraseIndex:
    """The phrases of all groups, found in one walk over a message."""

    def __init__(self, groups: Mapping[str, Sequence[str]]) -> None:
        """Index the phrases of each group by the words they may begin with."""
        self._by_stem: dict[str, list[tuple[str, tuple[_Item, ...]]]] = {}
        self._by_word: dict[str, list[tuple[str, tuple[_Item, ...]]]] = {}
        for group, phrases in groups.items():
            for phrase in dict.fromkeys(phrases):
                items = _items(phrase)
                for first in items[0].stems:
                    self._by_stem.setdefault(first, []).append((group, items))
                for first in items[0].exact:
                    self._by_word.setdefault(first, []).append((group, items))

    def find(self, words: Sequence[Word]) -> list[Hit]:
        """All hits, in order of their first word; of one group at one place only the longest that is not turned."""
        hits: dict[tuple[str, int], Hit] = {}
        everything = _Everything(
            frozenset(form for word in words for form in word.forms),
            frozenset(form for word in words for form in word.exact),
        )
        for index, word in enumerate(words):
            for group, items in self._candidates(word):
                # Most phrases begin with a common word and end with a rare one.
                if not items[-1].stands_in(everything):
                    continue
                found = _match(items, 1, words, index + 1)
                if found is None:
                    continue
                hit = Hit(group, index, *found)
                other = hits.get((group, index))
                if other is None or (not hit.turned, hit.end) > (not other.turned, other.end):
                    hits[group, index] = hit
        return list(hits.values())

    def _candidates(self, word: Word) -> Iterator[tuple[str, tuple[_Item, ...]]]:
        for form in word.forms:
            yield from self._by_stem.get(form, ())
        for form in word.exact:
            yield from self._by_word.get(form, ())


def _match(
    items: tuple[_Item, ...], place: int, words: Sequence[Word], index: int, turned: bool = False
) -> tuple[int, bool] | None:
    """Whether the places from ``place`` on stand at ``index``: the index after the last word, and if it is turned."""
    if place == len(items):
        return index, turned
    sentence = words[index - 1].sentence
    if items[place].stems or items[place].exact:
        if index < len(words) and words[index].sentence == sentence and items[place].fits(words[index]):
            return _match(items, place + 1, words, index + 1, turned)
        return None
    for skipped in range(_GAP_WORDS + 1):
        passed = words[index : index + skipped]
        if len(passed) < skipped or any(word.sentence != sentence or not word.is_word for word in passed):
            return None
        now_turned = turned or any(word.text in _TURNING for word in passed)
        found = _match(items, place + 1, words, index + skipped, now_turned)
        if found is not None:
            return found
    return None
