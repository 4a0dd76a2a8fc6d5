"""Reads and writes the table of events, in Rasa's own form."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet
from sqlalchemy.engine import Connection

from engine.masked_events import MEMORY, as_told
from engine.tracker_window import LASTING, REACHING_BACK

logger = logging.getLogger(__name__)

TABLE: sa.Table = SQLTrackerStore.SQLEvent.__table__
# No event has this id.
UNKNOWN = -1

# Rasa's index holds the conversation only, so that PostgreSQL would sort all of one to find its last event.
_INDEX = sa.Index("ix_events_sender_id_id", TABLE.c.sender_id, TABLE.c.id)

_LASTING = [each.type_name for each in LASTING]
_REACHING_BACK = [each.type_name for each in REACHING_BACK]
_START = SessionStarted.type_name
_COLUMNS = (TABLE.c.id, TABLE.c.type_name, TABLE.c.data)

# Those of every turn are made once: to make one costs as much as to run it.
_SENDER = sa.bindparam("sender")
_INSERT = sa.insert(TABLE)
_LAST_IDS = (
    sa.select(TABLE.c.id)
    .where(TABLE.c.sender_id == _SENDER)
    .order_by(TABLE.c.id.desc())
    .limit(sa.bindparam("number", type_=sa.Integer))
)


def create(connection: Connection) -> None:
    """Make the table and its indexes where they are missing."""
    TABLE.create(connection, checkfirst=True)
    _INDEX.create(connection, checkfirst=True)


def as_row(sender_id: str, data: dict[str, Any]) -> dict[str, Any]:
    """The row of an event, by its data as `masked_events.as_stored` gives it."""
    return {
        "sender_id": sender_id,
        "type_name": data["event"],
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def append(
    connection: Connection, sender_id: str, rows: Sequence[dict[str, Any]], harmless_up_to: int = UNKNOWN
) -> tuple[int, int]:
    """Write rows of one conversation; of its memory, only the last value goes on telling who a booking is for.

    Args:
        connection: To the database.
        sender_id: The conversation.
        rows: What is written.
        harmless_up_to: Id of an event: is it the last one before these, then no memory up to it tells who the
            visitor is.

    Returns:
        The id of the conversation's last event as it was before, 0 for none, and as it is now.
    """
    connection.execute(_INSERT, list(rows))
    found = connection.execute(_LAST_IDS, {"sender": sender_id, "number": len(rows) + 1}).scalars().all()
    before = found[len(rows)] if len(found) > len(rows) else 0
    memories = sum(row["type_name"] == SlotSet.type_name and row["action_name"] == MEMORY for row in rows)
    if memories > 1 or (memories and before != harmless_up_to):
        _mask_memories(connection, sender_id, memories)
    return before, found[0]


def _mask_memories(connection: Connection, sender_id: str, number: int) -> None:
    """Mask the values of the memory before the last one: as many as `number`, the earlier ones are masked already."""
    query = (
        sa.select(TABLE.c.id, TABLE.c.data)
        .where(TABLE.c.sender_id == sender_id, TABLE.c.type_name == SlotSet.type_name, TABLE.c.action_name == MEMORY)
        .order_by(TABLE.c.id.desc())
        .offset(1)
        .limit(number)
    )
    for row in connection.execute(query).all():
        data = json.loads(row.data)
        masked = as_told(data)
        if masked != data:
            connection.execute(sa.update(TABLE).where(TABLE.c.id == row.id).values(data=json.dumps(masked)))


def erase(connection: Connection, sender_id: str) -> None:
    """Delete all events of a conversation."""
    connection.execute(sa.delete(TABLE).where(TABLE.c.sender_id == sender_id))


def last_id(connection: Connection, sender_id: str) -> int:
    """The id of a conversation's last event, 0 where there is none."""
    return connection.execute(_LAST_IDS, {"sender": sender_id, "number": 1}).scalar() or 0


def after(connection: Connection, sender_id: str, known: int) -> list[Event] | None:
    """The events of a conversation after the one with the id `known`; None when that one is gone."""
    query = sa.select(*_COLUMNS).where(TABLE.c.sender_id == sender_id, TABLE.c.id >= known).order_by(TABLE.c.id)
    rows = connection.execute(query).all()
    return _events(rows[1:]) if rows and rows[0].id == known else None


def ending(connection: Connection, sender_id: str, number: int) -> list[Event]:
    """The last events of a conversation's latest session, and in front of them those that still have an effect.

    Args:
        connection: To the database.
        sender_id: The conversation.
        number: How many of the last events; all of the session where an event reaches back.
    """
    its = TABLE.c.sender_id == sender_id
    rows = connection.execute(sa.select(*_COLUMNS).where(its).order_by(TABLE.c.id.desc()).limit(number)).all()[::-1]
    if len(rows) < number or _START in (row.type_name for row in rows):
        return _events(_session(rows))
    telling = connection.execute(
        sa.select(TABLE.c.id, TABLE.c.type_name, TABLE.c.action_name)
        .where(its, TABLE.c.id < rows[0].id, TABLE.c.type_name.in_([*_LASTING, *_REACHING_BACK]))
        .order_by(TABLE.c.id)
    ).all()
    older = _session(telling)
    if any(row.type_name in _REACHING_BACK for row in (*older, *rows)):
        return _events(_session(connection.execute(sa.select(*_COLUMNS).where(its).order_by(TABLE.c.id)).all()))
    # Of each kind, and of each slot, the last; `latest` goes by the events themselves.
    ids = {(row.type_name, row.action_name): row.id for row in older}.values()
    kept = connection.execute(sa.select(*_COLUMNS).where(TABLE.c.id.in_(ids)).order_by(TABLE.c.id)).all()
    return _events([*kept, *rows])


def _session(rows: Sequence[Any]) -> Sequence[Any]:
    starts = [place for place, row in enumerate(rows) if row.type_name == _START]
    if not starts:
        return rows
    # Rasa notes that the start was run before it notes the start.
    before = [row for row in rows[max(0, starts[-1] - 1) : starts[-1]] if row.type_name == ActionExecuted.type_name]
    return [*before, *rows[starts[-1] :]]


def _events(rows: Iterable[Any]) -> list[Event]:
    events = []
    for row in rows:
        try:
            event = Event.from_parameters(json.loads(row.data))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            # One event that cannot be read must not end the conversation; the visitor's words stay out of the log.
            logger.error("Event %d of a conversation cannot be read: %s", row.id, type(error).__name__)
        else:
            if event is not None:
                events.append(event)
    return events
