"""Figures of the desk for Prometheus, read from its database when a monitor asks."""

from __future__ import annotations

import logging

import sqlalchemy as sa
from prometheus_client import Gauge
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from engine.metrics import registry
from frontdesk.booking.outbox import WAITING
from frontdesk.booking.tables import booking, booking_outbox
from frontdesk.database import utc_now

logger = logging.getLogger(__name__)

_bookings = Gauge("frontdesk_bookings", "Bookings in the book, by status", ["status"], registry=registry)
_notices = Gauge("frontdesk_notices", "Notices in the queue, by state", ["state"], registry=registry)
_oldest = Gauge(
    "frontdesk_notice_overdue_seconds", "How long the oldest notice has been due and not sent", registry=registry
)
_reachable = Gauge("frontdesk_database_reachable", "1 when the desk's database answers", registry=registry)


class DeskFigures:
    """Reads them."""

    def __init__(self, engine: Engine) -> None:
        """Prepare it.

        Args:
            engine: The desk's database.
        """
        self._engine = engine

    def read(self) -> None:
        """Set the gauges to what the database says now."""
        try:
            with self._engine.connect() as connection:
                bookings = connection.execute(_counted(booking.c.status)).all()
                notices = connection.execute(_counted(booking_outbox.c.state)).all()
                due = connection.execute(
                    sa.select(sa.func.min(booking_outbox.c.due_at)).where(booking_outbox.c.state == WAITING)
                ).scalar()
        except SQLAlchemyError as error:
            logger.error("The desk's figures cannot be read: %s", type(error).__name__)
            _reachable.set(0)
            return
        _reachable.set(1)
        for gauge, rows in ((_bookings, bookings), (_notices, notices)):
            gauge.clear()
            for label, number in rows:
                gauge.labels(label).set(number)
        _oldest.set(max(0.0, (utc_now() - due).total_seconds()) if due else 0)


def _counted(column: sa.Column) -> sa.sql.Select:
    return sa.select(column, sa.func.count()).group_by(column)
