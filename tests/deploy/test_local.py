from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from deploy import local
from deploy.helpers import Helper
from deploy.model import TrainingFailed
from deploy.ports import free_port
from deploy.processes import Interrupted
from deploy.services import Service, ServiceFailed
from frontdesk.settings import Settings


@pytest.fixture(autouse=True)
def _own_folder_and_ports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDESK_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/frontdesk.db")
    monkeypatch.setenv("PORT", str(free_port()))
    for name in ("ACTION_URL", "HOST", "SMTP_HOST", "WEBHOOK_URL"):
        monkeypatch.setenv(name, "")


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """The actions have a server of their own."""
    port = free_port()
    monkeypatch.setenv("ACTION_PORT", str(port))
    monkeypatch.setenv("ACTION_URL", f"http://127.0.0.1:{port}/webhook")


@pytest.mark.usefixtures("apart")
@pytest.mark.parametrize("variable", ["PORT", "ACTION_PORT"])
def test_a_taken_port_is_named_with_its_variable_before_anything_is_done(variable: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "-m", "deploy.local", "run"],
            cwd=local.ROOT,
            env={**os.environ, variable: str(port)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 3
    assert ended.stdout == ""
    assert ended.stderr == f"Port {port} is taken: end the program that uses it, or set {variable} to another port.\n"


def test_everything_is_started_on_the_loopback_address(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[Service] = []

    def supervise(services: list[Service], cwd: Path, when_ready: object, helpers: list[Helper]) -> None:
        started.extend(services)
        # Nothing is configured that it could send by.
        assert helpers == []
        assert callable(when_ready)
        when_ready()

    monkeypatch.setattr(local, "train", lambda settings: Path("model.tar.gz"))
    monkeypatch.setattr(local, "supervise", supervise)
    assert local.main(["run"]) == 0
    assert [(service.name, service.host) for service in started] == [("Rasa server", "127.0.0.1")]
    said = capsys.readouterr().out
    assert f"http://localhost:{os.environ['PORT']}/webhooks/website/demo" in said
    assert "Ready after" in said


@pytest.mark.usefixtures("apart")
def test_host_opens_the_door_for_visitors_only(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Service] = []
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setattr(local, "train", lambda settings: Path("model.tar.gz"))
    monkeypatch.setattr(local, "supervise", lambda services, **_: started.extend(services))
    local.main(["run"])
    assert {service.name: service.host for service in started} == {
        "action server": "127.0.0.1",
        "Rasa server": "0.0.0.0",
    }


@pytest.mark.parametrize(
    "way_out",
    [
        {"SMTP_HOST": "mail.example"},
        {"WEBHOOK_URL": "https://crm.example/hook", "WEBHOOK_SECRET": "w" * 32},
        {"TELEGRAM_TOKEN": "1:x"},
    ],
)
def test_the_notice_worker_runs_beside_the_servers_where_it_has_a_way_out(
    monkeypatch: pytest.MonkeyPatch, way_out: dict[str, str]
) -> None:
    kept: list[Helper] = []
    for name, value in way_out.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(local, "train", lambda settings: Path("model.tar.gz"))
    monkeypatch.setattr(local, "supervise", lambda services, helpers, **_: kept.extend(helpers))
    assert local.main(["run"]) == 0
    assert [helper.command[-1] for helper in kept] == ["notify"]


def test_what_has_been_kept_for_long_enough_is_deleted_without_a_notice_worker_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    purged = threading.Event()
    for name in ("SMTP_HOST", "WEBHOOK_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(local, "train", lambda settings: Path("model.tar.gz"))
    monkeypatch.setattr(local, "daily_purge", lambda settings: purged.set)
    monkeypatch.setattr(local, "supervise", lambda *_, **__: None)
    assert local.main(["run"]) == 0
    assert purged.wait(10)


def test_a_half_configured_channel_is_named_and_nothing_starts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SLACK_TOKEN", "x")
    monkeypatch.setattr(local, "train", lambda settings: pytest.fail("It trains."))
    assert local.main(["run"]) == 2
    assert "Slack is half configured: set SLACK_SIGNING_SECRET too" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ServiceFailed("The Rasa server ended by itself (exit code 1)."), 1),
        (TrainingFailed("The training failed."), 1),
        (OperationalError("SELECT secret", {}, Exception("no such host")), 1),
        (Interrupted(), 130),
        (KeyboardInterrupt(), 130),
    ],
)
def test_what_goes_wrong_is_said_in_one_line_and_told_by_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException, code: int
) -> None:
    def fail(settings: Settings) -> None:
        raise error

    monkeypatch.setattr(local, "run", fail)
    assert local.main(["run"]) == code
    said = capsys.readouterr().err
    assert said.count("\n") == (1 if code == 1 else 0)
    assert "SELECT" not in said


def test_a_setting_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "nine")
    assert local.main(["migrate"]) == 2
    assert "PORT" in capsys.readouterr().err


def test_migrate_makes_the_database(tmp_path: Path) -> None:
    assert local.main(["migrate"]) == 0
    assert (tmp_path / "frontdesk.db").stat().st_size > 0


def test_a_command_beside_a_throwaway_desk_gets_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def beside(services: list[Service], command: list[str], cwd: Path, env: dict[str, str]) -> int:
        seen.extend(command)
        # Its database is ready, and is not the clinic's.
        database = services[-1].env["DATABASE_URL"]
        assert database != os.environ["DATABASE_URL"]
        assert Path(database.removeprefix("sqlite:///")).stat().st_size > 0
        return 9

    monkeypatch.setattr(local, "train", lambda settings: Path("model.tar.gz"))
    monkeypatch.setattr(local, "beside", beside)
    assert local.main(["beside", "measure", "--url", "{url}"]) == 9
    assert seen[:2] == ["measure", "--url"]
    assert seen[2].startswith("http://127.0.0.1:")


def test_the_start_does_not_wait_for_what_reads_english() -> None:
    code = "import sys, deploy.local; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
