"""One conversation on each of the six doors, over loopback: the real servers, and platforms as strict as the real ones.

A question, two at once, a follow-up, a booking with a question in the middle, its cancellation, and an emergency.
"""

from __future__ import annotations

import os
import re
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path

import pytest

from frontdesk.database import create_engine
from frontdesk.settings import Settings
from tests.channels.board import waiting
from tests.channels.fake_platforms import FakePlatforms, Shown
from tests.channels.socket_client import SocketClient
from tests.channels.visitors import VISITORS, Visitor
from tests.running_desk import FrontDesk, running_desk

TURN_SECONDS = 40

pytestmark = [pytest.mark.service, pytest.mark.timeout(300)]


class Talk(ABC):
    """A visitor's side of a conversation, whatever the door."""

    @abstractmethod
    def say(self, text: str) -> list[Shown]:
        """What is shown after typing something."""

    @abstractmethod
    def choose(self, shown: list[Shown], title: str) -> list[Shown]:
        """What is shown after choosing one of the next steps, by pressing it or by typing its number."""


class PlatformTalk(Talk):
    """A conversation on a platform."""

    def __init__(self, visitor: Visitor, fake: FakePlatforms, desk_settings: Settings) -> None:
        self._visitor, self._fake = visitor, fake
        self._engine = create_engine(desk_settings)

    def say(self, text: str) -> list[Shown]:
        before = len(self._mine())
        assert self._visitor.say(text).status_code == 200
        return self._since(before)

    def choose(self, shown: list[Shown], title: str) -> list[Shown]:
        for label, data in shown[-1].buttons:
            if label == title:
                before = len(self._mine())
                assert self._visitor.press(label, data).status_code == 200
                return self._since(before)
        (number,) = re.findall(rf"^(\d+)\. {re.escape(title)}$", shown[-1].text, re.MULTILINE)
        return self.say(number)

    def _since(self, before: int) -> list[Shown]:
        deadline = time.monotonic() + TURN_SECONDS
        while time.monotonic() < deadline:
            if not waiting(self._engine):
                return self._mine()[before:]
            time.sleep(0.05)
        raise AssertionError("no reply")

    def _mine(self) -> list[Shown]:
        return [each for each in self._fake.shown if each.to == self._visitor.name]


class SocketTalk(Talk):
    """A conversation by Socket.IO."""

    def __init__(self, url: str) -> None:
        self._client = SocketClient(url)

    def say(self, text: str) -> list[Shown]:
        before = len(self._client.said)
        self._client.say(text)
        self._client.wait(lambda: len(self._client.said) > before)
        # All replies of a turn come at once.
        time.sleep(0.5)
        return [
            Shown("socketio", "", said["text"], tuple((b["title"], b["payload"]) for b in said["quick_replies"]))
            for said in self._client.said[before:]
        ]

    def choose(self, shown: list[Shown], title: str) -> list[Shown]:
        return self.say(dict(shown[-1].buttons)[title])

    def close(self) -> None:
        self._client.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, fake: FakePlatforms) -> Iterator[FrontDesk]:
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in fake.environment().items():
            patch.setenv(name, value)
        with running_desk(folder) as front_desk:
            yield front_desk


@pytest.fixture(params=["socketio", *(kind.channel for kind in VISITORS)])
def talk(request: pytest.FixtureRequest, desk: FrontDesk, fake: FakePlatforms) -> Iterator[Talk]:
    if request.param == "socketio":
        socket_talk = SocketTalk(desk.url)
        yield socket_talk
        socket_talk.close()
        return
    settings = Settings.from_environment({**os.environ, **desk.env, **fake.environment()})
    kind = next(kind for kind in VISITORS if kind.channel == request.param)
    yield PlatformTalk(kind(settings, desk.url), fake, settings)


def text_of(shown: list[Shown]) -> str:
    return "\n".join(each.text for each in shown)


def titles(shown: list[Shown]) -> list[str]:
    """The next steps offered, as buttons or by number."""
    numbered = re.findall(r"^\d+\. (.+)$", shown[-1].text, re.MULTILINE)
    return numbered or [title for title, _ in shown[-1].buttons]


def test_a_whole_conversation(talk: Talk, fake: FakePlatforms, desk: FrontDesk) -> None:
    price = talk.say("how much is a session?")
    assert "£" in text_of(price)
    assert titles(price)

    both = talk.say("does it hurt and how long is the downtime?")
    assert len(both) >= 2
    assert re.search("(?i)numb|pain|hurt|prick", text_of(both[:1]))

    talk.say("how many sessions do I need for acne scars?")
    assert "stretch marks" in text_of(talk.say("and for stretch marks?"))

    talk.say("I'd like to book a consultation")
    talk.say("Ada Lovelace")
    days = talk.say("ada.lovelace@example.com")
    times = talk.choose(days, titles(days)[0])
    confirm = talk.choose(times, titles(times)[0])
    assert "Yes, book it" in titles(confirm)
    interruption = talk.say("does it hurt?")
    assert re.search("(?i)numb|pain|hurt|prick", text_of(interruption))
    assert "Yes, book it" in titles(interruption)
    booked = talk.choose(interruption, "Yes, book it")
    reference = re.search(r"reference is (\w{6})\b", text_of(booked))
    assert reference, text_of(booked)
    assert re.search(r"http\S+/invitation/\S+\.ics", text_of(booked))

    talk.say("I need to cancel my appointment")
    talk.say(reference[1])
    asked = talk.say("ada.lovelace@example.com")
    cancelled = talk.choose(asked, "Yes, cancel it")
    assert "is cancelled" in text_of(cancelled)
    assert reference[1] not in desk.command("bookings", "list")

    emergency = talk.say("my face is swelling up and I can't breathe")
    assert "999" in text_of(emergency)
    assert fake.broken == []


def test_no_log_knows_who_it_was(desk: FrontDesk) -> None:
    logs: list[Path] = list(desk.facts.parent.glob("*.log"))
    text = "".join(path.read_text(encoding="utf-8", errors="replace") for path in logs)
    visitors = [kind(Settings.from_environment({}), desk.url).name for kind in VISITORS]
    for secret in ("Lovelace", "telegram-token", "wa-token", "page-token", "xoxb-token", *visitors):
        assert secret not in text, secret
