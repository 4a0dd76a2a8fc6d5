from __future__ import annotations

import os
import secrets
import shutil
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from frontdesk.booking.tables import booking, booking_outbox
from frontdesk.cli import app
from frontdesk.database import create_engine, engine_at, transaction, utc_now
from frontdesk.doctor import content, installation
from frontdesk.doctor.examination import examine
from frontdesk.doctor.findings import LOOK, WELL, WRONG
from frontdesk.facts.checks import check
from frontdesk.migrations import upgrade
from frontdesk.privacy.conversations import events
from frontdesk.review import RedFlagLog
from frontdesk.settings import REPOSITORY, Settings
from tests.mail import mail_server
from tests.services import PostgreSQL, postgresql

__all__ = ["postgresql"]


# Reading all the content takes seconds, and only a few trials change it.
checked = lru_cache(maxsize=None)(check)


class Desk:
    """An installation as an operator leaves it."""

    def __init__(self, folder: Path) -> None:
        self.var = folder / "var"
        self.model = folder / "models" / "now.tar.gz"
        self.model.parent.mkdir()
        self.model.touch()
        self.env_file = folder / ".env"
        self.env = {
            "FRONTDESK_VAR": str(self.var),
            "FRONTDESK_SECRET": secrets.token_urlsafe(48),
            "PUBLIC_ADDRESS": "https://desk.clinic.com",
            "FRONTDESK_ORIGINS": "https://www.clinic.com",
        }

    @property
    def settings(self) -> Settings:
        return Settings.from_environment(self.env)

    def states(self, now: datetime | None = None) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for each in examine(self.settings, self.model, self.env_file, now or utc_now()):
            assert bool(each.advice) == (each.state != WELL), each
            found.setdefault(each.what, []).append(each.state)
        return found


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(content, "check", checked)
    made = Desk(tmp_path)
    upgrade(create_engine(made.settings))
    return made


def test_an_installation_in_order_is_told_so(desk: Desk) -> None:
    with mail_server() as server:
        desk.env |= {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(server.port),
            "SMTP_SECURITY": "none",
            "MAIL_FROM": "desk@clinic.com",
        }
        states = desk.states()
        assert server.mails == []
    # The content that ships is an invented clinic's, which nobody has signed.
    assert states.pop("facts") == [WRONG]
    assert {what for what, found in states.items() if found != [WELL]} == set()
    assert len(states) >= 14


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"FRONTDESK_SECRET": ""}, "secrets"),
        ({"FRONTDESK_SECRET": "a" * 40}, "secrets"),
        ({"FEED_SECRET": "same", "FRONTDESK_SECRET": "same"}, "secrets"),
        ({"PUBLIC_ADDRESS": ""}, "public address"),
        ({"PUBLIC_ADDRESS": "http://desk.clinic.com"}, "public address"),
        ({"PUBLIC_ADDRESS": "https://192.168.1.4"}, "public address"),
        ({"FRONTDESK_ORIGINS": ""}, "origins"),
        ({"SMTP_HOST": ""}, "mail"),
        ({"SMTP_HOST": "127.0.0.1", "SMTP_PORT": "1", "SMTP_SECURITY": "none"}, "mail"),
        ({"SMTP_HOST": "127.0.0.1", "SMTP_USER": "desk"}, "mail"),
        (
            {"WEBHOOK_URL": "https://127.0.0.1:1/crm", "WEBHOOK_SECRET": "abcdefghijklmnopqrstuvwxyz0123456789"},
            "webhook",
        ),
        ({"TELEGRAM_TOKEN": "1:x", "PUBLIC_ADDRESS": ""}, "channels"),
        ({"WHATSAPP_TOKEN": "x"}, "channels"),
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, "redis"),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/desk"}, "database"),
    ],
)
def test_what_an_operator_forgets_is_found(desk: Desk, changed: dict[str, str], what: str) -> None:
    same = secrets.token_urlsafe(48)
    desk.env |= {name: same if value == "same" else value for name, value in changed.items()}
    assert WRONG in desk.states()[what]


def test_a_file_with_keys_that_others_can_read_is_found(desk: Desk) -> None:
    desk.env_file.write_text("FRONTDESK_SECRET=x")
    desk.env_file.chmod(0o644)
    assert WRONG in desk.states()["secrets"]
    desk.env_file.chmod(0o600)
    assert desk.states()["secrets"] == [WELL]


def test_a_missing_and_a_stale_and_an_old_model_are_found(desk: Desk) -> None:
    assert desk.states()["model"] == [WELL]
    old = (utc_now() - timedelta(days=400)).timestamp()
    os.utime(desk.model, (old, old))
    assert desk.states()["model"] == [LOOK]
    desk.model.rename(desk.model.with_name("other.tar.gz"))
    assert desk.states()["model"] == [WRONG]


def test_a_database_without_its_tables_is_found(desk: Desk) -> None:
    (desk.var / "frontdesk.db").unlink()
    assert desk.states()["database"] == [WRONG]


def test_a_full_disk_is_found(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(desk.var)
    for free, state in ((10**6, WRONG), (10**9, LOOK), (10**11, WELL)):
        monkeypatch.setattr(installation.shutil, "disk_usage", lambda _, free=free: usage._replace(free=free))
        assert desk.states()["disk"] == [state]


def test_a_clock_that_is_behind_what_has_happened_is_found(desk: Desk) -> None:
    RedFlagLog(create_engine(desk.settings)).record("c", "urgent", "U-IN", "rule", "words")
    assert desk.states()["clock"] == [WELL]
    assert desk.states(utc_now() - timedelta(hours=1))["clock"] == [WRONG]


def test_a_clock_that_differs_from_the_databases_is_found(desk: Desk, postgresql: PostgreSQL) -> None:
    desk.env["DATABASE_URL"] = postgresql.url(postgresql.new_database())
    upgrade(create_engine(desk.settings))
    assert desk.states()["clock"] == [WELL]
    assert desk.states()["several machines"] == [LOOK]
    assert desk.states(utc_now() + timedelta(minutes=1))["clock"] == [WRONG]


def test_a_danger_that_nobody_looks_at_is_found(desk: Desk) -> None:
    RedFlagLog(create_engine(desk.settings), lambda: utc_now() - timedelta(days=2)).record("c", "urgent", "U", "r", "w")
    assert desk.states()["danger"] == [WRONG]


def test_notices_that_wait_or_failed_are_found(desk: Desk) -> None:
    engine, ago = create_engine(desk.settings), utc_now() - timedelta(hours=2)
    _book(engine, utc_now())
    notice = {"booking_id": 1, "medium": "email", "recipient": "visitor", "event": "confirmed", "content_json": "{}"}
    notice |= {"attempts": 0, "due_at": ago, "created_at": ago}
    with transaction(engine) as connection:
        for state in ("waiting", "failed"):
            row = {**notice, "key": state, "message_id": state, "state": state}
            connection.execute(sa.insert(booking_outbox).values(row))
    assert desk.states()["notices"] == [WRONG, LOOK]


def test_what_should_have_been_deleted_is_found(desk: Desk) -> None:
    engine = create_engine(desk.settings)
    _book(engine, utc_now() - timedelta(days=91))
    assert desk.states()["retention"] == [WELL]
    _book(engine, utc_now() - timedelta(days=93))
    assert desk.states()["retention"] == [WRONG]


def test_a_conversation_that_should_have_been_deleted_is_found(desk: Desk) -> None:
    talk = engine_at(desk.settings.conversations_url)
    events.metadata.create_all(talk)
    with transaction(talk) as connection:
        old = (utc_now() - timedelta(days=93)).timestamp()
        connection.execute(sa.insert(events).values(sender_id="c", type_name="user", timestamp=old, data="{}"))
    assert desk.states()["retention"] == [WRONG]


def test_content_that_does_not_fit_its_country_is_found(desk: Desk, tmp_path: Path) -> None:
    facts = shutil.copytree(REPOSITORY / "facts", tmp_path / "facts")
    profile = facts / "clinic.yml"
    profile.write_text(profile.read_text().replace("time_zone: Europe/London", "time_zone: America/Lima"))
    desk.env["FRONTDESK_FACTS"] = str(facts)
    states = desk.states(utc_now() + timedelta(days=500))
    assert (states["time zone"], states["holidays"]) == ([LOOK], [LOOK])
    (facts / "privacy.yml").write_text("bookings: -1\n")
    assert WRONG in desk.states()["retention"]


def test_the_command_says_what_to_do_and_fails(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**desk.env, "COLUMNS": "200", "DATABASE_URL": "", "SMTP_HOST": ""}.items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1
    assert "frontdesk check --strict" in done.output
    assert desk.env["FRONTDESK_SECRET"] not in done.output


def _book(engine: sa.engine.Engine, start: datetime) -> None:
    row: dict[str, Any] = {"starts_at": start, "ends_at": start, "created_at": start, "changed_at": start}
    row |= {"reference": secrets.token_hex(4), "practitioner": "any", "status": "confirmed", "sequence": 0, "name": "N"}
    row |= {"about": "", "channel": "website", "conversation": "c", "consent_at": start}
    with transaction(engine) as connection:
        connection.execute(sa.insert(booking).values(row))
