"""Table of the turns in which danger was heard; each waits until somebody has marked it seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "red_flag_turn",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("happened_at", sa.DateTime, nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("category", sa.String(10), nullable=False),
        sa.Column("heard_by", sa.String(120), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("seen_by", sa.String(120), nullable=True),
        sa.Column("seen_at", sa.DateTime, nullable=True),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_red_flag_turn_seen_at", "red_flag_turn", ["seen_at"])


def downgrade() -> None:
    """Drop the table, with the record in it."""
    op.drop_table("red_flag_turn")
