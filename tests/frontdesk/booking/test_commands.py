from __future__ import annotations

import csv
import io
import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from frontdesk.booking.addresses import opens_feed
from frontdesk.cli import app
from frontdesk.database import create_engine
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.migrations import upgrade
from frontdesk.settings import REPOSITORY, Settings
from tests.frontdesk.booking.conftest import Book, Clock


class Desk:
    """Types commands at an installation of its own."""

    def __init__(self, settings: Settings, clinic: ClinicProfile) -> None:
        self._runner = CliRunner(env={"COLUMNS": "300", "NO_COLOR": "1"})
        engine = create_engine(settings)
        upgrade(engine)
        # The commands go by the real time.
        self.book = Book(engine, clinic, Clock(datetime.now(timezone.utc)))
        self.settings = settings

    def __call__(self, *words: str) -> Result:
        return self._runner.invoke(app, words)


@pytest.fixture
def desk(tmp_path: Path, clinic: ClinicProfile, monkeypatch: pytest.MonkeyPatch) -> Desk:
    shutil.copytree(REPOSITORY / "facts", tmp_path / "facts")
    env = {"FRONTDESK_FACTS": str(tmp_path / "facts"), "FRONTDESK_VAR": str(tmp_path / "var")}
    for name, value in {**env, "DATABASE_URL": "", "SMTP_HOST": "", "WEBHOOK_URL": "", "FEED_SECRET": ""}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("frontdesk.cli.console.width", 300)
    monkeypatch.setattr("frontdesk.cli.dotenv.load", lambda path, env: None)
    return Desk(Settings.from_environment(env), clinic)


def test_the_list_shows_who_comes_when(desk: Desk) -> None:
    assert "There are no bookings then." in desk("bookings", "list").stdout
    booking = desk.book.book(name="[red]Zoë\x1b[2J")
    gone = desk.book.calendar.cancel(desk.book.book("b"), "visitor")
    listed = desk("bookings", "list").stdout
    assert booking.reference in listed
    assert "[red]Zoë [2J" in listed
    assert "\x1b" not in listed
    assert f"{booking.slot.start:%Y}" in listed
    assert gone.reference not in listed
    assert gone.reference in desk("bookings", "list", "--all").stdout
    far = (desk.book.clock.now + timedelta(days=300)).date().isoformat()
    assert booking.reference not in desk("bookings", "list", "--from", far).stdout


def test_show_tells_times_as_the_clinic_reads_them(desk: Desk) -> None:
    booking = desk.book.book()
    shown = desk("bookings", "show", booking.reference.lower()).stdout
    hour = booking.slot.start.strftime("%I:%M").lstrip("0")
    assert f"{booking.slot.start:%a} {booking.slot.start.day} " in shown
    assert f"{hour} {booking.slot.start:%p}".lower() in shown.lower()
    assert "Europe/London" in shown
    assert "confirmed to visitor by email: waiting" in shown
    assert "visitor-1" in shown


def test_staff_cancel_a_booking_once(desk: Desk) -> None:
    booking = desk.book.book(email=None)
    done = desk("bookings", "cancel", booking.reference, "--by", "reception")
    assert done.exit_code == 0
    assert "please call +442079460321" in done.stderr
    assert not desk.book.calendar.get(booking.reference).stands  # type: ignore[union-attr]
    assert "cancelled already" in desk("bookings", "cancel", booking.reference, "--by", "reception").stdout
    assert "cancelled for" in desk("bookings", "show", booking.reference).stdout


def test_export_is_csv_that_no_spreadsheet_runs(desk: Desk, tmp_path: Path) -> None:
    booking = desk.book.book(name="=cmd|' /C calc'!A0", about='scars, and "more"')
    rows = list(csv.DictReader(io.StringIO(desk("bookings", "export").stdout)))
    assert len(rows) == 1
    assert rows[0]["reference"] == booking.reference
    assert rows[0]["name"].startswith("'=")
    assert rows[0]["phone"] == "+442079460321"
    assert rows[0]["about"] == 'scars, and "more"'
    assert rows[0]["start"] == booking.slot.start.strftime("%Y-%m-%d %H:%M")
    file = tmp_path / "bookings.csv"
    assert desk("bookings", "export", "--to", str(file)).exit_code == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbfreference,")
    assert desk("bookings", "export", "--to", str(tmp_path / "no" / "file")).exit_code == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["bookings", "show", "K7M4QX"], "There is no booking K7M4QX"),
        (["bookings", "cancel", "nonsense", "--by", "me"], "There is no booking nonsense"),
        (["bookings", "cancel", "K7M4QX"], "--by"),
        (["bookings", "list", "--from", "tomorrow"], "is no day"),
        (["bookings", "list", "--from", "9999-12-30"], "too far away"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(desk: Desk, words: list[str], message: str) -> None:
    done = desk(*words)
    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_the_feed_s_address_is_shown(desk: Desk) -> None:
    address = desk("bookings", "feed").stdout.strip()
    start, token = address.removesuffix(".ics").rsplit("/", 1)
    assert start == "http://localhost:5005/webhooks/website/calendar"
    assert opens_feed(desk.settings.feed_secret, token)


def test_notify_once_says_what_it_did(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.book.book()
    done = desk("notify", "--once")
    assert done.exit_code == 0
    assert "notices wait in the database" in done.stderr
    monkeypatch.setenv("SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("SMTP_PORT", "1")
    done = desk("notify", "--once")
    assert done.exit_code == 1
    assert "postponed: 2" in done.stdout


@pytest.mark.parametrize(
    ("env", "message"),
    [
        ({"SMTP_SECURITY": "yes"}, "SMTP_SECURITY must be one of"),
        ({"MAIL_FROM": "Desk <desk@clinic.example>"}, "MAIL_FROM must be a plain"),
        ({"WEBHOOK_URL": "https://crm.example/hook"}, "WEBHOOK_SECRET must be set"),
        ({"FEED_SECRET": "short"}, "FEED_SECRET must have"),
    ],
)
def test_settings_of_bookings_are_checked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, env: dict[str, Any], message: str
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    done = desk("notify", "--once")
    assert done.exit_code == 2
    assert message in done.stderr.replace("\n", " ")
