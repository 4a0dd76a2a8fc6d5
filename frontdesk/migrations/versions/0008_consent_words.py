"""The wording to which a visitor agreed, kept with the booking beside the moment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column; of bookings made before, the wording is not known."""
    op.add_column("booking", sa.Column("consent_words", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("booking", "consent_words")
