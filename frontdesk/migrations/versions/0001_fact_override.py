"""Table of the clinic's own values: one row per change, never altered, so that the history is the table itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "fact_override",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("fact_id", sa.String(120), nullable=False),
        sa.Column("value_key", sa.String(120), nullable=False),
        sa.Column("value_json", sa.Text, nullable=True),
        sa.Column("set_by", sa.String(120), nullable=False),
        sa.Column("set_at", sa.DateTime, nullable=False),
        sa.Column("note", sa.Text, nullable=True),
        # Ids must never be used again: readers tell by the highest one that something changed.
        sqlite_autoincrement=True,
    )
    op.create_index("ix_fact_override_fact_id_value_key", "fact_override", ["fact_id", "value_key"])


def downgrade() -> None:
    """Drop the table, with the history in it."""
    op.drop_table("fact_override")
