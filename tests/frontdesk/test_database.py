from __future__ import annotations

import contextlib
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import frontdesk.booking.tables
import frontdesk.endings
import frontdesk.facts.overrides
import frontdesk.feedback
import frontdesk.messages.tables
import frontdesk.review  # noqa: F401 - each of them registers its tables
from frontdesk.database import UtcDateTime, create_engine, engine_at, metadata, transaction
from frontdesk.migrations import upgrade
from frontdesk.settings import Settings


@pytest.fixture
def engine(settings: Settings) -> sa.engine.Engine:
    return create_engine(settings)


def test_sqlite_waits_for_others_and_keeps_its_rules(engine: sa.engine.Engine, settings: Settings) -> None:
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000}
    assert (settings.var_dir / "frontdesk.db").exists()


def test_a_failed_transaction_leaves_nothing_behind(engine: sa.engine.Engine) -> None:
    with contextlib.suppress(ZeroDivisionError), transaction(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE half (id INTEGER)")
        _ = 1 / 0
    assert sa.inspect(engine).get_table_names() == []


def test_a_transaction_takes_the_write_lock_at_its_start(engine: sa.engine.Engine) -> None:
    with transaction(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE t (id INTEGER)")
    with transaction(engine), engine.connect() as reader:
        # A reader is not kept waiting by it.
        assert reader.exec_driver_sql("SELECT count(*) FROM t").scalar() == 0
        with engine.connect() as other:
            other.exec_driver_sql("PRAGMA busy_timeout = 0")
            other.rollback()
            with pytest.raises(sa.exc.OperationalError, match="locked"):
                other.execution_options(frontdesk_writes=True).begin()


def test_moments_come_back_as_utc(engine: sa.engine.Engine) -> None:
    table = sa.Table("moments", sa.MetaData(), sa.Column("at", UtcDateTime))
    moment = datetime(2026, 11, 20, 9, 30, tzinfo=timezone(timedelta(hours=2)))
    with transaction(engine) as connection:
        table.create(connection)
        connection.execute(sa.insert(table).values(at=moment))
        found = connection.execute(sa.select(table.c.at)).scalar_one()
    assert found == moment
    assert found.tzinfo is timezone.utc


def test_a_moment_without_a_zone_is_not_stored() -> None:
    bare = datetime(2026, 11, 20)  # noqa: DTZ001 - what is tested
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(bare, sa.create_engine("sqlite://").dialect)


def test_upgrade_makes_the_tables_that_the_code_knows(engine: sa.engine.Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "frontdesk_version"})
        differences = [each for each in compare_metadata(context, metadata) if each[0] != "remove_table"]
    assert differences == []


def test_upgrade_again_changes_nothing(engine: sa.engine.Engine) -> None:
    upgrade(engine)
    with transaction(engine) as connection:
        connection.exec_driver_sql(
            "INSERT INTO fact_override (fact_id, value_key, set_by, set_at) VALUES ('a.b', 'c', 'me', '2026-11-20')"
        )
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM fact_override").scalar() == 1


def _upgrade_in(folder: str) -> bool:
    upgrade(create_engine(Settings.from_environment({"FRONTDESK_VAR": folder})))
    return True


def test_processes_that_start_at_once_take_turns(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4) as pool:
        assert all(pool.map(_upgrade_in, [str(tmp_path)] * 4))


def test_a_backup_that_takes_the_place_of_a_sqlite_file_is_used_at_once(tmp_path: Path) -> None:
    def number(engine: sa.engine.Engine) -> int:
        with engine.connect() as connection:
            return connection.exec_driver_sql("SELECT number FROM one").scalar_one()

    for name, value in (("desk", 1), ("backup", 2)):
        with contextlib.closing(sqlite3.connect(tmp_path / f"{name}.db")) as connection:
            connection.executescript(f"CREATE TABLE one (number INTEGER); INSERT INTO one VALUES ({value})")
    running = engine_at(f"sqlite:///{tmp_path}/desk.db")
    assert number(running) == 1
    for leftover in tmp_path.glob("desk.db-*"):
        leftover.unlink()
    (tmp_path / "backup.db").replace(tmp_path / "desk.db")
    assert number(running) == 2


def test_an_error_does_not_quote_what_was_to_be_written(tmp_path: Path) -> None:
    with pytest.raises(sa.exc.OperationalError) as failed, transaction(engine_at(f"sqlite:///{tmp_path}/x.db")) as it:
        it.execute(sa.text("INSERT INTO nowhere VALUES (:name)"), {"name": "Ann Dale"})
    assert "Ann Dale" not in str(failed.value)
