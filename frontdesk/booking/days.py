"""Which days a text speaks of: a small grammar with the tie-breaks people expect, and a library for the rest.

"This friday" is the coming one, "next friday" the one of next week (Monday to Sunday), "friday week" a week after the
coming one; a day that could be two days (a bare "tuesday" on a Tuesday, "thursday the 28th" when the 28th is a Friday)
stays both, so that the visitor chooses.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from frontdesk.booking.day_library import found_by_library
from frontdesk.booking.day_meanings import FAR_AHEAD, Day, Read, Span, days_of
from frontdesk.booking.day_rules import RULES, Meaning
from frontdesk.booking.time_words import WEEKDAY, WEEKDAYS

PLACE = 0xE000
"""In the text, what was read is replaced by a private character from here on, so that it is read once only."""

_BOUND = re.compile(
    r"\b(not before|no earlier than|after|from|starting|since|before|by|until|till|up to|"
    r"later than)\s+(?:the\s+|on\s+)*$"
)
_NEGATION = (
    r"(?:\bnot|\bexcept|\bapart from|\bother than|\banything but|\bany day but|\bany time but|\bbut|\bavoid|"
    r"\bexcluding|\bnever|\bno|"
    r"\b(?:can't|cannot|cant|won't|couldn't|don't|can not)\s+(?:really\s+)?(?:do|make|come|manage|have|"
    r"be there|want|work)(?:\s+it)?|"
    r"\bbusy|\baway|\bi work|\bi'm working|\bi am working|\bworking|\brather not)"
)
_NEGATED = re.compile(rf"{_NEGATION}\s+(?:(?:on|for|the|a|this|any|in|until|till)\s+)*$")
_NEGATED_AFTER = re.compile(
    r"^(?:\s+(?:is|are|'s))?\s*(?:no good|not good|not possible|doesn't work|does not work|don't work|won't work|"
    r"isn't good|isn't possible|aren't good|is out|are out|bad|impossible|not ok|doesn't suit|don't suit|"
    r"i can't|i'm busy|i work)\b"
)
_NEGATED_LIST = re.compile(
    rf"{_NEGATION}\s+(?:on\s+|a\s+)?(({WEEKDAY})s?(?:\s*,\s*{WEEKDAY}s?)*\s*(?:,\s*)?(?:or|and|nor|/|"
    rf"&)\s*(?:on\s+)?{WEEKDAY}s?)\b"
)
_LIST_BEFORE = re.compile(r"([\ue000-\uf8ff])\s*(?:,|or|and|/|&)\s*(?:on\s+)?$")
_AGO = re.compile(r"\b(?:\d+|a few|few|some|several)\s+(?:days?|weeks?|months?|years?)\s+(?:ago|before|earlier)\b")


@dataclass
class Days:
    """What a text says about days.

    Attributes:
        spans: days that are welcome, each span by itself.
        weekdays: weekdays that are welcome wherever they fall, 0 being Monday.
        not_weekdays: weekdays that are not.
        not_days: days that are not.
        first, last: bounds from "after tuesday", "by friday".
        rest: the text with all this taken out.
    """

    rest: str
    spans: list[Span] = field(default_factory=list)
    weekdays: set[int] = field(default_factory=set)
    not_weekdays: set[int] = field(default_factory=set)
    not_days: set[Day] = field(default_factory=set)
    first: Day | None = None
    last: Day | None = None

    @property
    def any_said(self) -> bool:
        """Whether the text says anything about days."""
        return bool(
            self.spans or self.weekdays or self.not_weekdays or self.not_days or self.first is not None or self.last
        )


@dataclass
class _Found:
    place: str
    span: Span
    bare_weekday: int | None
    joined: bool = False


def days_in(text: str, today: Day, month_first: bool) -> Days:
    """The days that ``text`` speaks of.

    Args:
        text: as ``time_words.normalised`` writes it.
        today: the clinic's day.
        month_first: whether 3/12 is the twelfth of March.
    """
    return _Reader(text, today, month_first).read()


class _Reader:
    """Reads one text, rule after rule; what a rule has read is out of reach for the next."""

    def __init__(self, text: str, today: Day, month_first: bool) -> None:
        self.today = today
        self.month_first = month_first
        self._days = Days(_AGO.sub(" ", text))
        self._found: list[_Found] = []
        self._next: set[str] = set()
        self._places = 0

    def read(self) -> Days:
        """All rules in order: what is more specific comes first."""
        self._apply(_NEGATED_LIST, self._negated_list)
        for pattern, meaning in RULES:
            self._apply(pattern, partial(self._take, meaning))
        if not self._found and not self._days.any_said:
            self._ask_library()
        self._join()
        self._settle()
        return self._days

    def note_next(self) -> None:
        """Remember that what is read now is a day of next week."""
        self._next.add(chr(PLACE + self._places))

    def follows_next(self, start: int) -> bool:
        """Whether the day at `start` goes on a list that began with "next": "next friday or saturday"."""
        match = _LIST_BEFORE.search(self._days.rest[:start])
        return match is not None and match[1] in self._next

    def _apply(self, pattern: re.Pattern[str], take: Callable[[re.Match[str]], bool]) -> None:
        position = 0
        while match := pattern.search(self._days.rest, position):
            if take(match):
                place = chr(PLACE + self._places)
                self._places += 1
                self._days.rest = self._days.rest[: match.start()] + place + self._days.rest[match.end() :]
                position = match.start() + 1
            else:
                position = match.end()

    def _take(self, meaning: Meaning, match: re.Match[str]) -> bool:
        return self._note(match, meaning(match, self))

    def _negated_list(self, match: re.Match[str]) -> bool:
        self._days.not_weekdays |= {WEEKDAYS.index(name) for name in re.findall(WEEKDAY, match[1])}
        return True

    def _note(self, match: re.Match[str], read: Read | None) -> bool:
        if read is None:
            return False
        before, after = self._days.rest[: match.start()], self._days.rest[match.end() :]
        bound = _BOUND.search(before)
        first, last = read.span
        if (_NEGATED.search(before) and not bound) or _NEGATED_AFTER.search(after):
            self._negate(read)
        elif read.weekdays:
            self._days.weekdays |= set(read.weekdays)
        elif bound:
            self._bind(bound[1], first, last)
        else:
            self._found.append(_Found(chr(PLACE + self._places), read.span, read.bare_weekday))
            if read.other is not None:
                self._found.append(_Found("", (read.other, read.other), None))
        return True

    def _negate(self, read: Read) -> None:
        first, last = read.span
        if read.weekdays:
            self._days.not_weekdays |= set(read.weekdays)
        elif read.bare_weekday is not None:
            self._days.not_weekdays.add(read.bare_weekday)
        else:
            self._days.not_days |= set(days_of(first, min(last, first + datetime.timedelta(days=FAR_AHEAD))))

    def _bind(self, word: str, first: Day, last: Day) -> None:
        one = datetime.timedelta(days=1)
        if word in ("after", "later than"):
            self._days.first = last + one
        elif word in ("from", "starting", "since", "not before", "no earlier than"):
            self._days.first = first
        elif word == "before":
            self._days.last = first - one
        else:
            self._days.last = last

    def _join(self) -> None:
        """Take "monday to wednesday" for all three days; the first was read as a bound or as a day of its own."""
        rest = self._days.rest
        for one, other in zip(self._found, self._found[1:], strict=False):
            between = re.compile(
                re.escape(one.place) + r"\s*(?:-|to|through|until|till|up to)\s*(?:the\s+)?" + re.escape(other.place)
            )
            either = re.compile(
                r"\bbetween\s+(?:the\s+)?" + re.escape(one.place) + r"\s+and\s+(?:the\s+)?" + re.escape(other.place)
            )
            if one.place and other.place and (between.search(rest) or either.search(rest)):
                start, end = one.span[0], other.span[1]
                if end < start and other.bare_weekday is not None:
                    end += datetime.timedelta(days=7)
                if start <= end:
                    other.span, other.bare_weekday, one.joined = (start, end), None, True
        self._found = [found for found in self._found if not found.joined]
        if self._days.first and self._days.last and self._days.last < self._days.first:
            self._days.last += datetime.timedelta(days=7)

    def _settle(self) -> None:
        """A weekday next to a longer stretch ("a tuesday in the first week of december") is a day of that stretch."""
        wide = [found.span for found in self._found if found.span[0] != found.span[1]]
        bare = {found.bare_weekday for found in self._found if found.bare_weekday is not None} | self._days.weekdays
        if wide and bare:
            self._days.weekdays = {day for day in bare if day is not None}
            self._days.spans = wide
        else:
            self._days.spans = [found.span for found in self._found]

    def _ask_library(self) -> None:
        for start, end, span in found_by_library(self._days.rest, self.today):
            before = self._days.rest[:start]
            if _BOUND.search(before) or _NEGATED.search(before):
                continue
            self._found.append(_Found("", span, None))
            self._days.rest = before + chr(PLACE + self._places) + self._days.rest[end:]
            self._places += 1
            return
