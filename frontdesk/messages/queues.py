"""A queue in a database table that keeps each conversation in order, for any number of processes.

Only the oldest row of a conversation can be taken, and who takes it moves its due time into the future. So no second
one of the same conversation goes before it, and when a process dies, the row comes due again by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from frontdesk.database import transaction

# Longer than a turn and a call can take together, or two processes would do the same.
LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Waiting:
    """Which rows of a table wait.

    Attributes:
        table: With the columns id, channel, conversation, attempts and due_at.
        condition: What is true of a row that waits, given the table or an alias of it.
    """

    table: sa.Table
    condition: Callable[[Any], Any]


def take(engine: Engine, waiting: Waiting, channels: Collection[str], now: datetime) -> Any | None:
    """Take the oldest row that is due, for as long as `LEASE`.

    Args:
        engine: The database.
        waiting: Which rows wait.
        channels: Names of the channels that are served here.
        now: The present, aware.

    Returns:
        The row, or None when nothing is due; its `attempts` counts this one.
    """
    columns, older = waiting.table.c, waiting.table.alias("older")
    due = (
        sa.select(waiting.table)
        .where(
            waiting.condition(waiting.table),
            columns.due_at <= now,
            columns.channel.in_(list(channels)),
            ~sa.exists().where(
                older.c.conversation == columns.conversation, older.c.id < columns.id, waiting.condition(older)
            ),
        )
        .order_by(columns.id)
        .limit(1)
    )
    with engine.connect() as connection:
        # Most looks find nothing, and need not keep anyone from writing.
        if connection.execute(due).first() is None:
            return None
    with transaction(engine) as connection:
        row = connection.execute(due.with_for_update(skip_locked=True, of=waiting.table)).first()
        if row is None:
            return None
        taken = sa.update(waiting.table).where(columns.id == row.id)
        connection.execute(taken.values(due_at=now + LEASE, attempts=columns.attempts + 1))
        return connection.execute(sa.select(waiting.table).where(columns.id == row.id)).one()


def mine(waiting: Waiting, id_: int, attempt: int) -> Any:
    """The condition under which a taken row is still ours: no other process has taken it since."""
    return sa.and_(waiting.table.c.id == id_, waiting.table.c.attempts == attempt, waiting.condition(waiting.table))


def postpone(engine: Engine, waiting: Waiting, id_: int, attempt: int, due_at: datetime) -> bool:
    """Let a taken row, and with it its conversation, wait; False when another process has it now."""
    with transaction(engine) as connection:
        return update(connection, waiting, id_, attempt, due_at=due_at)


def update(connection: Connection, waiting: Waiting, id_: int, attempt: int, **values: Any) -> bool:
    """Change a taken row; False when another process has it now."""
    changed = connection.execute(sa.update(waiting.table).where(mine(waiting, id_, attempt)).values(**values))
    return bool(changed.rowcount)
