"""Tables of the messaging channels: what has come in, what is to go out, and with whom the desk talks."""

from __future__ import annotations

import sqlalchemy as sa

from frontdesk.database import UtcDateTime, metadata

# Deliveries that were seen, so that a repeated one is known; of whom and of what, nobody can tell from a row.
channel_seen = sa.Table(
    "channel_seen",
    metadata,
    # A hash, as the platforms' own ids may hold a phone number.
    sa.Column("delivery", sa.String(64), primary_key=True),
    sa.Column("forget_at", UtcDateTime, nullable=False, index=True),
)

# One row per message that waits for its turn, removed once it is answered.
channel_inbox = sa.Table(
    "channel_inbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("conversation", sa.String(120), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("content_json", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    # Also the lease: who takes a message moves it into the future.
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Index(None, "conversation", "id"),
    # An id is never used again: who has taken a row knows it by its id.
    sqlite_autoincrement=True,
)

# One row per call to a platform, removed once the platform has taken it.
channel_outgoing = sa.Table(
    "channel_outgoing",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("conversation", sa.String(120), nullable=False),
    sa.Column("call_json", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Index(None, "conversation", "id"),
    sqlite_autoincrement=True,
)

channel_conversation = sa.Table(
    "channel_conversation",
    metadata,
    sa.Column("conversation", sa.String(120), primary_key=True),
    sa.Column("channel", sa.String(20), nullable=False),
    # Where answers go; the only place in which a phone number or a user's id stands.
    sa.Column("address_json", sa.Text, nullable=False),
    sa.Column("heard_at", UtcDateTime, nullable=False, index=True),
    # What was offered last, so that its number or title is understood.
    sa.Column("choices_json", sa.Text, nullable=True),
)

# Payloads of buttons that are longer than a platform takes, under a short key.
channel_payload = sa.Table(
    "channel_payload",
    metadata,
    sa.Column("key", sa.String(40), primary_key=True),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("offered_at", UtcDateTime, nullable=False, index=True),
)
