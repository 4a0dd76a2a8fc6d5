from __future__ import annotations

import os
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from frontdesk.cli import app
from frontdesk.database import create_engine
from frontdesk.facts.store import FactsRepository
from frontdesk.settings import REPOSITORY, Settings


class Staff:
    """Types commands."""

    def __init__(self) -> None:
        self._runner = CliRunner(env={"COLUMNS": "300", "NO_COLOR": "1"})

    def __call__(self, *words: str) -> Result:
        return self._runner.invoke(app, words)


@pytest.fixture
def staff(content: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Staff:
    content.write()
    monkeypatch.setenv("FRONTDESK_FACTS", str(settings.facts_dir))
    monkeypatch.setenv("FRONTDESK_VAR", str(settings.var_dir))
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setattr("frontdesk.cli.console.width", 300)
    # A developer's own .env would stay in the environment of all tests that follow.
    monkeypatch.setattr("frontdesk.cli.dotenv.load", lambda path, env: None)
    return Staff()


def test_a_price_is_set_shown_and_reset(staff: Staff) -> None:
    done = staff("facts", "set", "cost.session", "250", "--by", "reception", "--note", "from January")
    assert done.exit_code == 0
    assert "clinic.prices.session is set to 250" in done.output
    assert "cost.again: Each session is £250." in done.output
    shown = staff("facts", "show", "cost.session").output
    assert "A session costs £250." in shown
    assert "own value 250, set by reception on" in shown
    assert staff("facts", "reset", "cost.session", "--by", "manager").exit_code == 0
    assert "A session costs £240." in staff("facts", "show", "cost.session").output
    again = staff("facts", "reset", "cost.session", "--by", "manager")
    assert again.exit_code == 0
    assert "has no value of the clinic's own" in again.output


def test_a_running_server_says_the_new_value_at_once(staff: Staff, settings: Settings) -> None:
    assert staff("migrate").exit_code == 0
    repository = FactsRepository(settings, create_engine(settings))
    assert repository.current().render("aftercare.first_day").text.startswith("Wait 24 hours")
    staff("facts", "set", "aftercare.first_day.wait", "48", "--by", "reception")
    assert repository.current().render("aftercare.first_day").text.startswith("Wait 48 hours")


def test_a_variant_s_value_is_told_with_the_variant(staff: Staff) -> None:
    done = staff("facts", "set", "aftercare.first_day@neck", "3 days", "--by", "reception")
    assert "aftercare.first_day.wait@neck is set to 3 day. Visitors now read:" in done.output
    assert "Wait 3 days before you wear make-up." in done.output
    assert "aftercare.first_day.wait@neck" in staff("facts", "show", "aftercare.first_day").output


def test_the_command_reads_the_same_env_file_as_the_servers(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    monkeypatch.setattr("frontdesk.cli.dotenv.load", lambda path, env: read.append((path, env)))
    staff("migrate")
    assert read == [(REPOSITORY / ".env", os.environ)]


def test_history_tells_all_or_that_of_one_fact(staff: Staff) -> None:
    assert "No value was ever changed." in staff("facts", "history").output
    staff("facts", "set", "cost.session", "250", "--by", "reception", "--note", "from January")
    staff("facts", "set", "aftercare.first_day", "1-2 days", "--by", "Dr A")
    everything = staff("facts", "history").output
    assert "from January" in everything
    assert "1-2 day" in everything
    for name in ("cost.again", "clinic.prices.session", "clinic"):
        one = staff("facts", "history", name).output
        assert "reception" in one
        assert "Dr A" not in one


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["set", "cost.sesion", "250", "--by", "me"], "Did you mean: cost.session"),
        (["set", "number_of_sessions.course", "4", "--by", "me"], "number_of_sessions.course.gap"),
        (["set", "cost.session", "cheap", "--by", "me"], "is not a number"),
        (["set", "cost.session", "2500", "--by", "me"], "far from the usual value"),
        (["set", "cost.session", "250"], "--by"),
        (["reset", "cost.sesion", "--by", "me"], "Did you mean: cost.session"),
        (["show", "aftercar"], "Did you mean: aftercare"),
    ],
)
def test_what_cannot_be_done_is_explained_with_exit_code_2(staff: Staff, words: list[str], message: str) -> None:
    done = staff("facts", *words)
    assert done.exit_code == 2
    assert message in done.output


def test_topics_and_their_facts_are_shown_as_a_visitor_reads_them(staff: Staff) -> None:
    assert "number_of_sessions" in staff("facts", "show").output
    topic = staff("facts", "show", "number_of_sessions").output
    assert "Most people have 3 to 6 sessions, 4 to 6 weeks apart." in topic
    fact = staff("facts", "show", "suitability.isotretinoin").output
    assert "Tell the clinician when you took it; 6 months is the usual gap." in fact
    assert "draft, 2026-11-20, nobody yet" in fact


def test_check_passes_good_content_and_strictly_fails_drafts(staff: Staff) -> None:
    done = staff("facts", "check")
    assert done.exit_code == 0
    assert "problem: 0" in done.output
    strict = staff("check", "--strict")
    assert strict.exit_code == 1
    assert "is a draft" in strict.output


def test_check_lists_defects(staff: Staff, content: Any) -> None:
    content.fact("cost.session")["sources"] = ["X"]
    content.write()
    done = staff("check")
    assert done.exit_code == 1
    assert "unknown source X" in done.output


def test_bad_content_stops_other_commands_with_its_defects(staff: Staff, content: Any) -> None:
    content.fact("cost.session")["sources"] = ["X"]
    content.write()
    done = staff("facts", "show")
    assert done.exit_code == 1
    assert "topics/cost.yml: cost.session: unknown source X" in done.output


def test_a_bad_setting_is_named(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "http")
    done = staff("migrate")
    assert done.exit_code == 2
    assert done.output.startswith("PORT must be")


def test_a_database_that_cannot_be_reached_is_told_in_a_line(
    staff: Staff, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}")
    done = staff("migrate")
    assert done.exit_code == 1
    assert done.output.startswith("The database cannot be used: ")
