"""Wrong guesses at bookings, counted so that nobody can try references until one fits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from frontdesk.booking.tables import booking_guess

MOST_GUESSES = 5
WITHIN = timedelta(hours=1)


def allowed(connection: Connection, targets: Sequence[str], now: datetime) -> bool:
    """Whether none of the targets (a conversation, a reference) had its share of wrong guesses within the hour."""
    column = booking_guess.c.target
    recent = sa.and_(column.in_(targets), booking_guess.c.guessed_at > now - WITHIN)
    counts = connection.execute(sa.select(sa.func.count()).where(recent).group_by(column)).scalars()
    return all(count < MOST_GUESSES for count in counts)


def note(connection: Connection, targets: Sequence[str], now: datetime) -> None:
    """Count a wrong guess, and forget what no longer counts."""
    connection.execute(sa.delete(booking_guess).where(booking_guess.c.guessed_at <= now - WITHIN))
    if not targets:
        return
    rows = [{"target": target, "guessed_at": now} for target in targets]
    connection.execute(sa.insert(booking_guess), rows)
