"""When a consultation could take place, as pure functions of the clinic's profile; what is taken is not known here.

All arithmetic is done in UTC: two datetimes of one zone are compared and subtracted by the wall clock, which is wrong
on the day the clock changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from frontdesk.facts.clinic import ClinicProfile, Interval, Practitioner
from frontdesk.facts.hours import intervals_on


@dataclass(frozen=True)
class Slot:
    """A stretch of a practitioner's time that one visitor can have.

    Attributes:
        practitioner: Id of the practitioner.
        start: Aware, in the clinic's time zone.
        end: Likewise; the slot ends just before it.
    """

    practitioner: str
    start: datetime
    end: datetime


def every_start(_start: datetime) -> bool:
    """The filter that lets all pass."""
    return True


@dataclass(frozen=True)
class Window:
    """Where to look for slots.

    Attributes:
        start: Earliest start, aware.
        end: The latest start lies before it, aware.
        accepts: Whether a start (aware, in the clinic's zone) will do: part of the day, days of the week.
    """

    start: datetime
    end: datetime
    accepts: Callable[[datetime], bool] = every_start


def utc(moment: datetime) -> datetime:
    """A moment in UTC.

    Raises:
        ValueError: The moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be booked")
    return moment.astimezone(timezone.utc)


def slots_on(clinic: ClinicProfile, day: date) -> list[Slot]:
    """All slots of a day of the clinic's calendar, earliest first, practitioners in the profile's order."""
    slots = [slot for person in clinic.practitioners.people for slot in _slots_of(clinic, person, day)]
    # Sorting keeps the order of what is equal.
    return sorted(slots, key=lambda slot: utc(slot.start))


def bookable(clinic: ClinicProfile, window: Window, now: datetime) -> Iterator[Slot]:
    """The slots of a window that keep the clinic's notice and horizon, in order."""
    start, end = utc(window.start), utc(window.end)
    first, last = limits(clinic, now)
    day = max(start, first).astimezone(clinic.zone).date()
    last_day = min(end.astimezone(clinic.zone).date(), last)
    while day <= last_day:
        for slot in slots_on(clinic, day):
            if max(start, first) <= utc(slot.start) < end and window.accepts(slot.start):
                yield slot
        day += timedelta(days=1)


def is_bookable(clinic: ClinicProfile, slot: Slot, now: datetime) -> bool:
    """Whether a slot is one that the clinic offers, with its notice and horizon."""
    first, last = limits(clinic, now)
    return first <= utc(slot.start) and slot.start.astimezone(clinic.zone).date() <= last and is_worked(clinic, slot)


def is_worked(clinic: ClinicProfile, slot: Slot) -> bool:
    """Whether the practitioner works then and the slot is one of the calendar's, whatever the notice."""
    day = slot.start.astimezone(clinic.zone).date()
    return any(same(slot, each) for each in slots_on(clinic, day))


def same(one: Slot, other: Slot) -> bool:
    """Whether two slots are the same stretch of the same practitioner's time, whatever zones they are written in."""
    return (one.practitioner, utc(one.start), utc(one.end)) == (other.practitioner, utc(other.start), utc(other.end))


def limits(clinic: ClinicProfile, now: datetime) -> tuple[datetime, date]:
    """The first moment (UTC) and the last day (the clinic's) that can be booked."""
    rules = clinic.booking
    last = now.astimezone(clinic.zone).date() + timedelta(days=rules.horizon_days)
    return utc(now) + timedelta(hours=rules.notice_hours), last


def _slots_of(clinic: ClinicProfile, person: Practitioner, day: date) -> Iterator[Slot]:
    length = timedelta(minutes=clinic.booking.slot_minutes)
    if not length:
        return
    # The buffer belongs to the grid: slots back to back would each block both their neighbours once they are booked.
    step = length + timedelta(minutes=clinic.booking.buffer_minutes)
    for opening in intervals_on(clinic, day):
        for shift in person.hours.on(day.weekday()):
            yield from _cut(clinic.zone, person.id, day, _both(opening, shift), length, step)


def _both(one: Interval, other: Interval) -> tuple[time, time]:
    return max(one.open, other.open), min(one.close, other.close)


def _cut(
    zone: ZoneInfo, person: str, day: date, hours: tuple[time, time], length: timedelta, step: timedelta
) -> Iterator[Slot]:
    opens, closes = hours
    if opens >= closes:
        return
    start = utc(datetime.combine(day, opens, zone))
    while True:
        local, end = start.astimezone(zone), (start + length).astimezone(zone)
        if local.date() != day or end.date() != day or local.time() >= closes or end.time() > closes:
            return
        # An hour that the clock repeats is offered once: nobody could say which of the two was meant. Where the clock
        # leaves the opening time out, the first slots start later.
        if not local.fold and local.time() >= opens:
            yield Slot(person, local, end)
        start += step
