"""`frontdesk channels`: what is on, the address to give, and what is missing."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from frontdesk.cli import app


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("frontdesk.cli.dotenv.load", lambda path, env: None)
    monkeypatch.setattr("frontdesk.channel_commands.console.width", 300)

    def ran(**env: str):
        return CliRunner(env={"NO_COLOR": "1", **env}).invoke(app, ["channels"])

    return ran


def test_what_is_on_has_its_address(run) -> None:
    shown = run(TELEGRAM_TOKEN="1:secret", PUBLIC_ADDRESS="https://desk.example/")
    assert shown.exit_code == 0
    assert "https://desk.example/webhooks/telegram/webhook" in shown.output
    assert "1:secret" not in shown.output
    assert "SLACK_TOKEN, SLACK_SIGNING_SECRET" in shown.output


def test_what_is_missing_is_named(run) -> None:
    shown = run(SLACK_TOKEN="x", PUBLIC_ADDRESS="https://desk.example")
    assert shown.exit_code == 2
    assert "Slack is half configured: set SLACK_SIGNING_SECRET too" in shown.output


def test_an_address_that_no_platform_reaches_is_told(run) -> None:
    assert "PUBLIC_ADDRESS is no https address" in run(TELEGRAM_TOKEN="1:x").output
