"""When a visitor would like to come, from their own words; the moment of asking is always handed in."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from babel import Locale

from frontdesk.booking.clocks import PARTS, Clock, Times, times_in
from frontdesk.booking.days import Days, days_in
from frontdesk.booking.time_words import normalised
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.facts.hours import intervals_on

MOST_DAYS = 400
"""How far ahead a wish without an end reaches; the calendar's own horizon is nearer."""

_LONGEST_LIST = 62
_ASAP = re.compile(
    r"^any(?: one| of (?:them|those))?\W*$|\basap\b|\ba\.s\.a\.p\b|\bas soon as (?:you can|possible|u can|"
    r"poss)\b|\bsoonest\b|"
    r"\b(?:the )?earliest (?:one|slot|time|appointment|you|possible|available)\b|"
    r"\bearliest\b(?!\s+in the day)|\bfirst (?:available|free|possible)\b|\bnext (?:available|free|possible|"
    r"appointment|slot|opening)\b|"
    r"\bany ?time\b|\bwhenever\b|\bany day\b|\bas early as (?:you can|possible)\b|\bi'?m flexible\b|"
    r"\bflexible\b|\b(?:i )?don'?t mind\b|"
    r"\bwhat(?:ever)? (?:have you got|you have|you've got|is free|is available)\b|\bright away\b|"
    r"\bstraight away\b|\bsoon\b|\bnow\b|\burgently\b|"
    r"\bany (?:slot|time|appointment|of them|works|is fine)\b|\bup to you\b|\byou (?:choose|pick|decide)\b"
)
_SOON = re.compile(r"\bin (?:about |around )?(\d+|half an) (hours?|hrs?|minutes?|mins?)\b")


@dataclass(frozen=True)
class Wish:
    """What a visitor wants; times are in the clinic's zone.

    Attributes:
        start, end: the stretch of time that is meant, ``end`` not included.
        exact: the moment, where day and time are both clear.
        at: the time of day, also where several days are possible.
        after, before: bounds of the time of day, ``before`` not included.
        part_of_day: the name of the part of the day that was said, a key of ``clocks.PARTS``.
        days: the days meant, where they are few; empty for every day of the stretch.
        weekdays, not_weekdays: weekdays that suit, or do not, 0 being Monday.
        not_days: days that do not suit.
        not_part: a part of the day that does not suit.
        asap: as soon as possible, or any time.
        names_day: whether anything was said on the day at all.
    """

    start: datetime.datetime
    end: datetime.datetime
    exact: datetime.datetime | None = None
    at: Clock | None = None
    after: Clock | None = None
    before: Clock | None = None
    part_of_day: str | None = None
    days: tuple[datetime.date, ...] = ()
    weekdays: tuple[int, ...] = ()
    not_weekdays: tuple[int, ...] = ()
    not_days: tuple[datetime.date, ...] = ()
    not_part: str | None = None
    asap: bool = False
    names_day: bool = False

    def allows(self, moment: datetime.datetime) -> bool:
        """Whether ``moment`` (in the clinic's zone) is as wished; a named time of day (``at``) is not looked at."""
        day, clock = moment.date(), moment.timetz().replace(tzinfo=None)
        if self.days and day not in self.days:
            return False
        if (self.weekdays and day.weekday() not in self.weekdays) or day.weekday() in self.not_weekdays:
            return False
        if day in self.not_days or not self.start <= moment < self.end:
            return False
        if (self.after and clock < self.after) or (self.before and clock >= self.before):
            return False
        return self.not_part is None or not _within(clock, self.not_part)

    def on(self, day: datetime.date) -> Wish:
        """This wish on another day, and on no other."""
        start = datetime.datetime.combine(day, Clock(), tzinfo=self.start.tzinfo)
        end = datetime.datetime.combine(_safe_next(day), Clock(), tzinfo=self.start.tzinfo)
        return _with_exact(replace(self, start=start, end=end, days=(day,), names_day=True, exact=None))

    def after_saying(self, earlier: Wish) -> Wish:
        """This wish with what ``earlier`` said and this one leaves open: its day, or its time of day."""
        if self.asap and not self.names_day and earlier.names_day and len(earlier.days) != 1:
            # The next time is wanted of those that suit: "not this week", then "the next one you have".
            return replace(earlier, asap=True)
        says_time = bool(self.at or self.after or self.before or self.not_part)
        if not self.names_day and earlier.names_day and says_time:
            kept = replace(
                earlier, at=self.at, after=self.after, before=self.before, part_of_day=self.part_of_day,
                not_part=self.not_part, exact=None, asap=False,
            )  # fmt: skip
            return _with_exact(kept)
        if self.names_day and not says_time and not self.asap:
            kept = replace(
                self, at=self.at or earlier.at, after=earlier.after, before=earlier.before,
                part_of_day=earlier.part_of_day, not_part=earlier.not_part,
                not_weekdays=self.not_weekdays or (() if self.days else earlier.not_weekdays),
            )  # fmt: skip
            return _with_exact(kept)
        return self

    def to_data(self) -> dict[str, Any]:
        """The wish as plain JSON values."""
        data: dict[str, Any] = {}
        for name, value in vars(self).items():
            if isinstance(value, datetime.datetime | datetime.date | datetime.time):
                data[name] = value.isoformat()
            elif isinstance(value, tuple):
                data[name] = [each.isoformat() if isinstance(each, datetime.date) else each for each in value]
            else:
                data[name] = value
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any], zone: datetime.tzinfo) -> Wish:
        """The wish that ``to_data`` wrote.

        Raises:
            KeyError, TypeError, ValueError: the data are not of a wish.
        """
        moment, clock = datetime.datetime.fromisoformat, datetime.time.fromisoformat

        def when(name: str) -> datetime.datetime | None:
            return moment(data[name]).astimezone(zone) if data.get(name) else None

        def of_day(name: str) -> Clock | None:
            return clock(data[name]) if data.get(name) else None

        return cls(
            start=moment(data["start"]).astimezone(zone),
            end=moment(data["end"]).astimezone(zone),
            exact=when("exact"),
            at=of_day("at"),
            after=of_day("after"),
            before=of_day("before"),
            part_of_day=data["part_of_day"],
            days=tuple(datetime.date.fromisoformat(day) for day in data["days"]),
            weekdays=tuple(int(day) for day in data["weekdays"]),
            not_weekdays=tuple(int(day) for day in data["not_weekdays"]),
            not_days=tuple(datetime.date.fromisoformat(day) for day in data["not_days"]),
            not_part=data["not_part"] if data["not_part"] in PARTS else None,
            asap=bool(data["asap"]),
            names_day=bool(data["names_day"]),
        )


def wish_in(text: str, now: datetime.datetime, clinic: ClinicProfile | None = None) -> Wish | None:
    """The time that ``text`` asks for, or None when it asks for none.

    Args:
        text: a visitor's words.
        now: the present, aware, in the clinic's zone.
        clinic: its opening hours decide whether "3" is in the afternoon; its language, whether 3/12 is in December.

    Raises:
        ValueError: ``now`` has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("a moment without a time zone says nothing about a day")
    written = normalised(text)
    soon = _soon(written, now)
    if soon is not None:
        return soon
    days = days_in(written, now.date(), _is_month_first(clinic))
    times = times_in(days.rest)
    asap = _ASAP.search(days.rest) is not None and not times.readings
    if not days.any_said and not times.any_said and not asap:
        return None
    return _wish(days, times, asap, now, clinic)


def _wish(days: Days, times: Times, asap: bool, now: datetime.datetime, clinic: ClinicProfile | None) -> Wish:
    first, last = _stretch(days, now.date())
    listed = tuple(day for day in _listed(days) if first <= day <= last)
    only = listed[0] if len(listed) == 1 else None
    after, before, part = times.after, times.before, times.part
    at = None
    if len(times.more) == 0 and times.readings:
        at = _likeliest(times.readings, only, clinic)
    elif times.more:
        # Two times named are a choice: what lies between them is offered.
        named = [_likeliest(readings, only, clinic) for readings in (times.readings, *times.more)]
        after, before = (min(named),), (_minute_after(max(named)),)
    low = _likeliest(after, only, clinic) if after else None
    high = _likeliest(before, only, clinic) if before else None
    if low and high and high <= low:
        high = next((reading for reading in before if reading > low), None)
    if part is not None and at is None:
        part_low, part_high = PARTS[part]
        low, high = (
            low or part_low,
            high or (part_high if low is None or part_high is None or low < part_high else None),
        )
    wish = Wish(
        start=_midnight(first, now),
        end=_midnight(_safe_next(last), now),
        at=at,
        after=low,
        before=high,
        part_of_day=part,
        days=listed,
        weekdays=tuple(sorted(days.weekdays)),
        not_weekdays=tuple(sorted(days.not_weekdays)),
        not_days=tuple(sorted(days.not_days)),
        not_part=times.not_part,
        asap=asap,
        names_day=days.any_said,
    )
    return _with_exact(wish)


def _with_exact(wish: Wish) -> Wish:
    if wish.at is None or len(wish.days) != 1:
        return wish
    return replace(wish, exact=_moment(wish.days[0], wish.at, wish.start))


def _stretch(days: Days, today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """First and last day that are meant, both included."""
    if days.spans:
        first, last = min(span[0] for span in days.spans), max(span[1] for span in days.spans)
    else:
        first, last = today, _far(today)
    first, last = max(first, days.first or first), min(last, days.last or last)
    return (first, last) if first <= last else (first, first)


def _listed(days: Days) -> list[datetime.date]:
    found: set[datetime.date] = set()
    for first, last in days.spans:
        if (last - first).days > _LONGEST_LIST:
            return []
        found |= {first + datetime.timedelta(days=number) for number in range((last - first).days + 1)}
    found -= days.not_days
    return sorted(
        day
        for day in found
        if day.weekday() not in days.not_weekdays and (not days.weekdays or day.weekday() in days.weekdays)
    )


def _soon(written: str, now: datetime.datetime) -> Wish | None:
    """Read "in two hours": the rest of the day from then on."""
    match = _SOON.search(written)
    if match is None:
        return None
    number = 0.5 if match[1].startswith("half") else min(int(match[1]), 10_000)
    ahead = datetime.timedelta(hours=number) if match[2].startswith("h") else datetime.timedelta(minutes=number)
    # Through UTC: an hour is an hour, also in the night the clocks change.
    start = (now.astimezone(datetime.timezone.utc) + ahead).astimezone(now.tzinfo)
    return Wish(start, _midnight(_safe_next(start.date()), now), days=(start.date(),), asap=True, names_day=True)


def _likeliest(readings: tuple[Clock, ...], day: datetime.date | None, clinic: ClinicProfile | None) -> Clock:
    """The reading at which the clinic is open, on that day or on any; the likelier one when that does not decide."""
    if clinic is None or len(readings) == 1:
        return readings[0]
    if day is not None:
        hours = intervals_on(clinic, day)
    else:
        hours = tuple(interval for weekday in range(7) for interval in clinic.hours.weekly.on(weekday))
    open_at = [each for each in readings if any(interval.open <= each < interval.close for interval in hours)]
    return open_at[0] if open_at else readings[0]


def _is_month_first(clinic: ClinicProfile | None) -> bool:
    if clinic is None:
        return False
    pattern = Locale.parse(clinic.locale).date_formats["short"].pattern
    return str(pattern).lower().find("m") < str(pattern).lower().find("d")


def _within(clock: Clock, part: str) -> bool:
    low, high = PARTS[part]
    return (low is None or clock >= low) and (high is None or clock < high)


def _midnight(day: datetime.date, now: datetime.datetime) -> datetime.datetime:
    return datetime.datetime.combine(day, Clock(), tzinfo=now.tzinfo)


def _moment(day: datetime.date, clock: Clock, like: datetime.datetime) -> datetime.datetime:
    """A time on a day; one that the change to summer time skips is as much later as the clock jumps."""
    wanted = datetime.datetime.combine(day, clock, tzinfo=like.tzinfo)
    return wanted.astimezone(datetime.timezone.utc).astimezone(like.tzinfo)


def _minute_after(clock: Clock) -> Clock:
    return (datetime.datetime.combine(datetime.date.min, clock) + datetime.timedelta(minutes=1)).time()


def _far(today: datetime.date) -> datetime.date:
    return today + datetime.timedelta(days=MOST_DAYS)


def _safe_next(day: datetime.date) -> datetime.date:
    return day + datetime.timedelta(days=1) if day < datetime.date.max else day
