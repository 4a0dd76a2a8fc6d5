"""Tables of the appointment book."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "booking",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("reference", sa.String(12), nullable=False),
        sa.Column("practitioner", sa.String(120), nullable=False),
        sa.Column("starts_at", sa.DateTime, nullable=False),
        sa.Column("ends_at", sa.DateTime, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("phone", sa.String(20), nullable=True),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("channel", sa.String(60), nullable=False),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("consent_at", sa.DateTime, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("reference", name="uq_booking_reference"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_booking_starts_at", "booking", ["starts_at"])
    op.create_index(
        "uq_booking_practitioner_starts_at_standing",
        "booking",
        ["practitioner", "starts_at"],
        unique=True,
        sqlite_where=sa.text("status != 'cancelled'"),
        postgresql_where=sa.text("status != 'cancelled'"),
    )
    op.create_table(
        "booking_change",
        sa.Column("id", sa.Integer, primary_key=True),
        _booking_id("booking_change", nullable=False),
        sa.Column("event", sa.String(20), nullable=False),
        sa.Column("practitioner", sa.String(120), nullable=False),
        sa.Column("starts_at", sa.DateTime, nullable=False),
        sa.Column("changed_by", sa.String(255), nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_booking_change_booking_id", "booking_change", ["booking_id"])
    op.create_table(
        "booking_hold",
        sa.Column("owner", sa.String(255), primary_key=True),
        sa.Column("practitioner", sa.String(120), nullable=False),
        sa.Column("starts_at", sa.DateTime, nullable=False),
        sa.Column("ends_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
        _booking_id("booking_hold", nullable=True),
    )
    op.create_index("ix_booking_hold_expires_at", "booking_hold", ["expires_at"])
    op.create_table(
        "booking_guess",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("target", sa.String(300), nullable=False),
        sa.Column("guessed_at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_booking_guess_target_guessed_at", "booking_guess", ["target", "guessed_at"])
    op.create_table(
        "booking_outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        _booking_id("booking_outbox", nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("medium", sa.String(20), nullable=False),
        sa.Column("recipient", sa.String(20), nullable=False),
        sa.Column("event", sa.String(20), nullable=False),
        sa.Column("message_id", sa.String(320), nullable=False),
        sa.Column("content_json", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("done_at", sa.DateTime, nullable=True),
        sa.Column("problem", sa.String(200), nullable=True),
        sa.UniqueConstraint("key", name="uq_booking_outbox_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_booking_outbox_booking_id", "booking_outbox", ["booking_id"])
    op.create_index("ix_booking_outbox_state_due_at", "booking_outbox", ["state", "due_at"])


def downgrade() -> None:
    """Drop the tables, with all appointments."""
    for name in ("booking_outbox", "booking_guess", "booking_hold", "booking_change", "booking"):
        op.drop_table(name)


def _booking_id(table: str, nullable: bool) -> sa.Column:
    key = sa.ForeignKey("booking.id", name=f"fk_{table}_booking_id_booking", ondelete="CASCADE")
    return sa.Column("booking_id", sa.Integer, key, nullable=nullable)
