"""Tables of the messaging channels: deliveries, outgoing calls, conversations, payloads of buttons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "channel_inbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("conversation", sa.String(120), nullable=False),
        sa.Column("delivery", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("content_json", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("received_at", sa.DateTime, nullable=False),
        sa.Column("done_at", sa.DateTime, nullable=True),
        sa.Column("forget_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("delivery", name="uq_channel_inbox_delivery"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_channel_inbox_forget_at", "channel_inbox", ["forget_at"])
    waiting = sa.text("done_at IS NULL")
    op.create_index(
        "ix_channel_inbox_waiting",
        "channel_inbox",
        ["conversation", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "channel_outgoing",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("conversation", sa.String(120), nullable=False),
        sa.Column("call_json", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_channel_outgoing_conversation_id", "channel_outgoing", ["conversation", "id"])
    op.create_table(
        "channel_conversation",
        sa.Column("conversation", sa.String(120), primary_key=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("address_json", sa.Text, nullable=False),
        sa.Column("heard_at", sa.DateTime, nullable=False),
        sa.Column("choices_json", sa.Text, nullable=True),
    )
    op.create_index("ix_channel_conversation_heard_at", "channel_conversation", ["heard_at"])
    op.create_table(
        "channel_payload",
        sa.Column("key", sa.String(40), primary_key=True),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("forget_at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_channel_payload_forget_at", "channel_payload", ["forget_at"])


def downgrade() -> None:
    """Drop the tables, with the messages that wait in them."""
    for table in ("channel_payload", "channel_conversation", "channel_outgoing", "channel_inbox"):
        op.drop_table(table)
