from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from typer.testing import CliRunner

from frontdesk.cli import app
from frontdesk.database import create_engine
from frontdesk.feedback import FeedbackLog
from frontdesk.migrations import upgrade
from frontdesk.settings import Settings
from frontdesk.terminal import console
from tests.frontdesk.test_review import WHEN


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FeedbackLog:
    monkeypatch.setenv("FRONTDESK_VAR", str(tmp_path))
    monkeypatch.setattr(console, "_width", 250)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    engine = create_engine(Settings.from_environment())
    upgrade(engine)
    return FeedbackLog(engine, lambda: WHEN)


@pytest.fixture
def rated(log: FeedbackLog) -> FeedbackLog:
    log.give("website:a", "answer-one", "up", ["cost.session"], ["cost"])
    log.give("website:a", "answer-two", "down", ["pain.level", "cost.session"], ["pain", "cost"])
    log.give("website:b", "answer-one", "down", ["pain.gone"], ["pain"])
    return log


def run(*words: str) -> str:
    done = CliRunner().invoke(app, ["ratings", *words])
    assert done.exit_code == 0, done.output
    return done.output


def test_ratings_are_listed_with_what_was_said(rated: FeedbackLog) -> None:
    _, first, second, third = run().rstrip().splitlines()
    assert "Fri 20 Nov 2026, 9:30" in first
    assert " up " in first
    assert "cost.session" in first
    assert "£195" in first
    assert "pain.level, cost.session" in second
    assert "(no longer there)" in third


def test_only_what_did_not_help(rated: FeedbackLog) -> None:
    listed = run("--down")
    assert " up " not in listed
    assert len(listed.rstrip().splitlines()) == 3


def test_facts_that_help_least_come_first(rated: FeedbackLog) -> None:
    rated.give("website:c", "answer-one", "down", ["pain.level"], ["pain"])
    rows = [line.split()[:3] for line in run("--by-fact").rstrip().splitlines()[1:]]
    assert rows == [["pain.level", "0", "2"], ["pain.gone", "0", "1"], ["cost.session", "1", "1"]]


def test_ratings_go_into_a_file(rated: FeedbackLog, tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    assert "2 ratings" in run("--down", "--csv", str(path))
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert rows[0] == {
        "given": "2026-11-20 09:30",
        "vote": "down",
        "facts": "pain.level cost.session",
        "topics": "pain cost",
        "conversation": "website:a",
    }
    assert run("--csv", "-").count("website:") == 3


def test_a_file_that_cannot_be_written_is_told(rated: FeedbackLog, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["ratings", "--csv", str(tmp_path / "nowhere" / "ratings.csv")])
    assert done.exit_code == 1
    assert "cannot be written" in done.output


def test_without_ratings_it_says_so(log: FeedbackLog) -> None:
    assert "Nobody has rated an answer yet" in run()
    assert "There are no such ratings" in run("--down")
