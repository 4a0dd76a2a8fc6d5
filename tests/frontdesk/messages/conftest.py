"""The database of the messages, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from frontdesk.database import create_engine
from frontdesk.migrations import upgrade
from frontdesk.settings import Settings
from tests.services import PostgreSQL, postgresql  # noqa: F401 - a fixture


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.engine.Engine]:
    env = {"FRONTDESK_VAR": str(tmp_path)}
    if request.param == "postgresql":
        server: PostgreSQL = request.getfixturevalue("postgresql")
        env["DATABASE_URL"] = server.url(server.new_database())
    made = create_engine(Settings.from_environment(env))
    upgrade(made)
    yield made
    made.dispose()
