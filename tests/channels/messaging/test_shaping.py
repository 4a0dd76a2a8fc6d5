"""Choices by button, list or number: whatever a platform has, the choice is understood and no payload is shown."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from channels.messaging.shaping import Choice, Message, chosen, data_of, is_key, messages_of
from channels.messaging.words import Words
from channels.switchboard import platforms
from frontdesk.settings import Settings
from tests.channels.fake_platforms import Broken, FakePlatforms

WORDS = Words()
SETTINGS = Settings.from_environment({"FRONTDESK_SECRET": "s" * 40, **FakePlatforms(address="http://x").environment()})
PLATFORMS = {platform.name: platform for platform in platforms(SETTINGS)}
ADDRESSES: dict[str, dict[str, Any]] = {
    "whatsapp": {"to": "447700900001"},
    "telegram": {"chat": 7},
    "messenger": {"id": "7"},
    "twilio": {"to": "+447700900001", "from": "+442079460018"},
    "slack": {"channel": "D1", "thread": ""},
}
OFFERED = {"numbered": True, "choices": [["Cost", "How much is it?"], ["Thursday 9 am", "Thursday at 9:00"]]}
_words = st.text(st.characters(blacklist_categories=("Cc", "Cs")), min_size=1, max_size=40).filter(str.strip)
_payloads = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=30).filter(str.strip)
_long = st.builds(lambda part, times: (part + " ") * times, _words, st.integers(1, 200))
CHOICES = st.lists(
    st.builds(Choice, _words, st.builds(lambda part, times: part * times, _payloads, st.integers(1, 60))),
    max_size=6,
    unique_by=(lambda choice: choice.title, lambda choice: choice.payload),
)
SOURCES = st.lists(
    st.fixed_dictionaries({"organisation": _words, "title": _words, "url": st.just("https://example.org")}), max_size=3
)
MESSAGES = st.builds(Message, _long, CHOICES.map(tuple), SOURCES.map(tuple))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1", "How much is it?"),
        (" 2. ", "Thursday at 9:00"),
        ("2)", "Thursday at 9:00"),
        ("#1", "How much is it?"),
        ("option 2", "Thursday at 9:00"),
        ("2\ufe0f\u20e3", "Thursday at 9:00"),
        ("cost", "How much is it?"),
        ("thursday  9 AM", "Thursday at 9:00"),
        ("3", "3"),
        ("0", "0"),
        ("12", "12"),
        ("2 pm", "2 pm"),
        ("1 or 2", "1 or 2"),
        ("how many sessions?", "how many sessions?"),
    ],
)
def test_a_number_or_title_is_understood_as_the_choice(typed: str, meant: str) -> None:
    assert chosen(typed, OFFERED) == meant


def test_a_number_means_nothing_where_none_was_shown() -> None:
    assert chosen("2", {**OFFERED, "numbered": False}) == "2"
    assert chosen("2", None) == "2"


def test_a_long_payload_is_kept_under_a_key() -> None:
    payloads: dict[str, str] = {}
    assert data_of("How much?", 64, payloads) == "How much?"
    key = data_of("é" * 40, 64, payloads)
    assert is_key(key)
    assert payloads == {key: "é" * 40}
    # What looks like a key is kept under one, so that nobody can ask for somebody else's.
    assert data_of(key, 64, payloads) != key


def test_two_ways_to_say_the_same_are_one_choice() -> None:
    buttons = [{"title": "Cost", "payload": "How much?"}, {"title": "Price", "payload": "How much?"}]
    (message,) = messages_of([{"text": "Yes.", "buttons": buttons, "outcome": "answer", "sources": []}])
    assert [choice.payload for choice in message.choices] == ["How much?"]


def test_sources_stand_once_and_never_under_an_emergency() -> None:
    source = {"organisation": "NHS", "title": "Skin", "url": "https://www.nhs.uk/"}
    said = {"text": "Yes.", "buttons": [], "outcome": "answer", "sources": [source, {**source, "url": None}]}
    first, second = messages_of([said, said])
    assert (first.sources, second.sources) == ((source,), ())
    (urgent,) = messages_of([{**said, "outcome": "emergency"}])
    assert urgent.sources == ()


@pytest.mark.parametrize("name", PLATFORMS)
@effort(max_examples=100, deadline=None)
@given(messages=st.lists(MESSAGES, min_size=1, max_size=3))
async def test_no_reply_breaks_a_limit_of_its_platform(name: str, messages: list[Message]) -> None:
    shaped = PLATFORMS[name].shape(messages, ADDRESSES[name], WORDS)
    fake = FakePlatforms()
    for call in shaped.calls:
        try:
            await _take(fake, name, call)
        except Broken as rule:
            pytest.fail(f"{name}: {rule}: {call}")
    text = "".join("".join(shown.text.split()) for shown in fake.shown)
    if name != "slack":
        assert all("".join(message.text.split()) in text for message in messages)
    last = messages[-1].choices
    if last and not shaped.is_numbered:
        assert len(fake.shown[-1].buttons) == len(last)
    if last and shaped.is_numbered:
        for number, choice in enumerate(last, 1):
            assert chosen(str(number), shaped.to_slot()) in (choice.payload, *(c.payload for c in last))
    for shown in fake.shown:
        for (_, data), choice in zip(shown.buttons, (*last, *last), strict=False):
            if shown is fake.shown[-1]:
                assert shaped.payloads.get(data, data) == choice.payload


class _Request:
    """A call as the fake's server would see it."""

    def __init__(self, name: str, call: Any) -> None:
        way = PLATFORMS[name].way()
        self.headers = dict(way.headers)
        if way.auth:
            self.headers["Authorization"] = "Basic " + base64.b64encode(":".join(way.auth).encode()).decode()
        self._body = call.body
        path = call.path.split("/")
        self.match_info = {
            "token": SETTINGS.channels.telegram.value("TELEGRAM_TOKEN"),
            "method": path[-1],
            "id": path[0],
            "account": path[2] if len(path) > 2 else "",
        }

    async def json(self) -> Any:
        return self._body

    async def post(self) -> Any:
        return self._body


async def _take(fake: FakePlatforms, name: str, call: Any) -> None:
    takers: dict[str, Any] = {"telegram": fake._telegram, "twilio": fake._twilio, "slack": fake._slack}
    await takers.get(name, fake._graph)(_Request(name, call))
