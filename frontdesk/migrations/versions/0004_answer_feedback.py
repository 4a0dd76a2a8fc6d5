"""Table of visitors' ratings of answers: one row per rated answer, the last rating counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "answer_feedback",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation", sa.String(120), nullable=False),
        sa.Column("answer", sa.String(40), nullable=False),
        sa.Column("vote", sa.String(8), nullable=False),
        sa.Column("facts_json", sa.Text, nullable=False),
        sa.Column("topics_json", sa.Text, nullable=False),
        sa.Column("given_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("conversation", "answer", name="uq_answer_feedback_conversation_answer"),
    )
    op.create_index("ix_answer_feedback_given_at", "answer_feedback", ["given_at"])


def downgrade() -> None:
    """Drop the table, with the ratings in it."""
    op.drop_table("answer_feedback")
