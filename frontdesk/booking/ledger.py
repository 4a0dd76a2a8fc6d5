"""The rows of the appointment book: reads and writes them inside a transaction, and knows none of its rules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from frontdesk.booking import outbox
from frontdesk.booking.records import LONGEST_ID, Booking, Change, Details, Hold, Status, clean
from frontdesk.booking.references import new_reference
from frontdesk.booking.slots import Slot
from frontdesk.booking.tables import CANCELLED, booking_change, booking_hold
from frontdesk.booking.tables import booking as booking_table
from frontdesk.database import transaction
from frontdesk.facts.clinic import ClinicProfile

# Any constant does, as long as every process of this product uses the same.
_ADVISORY_LOCK = 0x424F4F4B
# Those of servers that run a time daemon, by far.
_CLOCKS_DIFFER = timedelta(minutes=1)

_DETAILS = ("name", "phone", "email", "about", "channel", "conversation", "consent_at", "consent_words")

Spans = list[tuple[str, datetime, datetime]]


@contextmanager
def locked(engine: Engine) -> Iterator[Connection]:
    """A transaction that has the appointment book for itself: what it reads stays true until it commits."""
    with transaction(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        yield connection


class Ledger:
    """Bookings and holds as rows; what comes out has its times in the clinic's zone."""

    def __init__(self, clinic: ClinicProfile) -> None:
        """Take the clinic whose book it is."""
        self._clinic = clinic

    def taken(
        self,
        connection: Connection,
        start: datetime,
        end: datetime,
        now: datetime,
        owner: str | None = None,
        except_id: int = 0,
    ) -> Spans:
        """Practitioner, start and end (UTC) of all that is taken between two moments.

        Bookings that stand count, but for the one with the id `except_id`; so do holds that have not expired, but for
        those of `owner`.
        """
        book, hold = booking_table.c, booking_hold.c
        booked = sa.and_(book.status != CANCELLED, book.id != except_id)
        # One that would last longer than any that begins now is from a clock that has been set back since.
        longest = timedelta(minutes=self._clinic.booking.hold_minutes) + _CLOCKS_DIFFER
        held = sa.and_(hold.expires_at > now, hold.expires_at <= now + longest, hold.booking_id.is_(None))
        if owner is not None:
            held = sa.and_(held, hold.owner != owner)
        spans: Spans = []
        for table, counts in ((booking_table, booked), (booking_hold, held)):
            query = sa.select(table.c.practitioner, table.c.starts_at, table.c.ends_at)
            rows = connection.execute(query.where(counts, table.c.starts_at < end, table.c.ends_at > start))
            spans += [(row.practitioner, row.starts_at, row.ends_at) for row in rows]
        return spans

    def hold_of(self, connection: Connection, owner: str) -> tuple[Hold, int | None] | None:
        """What an owner holds, expired or not, with the id of the booking it has become."""
        row = connection.execute(sa.select(booking_hold).where(booking_hold.c.owner == owner)).first()
        return None if row is None else (Hold(self._slot(row), owner, row.expires_at), row.booking_id)

    def replace_hold(self, connection: Connection, hold: Hold, forget_before: datetime) -> None:
        """Note a hold in place of any other of its owner, and forget all that expired before a moment."""
        forgotten = sa.or_(booking_hold.c.owner == hold.owner, booking_hold.c.expires_at < forget_before)
        connection.execute(sa.delete(booking_hold).where(forgotten))
        row = {"owner": hold.owner, **_times(hold.slot), "expires_at": hold.expires_at}
        connection.execute(sa.insert(booking_hold).values(row))

    def release(self, connection: Connection, owner: str) -> None:
        """Forget what an owner holds, unless it has become a booking: a repeated confirmation must find that."""
        mine = sa.and_(booking_hold.c.owner == owner, booking_hold.c.booking_id.is_(None))
        connection.execute(sa.delete(booking_hold).where(mine))

    def add(self, connection: Connection, slot: Slot, details: Details, now: datetime, owner: str) -> Booking:
        """Book what an owner holds, under a new reference, and queue the notices of it."""
        row = {
            "reference": self._unused_reference(connection),
            **_times(slot),
            "status": "confirmed",
            "sequence": 0,
            **{name: getattr(details, name) for name in _DETAILS},
            "created_at": now,
            "changed_at": now,
        }
        booking_id = connection.execute(sa.insert(booking_table).values(row)).inserted_primary_key[0]
        mine = sa.update(booking_hold).where(booking_hold.c.owner == owner)
        connection.execute(mine.values(booking_id=booking_id))
        return self._changed(connection, booking_id, "confirmed", owner)

    def change(
        self, connection: Connection, booking_id: int, slot: Slot, status: Status, now: datetime, by: str
    ) -> Booking:
        """Give a booking another time or state, note who did it, and queue the notices of it."""
        _, before = self.read(connection, booking_table.c.id == booking_id)
        values = {**_times(slot), "status": status, "changed_at": now, "sequence": before.sequence + 1}
        connection.execute(sa.update(booking_table).where(booking_table.c.id == booking_id).values(values))
        return self._changed(connection, booking_id, status, by, before)

    def read(self, connection: Connection, which: Any) -> tuple[int, Booking]:
        """The one booking that meets a condition on the table, with its row's id.

        Raises:
            LookupError: There is none.
        """
        return self.read_all(connection, which)[0]

    def read_all(self, connection: Connection, which: Any) -> list[tuple[int, Booking]]:
        """All bookings that meet a condition on the table, by start, with their rows' ids."""
        query = sa.select(booking_table).where(which).order_by(booking_table.c.starts_at, booking_table.c.id)
        return [(row.id, self._booking(row)) for row in connection.execute(query).all()]

    def history(self, connection: Connection, reference: str) -> list[Change]:
        """What happened to a booking, oldest first."""
        mine = sa.select(booking_table.c.id).where(booking_table.c.reference == reference).scalar_subquery()
        query = sa.select(booking_change).where(booking_change.c.booking_id == mine).order_by(booking_change.c.id)
        return [
            Change(row.changed_at, row.event, row.changed_by, row.practitioner, self._local(row.starts_at))
            for row in connection.execute(query).all()
        ]

    def _changed(
        self, connection: Connection, booking_id: int, event: Status, by: str, before: Booking | None = None
    ) -> Booking:
        _, booking = self.read(connection, booking_table.c.id == booking_id)
        at = booking.changed_at or booking.created_at
        row = {"booking_id": booking_id, "event": event, "changed_by": clean(by, LONGEST_ID), "changed_at": at}
        row |= {"practitioner": booking.slot.practitioner, "starts_at": booking.slot.start}
        connection.execute(sa.insert(booking_change).values(row))
        content = outbox.content_of(self._clinic, booking, before)
        is_known = by == booking.details.conversation
        outbox.queue(connection, booking_id, event, content, self._clinic, at, is_known)
        return booking

    def _unused_reference(self, connection: Connection) -> str:
        while True:
            reference = new_reference()
            if not self.read_all(connection, booking_table.c.reference == reference):
                return reference

    def _booking(self, row: Any) -> Booking:
        return Booking(
            reference=row.reference,
            slot=self._slot(row),
            details=Details(**{name: getattr(row, name) for name in _DETAILS}),
            status=row.status,
            created_at=row.created_at,
            changed_at=row.changed_at,
            sequence=row.sequence,
        )

    def _slot(self, row: Any) -> Slot:
        return Slot(row.practitioner, self._local(row.starts_at), self._local(row.ends_at))

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._clinic.zone)


def _times(slot: Slot) -> dict[str, Any]:
    return {"practitioner": slot.practitioner, "starts_at": slot.start, "ends_at": slot.end}
