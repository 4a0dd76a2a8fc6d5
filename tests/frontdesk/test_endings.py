from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from frontdesk.database import create_engine
from frontdesk.endings import Endings
from frontdesk.migrations import upgrade
from frontdesk.settings import Settings
from tests.frontdesk.test_review import WHEN


def test_an_ended_conversation_is_known_for_as_long_as_its_token_is_good(tmp_path: Path) -> None:
    engine = create_engine(Settings.from_environment({"FRONTDESK_VAR": str(tmp_path)}))
    upgrade(engine)
    now = [WHEN]
    endings = Endings(engine, timedelta(hours=12), lambda: now[0])
    for _ in range(2):
        endings.note("website:a")
    assert endings.has_ended("website:a")
    assert not endings.has_ended("website:b")

    now[0] += timedelta(hours=13)
    endings.note("website:c")
    with engine.connect() as connection:
        (row,) = connection.execute(sa.text("SELECT * FROM ended_conversation")).all()
    assert "website" not in str(row)
    assert not endings.has_ended("website:a")
