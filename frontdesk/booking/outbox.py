"""Notices that wait in the database, queued by the transaction they tell of, until each one is known to be delivered.

A worker takes one by moving its due time into the future; when the worker dies, the notice comes due again by itself.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from frontdesk.booking.records import Booking
from frontdesk.booking.tables import booking, booking_outbox
from frontdesk.channel_settings import MESSENGERS
from frontdesk.database import transaction
from frontdesk.facts.clinic import ClinicProfile

Event = Literal["confirmed", "moved", "cancelled", "reminder"]
Medium = Literal["email", "webhook", "channel"]

EMAIL, WEBHOOK, CHANNEL = "email", "webhook", "channel"
VISITOR, CLINIC, CRM = "visitor", "clinic", "crm"
WAITING, SENT, FAILED, DROPPED = "waiting", "sent", "failed", "dropped"

# Longer than the slowest delivery can take, or two workers would deliver the same.
LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True)
class Notice:
    """A notice that a worker has taken.

    Attributes:
        id: Its row.
        booking_id: The booking's row.
        medium: `email`, `webhook` or `channel`, the messenger on which the visitor booked.
        recipient: `visitor`, `clinic` or `crm`.
        event: What happened.
        message_id: The same in every attempt.
        content: The booking as it was at the event, see `content_of`.
        attempt: 1 for the first.
        created_at: When it was queued, aware, in UTC.
    """

    id: int
    booking_id: int
    medium: str
    recipient: str
    event: str
    message_id: str
    content: dict[str, Any]
    attempt: int
    created_at: datetime

    @property
    def start(self) -> datetime:
        """When the appointment it tells of begins; aware."""
        return datetime.fromisoformat(self.content["start"])


@dataclass(frozen=True)
class NoticeState:
    """How far a notice has come; `done_at` is aware, in UTC."""

    event: str
    medium: str
    recipient: str
    state: str
    attempts: int
    done_at: datetime | None
    problem: str | None


def content_of(clinic: ClinicProfile, found: Booking, previous: Booking | None = None) -> dict[str, Any]:
    """A booking as plain JSON: what a CRM is sent, and what e-mails are written from; times in the clinic's zone."""
    details = found.details
    names = {person.id: person.name for person in clinic.practitioners.people}
    return {
        "reference": found.reference,
        "status": found.status,
        "sequence": found.sequence,
        "practitioner": {
            "id": found.slot.practitioner,
            "name": names.get(found.slot.practitioner, found.slot.practitioner),
        },
        "start": _local(clinic, found.slot.start),
        "end": _local(clinic, found.slot.end),
        "time_zone": clinic.time_zone,
        "name": details.name,
        "phone": details.phone,
        "email": details.email,
        "about": details.about,
        "channel": details.channel,
        "consent_at": _local(clinic, details.consent_at),
        "created_at": _local(clinic, found.created_at),
        "changed_at": _local(clinic, found.changed_at or found.created_at),
        "previous_start": _local(clinic, previous.slot.start) if previous else None,
    }


def queue(
    connection: Connection,
    booking_id: int,
    event: Event,
    content: dict[str, Any],
    clinic: ClinicProfile,
    now: datetime,
    is_known: bool = False,
) -> None:
    """Queue all notices of an event, inside the transaction that makes it true.

    A reminder is for the visitor alone. What is queued already is not queued again. Who did it in the conversation of
    the booking (`is_known`) has been told there, and is not told a second time.
    """
    recipients = [(EMAIL, VISITOR)] if content["email"] else []
    if content["channel"] in MESSENGERS and not is_known:
        recipients.append((CHANNEL, VISITOR))
    if event != "reminder":
        recipients += [(EMAIL, CLINIC), (WEBHOOK, CRM)]
    domain = clinic.email.rpartition("@")[2]
    for medium, recipient in recipients:
        key = f"{content['reference']}:{event}:{content['sequence']}:{medium}:{recipient}"
        if connection.execute(sa.select(booking_outbox.c.id).where(booking_outbox.c.key == key)).first():
            continue
        row = {
            "booking_id": booking_id,
            "key": key,
            "medium": medium,
            "recipient": recipient,
            "event": event,
            "message_id": f"{uuid.uuid4().hex}@{domain}",
            "content_json": json.dumps(content, ensure_ascii=False),
            "state": WAITING,
            "attempts": 0,
            "due_at": now,
            "created_at": now,
        }
        connection.execute(sa.insert(booking_outbox).values(row))


def states(engine: Engine, reference: str) -> list[NoticeState]:
    """The notices of a booking, in the order they were queued."""
    columns = booking_outbox.c
    mine = sa.select(booking.c.id).where(booking.c.reference == reference).scalar_subquery()
    query = sa.select(booking_outbox).where(columns.booking_id == mine).order_by(columns.id)
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    names = NoticeState.__dataclass_fields__
    return [NoticeState(**{name: getattr(row, name) for name in names}) for row in rows]


def take(engine: Engine, media: Collection[str], now: datetime) -> Notice | None:
    """Take the notice that has been due longest, for as long as `LEASE`; None when nothing is due.

    Args:
        engine: The database.
        media: What can be delivered here.
        now: The present, aware.
    """
    if not media:
        return None
    columns = booking_outbox.c
    due = (
        sa.select(booking_outbox)
        .where(columns.state == WAITING, columns.due_at <= now, columns.medium.in_(media))
        .order_by(columns.due_at, columns.id)
        .limit(1)
    )
    with engine.connect() as connection:
        # Most looks find nothing, and need not keep anyone from writing.
        if connection.execute(due).first() is None:
            return None
    with transaction(engine) as connection:
        row = connection.execute(due.with_for_update(skip_locked=True)).first()
        if row is None:
            return None
        taken = sa.update(booking_outbox).where(columns.id == row.id)
        connection.execute(taken.values(due_at=now + LEASE, attempts=row.attempts + 1))
    return _notice(row, row.attempts + 1)


def settle(engine: Engine, notice: Notice, state: str, now: datetime, problem: str | None = None) -> bool:
    """Note that a notice is done with: `sent`, `failed` for good, or `dropped` as overtaken by events.

    Returns:
        False when another worker has taken it meanwhile; nothing is noted then.
    """
    return _note(engine, notice, state=state, done_at=now, problem=problem)


def postpone(engine: Engine, notice: Notice, now: datetime, problem: str) -> bool:
    """Note that a delivery failed, and when to try again: each pause is twice the one before, up to an hour."""
    return _note(engine, notice, due_at=now + pause_after(notice.attempt), problem=problem)


def pause_after(attempt: int) -> timedelta:
    """How long to wait after a failed attempt (1 for the first), scattered so that not all come back at once."""
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempt - 1, 10))
    pause: timedelta = longest * random.uniform(0.75, 1)
    return pause


def _note(engine: Engine, notice: Notice, **values: Any) -> bool:
    columns = booking_outbox.c
    mine = sa.and_(columns.id == notice.id, columns.state == WAITING, columns.attempts == notice.attempt)
    with transaction(engine) as connection:
        result = connection.execute(sa.update(booking_outbox).where(mine).values(**values))
        return bool(result.rowcount)


def _notice(row: Any, attempt: int) -> Notice:
    return Notice(
        id=row.id,
        booking_id=row.booking_id,
        medium=row.medium,
        recipient=row.recipient,
        event=row.event,
        message_id=row.message_id,
        content=json.loads(row.content_json),
        attempt=attempt,
        created_at=row.created_at,
    )


def _local(clinic: ClinicProfile, moment: datetime) -> str:
    return moment.astimezone(clinic.zone).replace(microsecond=0).isoformat()
