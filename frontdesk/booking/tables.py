"""Tables of the appointment book: bookings, their history, holds, guesses at references, and the outbox."""

from __future__ import annotations

import sqlalchemy as sa

from frontdesk.database import UtcDateTime, metadata

CANCELLED = "cancelled"

booking = sa.Table(
    "booking",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("reference", sa.String(12), nullable=False, unique=True),
    sa.Column("practitioner", sa.String(120), nullable=False),
    sa.Column("starts_at", UtcDateTime, nullable=False),
    sa.Column("ends_at", UtcDateTime, nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("phone", sa.String(20), nullable=True),
    sa.Column("email", sa.String(254), nullable=True),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("channel", sa.String(60), nullable=False),
    sa.Column("conversation", sa.String(255), nullable=False),
    sa.Column("consent_at", UtcDateTime, nullable=False),
    sa.Column("consent_words", sa.Text, nullable=False, server_default=""),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.Index(None, "starts_at"),
    sqlite_autoincrement=True,
)
# The last guard against two visitors at one time, whatever the code above it does.
standing = sa.Index(
    "uq_booking_practitioner_starts_at_standing",
    booking.c.practitioner,
    booking.c.starts_at,
    unique=True,
    sqlite_where=booking.c.status != CANCELLED,
    postgresql_where=booking.c.status != CANCELLED,
)

# One row per change, never altered.
booking_change = sa.Table(
    "booking_change",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("booking_id", sa.Integer, sa.ForeignKey("booking.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("event", sa.String(20), nullable=False),
    sa.Column("practitioner", sa.String(120), nullable=False),
    sa.Column("starts_at", UtcDateTime, nullable=False),
    sa.Column("changed_by", sa.String(255), nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

# An expired hold stays until its owner takes another one: who comes back late still gets the slot if nobody else did.
booking_hold = sa.Table(
    "booking_hold",
    metadata,
    sa.Column("owner", sa.String(255), primary_key=True),
    sa.Column("practitioner", sa.String(120), nullable=False),
    sa.Column("starts_at", UtcDateTime, nullable=False),
    sa.Column("ends_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
    # Set by the confirmation, so that a repeated one finds its booking.
    sa.Column("booking_id", sa.Integer, sa.ForeignKey("booking.id", ondelete="CASCADE"), nullable=True),
)

booking_guess = sa.Table(
    "booking_guess",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("target", sa.String(300), nullable=False),
    sa.Column("guessed_at", UtcDateTime, nullable=False),
    sa.Index(None, "target", "guessed_at"),
)

booking_outbox = sa.Table(
    "booking_outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("booking_id", sa.Integer, sa.ForeignKey("booking.id", ondelete="CASCADE"), nullable=False, index=True),
    # What may be queued once only, e.g. the reminder of one time of one booking to one recipient.
    sa.Column("key", sa.String(120), nullable=False, unique=True),
    sa.Column("medium", sa.String(20), nullable=False),
    sa.Column("recipient", sa.String(20), nullable=False),
    sa.Column("event", sa.String(20), nullable=False),
    sa.Column("message_id", sa.String(320), nullable=False),
    sa.Column("content_json", sa.Text, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    # Also the lease: who takes a notice moves it into the future.
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("done_at", UtcDateTime, nullable=True),
    sa.Column("problem", sa.String(200), nullable=True),
    sa.Index(None, "state", "due_at"),
    sqlite_autoincrement=True,
)
