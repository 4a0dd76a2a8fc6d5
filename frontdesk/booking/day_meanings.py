"""What a phrase about days stands for: one function for each kind of phrase that `day_rules` finds."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from dateutil.easter import easter  # type: ignore[import-untyped]

from frontdesk.booking.time_words import MONTHS, WEEKDAYS, is_plural

Day = datetime.date
Span = tuple[datetime.date, datetime.date]
"""First and last day, both included."""

FAR_AHEAD = 62
"""Days within which "friday the 13th" is looked for, and over which a stretch is not listed day by day."""

# A date of this month that is so little ago was meant as it was said, and is over; longer ago, the next year is meant.
_JUST_OVER = 30


class Reader(Protocol):
    """What a meaning may ask of the text around it."""

    today: datetime.date
    month_first: bool

    def follows_next(self, start: int) -> bool:
        """Whether the day at `start` goes on a list that began with "next": "next friday or saturday"."""

    def note_next(self) -> None:
        """Remember that what is read now is a day of next week."""


@dataclass(frozen=True)
class Read:
    """What one match stands for; `other` is a second day it could be."""

    span: Span
    bare_weekday: int | None = None
    weekdays: tuple[int, ...] = ()
    other: Day | None = None


def one_day(day: Day, other: Day | None = None) -> Read:
    """A single day, with another that it could be."""
    return Read((day, day), other=other if other != day else None)


def days_ahead(today: Day, days: int) -> Day:
    """The day so many days after a day."""
    return today + datetime.timedelta(days=days)


def _coming(weekday: int, today: Day) -> Day:
    """The next such day after today."""
    return days_ahead(today, (weekday - today.weekday() - 1) % 7 + 1)


def monday_of(today: Day, weeks: int = 0) -> Day:
    """The Monday of the week of a day, or so many weeks later."""
    return days_ahead(today, 7 * weeks - today.weekday())


def days_of(first: Day, last: Day) -> Iterator[Day]:
    """Each day of a span."""
    for number in range((last - first).days + 1):
        yield days_ahead(first, number)


def week(match: re.Match[str], reader: Reader) -> Read:
    """Read "Next week", "the end of this week"."""
    weeks = {"this": 0, "next": 1, "following": 1, "last": -1}[match["which"]] + (1 if match["after"] else 0)
    monday = monday_of(reader.today, weeks)
    first, last = _part_of(match["part"], monday, days_ahead(monday, 6), (2, 4))
    return Read((max(first, reader.today) if weeks == 0 else first, last))


def _part_of(part: str | None, first: Day, last: Day, cut: tuple[int, int]) -> Span:
    """The beginning, middle or end of a stretch; `cut` is how long the beginning is and where the end starts."""
    early, late = cut
    if not part:
        return first, last
    if part in ("start", "beginning", "early", "first half"):
        return first, days_ahead(first, early)
    if part in ("middle", "mid"):
        return days_ahead(first, early - 1), days_ahead(first, late)
    return days_ahead(first, late - 1), last


def weekday_of_week(match: re.Match[str], reader: Reader) -> Read:
    """Read "Friday next week"."""
    weeks = {"this": 0, "next": 1, "following": 1, "last": -1}[match["which"]] + (1 if match["after"] else 0)
    return one_day(days_ahead(monday_of(reader.today, weeks), WEEKDAYS.index(match["weekday"])))


def weekday(match: re.Match[str], reader: Reader) -> Read:
    """A weekday with or without a word that says which."""
    name, which = match["weekday"], match["which"] or ""
    weekday, today = WEEKDAYS.index(name), reader.today
    coming = _coming(weekday, today)
    if which == "next" or (which == "" and reader.follows_next(match.start())):
        which = "next"
        reader.note_next()
    if (match["plural"] and is_plural(match[0], name)) or which in ("a", "any", "every", "some", "most"):
        return Read((today, today), weekdays=(weekday,))
    if which in ("last", "past", "previous"):
        return one_day(days_ahead(coming, -7))
    if match["later"] or match["weeks_on"]:
        weeks = 2 if "fortnight" in match[0] or "2 weeks" in match[0] else 1
        if which == "next" and not match["weeks_on"]:
            coming = days_ahead(monday_of(today, 1), weekday)
        return one_day(days_ahead(coming, 7 * weeks))
    if which == "next":
        return one_day(days_ahead(monday_of(today, 1), weekday))
    if which == "this" and weekday == today.weekday():
        return one_day(today)
    if weekday == today.weekday() and which == "":
        return Read((today, today), bare_weekday=weekday, other=coming)
    return Read((coming, coming), bare_weekday=weekday if which == "" else None)


def relative(match: re.Match[str], reader: Reader) -> Read:
    """Read "Tomorrow"."""
    word = match[0]
    if word == "this":
        return one_day(reader.today)
    days = 2 if word.startswith(("the day after", "day after", "over")) else _RELATIVE[word.split()[-1]]
    return one_day(days_ahead(reader.today, days))


_RELATIVE = {"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1}


def in_days(match: re.Match[str], reader: Reader) -> Read | None:
    """Read "In three days", "in two weeks"."""
    count, unit = int(match["count"]), match["unit"]
    if count > 400:
        return None
    if unit == "day":
        return one_day(days_ahead(reader.today, count))
    if unit == "month":
        first = days_ahead(reader.today, 30 * count)
        return Read((monday_of(first), days_ahead(monday_of(first), 6)))
    monday = monday_of(reader.today, count)
    return Read((monday, days_ahead(monday, 6)))


def weeks_on(match: re.Match[str], reader: Reader) -> Read | None:
    """Read "A week today", "two weeks tomorrow"."""
    count = 2 if match["unit"] == "fortnight" else int(match["count"] or 1)
    return one_day(days_ahead(reader.today, 7 * count + _RELATIVE[match["day"]])) if count < 60 else None


def fortnight(match: re.Match[str], reader: Reader) -> Read:
    """Read "In a fortnight": the week after next."""
    monday = monday_of(reader.today, 2)
    return Read((monday, days_ahead(monday, 6)))


def few_days(match: re.Match[str], reader: Reader) -> Read:
    """Read "In a few days"."""
    return Read((days_ahead(reader.today, 2), days_ahead(reader.today, 5)))


def easter_weekend(match: re.Match[str], reader: Reader) -> Read:
    """Read "Good Friday", "Easter Monday"."""
    offset = {"good friday": -2, "easter saturday": -1, "easter sunday": 0, "easter monday": 1}[
        " ".join(match[0].split())
    ]
    dates = [days_ahead(easter(reader.today.year + years), offset) for years in (0, 1)]
    return one_day(next(date for date in dates if date >= reader.today))


def weekend(match: re.Match[str], reader: Reader) -> Read:
    """Read "This weekend", "weekends"."""
    if match["which"] in ("a", "any") or match[0].endswith("s"):
        return Read((reader.today, reader.today), weekdays=(5, 6))
    monday = monday_of(reader.today, 1 if match["which"] == "next" else 0)
    return Read((max(reader.today, days_ahead(monday, 5)), days_ahead(monday, 6)))


def working_days(match: re.Match[str], reader: Reader) -> Read:
    """Read "Weekdays"."""
    return Read((reader.today, reader.today), weekdays=(0, 1, 2, 3, 4))


def _year_of(month: int, day: int, today: Day, year: str | None) -> Day | None:
    try:
        if year is not None:
            return datetime.date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        date = datetime.date(today.year, month, day)
    except ValueError:
        # The 29th of February is there in some years only.
        return None
    return date if date >= days_ahead(today, -_JUST_OVER) else date.replace(year=today.year + 1)


def _checked(date: Day | None, weekday: str | None, today: Day) -> Read | None:
    """A date and the weekday said with it; when they disagree, both days are possible."""
    if date is None:
        return None
    if weekday is None or date.weekday() == WEEKDAYS.index(weekday):
        return one_day(date)
    return one_day(date, _coming(WEEKDAYS.index(weekday), today))


def named_date(match: re.Match[str], reader: Reader) -> Read | None:
    """Read "27 November", "Thursday the 3rd of December"."""
    day, month = match["day"] or match["day2"], match["month"] or match["month2"]
    date = _year_of(MONTHS.index(month) + 1, int(day), reader.today, match["year"])
    return _checked(date, match["weekday"], reader.today)


def numeric_date(match: re.Match[str], reader: Reader) -> Read | None:
    """Read "3/12", "26.11.26"."""
    one, two = int(match["one"]), int(match["two"])
    day, month = (two, one) if reader.month_first else (one, two)
    if month > 12:
        day, month = month, day
    if not 1 <= month <= 12:
        return None
    return _checked(_year_of(month, day, reader.today, match["year"]), match["weekday"], reader.today)


def iso_date(match: re.Match[str], reader: Reader) -> Read | None:
    """Read "2026-11-26"."""
    try:
        return one_day(datetime.date(int(match[1]), int(match[2]), int(match[3])))
    except ValueError:
        return None


def ordinal(match: re.Match[str], reader: Reader) -> Read | None:
    """Read "The 3rd": the next one; with a weekday, the next one that falls on it, if that is near."""
    day, weekday = int(match["day"]), match["weekday"] or match["weekday2"]
    dates = _on_day_of_month(day, days_ahead(reader.today, 0))
    if match["which"]:
        months = 0 if match["which"] == "this" else 1
        year, month = divmod(reader.today.year * 12 + reader.today.month - 1 + months, 12)
        try:
            dates = [datetime.date(year, month + 1, day)]
        except ValueError:
            return None
    if weekday is not None:
        near = days_ahead(reader.today, FAR_AHEAD)
        fitting = [date for date in dates if date.weekday() == WEEKDAYS.index(weekday) and date <= near]
        if fitting:
            return one_day(fitting[0])
    return _checked(dates[0], weekday, reader.today) if dates else None


def _on_day_of_month(day: int, today: Day) -> list[Day]:
    dates = []
    for months in range(4):
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        try:
            date = datetime.date(year, month + 1, day)
        except ValueError:
            continue
        if date >= today:
            dates.append(date)
    return dates


def month(match: re.Match[str], reader: Reader) -> Read:
    """Read "December", "early next month"."""
    today, name = reader.today, match["month"]
    if name in MONTHS:
        number = MONTHS.index(name) + 1
        first = datetime.date(today.year + (number < today.month), number, 1)
    else:
        months = 1 if name.startswith("next") else 0
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        first = datetime.date(year, month + 1, 1)
    last = days_ahead((first + datetime.timedelta(days=32)).replace(day=1), -1)
    part = match["part"]
    if part in ("first week", "1st week"):
        span = first, days_ahead(first, 6)
    elif part == "last week":
        span = days_ahead(last, -6), last
    else:
        span = _part_of(part, first, last, (9, 21))
    start, end = span
    return Read((max(start, today) if end >= today else start, end))


def week_of(match: re.Match[str], reader: Reader) -> Read | None:
    """Read "The week of the 7th", "week commencing 7 december"."""
    if match["month"]:
        date = _year_of(MONTHS.index(match["month"]) + 1, int(match["day"]), reader.today, None)
    else:
        date = next(iter(_on_day_of_month(int(match["day"]), reader.today)), None)
    return None if date is None else Read((monday_of(date), days_ahead(monday_of(date), 6)))
