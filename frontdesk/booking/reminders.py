"""Reminders by e-mail and on messengers: queued on the day before, once for each time of each booking."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from frontdesk.booking.ledger import Ledger, locked
from frontdesk.booking.outbox import CHANNEL, EMAIL, VISITOR, content_of, queue
from frontdesk.booking.records import Booking
from frontdesk.booking.slots import utc
from frontdesk.booking.tables import CANCELLED, booking, booking_outbox
from frontdesk.channel_settings import MESSENGERS
from frontdesk.facts.clinic import ClinicProfile

REMINDER = "reminder"
# Nobody is woken by a phone for it.
FROM = time(9)
# Later than that, the visitor is on the way.
LATEST = timedelta(hours=2)


def is_due(found: Booking, clinic: ClinicProfile, now: datetime) -> bool:
    """Whether it is time to remind of a booking: from nine on the day before, as the clinic's clock has it.

    Who booked or moved it on that day or later has been told just then.
    """
    start = found.slot.start.astimezone(clinic.zone)
    day_before = start.date() - timedelta(days=1)
    told_on = (found.changed_at or found.created_at).astimezone(clinic.zone).date()
    opens = datetime.combine(day_before, FROM, clinic.zone)
    return told_on < day_before and utc(opens) <= utc(now) < utc(start) - LATEST


def queue_reminders(engine: Engine, clinic: ClinicProfile, now: datetime) -> int:
    """Queue the reminders that are due and not queued yet; how many."""
    with engine.connect() as connection:
        # Most looks find nothing, and need not keep anyone from booking.
        if not _due(connection, clinic, now):
            return 0
    with locked(engine) as connection:
        due = _due(connection, clinic, now)
        for booking_id, found in due:
            queue(connection, booking_id, "reminder", content_of(clinic, found), clinic, now)
    return len(due)


def _due(connection: Connection, clinic: ClinicProfile, now: datetime) -> list[tuple[int, Booking]]:
    # A booking that moved is reminded of again.
    key = booking.c.reference + ":" + REMINDER + ":" + sa.cast(booking.c.sequence, sa.String) + ":"
    keys = [key + f"{medium}:{VISITOR}" for medium in (EMAIL, CHANNEL)]
    soon = sa.and_(
        booking.c.status != CANCELLED,
        sa.or_(booking.c.email.is_not(None), booking.c.channel.in_(MESSENGERS)),
        booking.c.starts_at > now,
        booking.c.starts_at < now + timedelta(days=2),
        ~sa.exists().where(booking_outbox.c.key.in_(keys)),
    )
    found = Ledger(clinic).read_all(connection, soon)
    return [(booking_id, each) for booking_id, each in found if is_due(each, clinic, now)]
