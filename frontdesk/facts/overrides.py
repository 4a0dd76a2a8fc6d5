"""The clinic's own values as they are kept in the database: one row per change, so that the history is complete."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from frontdesk.database import UtcDateTime, metadata, transaction
from frontdesk.facts.overlay import Target

fact_override = sa.Table(
    "fact_override",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("fact_id", sa.String(120), nullable=False),
    sa.Column("value_key", sa.String(120), nullable=False),
    # Null where the clinic went back to the baseline.
    sa.Column("value_json", sa.Text, nullable=True),
    sa.Column("set_by", sa.String(120), nullable=False),
    sa.Column("set_at", UtcDateTime, nullable=False),
    sa.Column("note", sa.Text, nullable=True),
    sa.Index(None, "fact_id", "value_key"),
    sqlite_autoincrement=True,
)
# The number of rows too: of two transactions, the one with the higher id may be seen first.
_STAMP = sa.select(sa.func.coalesce(sa.func.max(fact_override.c.id), 0), sa.func.count()).select_from(fact_override)


def utc_now() -> datetime:
    """The present, in UTC."""
    return datetime.now(timezone.utc)


@dataclass(frozen=True)
class Override:
    """One change of a value.

    Attributes:
        target: The value.
        data: What it was set to, as plain data; None when it was reset to the baseline.
        set_by: Who did it, as they call themselves.
        set_at: When, aware, in UTC.
        note: Why, or None.
    """

    target: Target
    data: Any
    set_by: str
    set_at: datetime
    note: str | None


class OverrideLog:
    """Reads and adds changes; the tables must be there (`frontdesk.migrations.upgrade`)."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        """Take the database, and where the time (aware) comes from."""
        self._engine = engine
        self._clock = clock

    def stamp(self) -> tuple[int, int]:
        """Something cheap to read that differs whenever a change was added."""
        with self._engine.connect() as connection:
            highest, number = connection.execute(_STAMP).one()
        return highest, number

    def active(self) -> dict[Target, Override]:
        """The last change of each value that is not reset."""
        last = sa.select(sa.func.max(fact_override.c.id)).group_by(fact_override.c.fact_id, fact_override.c.value_key)
        return {each.target: each for each in self._read(fact_override.c.id.in_(last)) if each.data is not None}

    def history(self, fact_id: str | None = None) -> list[Override]:
        """All changes, or those of one fact (`clinic` for the profile), oldest first."""
        return self._read(sa.true() if fact_id is None else fact_override.c.fact_id == fact_id)

    def add(self, target: Target, data: Any, by: str, note: str | None = None) -> Override:
        """Note that a value was set, or with None that it was reset."""
        change = Override(target, data, by, self._clock(), note)
        row = {
            "fact_id": target.fact_id,
            "value_key": target.key,
            "value_json": None if data is None else json.dumps(data, ensure_ascii=False),
            "set_by": by,
            "set_at": change.set_at,
            "note": note,
        }
        with transaction(self._engine) as connection:
            connection.execute(sa.insert(fact_override).values(row))
        return change

    def _read(self, which: Any) -> list[Override]:
        query = sa.select(fact_override).where(which).order_by(fact_override.c.id)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [
            Override(
                target=Target(row.fact_id, row.value_key),
                data=None if row.value_json is None else json.loads(row.value_json),
                set_by=row.set_by,
                set_at=row.set_at,
                note=row.note,
            )
            for row in rows
        ]
