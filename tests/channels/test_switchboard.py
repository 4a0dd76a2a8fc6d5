"""Which doors there are: those of the channels that are on, and no start with half a one."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.core.run import configure_app
from rasa.shared.exceptions import RasaException
from sanic import Sanic

from channels.switchboard import Switchboard


def paths(monkeypatch: pytest.MonkeyPatch, folder: Path, **env: str) -> set[str]:
    monkeypatch.setenv("FRONTDESK_VAR", str(folder))
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Sanic, "test_mode", True)
    app = configure_app([Switchboard.from_credentials(None)], enable_api=False)
    return {"/" + route.path.strip("/") for route in app.router.routes}


def test_channels_that_are_off_do_not_exist(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert paths(monkeypatch, tmp_path) == {"/"}


def test_channels_that_are_on_are_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = paths(monkeypatch, tmp_path, TELEGRAM_TOKEN="1:x", SOCKETIO="1")
    assert found == {
        "/",
        "/webhooks/telegram/webhook",
        "/webhooks/socketio",
        "/webhooks/socketio/socket.io",
    }


def test_half_a_channel_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(RasaException, match="set SLACK_SIGNING_SECRET too"):
        paths(monkeypatch, tmp_path, SLACK_TOKEN="x")
