"""The clinic's record of every emergency and urgent turn, kept until somebody has marked it seen."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from frontdesk.database import UtcDateTime, metadata, transaction, utc_now
from frontdesk.turn import Turn

logger = logging.getLogger(__name__)

SECONDS_BEFORE_THE_REPLY = 0.5

red_flag_turn = sa.Table(
    "red_flag_turn",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation", sa.String(255), nullable=False),
    sa.Column("happened_at", UtcDateTime, nullable=False),
    sa.Column("level", sa.String(20), nullable=False),
    sa.Column("category", sa.String(10), nullable=False),
    sa.Column("heard_by", sa.String(120), nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("seen_by", sa.String(120), nullable=True),
    sa.Column("seen_at", UtcDateTime, nullable=True),
    sa.Index(None, "seen_at"),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True)
class RedFlagTurn:
    """A turn in which danger was heard.

    Attributes:
        id: its number in the record.
        conversation: sender id of the conversation.
        happened_at: when, aware, in UTC.
        level: ``emergency`` or ``urgent``.
        category: such as ``E-AN``.
        heard_by: the rule or the score that heard it.
        message: the visitor's words, so that a clinician can judge them.
        seen_by, seen_at: who marked it seen, and when; None until then.
    """

    id: int
    conversation: str
    happened_at: datetime
    level: str
    category: str
    heard_by: str
    message: str
    seen_by: str | None
    seen_at: datetime | None


class RedFlagLog:
    """Writes and reads the record; the tables must be there (``frontdesk.migrations.upgrade``)."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        """Use ``engine``; ``clock`` gives the present, aware."""
        self._engine = engine
        self._clock = clock

    def record(self, conversation: str, level: str, category: str, heard_by: str, message: str) -> None:
        """Write down a turn.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database cannot be written.
        """
        with transaction(self._engine) as connection:
            connection.execute(
                red_flag_turn.insert().values(
                    conversation=conversation,
                    happened_at=self._clock(),
                    level=level,
                    category=category,
                    heard_by=heard_by,
                    message=message,
                )
            )

    def note(self, turn: Turn, conversation: str) -> None:
        """Write down a turn if it is an emergency or urgent; neither a failing nor a slow database costs the reply.

        Args:
            turn: the message as understood.
            conversation: its sender id.
        """
        flag = turn.red_flag
        if flag is None or not turn.is_pressing:
            return
        fields = (conversation, flag["level"], flag["category"], flag["by"], turn.text)
        writing = threading.Thread(target=self._try_to_record, args=fields)
        writing.start()
        # As a rule it is done by then; else it goes on beside the reply.
        writing.join(SECONDS_BEFORE_THE_REPLY)

    def _try_to_record(self, conversation: str, level: str, category: str, heard_by: str, message: str) -> None:
        try:
            self.record(conversation, level, category, heard_by, message)
        except SQLAlchemyError as error:
            logger.error("A red-flag turn (%s) could not be written down: %s", category, type(error).__name__)

    def unseen(self) -> list[RedFlagTurn]:
        """What nobody has marked seen yet, oldest first."""
        wanted = red_flag_turn.select().where(red_flag_turn.c.seen_at.is_(None)).order_by(red_flag_turn.c.id)
        return self._read(wanted)

    def all(self) -> list[RedFlagTurn]:
        """The whole record, oldest first."""
        return self._read(red_flag_turn.select().order_by(red_flag_turn.c.id))

    def mark_seen(self, id_: int, by: str) -> bool:
        """Mark a turn seen; False when there is none of this number that is still unseen."""
        with transaction(self._engine) as connection:
            result = connection.execute(
                red_flag_turn.update()
                .where(red_flag_turn.c.id == id_, red_flag_turn.c.seen_at.is_(None))
                .values(seen_by=by, seen_at=self._clock())
            )
        return bool(result.rowcount == 1)

    def _read(self, wanted: sa.sql.Select) -> list[RedFlagTurn]:
        with self._engine.connect() as connection:
            return [RedFlagTurn(**row) for row in connection.execute(wanted).mappings()]
