from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from frontdesk.change_sign import ChangeSign
from frontdesk.database import engine_at, transaction

_WRITING = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("INSERT INTO note VALUES ('y')")
connection.commit()
"""


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = engine_at(f"sqlite:///{tmp_path}/desk.db")
    with transaction(made) as connection:
        connection.execute(sa.text("CREATE TABLE note (text TEXT)"))
    return made


def write(engine: Engine) -> None:
    with transaction(engine) as connection:
        connection.execute(sa.text("INSERT INTO note VALUES ('x')"))


def test_it_stays_while_nobody_writes_and_changes_when_anybody_does(engine: Engine, tmp_path: Path) -> None:
    sign = ChangeSign(engine)
    seen = sign.look()
    assert seen is not None
    assert sign.look() == seen
    write(engine)
    after = sign.look()
    assert after != seen
    subprocess.run([sys.executable, "-c", _WRITING, str(tmp_path / "desk.db")], check=True)
    assert sign.look() not in (seen, after)


def test_a_file_that_was_replaced_by_a_backup_has_another(engine: Engine, tmp_path: Path) -> None:
    sign = ChangeSign(engine)
    with transaction(engine) as connection:
        connection.execute(sa.text("PRAGMA user_version"))
    engine.dispose()
    backup = tmp_path / "backup.db"
    shutil.copy(tmp_path / "desk.db", backup)
    seen = sign.look()
    backup.replace(tmp_path / "desk.db")
    assert sign.look() != seen


def test_where_it_cannot_be_told_there_is_none(tmp_path: Path) -> None:
    assert ChangeSign(engine_at("sqlite://")).look() is None
    assert ChangeSign(engine_at("postgresql://nobody@127.0.0.1:1/none")).look() is None
    missing = ChangeSign(engine_at(f"sqlite:///{tmp_path}/missing.db"))
    assert missing.look() is None
    assert not (tmp_path / "missing.db").exists()


def test_a_look_waits_for_nobody(engine: Engine) -> None:
    sign = ChangeSign(engine)
    with transaction(engine):
        assert sign.look() == sign.look()
