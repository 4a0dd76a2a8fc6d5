"""The appointment book: free times, holds, bookings, changes. No two visitors get the same time of a practitioner.

Every change takes one lock for the whole book before it looks (SQLite's write lock, an advisory lock on PostgreSQL), so
that what it sees stays true until it commits. A unique index stands behind that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import groupby

import phonenumbers
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from frontdesk.booking import guesses
from frontdesk.booking.ledger import Ledger, Spans, locked
from frontdesk.booking.records import LONGEST_ID, Booking, Change, Details, Hold, checked, clean
from frontdesk.booking.references import normalised
from frontdesk.booking.slots import Slot, Window, bookable, is_bookable, is_worked, limits, same, utc
from frontdesk.booking.tables import CANCELLED
from frontdesk.booking.tables import booking as booking_table
from frontdesk.facts.clinic import ClinicProfile

__all__ = ["Booking", "Calendar", "Change", "Details", "Hold", "Slot", "Window"]

_FORGET_HOLDS_AFTER = timedelta(days=1)
_ALL = 2**31

Clock = Callable[[], datetime]


class Calendar:
    """The appointment book of a clinic; cheap to make, so that each turn has the profile as it is now.

    Its methods raise `sqlalchemy.exc.SQLAlchemyError` when the database cannot be used, and `ValueError` for a datetime
    without a time zone.
    """

    def __init__(self, engine: Engine, clinic: ClinicProfile, clock: Clock) -> None:
        """Take the database with its tables, the clinic's profile, and where the time (aware) comes from."""
        self._engine = engine
        self._clinic = clinic
        self._clock = clock
        self._ledger = Ledger(clinic)

    def free(self, window: Window, limit: int) -> list[Slot]:
        """Free slots of a window in order, at most `limit`, one for each start.

        Where several practitioners are free at a time, it is the one with the fewest visitors that day.
        """
        now = self._clock()
        # Wide enough for the buffer, and to count the visits of a whole day at both ends.
        around = timedelta(days=1) + self._buffer
        with self._engine.connect() as connection:
            busy = self._ledger.taken(connection, utc(window.start) - around, utc(window.end) + around, now)
        visits = Counter((person, start.astimezone(self._clinic.zone).date()) for person, start, _ in busy)
        free: list[Slot] = []
        for _, slots in groupby(bookable(self._clinic, window, now), key=lambda slot: utc(slot.start)):
            if len(free) >= limit:
                break
            fitting = [slot for slot in slots if self._fits(slot, busy)]
            if fitting:
                free.append(min(fitting, key=lambda slot: visits[slot.practitioner, slot.start.date()]))
        return free

    def nearest(self, wanted: datetime, limit: int) -> list[Slot]:
        """Free slots around a wanted time (aware), nearest first, at most `limit`; the earlier one of two as near."""
        first, last_day = limits(self._clinic, self._clock())
        last = utc(datetime.combine(last_day + timedelta(days=1), datetime.min.time(), self._clinic.zone))
        middle = min(max(utc(wanted), first), max(last, first))
        radius = timedelta(days=1)
        while True:
            window = Window(middle - radius, middle + radius + timedelta(seconds=1))
            found = self.free(window, _ALL)
            if len(found) >= limit or (window.start <= first and window.end >= last):
                break
            radius *= 2
        return sorted(found, key=lambda slot: (abs(utc(slot.start) - middle), utc(slot.start)))[:limit]

    def hold(self, slot: Slot, owner: str) -> Hold | None:
        """Keep a slot for someone who is deciding, in place of any other they had.

        Returns:
            None when somebody else has it, or when it is no slot that can be booked now; an older hold then stays.
        """
        with locked(self._engine) as connection:
            now = self._clock()
            if not is_bookable(self._clinic, slot, now) or self._is_taken(connection, slot, now, owner):
                return None
            hold = Hold(slot, owner, utc(now) + timedelta(minutes=self._clinic.booking.hold_minutes))
            self._ledger.replace_hold(connection, hold, now - _FORGET_HOLDS_AFTER)
        return hold

    def release(self, owner: str) -> None:
        """Give back what an owner holds; nothing happens when that is nothing."""
        with locked(self._engine) as connection:
            self._ledger.release(connection, owner)

    def confirm(self, owner: str, details: Details) -> Booking | None:
        """Turn an owner's hold into a booking and queue the notices of it, all or nothing.

        A hold that has expired is still good as long as nobody else took the time. Asked again, it gives the same
        booking.

        Returns:
            None when there is no hold, or the time is gone.

        Raises:
            ValueError: The details cannot be stored.
        """
        details = checked(details)
        with locked(self._engine) as connection:
            now = self._clock()
            held = self._ledger.hold_of(connection, owner)
            if held is None:
                return None
            hold, booking_id = held
            if booking_id is not None:
                _, done = self._ledger.read(connection, booking_table.c.id == booking_id)
                return done if done.stands else None
            if not self._can_begin(hold.slot, now) or self._is_taken(connection, hold.slot, now, owner):
                return None
            return self._ledger.add(connection, hold.slot, details, utc(now), owner)

    def booked_by(self, owner: str) -> Booking | None:
        """The booking that an owner's latest hold has become, while it stands."""
        with self._engine.connect() as connection:
            held = self._ledger.hold_of(connection, owner)
            if held is None or held[1] is None:
                return None
            _, booking = self._ledger.read(connection, booking_table.c.id == held[1])
        return booking if booking.stands else None

    def find(self, reference: str, contact: str, conversation: str = "") -> Booking | None:
        """The booking with a reference, for someone who also knows its phone number or e-mail address.

        Args:
            reference: As typed.
            contact: A phone number, with or without its country, or an e-mail address, as typed.
            conversation: Sender id of who asks. After five wrong guesses within an hour, a conversation is told nothing
                more, nor is anyone about a reference that was tried so often.

        Returns:
            None when there is none, the proof is wrong, or there were too many guesses (`may_guess` tells).
        """
        known = normalised(reference)
        targets = _targets(reference, conversation)
        with locked(self._engine) as connection:
            now = self._clock()
            if not guesses.allowed(connection, targets, now):
                return None
            found = self._ledger.read_all(connection, booking_table.c.reference == known) if known else []
            for _, booking in found:
                if self._is_contact(booking.details, contact):
                    return booking
            guesses.note(connection, targets, now)
        return None

    def may_guess(self, reference: str, conversation: str = "") -> bool:
        """Whether `find` still looks for who asks, or has heard too many wrong guesses."""
        with self._engine.connect() as connection:
            return guesses.allowed(connection, _targets(reference, conversation), self._clock())

    def get(self, reference: str) -> Booking | None:
        """The booking with a reference, for staff: no proof is asked for."""
        known = normalised(reference)
        with self._engine.connect() as connection:
            found = self._ledger.read_all(connection, booking_table.c.reference == known) if known else []
        return found[0][1] if found else None

    def bookings(self, start: datetime, end: datetime, cancelled: bool = False) -> list[Booking]:
        """All bookings that start in a stretch of time, in order; cancelled ones only when asked for."""
        which = sa.and_(booking_table.c.starts_at >= start, booking_table.c.starts_at < end)
        if not cancelled:
            which = sa.and_(which, booking_table.c.status != CANCELLED)
        with self._engine.connect() as connection:
            return [booking for _, booking in self._ledger.read_all(connection, which)]

    def cancel(self, booking: Booking, by: str) -> Booking:
        """Cancel a booking and queue the notices of it; one that is cancelled already stays as it is.

        Args:
            booking: As found; what counts is how it stands in the database.
            by: Who cancels, kept in the history.
        """
        with locked(self._engine) as connection:
            booking_id, current = self._ledger.read(connection, booking_table.c.reference == booking.reference)
            if not current.stands:
                return current
            return self._ledger.change(connection, booking_id, current.slot, "cancelled", self._clock(), by)

    def move(self, booking: Booking, slot: Slot, owner: str | None = None, by: str = "visitor") -> Booking | None:
        """Give a booking another time and queue the notices of it; it keeps its reference.

        Args:
            booking: As found; what counts is how it stands in the database.
            slot: The new time.
            owner: Who holds the new time (`hold`), the booking's own conversation when left out; the hold is used up.
            by: Who moves it, kept in the history.

        Returns:
            None when the new time is gone or cannot be booked, or the booking was cancelled; all stays as it was.
        """
        owner = booking.details.conversation if owner is None else owner
        with locked(self._engine) as connection:
            now = self._clock()
            booking_id, current = self._ledger.read(connection, booking_table.c.reference == booking.reference)
            if not current.stands:
                return None
            if same(current.slot, slot):
                return current
            held = self._ledger.hold_of(connection, owner)
            is_held = held is not None and held[1] is None and same(held[0].slot, slot)
            # What is held was within the notice when it was taken.
            possible = self._can_begin(slot, now) if is_held else is_bookable(self._clinic, slot, now)
            if not possible or self._is_taken(connection, slot, now, owner, booking_id):
                return None
            self._ledger.release(connection, owner)
            return self._ledger.change(connection, booking_id, slot, "moved", now, by)

    def history(self, booking: Booking) -> list[Change]:
        """What happened to a booking, oldest first."""
        with self._engine.connect() as connection:
            return self._ledger.history(connection, booking.reference)

    def _can_begin(self, slot: Slot, now: datetime) -> bool:
        return utc(slot.start) > utc(now) and is_worked(self._clinic, slot)

    def _is_taken(self, connection: Connection, slot: Slot, now: datetime, owner: str, except_id: int = 0) -> bool:
        start, end = utc(slot.start) - self._buffer, utc(slot.end) + self._buffer
        return not self._fits(slot, self._ledger.taken(connection, start, end, now, owner, except_id))

    def _fits(self, slot: Slot, busy: Spans) -> bool:
        start, end = utc(slot.start), utc(slot.end)
        return not any(
            person == slot.practitioner and start < until + self._buffer and since < end + self._buffer
            for person, since, until in busy
        )

    def _is_contact(self, details: Details, contact: str) -> bool:
        given = contact.strip()
        if details.email is not None and given.casefold() == details.email.casefold():
            return True
        return details.phone is not None and _e164(given, self._clinic.country) == details.phone

    @property
    def _buffer(self) -> timedelta:
        return timedelta(minutes=self._clinic.booking.buffer_minutes)


def _targets(reference: str, conversation: str) -> list[str]:
    # What is no reference at all counts for the conversation only.
    known = normalised(reference)
    targets = [f"reference:{known}"] if known else []
    return [*targets, f"conversation:{clean(conversation, LONGEST_ID)}"] if conversation else targets


def _e164(text: str, country: str) -> str | None:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    formatted: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return formatted
