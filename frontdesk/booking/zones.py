"""Time zones as calendar files describe them: every change of the clock within a stretch of time, as it really is.

icalendar can make such a description by itself, but it puts the change to summer time an hour late.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import icalendar

_STEP = timedelta(days=1)


def timezone_component(zone: ZoneInfo, first: datetime, last: datetime) -> icalendar.Timezone:
    """The VTIMEZONE of a zone, good for moments from `first` to `last` (aware)."""
    component = icalendar.Timezone()
    component.add("tzid", zone.key)
    start = first.astimezone(timezone.utc).replace(minute=0, second=0, microsecond=0)
    before = start.astimezone(zone)
    # What holds at the beginning is an observance of its own, which starts there.
    component.add_component(_observance(before.utcoffset() or timedelta(), before))
    for moment in _changes(zone, start, last.astimezone(timezone.utc)):
        was = (moment - timedelta(seconds=1)).astimezone(zone).utcoffset() or timedelta()
        component.add_component(_observance(was, moment.astimezone(zone)))
    return component


def _observance(was: timedelta, begins: datetime) -> icalendar.Component:
    """What holds from a moment on, after the offset `was`."""
    part = icalendar.TimezoneDaylight() if begins.dst() else icalendar.TimezoneStandard()
    # The moment is written with the offset that ends, without a zone.
    part.add("dtstart", (begins.astimezone(timezone.utc) + was).replace(tzinfo=None))
    part.add("tzoffsetfrom", was)
    part.add("tzoffsetto", begins.utcoffset())
    part.add("tzname", begins.tzname())
    return part


def _changes(zone: tzinfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """The moments (UTC) from which another offset holds, to the second."""
    moment = first
    while moment < last:
        after = moment + _STEP
        if _offset(zone, moment) != _offset(zone, after):
            yield _change_between(zone, moment, after)
        moment = after


def _change_between(zone: tzinfo, low: datetime, high: datetime) -> datetime:
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        if _offset(zone, middle) == _offset(zone, low):
            low = middle
        else:
            high = middle
    return high


def _offset(zone: tzinfo, moment: datetime) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()
