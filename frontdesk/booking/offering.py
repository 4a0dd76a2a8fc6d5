"""From a wish to a time that is held, or to the free times that come nearest to it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from frontdesk.booking.records import Booking, Details, Hold
from frontdesk.booking.slots import Slot, Window, limits, utc
from frontdesk.booking.times import Wish
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.facts.hours import is_open

MOST_OFFERED = 4
_MOST_LOOKED_AT = 400


class Calendar(Protocol):
    """What the conversation needs of the appointment book (`calendar.Calendar`)."""

    def free(self, window: Window, limit: int) -> list[Slot]:
        """Free slots of a window in order."""

    def nearest(self, wanted: datetime.datetime, limit: int) -> list[Slot]:
        """Free slots around a wanted time, nearest first."""

    def hold(self, slot: Slot, owner: str) -> Hold | None:
        """Keep a slot; None when it is just taken."""

    def release(self, owner: str) -> None:
        """Give back what an owner holds."""

    def confirm(self, owner: str, details: Details) -> Booking | None:
        """Turn a hold into a booking; None when the time is gone."""

    def booked_by(self, owner: str) -> Booking | None:
        """The booking that an owner's latest hold has become."""

    def find(self, reference: str, contact: str, conversation: str = "") -> Booking | None:
        """The booking with a reference, for someone who knows its contact."""

    def cancel(self, booking: Booking, by: str) -> Booking:
        """Cancel a booking."""

    def move(self, booking: Booking, slot: Slot, owner: str | None = None, by: str = "visitor") -> Booking | None:
        """Give a booking another time; None when that is gone."""


@dataclass(frozen=True)
class Offer:
    """What there is for a wish.

    Attributes:
        reason: name of the text that tells it: ``ask_day``, ``ask_time``, ``ask_slot``, ``nothing_then``, ``taken``,
            ``closed``, ``past``, ``too_soon``, ``too_far`` or ``full``.
        slots: at most four times to choose from.
        days: at most four days to choose from, or the one that the slots are on.
        moment: the wanted time that is not to be had.
        choices: all free times of these days, for where there is room for more than four.
    """

    reason: str
    slots: tuple[Slot, ...] = ()
    days: tuple[datetime.date, ...] = ()
    moment: datetime.datetime | None = None
    choices: tuple[Slot, ...] = ()


class Offers:
    """Looks up what is free."""

    def __init__(self, calendar: Calendar, clinic: ClinicProfile, now: datetime.datetime) -> None:
        """Take the appointment book, the clinic's profile and the present (aware)."""
        self._calendar = calendar
        self._clinic = clinic
        self._now = now.astimezone(clinic.zone)

    def hold(self, slot: Slot, owner: str) -> bool:
        """Whether the slot could be held."""
        return self._calendar.hold(slot, owner) is not None

    def slot_at(self, moment: datetime.datetime) -> Slot | None:
        """The free slot that begins at a moment."""
        found = self._calendar.free(Window(moment, moment + datetime.timedelta(minutes=1)), 1)
        return found[0] if found else None

    def any_time(self, after: datetime.datetime | None = None) -> Offer:
        """The next days with something free, after a moment if that is given."""
        start = self._now if after is None else max(self._now, after)
        found = self._free(start, self._end())
        if not found and after is not None:
            return self.any_time()
        return self._by_day(found)

    def on_days(self, days: Sequence[datetime.date], wish: Wish | None) -> tuple[Slot, ...]:
        """All that is free on some days and as wished."""
        first = datetime.datetime.combine(min(days), datetime.time(), self._clinic.zone)
        end = datetime.datetime.combine(max(days) + datetime.timedelta(days=1), datetime.time(), self._clinic.zone)

        def suits(moment: datetime.datetime) -> bool:
            return moment.date() in days and (wish is None or wish.allows(moment))

        return tuple(self._free(max(first, self._now), end, suits))

    def for_wish(self, wish: Wish) -> Offer | Slot:
        """The one slot that is wished for, still to be held; else what there is instead."""
        if wish.exact is not None:
            return self.slot_at(wish.exact) or self.instead_of(wish.exact)
        found = self._free(max(wish.start, self._now), wish.end, wish.allows)
        if wish.at is not None:
            same = [slot for slot in found if slot.start.time() == wish.at]
            # A time without a day is rather a day too many to choose from than one too few.
            if same:
                return Offer("ask_slot", _spread_days(same)) if len(same) > 1 or not wish.days else same[0]
            return self._near(found, wish.at) if found else self._nothing(wish)
        if not found:
            return self._nothing(wish)
        if wish.asap and not wish.names_day:
            return Offer("ask_slot", tuple(found[:MOST_OFFERED]))
        return self._by_day(found)

    def instead_of(self, moment: datetime.datetime) -> Offer:
        """Why a moment is not to be had, and what is nearest to it."""
        slots = self._calendar.nearest(moment, MOST_OFFERED)
        if not slots:
            return Offer("full")
        first, last_day = limits(self._clinic, self._now)
        if utc(moment) <= utc(self._now):
            reason = "past"
        elif utc(moment) < first:
            reason = "too_soon"
        elif moment.astimezone(self._clinic.zone).date() > last_day:
            reason = "too_far"
        else:
            reason = "taken" if is_open(self._clinic, moment) else "closed"
        return Offer(reason, _in_order(slots), moment=moment)

    def _nothing(self, wish: Wish) -> Offer:
        around = wish.start
        if wish.at or wish.after:
            around = datetime.datetime.combine(
                wish.start.date(), wish.at or wish.after or datetime.time(), wish.start.tzinfo
            )
        slots = self._calendar.nearest(max(around, self._now), MOST_OFFERED * 8)
        suiting = [
            slot
            for slot in slots
            if slot.start.weekday() not in wish.not_weekdays and slot.start.date() not in wish.not_days
        ]
        return Offer("nothing_then", _in_order((suiting or slots)[:MOST_OFFERED])) if slots else Offer("full")

    def _near(self, found: Sequence[Slot], at: datetime.time) -> Offer:
        def distance(slot: Slot) -> tuple[int, datetime.datetime]:
            clock = slot.start.time()
            return abs(60 * clock.hour + clock.minute - 60 * at.hour - at.minute), slot.start

        return Offer("nothing_then", _in_order(sorted(found, key=distance)[:MOST_OFFERED]))

    def _by_day(self, found: Sequence[Slot]) -> Offer:
        days = list(dict.fromkeys(slot.start.date() for slot in found))
        if not days:
            return Offer("full")
        if len(days) == 1:
            return Offer("ask_time", _spread(found), tuple(days), choices=tuple(found))
        offered = tuple(days[:MOST_OFFERED])
        return Offer("ask_day", days=offered, choices=tuple(slot for slot in found if slot.start.date() in offered))

    def _free(
        self,
        start: datetime.datetime,
        end: datetime.datetime,
        accepts: Callable[[datetime.datetime], bool] | None = None,
    ) -> list[Slot]:
        window = Window(start, min(end, self._end()))
        return self._calendar.free(replace(window, accepts=accepts) if accepts else window, _MOST_LOOKED_AT)

    def _end(self) -> datetime.datetime:
        _, last_day = limits(self._clinic, self._now)
        return datetime.datetime.combine(last_day + datetime.timedelta(days=1), datetime.time(), self._clinic.zone)


def _in_order(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    return tuple(sorted(slots, key=lambda slot: utc(slot.start)))


def _spread(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """Four of the slots, over the whole day rather than its first hours."""
    if len(slots) <= MOST_OFFERED:
        return tuple(slots)
    step = (len(slots) - 1) / (MOST_OFFERED - 1)
    return tuple(slots[round(number * step)] for number in range(MOST_OFFERED))


def _spread_days(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    by_day = {slot.start.date(): slot for slot in reversed(slots)}
    return _in_order(list(by_day.values()))[:MOST_OFFERED]
