"""The record of red-flag turns: nothing leaves the list until somebody has seen it."""

from __future__ import annotations

import datetime

import pytest
from typer.testing import CliRunner

from frontdesk.cli import app
from frontdesk.database import create_engine
from frontdesk.migrations import upgrade
from frontdesk.review import RedFlagLog
from frontdesk.settings import Settings

WHEN = datetime.datetime(2026, 11, 20, 9, 30, tzinfo=datetime.timezone.utc)


@pytest.fixture
def log(tmp_path, monkeypatch) -> RedFlagLog:
    monkeypatch.setenv("FRONTDESK_VAR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    engine = create_engine(Settings.from_environment())
    upgrade(engine)
    return RedFlagLog(engine, lambda: WHEN)


def test_a_turn_waits_until_it_is_marked_seen(log):
    log.record("website:a", "emergency", "E-AN", "rule:E-AN.throat", "my throat is closing")
    log.record("website:b", "urgent", "D-IN", "score:0.91", "it is oozing")

    first, second = log.unseen()
    assert (first.level, first.category, first.message) == ("emergency", "E-AN", "my throat is closing")
    assert first.happened_at == WHEN

    assert log.mark_seen(first.id, "nurse")
    assert [turn.id for turn in log.unseen()] == [second.id]
    assert [turn.seen_by for turn in log.all()] == ["nurse", None]


def test_a_turn_is_seen_once_and_by_somebody(log):
    log.record("website:a", "urgent", "D-IN", "rule:D-IN.pus", "pus")
    (turn,) = log.unseen()

    assert log.mark_seen(turn.id, "nurse")
    assert not log.mark_seen(turn.id, "somebody else")
    assert not log.mark_seen(turn.id + 1, "nurse")
    assert log.all()[0].seen_by == "nurse"


def test_staff_list_and_mark_turns_on_the_command_line(log):
    runner = CliRunner(env={"COLUMNS": "200"})
    assert "Nothing is waiting" in runner.invoke(app, ["review", "urgent"]).output

    log.record("website:a", "emergency", "E-AN", "rule:E-AN.throat", "my throat is closing")
    listed = runner.invoke(app, ["review", "urgent"])
    assert listed.exit_code == 0
    # A narrow terminal folds the cells.
    assert all(word in listed.output for word in ("emergency", "E-AN", "throat"))

    nameless = runner.invoke(app, ["review", "urgent", "--seen", "1"])
    assert nameless.exit_code != 0
    assert "--by" in nameless.output

    assert runner.invoke(app, ["review", "urgent", "--seen", "1", "--by", "nurse"]).exit_code == 0
    assert "Nothing is waiting" in runner.invoke(app, ["review", "urgent"]).output
    assert "nurse" in runner.invoke(app, ["review", "urgent", "--all"]).output
