"""An appointment book in memory, with the same promises as the real one."""

from __future__ import annotations

import datetime
from dataclasses import replace

from frontdesk.booking.records import Booking, Details, Hold, checked
from frontdesk.booking.slots import Slot, Window, bookable, is_bookable, utc
from frontdesk.facts.clinic import ClinicProfile


class FakeCalendar:
    """Free are the clinic's slots without those held or booked."""

    def __init__(self, clinic: ClinicProfile, now: datetime.datetime) -> None:
        self.clinic, self.now = clinic, now
        self.holds: dict[str, Slot] = {}
        self.bookings: list[Booking] = []
        self.full = False

    def taken(self) -> set[tuple[str, datetime.datetime]]:
        booked = [booking.slot for booking in self.bookings if booking.stands]
        return {(slot.practitioner, utc(slot.start)) for slot in [*self.holds.values(), *booked]}

    def free(self, window: Window, limit: int) -> list[Slot]:
        found: dict[datetime.datetime, Slot] = {}
        for slot in [] if self.full else bookable(self.clinic, window, self.now):
            if (slot.practitioner, utc(slot.start)) not in self.taken():
                found.setdefault(utc(slot.start), slot)
        return list(found.values())[:limit]

    def nearest(self, wanted: datetime.datetime, limit: int) -> list[Slot]:
        window = Window(self.now, self.now + datetime.timedelta(days=90))
        return sorted(self.free(window, 10**6), key=lambda slot: abs(utc(slot.start) - utc(wanted)))[:limit]

    def hold(self, slot: Slot, owner: str) -> Hold | None:
        mine = self.holds.get(owner)
        taken = self.taken() - ({(mine.practitioner, utc(mine.start))} if mine else set())
        if (slot.practitioner, utc(slot.start)) in taken or not is_bookable(self.clinic, slot, self.now):
            return None
        self.holds[owner] = slot
        return Hold(slot, owner, utc(self.now) + datetime.timedelta(minutes=10))

    def release(self, owner: str) -> None:
        self.holds.pop(owner, None)

    def confirm(self, owner: str, details: Details) -> Booking | None:
        slot = self.holds.pop(owner, None)
        return None if slot is None else self.book(slot, checked(details))

    def book(self, slot: Slot, details: Details) -> Booking:
        booking = Booking(f"K7M4Q{2 + len(self.bookings)}", slot, details, "confirmed", utc(self.now))
        self.bookings.append(booking)
        return booking

    def booked_by(self, owner: str) -> Booking | None:
        mine = [booking for booking in self.bookings if booking.stands and booking.details.conversation == owner]
        return mine[-1] if mine else None

    def find(self, reference: str, contact: str, conversation: str = "") -> Booking | None:
        for booking in self.bookings:
            if booking.reference == reference and contact in (booking.details.phone, booking.details.email):
                return booking
        return None

    def cancel(self, booking: Booking, by: str) -> Booking:
        return self._replace(booking, status="cancelled")

    def move(self, booking: Booking, slot: Slot, owner: str | None = None, by: str = "visitor") -> Booking | None:
        self.holds.pop(owner or "", None)
        if (slot.practitioner, utc(slot.start)) in self.taken():
            return None
        return self._replace(booking, slot=slot, status="moved")

    def _replace(self, booking: Booking, **changes: object) -> Booking:
        changed = replace(booking, **changes)  # type: ignore[arg-type]
        self.bookings[self.bookings.index(booking)] = changed
        return changed
