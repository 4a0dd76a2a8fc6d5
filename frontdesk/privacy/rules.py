"""What every table holds of people: which rows are one person's, and which have been kept for long enough.

A test fails when a database has a table without a rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from frontdesk.booking.guesses import WITHIN
from frontdesk.booking.tables import CANCELLED, booking, booking_change, booking_guess, booking_hold, booking_outbox
from frontdesk.endings import ended_conversation
from frontdesk.facts.overrides import fact_override
from frontdesk.feedback import answer_feedback
from frontdesk.messages.tables import (
    channel_conversation,
    channel_inbox,
    channel_outgoing,
    channel_payload,
    channel_seen,
)
from frontdesk.privacy.conversations import events, older_than
from frontdesk.privacy.people import Person
from frontdesk.privacy.periods import Periods
from frontdesk.review import red_flag_turn

_HOLDS_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Moment:
    """When it is looked for what has been kept for long enough.

    Attributes:
        now: The present, aware.
        periods: How long each kind of data is kept.
        session: How long a visitor's session is valid.
    """

    now: datetime
    periods: Periods
    session: timedelta

    def before(self, period: str) -> datetime:
        """The moment that lies a period back."""
        return self.now - self.periods.of(period)


@dataclass(frozen=True)
class Rule:
    """What holds for a table.

    Attributes:
        table: The table.
        mine: True of a person's rows.
        over: True of the rows that have been kept for long enough; None where another table's rows take them along.
        period: The period's name in `privacy.yml`, or what stands for one.
    """

    table: sa.Table
    mine: Callable[[Person], ColumnElement]
    over: Callable[[Moment], ColumnElement] | None
    period: str


def _to_come(moment: Moment) -> ColumnElement:
    stands = sa.and_(booking.c.status != CANCELLED, booking.c.ends_at >= moment.now)
    return channel_conversation.c.conversation.in_(sa.select(booking.c.conversation).where(stands))


def _visit_is_over(moment: Moment) -> ColumnElement:
    return booking_outbox.c.booking_id.in_(sa.select(booking.c.id).where(booking.c.ends_at < moment.now))


# Rows that point at others come first, so that they go first.
DESK = (
    Rule(
        booking_outbox,
        lambda who: sa.or_(
            booking_outbox.c.booking_id.in_(who.bookings), who.is_mentioned_in(booking_outbox.c.content_json)
        ),
        lambda at: sa.and_(booking_outbox.c.done_at < at.before("notices"), _visit_is_over(at)),
        "notices",
    ),
    Rule(
        booking_change,
        lambda who: sa.or_(
            booking_change.c.booking_id.in_(who.bookings), booking_change.c.changed_by.in_(who.conversations)
        ),
        None,
        "with its booking",
    ),
    Rule(
        booking_hold,
        lambda who: sa.or_(booking_hold.c.owner.in_(who.conversations), booking_hold.c.booking_id.in_(who.bookings)),
        lambda at: booking_hold.c.expires_at < at.now - _HOLDS_KEPT,
        "a day",
    ),
    Rule(
        booking,
        lambda who: booking.c.id.in_(who.bookings),
        lambda at: booking.c.ends_at < at.before("bookings"),
        "bookings",
    ),
    Rule(
        booking_guess,
        lambda who: booking_guess.c.target.in_(
            [*(f"conversation:{each}" for each in who.conversations), *(f"reference:{each}" for each in who.references)]
        ),
        lambda at: booking_guess.c.guessed_at < at.now - WITHIN,
        "an hour",
    ),
    Rule(
        answer_feedback,
        lambda who: answer_feedback.c.conversation.in_(who.conversations),
        lambda at: answer_feedback.c.given_at < at.before("ratings"),
        "ratings",
    ),
    Rule(
        red_flag_turn,
        lambda who: sa.or_(
            red_flag_turn.c.conversation.in_(who.conversations), who.is_mentioned_in(red_flag_turn.c.message)
        ),
        # A turn that nobody has seen has a moment of NULL, which is before nothing.
        lambda at: red_flag_turn.c.seen_at < at.before("red_flag_turns"),
        "red_flag_turns",
    ),
    Rule(
        channel_inbox,
        lambda who: sa.or_(
            channel_inbox.c.conversation.in_(who.conversations), who.is_mentioned_in(channel_inbox.c.content_json)
        ),
        lambda at: channel_inbox.c.received_at < at.before("messages"),
        "messages",
    ),
    Rule(
        channel_seen,
        # No row can be told to be anybody's.
        lambda who: sa.false(),
        lambda at: channel_seen.c.forget_at < at.now,
        "as long as it could be delivered again",
    ),
    Rule(
        channel_outgoing,
        lambda who: sa.or_(
            channel_outgoing.c.conversation.in_(who.conversations), who.is_mentioned_in(channel_outgoing.c.call_json)
        ),
        lambda at: channel_outgoing.c.created_at < at.before("messages"),
        "messages",
    ),
    Rule(
        channel_conversation,
        lambda who: sa.or_(
            channel_conversation.c.conversation.in_(who.conversations),
            who.is_mentioned_in(channel_conversation.c.address_json),
        ),
        lambda at: sa.and_(channel_conversation.c.heard_at < at.before("messenger_addresses"), ~_to_come(at)),
        "messenger_addresses",
    ),
    Rule(
        channel_payload,
        lambda who: who.is_mentioned_in(channel_payload.c.payload),
        # Nobody can press a button where nobody is answered any more.
        lambda at: channel_payload.c.offered_at < at.before("messenger_addresses"),
        "messenger_addresses",
    ),
    Rule(
        ended_conversation,
        lambda who: ended_conversation.c.digest.in_(who.digests),
        lambda at: ended_conversation.c.ended_at < at.now - at.session,
        "a session",
    ),
)

CONVERSATIONS = (
    Rule(
        events,
        lambda who: events.c.sender_id.in_(who.conversations),
        lambda at: older_than(at.before("conversations")),
        "conversations",
    ),
)

OF_NOBODY = {
    fact_override.name: "the clinic's values, and which of its staff set them",
    "frontdesk_version": "the number of the tables' version",
}
"""Tables without anything of a visitor."""
