"""A channel is on when its variables are set, and half a channel is told."""

from __future__ import annotations

import pytest

from frontdesk.settings import Settings

FULL = {
    "whatsapp": {
        "WHATSAPP_TOKEN": "a",
        "WHATSAPP_NUMBER_ID": "b",
        "WHATSAPP_APP_SECRET": "c",
        "WHATSAPP_VERIFY_TOKEN": "d",
    },
    "telegram": {"TELEGRAM_TOKEN": "a"},
    "messenger": {
        "MESSENGER_TOKEN": "a",
        "MESSENGER_PAGE_ID": "b",
        "MESSENGER_APP_SECRET": "c",
        "MESSENGER_VERIFY_TOKEN": "d",
    },
    "twilio": {"TWILIO_ACCOUNT_SID": "a", "TWILIO_AUTH_TOKEN": "b"},
    "slack": {"SLACK_TOKEN": "a", "SLACK_SIGNING_SECRET": "b"},
    "socketio": {"SOCKETIO": "1"},
}


def on(env: dict[str, str]) -> list[str]:
    return [channel.name for channel in Settings.from_environment(env).channels.all if channel.is_on]


def test_nothing_is_on_by_itself() -> None:
    assert on({}) == on({"SOCKETIO": "0", "SLACK_TOKEN": " "}) == []
    assert Settings.from_environment({}).channels.complaints == ()


@pytest.mark.parametrize("name", FULL)
def test_a_channel_whose_variables_are_set_is_on(name: str) -> None:
    assert on(FULL[name]) == [name]
    assert Settings.from_environment(FULL[name]).channels.complaints == ()


@pytest.mark.parametrize("name", [name for name, variables in FULL.items() if len(variables) > 1])
def test_half_a_channel_is_told_by_what_is_missing(name: str) -> None:
    for missing in FULL[name]:
        env = {variable: value for variable, value in FULL[name].items() if variable != missing}
        channels = Settings.from_environment(env).channels
        (complaint,) = channels.complaints
        assert missing in complaint
        assert not any(channel.is_on for channel in channels.all)


def test_no_token_is_shown_by_a_repr() -> None:
    env = {name: f"secret-{name}" for variables in FULL.values() for name in variables} | {"SOCKETIO": "1"}
    assert "secret-" not in repr(Settings.from_environment(env))


def test_messengers_are_those_that_reach_who_is_not_there() -> None:
    env = {**FULL["telegram"], **FULL["socketio"]}
    assert Settings.from_environment(env).channels.messengers == ("telegram",)
