"""That a delivery was seen, apart from the message: without anything of who wrote, and for as long as it takes.

The inbox holds what waits from now on, and nothing else. A payload is kept by when it was offered, like all else that
a period is for.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

# By which the moments differ.
_PAYLOAD_KEPT = timedelta(days=400)


def upgrade() -> None:
    """Move what is known of deliveries into a table of its own, and remove the messages that are done with."""
    op.create_table(
        "channel_seen",
        sa.Column("delivery", sa.String(64), primary_key=True),
        sa.Column("forget_at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_channel_seen_forget_at", "channel_seen", ["forget_at"])
    op.execute("INSERT INTO channel_seen (delivery, forget_at) SELECT delivery, forget_at FROM channel_inbox")
    op.execute("DELETE FROM channel_inbox WHERE done_at IS NOT NULL")
    op.drop_index("ix_channel_inbox_waiting", "channel_inbox")
    op.drop_index("ix_channel_inbox_forget_at", "channel_inbox")
    with op.batch_alter_table("channel_inbox", table_kwargs={"sqlite_autoincrement": True}) as inbox:
        inbox.drop_constraint("uq_channel_inbox_delivery", type_="unique")
        for column in ("delivery", "done_at", "forget_at"):
            inbox.drop_column(column)
    op.create_index("ix_channel_inbox_conversation_id", "channel_inbox", ["conversation", "id"])
    _rename_moment("forget_at", "offered_at", -_PAYLOAD_KEPT)


def downgrade() -> None:
    """Bring the columns back; messages that wait may be delivered once more, as their deliveries are not told apart."""
    op.drop_index("ix_channel_inbox_conversation_id", "channel_inbox")
    with op.batch_alter_table("channel_inbox", table_kwargs={"sqlite_autoincrement": True}) as inbox:
        inbox.add_column(sa.Column("delivery", sa.String(64)))
        inbox.add_column(sa.Column("done_at", sa.DateTime))
        inbox.add_column(sa.Column("forget_at", sa.DateTime))
    op.execute("UPDATE channel_inbox SET delivery = 'waiting ' || id, forget_at = received_at")
    op.execute(
        "INSERT INTO channel_inbox (channel, conversation, kind, content_json, attempts, delivery, due_at, received_at,"
        " done_at, forget_at) SELECT '', '', 'seen', '{}', 0, delivery, forget_at, forget_at, forget_at, forget_at"
        " FROM channel_seen"
    )
    with op.batch_alter_table("channel_inbox", table_kwargs={"sqlite_autoincrement": True}) as inbox:
        inbox.alter_column("delivery", existing_type=sa.String(64), nullable=False)
        inbox.alter_column("forget_at", existing_type=sa.DateTime(), nullable=False)
        inbox.create_unique_constraint("uq_channel_inbox_delivery", ["delivery"])
    waiting = sa.text("done_at IS NULL")
    op.create_index("ix_channel_inbox_forget_at", "channel_inbox", ["forget_at"])
    op.create_index(
        "ix_channel_inbox_waiting",
        "channel_inbox",
        ["conversation", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.drop_table("channel_seen")
    _rename_moment("offered_at", "forget_at", _PAYLOAD_KEPT)


def _rename_moment(old: str, new: str, later: timedelta) -> None:
    op.drop_index(f"ix_channel_payload_{old}", "channel_payload")
    with op.batch_alter_table("channel_payload") as payload:
        payload.alter_column(old, new_column_name=new, existing_type=sa.DateTime(), existing_nullable=False)
    op.create_index(f"ix_channel_payload_{new}", "channel_payload", [new])
    table = sa.table("channel_payload", sa.column("key", sa.String), sa.column(new, sa.DateTime))
    connection = op.get_bind()
    for row in connection.execute(sa.select(table)).all():
        moved = sa.update(table).where(table.c.key == row.key).values({new: row[1] + later})
        connection.execute(moved)
