"""Table of conversations that visitors have deleted: nobody goes on with one, and nothing of it is kept here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "ended_conversation",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("ended_at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_ended_conversation_ended_at", "ended_conversation", ["ended_at"])


def downgrade() -> None:
    """Drop the table; deleted conversations can be gone on with by who still has their token."""
    op.drop_table("ended_conversation")
