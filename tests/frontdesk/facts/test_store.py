from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from frontdesk.change_sign import ChangeSign
from frontdesk.database import create_engine, transaction
from frontdesk.facts.editing import reset_value, set_value
from frontdesk.facts.overlay import Target
from frontdesk.facts.overrides import OverrideLog
from frontdesk.facts.reading import FactsError
from frontdesk.facts.store import SECONDS_AFTER_LOSS, FactsRepository, shared
from frontdesk.migrations import upgrade
from frontdesk.settings import Settings
from tests.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(settings: Settings) -> Iterator[sa.engine.Engine]:
    engine = create_engine(settings)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def repository(content: Any, settings: Settings, engine: sa.engine.Engine, clock: Clock) -> FactsRepository:
    content.write()
    return FactsRepository(settings, engine, clock)


def _rewrite(content: Any, clock: Clock) -> None:
    content.write()
    path = content.folder / "topics" / "cost.yml"
    # File systems may not tell two writes within a moment apart.
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + int(clock.now * 1e9)))


def test_the_snapshot_stays_the_same_while_nothing_changes(repository: FactsRepository, clock: Clock) -> None:
    first = repository.current()
    clock.now += 60
    assert repository.current() is first


def test_a_changed_file_is_seen_within_a_second(repository: FactsRepository, content: Any, clock: Clock) -> None:
    first = repository.current()
    content.fact("cost.session")["text"] = "One session is {price}."
    _rewrite(content, clock)
    clock.now += 0.9
    assert repository.current() is first
    clock.now += 0.2
    assert repository.current().render("cost.session").text == "One session is £240."


def test_a_bad_file_is_logged_once_and_the_last_good_snapshot_stays(
    repository: FactsRepository, content: Any, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    first = repository.current()
    content.fact("cost.session")["text"] = "One session is 5 pounds or {price}."
    _rewrite(content, clock)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            clock.now += 2
            assert repository.current() is first
    assert [record.getMessage() for record in caplog.records] == [
        "changed facts are not used, the last good ones stay:\ntopics/cost.yml: cost.session: number in the text: 5"
    ]
    content.fact("cost.session")["text"] = "One session is {price}."
    _rewrite(content, clock)
    clock.now += 2
    assert repository.current().render("cost.session").text == "One session is £240."


def test_bad_files_at_the_start_are_an_error_until_they_are_mended(
    repository: FactsRepository, content: Any, clock: Clock
) -> None:
    good = content.clinic.pop("phone")
    content.write()
    for _ in range(2):
        with pytest.raises(FactsError, match="phone"):
            repository.current()
    content.clinic["phone"] = good
    _rewrite(content, clock)
    assert repository.current().clinic.phone == "+44 20 7946 0018"


def test_a_removed_and_an_added_file_are_seen(repository: FactsRepository, content: Any, clock: Clock) -> None:
    first = repository.current()
    path = content.folder / "topics" / "pain.yml"
    text = path.read_text()
    path.unlink()
    clock.now += 2
    assert repository.current() is first
    path.write_text(text.replace("can tell", "will tell"))
    clock.now += 2
    assert "will tell" in repository.current().render("pain.first").text


def test_an_own_value_is_seen_at_once(repository: FactsRepository, engine: sa.engine.Engine) -> None:
    log = OverrideLog(engine)
    assert repository.current().render("cost.session").text == "A session costs £240."
    set_value(repository.current(), log, "cost.session", "250", by="reception")
    assert repository.current().render("cost.session").text == "A session costs £250."
    reset_value(repository.current(), log, "cost.session", by="reception")
    assert repository.current().render("cost.session").text == "A session costs £240."


def test_own_values_survive_a_new_baseline(
    repository: FactsRepository, content: Any, engine: sa.engine.Engine, clock: Clock
) -> None:
    set_value(repository.current(), OverrideLog(engine), "cost.session", "250", by="reception")
    content.clinic["prices"]["session"] = 300
    content.fact("cost.session")["text"] = "One session is {price}."
    _rewrite(content, clock)
    clock.now += 2
    assert repository.current().render("cost.session").text == "One session is £250."


def test_an_own_value_that_lost_its_place_is_logged(
    repository: FactsRepository, engine: sa.engine.Engine, caplog: pytest.LogCaptureFixture
) -> None:
    OverrideLog(engine).add(Target("gone.fact", "x"), {"value": 1, "unit": "hour"}, by="reception")
    with caplog.at_level(logging.WARNING):
        repository.current()
        repository.current()
    assert [record.getMessage() for record in caplog.records] == [
        "own value of gone.fact.x is not used: there is no such fact"
    ]


def test_a_lost_database_is_logged_once_and_the_last_values_stay(
    repository: FactsRepository, engine: sa.engine.Engine, caplog: pytest.LogCaptureFixture, clock: Clock
) -> None:
    log = OverrideLog(engine)
    set_value(repository.current(), log, "cost.session", "250", by="reception")
    before = repository.current()
    with transaction(engine) as connection:
        connection.exec_driver_sql("ALTER TABLE fact_override RENAME TO away")
    with caplog.at_level(logging.ERROR):
        assert repository.current() is before
        assert repository.current() is before
        clock.now += SECONDS_AFTER_LOSS
        assert repository.current() is before
    assert len(caplog.records) == 1
    assert "OperationalError" in caplog.text
    with transaction(engine) as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO fact_override")
    clock.now += SECONDS_AFTER_LOSS
    set_value(repository.current(), log, "cost.session", "260", by="reception")
    assert repository.current().render("cost.session").text == "A session costs £260."


def test_a_lost_database_is_not_asked_by_every_turn(
    repository: FactsRepository, engine: sa.engine.Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.current()
    asked: list[float] = []

    def fail(_: OverrideLog) -> None:
        asked.append(clock.now)
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(OverrideLog, "stamp", fail)
    for _ in range(20):
        repository.current()
        clock.now += SECONDS_AFTER_LOSS / 10
    # As nothing was written to the file.
    assert asked == []
    monkeypatch.setattr(ChangeSign, "look", lambda _: None)
    for _ in range(20):
        repository.current()
        clock.now += SECONDS_AFTER_LOSS / 10
    assert len(asked) == 2


def test_without_a_database_from_the_start_nothing_is_said(content: Any, settings: Settings) -> None:
    content.write()
    # A price might be the clinic's own: to say the baseline's instead would be wrong.
    with pytest.raises(sa.exc.SQLAlchemyError):
        FactsRepository(settings, create_engine(settings)).current()


def test_the_baseline_alone_needs_no_database(content: Any, settings: Settings) -> None:
    content.write()
    assert FactsRepository(settings).current().render("cost.session").text == "A session costs £240."
    assert not settings.var_dir.exists()


def test_the_parts_of_a_server_share_the_facts_of_its_installation_and_no_others(tmp_path: Path) -> None:
    env = {"FRONTDESK_VAR": str(tmp_path), "FRONTDESK_FACTS": str(tmp_path / "facts")}
    (tmp_path / "facts").mkdir()
    one = shared(Settings.from_environment(env))
    assert shared(Settings.from_environment({**env, "PORT": "6000"})) is one
    assert shared(Settings.from_environment({**env, "DATABASE_URL": f"sqlite:///{tmp_path}/other.db"})) is not one
