"""The steps that bring a database to the tables this version needs."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

from frontdesk.database import transaction
from frontdesk.patience import without_limit

# Any constant does, as long as every process of this product uses the same.
_ADVISORY_LOCK = 0x46524F4E54


def newest() -> str:
    """The version that `upgrade` brings a database to."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def upgrade(engine: Engine) -> None:
    """Bring the database up to date; does nothing when it is.

    Processes that call this at the same time take turns: the whole upgrade is one transaction behind a lock.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: The database cannot be reached or changed.
    """
    config = _config()
    with without_limit(), transaction(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
