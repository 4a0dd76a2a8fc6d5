"""Alembic's environment; `upgrade` in this package runs it with a connection it has already locked."""

from __future__ import annotations

from alembic import context

from frontdesk.database import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # Rasa's tracker store may live in the same database, so Alembic's usual table name is not ours to take.
    version_table="frontdesk_version",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
