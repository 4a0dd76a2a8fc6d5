"""The clinic's opening hours as pure functions: the moment is always handed in, aware, in any time zone.

Days and times of day are the clinic's own, so a day with a change of the clock needs no care here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

from babel import Locale
from babel.dates import format_date, format_time

from frontdesk.facts.clinic import ClinicProfile, Interval
from frontdesk.facts.words import HoursWords

# Beyond this many days, the next opening is not worth announcing.
HORIZON_DAYS = 60


def intervals_on(profile: ClinicProfile, day: date) -> tuple[Interval, ...]:
    """When the clinic is open on a day, earliest first; an exception replaces the weekly hours."""
    for exception in profile.hours.exceptions:
        if exception.covers(day):
            return exception.hours
    return profile.hours.weekly.on(day.weekday())


def is_open(profile: ClinicProfile, now: datetime) -> bool:
    """Whether the clinic is open at a moment; the closing time itself counts as closed.

    Raises:
        ValueError: The moment has no time zone.
    """
    local = _local(profile, now)
    return any(interval.open <= local.time() < interval.close for interval in intervals_on(profile, local.date()))


def week_text(profile: ClinicProfile, words: HoursWords) -> str:
    """The weekly hours, e.g. "Monday to Friday 9 am to 6 pm, Saturday 10 am to 4 pm, closed on Sunday"."""
    names = Locale.parse(profile.locale).days["format"]["wide"]
    parts = []
    for hours, group in groupby(range(7), key=profile.hours.weekly.on):
        if hours:
            parts.append(words.line.format(days=_days(list(group), names, words), spans=_spans(profile, hours, words)))
    closed = [names[weekday] for weekday in range(7) if not profile.hours.weekly.on(weekday)]
    if closed:
        parts.append(words.closed_days.format(days=_listed(closed, words)))
    return ", ".join(parts)


def today_text(profile: ClinicProfile, words: HoursWords, now: datetime) -> str:
    """What comes after "we are": "open today until 6 pm", "closed today, open tomorrow from 9 am".

    Raises:
        ValueError: The moment has no time zone.
    """
    local = _local(profile, now)
    today = intervals_on(profile, local.date())
    for number, interval in enumerate(today):
        times = {"open": _time(profile, interval.open, words), "close": _time(profile, interval.close, words)}
        if local.time() < interval.open:
            return (words.open_again if number else words.open_from).format(**times)
        if local.time() < interval.close:
            return words.open_until.format(**times)
    closed = words.closed_now if today else words.closed_today
    upcoming = _next_opening(profile, local.date(), words)
    return f"{closed}, {upcoming}" if upcoming else closed


def _local(profile: ClinicProfile, now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("a moment without a time zone says nothing about opening hours")
    return now.astimezone(profile.zone)


def _next_opening(profile: ClinicProfile, today: date, words: HoursWords) -> str | None:
    for ahead in range(1, HORIZON_DAYS + 1):
        day = today + timedelta(days=ahead)
        hours = intervals_on(profile, day)
        if not hours:
            continue
        opens = _time(profile, hours[0].open, words)
        if ahead == 1:
            return words.opens_tomorrow.format(open=opens)
        # A weekday alone is clear for the six days that follow.
        pattern = "EEEE" if ahead < 7 else words.date
        return words.opens_on.format(day=format_date(day, pattern, locale=profile.locale), open=opens)
    return None


def _days(weekdays: Sequence[int], names: Sequence[str], words: HoursWords) -> str:
    if len(weekdays) > 2:
        return words.days.format(first=names[weekdays[0]], last=names[weekdays[-1]])
    return _listed([names[weekday] for weekday in weekdays], words)


def _spans(profile: ClinicProfile, hours: Sequence[Interval], words: HoursWords) -> str:
    spans = [
        words.span.format(open=_time(profile, each.open, words), close=_time(profile, each.close, words))
        for each in hours
    ]
    return _listed(spans, words)


def _listed(items: Sequence[str], words: HoursWords) -> str:
    if len(items) < 2:
        return "".join(items)
    return words.last_of_list.format(rest=", ".join(items[:-1]), last=items[-1])


def _time(profile: ClinicProfile, moment: time, words: HoursWords) -> str:
    return format_time(moment, words.time if moment.minute else words.time_full, locale=profile.locale)
