"""The table of conversations, in Rasa's form (`engine/event_table.py` writes it), as far as privacy goes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from frontdesk.booking.drafts import DRAFT_LIVES
from frontdesk.privacy.masking import without_person

events = sa.Table(
    "events",
    # Not the desk's own metadata: Rasa makes this one.
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sender_id", sa.String(255)),
    sa.Column("type_name", sa.String(255)),
    sa.Column("timestamp", sa.Float),
    sa.Column("intent_name", sa.String(255)),
    sa.Column("action_name", sa.String(255)),
    sa.Column("data", sa.Text),
)


def exists(connection: Connection) -> bool:
    """Whether there are conversations at all: the first start of a server makes the table."""
    return bool(sa.inspect(connection).has_table(events.name))


def older_than(moment: datetime) -> sa.sql.ColumnElement:
    """True of the events of conversations in which nothing was said since a moment (aware)."""
    last = sa.func.max(events.c.timestamp)
    silent = sa.select(events.c.sender_id).group_by(events.c.sender_id).having(last < moment.timestamp())
    return events.c.sender_id.in_(silent)


def among(connection: Connection, names: Iterable[str]) -> set[str]:
    """Those of some names that are conversations."""
    known = sa.select(events.c.sender_id).where(events.c.sender_id.in_(list(names))).distinct()
    return set(connection.execute(known).scalars())


def mask_left_drafts(connection: Connection, now: datetime) -> int:
    """Mask what a booking that was left in the middle has taken down; the number of values that were masked."""
    left = (now - DRAFT_LIVES).timestamp()
    query = sa.select(events.c.id, events.c.data).where(
        events.c.type_name == "slot",
        events.c.action_name == "memory",
        events.c.timestamp < left,
        events.c.data.like('%"booking": {%'),
    )
    number = 0
    for row in connection.execute(query).all():
        data = json.loads(row.data)
        masked = {**data, "value": without_person(data.get("value"))}
        if masked != data:
            connection.execute(sa.update(events).where(events.c.id == row.id).values(data=json.dumps(masked)))
            number += 1
    return number
