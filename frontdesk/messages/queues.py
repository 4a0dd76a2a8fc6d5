"""A queue in a database table that keeps each conversation in order, for any number of processes.

Only the oldest row of a conversation can be taken, and who takes it moves its due time into the future. So no second
one of the same conversation goes before it, and when a process dies, the row comes due again by itself. A row that is
done with is removed.

A table that is a queue has the columns id, channel, conversation, attempts and due_at, and never uses an id again.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from frontdesk.database import transaction

# Longer than a turn and a call can take together, or two processes would do the same.
LEASE = timedelta(seconds=60)


def take(engine: Engine, queue: sa.Table, channels: Collection[str], now: datetime) -> Any | None:
    """Take the oldest row that is due, for as long as `LEASE`.

    Args:
        engine: The database.
        queue: The table.
        channels: Names of the channels that are served here.
        now: The present, aware.

    Returns:
        The row, or None when nothing is due; its `attempts` counts this one.
    """
    columns, older = queue.c, queue.alias("older")
    due = (
        sa.select(queue)
        .where(
            columns.due_at <= now,
            columns.channel.in_(list(channels)),
            ~sa.exists().where(older.c.conversation == columns.conversation, older.c.id < columns.id),
        )
        .order_by(columns.id)
        .limit(1)
    )
    with engine.connect() as connection:
        # Most looks find nothing, and need not keep anyone from writing.
        if connection.execute(due).first() is None:
            return None
    with transaction(engine) as connection:
        row = connection.execute(due.with_for_update(skip_locked=True, of=queue)).first()
        if row is None:
            return None
        taken = sa.update(queue).where(columns.id == row.id)
        connection.execute(taken.values(due_at=now + LEASE, attempts=columns.attempts + 1))
        return connection.execute(sa.select(queue).where(columns.id == row.id)).one()


def remove(connection: Connection, queue: sa.Table, id_: int, attempt: int) -> bool:
    """Remove a taken row; False when another process has taken it since."""
    return bool(connection.execute(sa.delete(queue).where(_still_ours(queue, id_, attempt))).rowcount)


def postpone(engine: Engine, queue: sa.Table, id_: int, attempt: int, due_at: datetime) -> bool:
    """Let a taken row, and with it its conversation, wait; False when another process has taken it since."""
    with transaction(engine) as connection:
        waits = sa.update(queue).where(_still_ours(queue, id_, attempt)).values(due_at=due_at)
        return bool(connection.execute(waits).rowcount)


def _still_ours(queue: sa.Table, id_: int, attempt: int) -> Any:
    return sa.and_(queue.c.id == id_, queue.c.attempts == attempt)
