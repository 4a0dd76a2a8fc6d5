"""What visitors thought of answers: kept for the clinic by fact and conversation, without anything they wrote."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from frontdesk.database import UtcDateTime, metadata, transaction, utc_now

Vote = Literal["up", "down"]

answer_feedback = sa.Table(
    "answer_feedback",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation", sa.String(120), nullable=False),
    sa.Column("answer", sa.String(40), nullable=False),
    sa.Column("vote", sa.String(8), nullable=False),
    sa.Column("facts_json", sa.Text, nullable=False),
    sa.Column("topics_json", sa.Text, nullable=False),
    sa.Column("given_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("conversation", "answer"),
    sa.Index(None, "given_at"),
)


@dataclass(frozen=True)
class Feedback:
    """A rating of one answer.

    Attributes:
        conversation: Sender id of the conversation, e.g. `website:4f…`.
        answer: Which of its answers, by an id that is unique in the conversation.
        vote: `up` or `down`.
        facts: Ids of the facts that the answer was made of.
        topics: Topics that it answered.
        given_at: When, aware, in UTC.
    """

    conversation: str
    answer: str
    vote: str
    facts: tuple[str, ...]
    topics: tuple[str, ...]
    given_at: datetime


class FeedbackLog:
    """Keeps ratings; the tables must be there (`frontdesk.migrations.upgrade`)."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        """Take the database, and where the time (aware) comes from."""
        self._engine = engine
        self._clock = clock

    def give(
        self, conversation: str, answer: str, vote: Vote | None, facts: Sequence[str], topics: Sequence[str]
    ) -> None:
        """Keep a rating in place of any earlier one of the same answer; None takes it back.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: The database cannot be written.
        """
        same = sa.and_(answer_feedback.c.conversation == conversation, answer_feedback.c.answer == answer)
        row = {
            "vote": vote,
            "facts_json": json.dumps(list(facts)),
            "topics_json": json.dumps(list(topics)),
            "given_at": self._clock(),
        }
        with transaction(self._engine) as connection:
            if vote is None:
                connection.execute(sa.delete(answer_feedback).where(same))
            elif not connection.execute(sa.update(answer_feedback).where(same).values(**row)).rowcount:
                new = {"conversation": conversation, "answer": answer, **row}
                connection.execute(sa.insert(answer_feedback).values(**new))

    def all(self) -> list[Feedback]:
        """All ratings, oldest first."""
        table = answer_feedback.c
        query = sa.select(answer_feedback).order_by(table.given_at, table.id)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [
            Feedback(
                row.conversation,
                row.answer,
                row.vote,
                tuple(json.loads(row.facts_json)),
                tuple(json.loads(row.topics_json)),
                row.given_at,
            )
            for row in rows
        ]
