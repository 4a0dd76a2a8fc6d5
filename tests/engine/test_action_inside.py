"""An action that runs in the server itself says and remembers what it would in a server of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from engine import action_call, action_inside, stand_in, turn
from frontdesk.database import create_engine
from frontdesk.migrations import upgrade
from frontdesk.settings import Settings
from tests.engine.test_action_call import ANSWER, Server, conversation

Run = Callable[[CollectingDispatcher, Tracker, dict[str, Any]], Awaitable[list[dict[str, Any]]]]

FLAG = {"level": "emergency", "category": "E-AN", "by": "rule x", "reply": None}


@pytest.fixture(autouse=True)
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The changes, in an installation of their own, for one test."""
    monkeypatch.setenv("FRONTDESK_VAR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "")
    for change in (*action_call.CHANGES, *stand_in.CHANGES):
        owner, name = change.place()
        monkeypatch.setattr(owner, name, change.replacement)
    upgrade(create_engine(Settings.from_environment()))
    stand_in._stand_in.cache_clear()
    yield
    stand_in._stand_in.cache_clear()


@pytest.fixture
def act(monkeypatch: pytest.MonkeyPatch) -> Callable[[Run], None]:
    """Makes a function the only action there is."""

    def install(run: Run) -> None:
        executor = ActionExecutor()
        executor.actions["action_answer"] = run
        monkeypatch.setattr(action_inside, "load", lambda: executor)

    return install


async def says(dispatcher: CollectingDispatcher, tracker: Tracker, _: dict[str, Any]) -> list[dict[str, Any]]:
    dispatcher.utter_message(**ANSWER["responses"][0])
    return [dict(event) for event in ANSWER["events"]]


async def run(flag: dict[str, Any] | None = None, url: str = "") -> list[Any]:
    tracker = conversation(2)
    assert tracker.latest_message is not None
    tracker.latest_message.parse_data["red_flag"] = flag  # type: ignore[typeddict-unknown-key]
    action = RemoteAction("action_answer", EndpointConfig(url, enable_selective_domain=True))
    nlg = TemplatedNaturalLanguageGenerator({})
    return await action_inside.run(action, CollectingOutputChannel(), nlg, tracker, Domain.empty())


async def test_it_says_and_remembers_what_an_action_server_would(act: Callable[[Run], None]) -> None:
    act(says)
    inside = await run()
    async with Server() as server:
        outside = await run(url=f"http://127.0.0.1:{server.port}/webhook")
    said, remembered = inside
    assert said.text == "It costs £195."
    assert remembered == SlotSet("memory", {"topics": ["cost"]})
    assert inside == outside
    assert inside[0].metadata == outside[0].metadata


async def test_it_is_given_what_it_reads(act: Callable[[Run], None]) -> None:
    seen: list[Tracker] = []

    async def look(_: CollectingDispatcher, tracker: Tracker, __: dict[str, Any]) -> list[dict[str, Any]]:
        seen.append(tracker)
        assert turn.current() is begun
        return []

    begun = turn.begin()
    act(look)
    await run()
    (tracker,) = seen
    assert tracker.latest_message["questions"] == [1]
    assert tracker.get_slot("memory") == {"turn": 0}
    assert (tracker.sender_id, tracker.get_latest_input_channel()) == ("visitor", "website")


async def test_one_that_hangs_is_not_waited_for(act: Callable[[Run], None], monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(*_: Any) -> list[dict[str, Any]]:
        await asyncio.sleep(60)
        return []

    act(hang)
    monkeypatch.setattr(action_inside, "TIMEOUT_SECONDS", 0.05)
    with pytest.raises(asyncio.TimeoutError):
        await run()
    monkeypatch.setattr(stand_in, "PATIENCE_SECONDS", 0.05)
    said, remembered = await run(FLAG)
    assert said.metadata["outcome"] == "emergency"
    assert "999" in said.text
    assert remembered.value["alert"] == "E-AN"


async def test_one_that_fails_or_is_missing_says_the_words_of_danger_all_the_same(
    act: Callable[[Run], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> list[dict[str, Any]]:
        raise RuntimeError

    act(fail)
    assert (await run(FLAG))[0].metadata["outcome"] == "emergency"
    with pytest.raises(RuntimeError):
        await run()
    monkeypatch.setattr(action_inside, "load", ActionExecutor)
    assert (await run(FLAG))[0].metadata["outcome"] == "emergency"


async def test_those_that_wait_for_a_database_hold_up_neither_the_server_nor_danger(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from actions import answer, desk_action

    blocked = threading.Event()

    def wait(*_: Any) -> None:
        blocked.wait(30)

    monkeypatch.setattr(answer.ActionAnswer, "serve", wait)
    executor = ActionExecutor()
    executor.register_action(answer.ActionAnswer())
    monkeypatch.setattr(action_inside, "load", lambda: executor)
    monkeypatch.setattr(stand_in, "PATIENCE_SECONDS", 0.2)
    waiting = [asyncio.ensure_future(run()) for _ in range(3 * desk_action._threads._max_workers)]
    try:
        await asyncio.sleep(0.1)
        # What else the server does in threads goes on.
        await asyncio.wait_for(asyncio.to_thread(lambda: None), 1)
        said, _ = await asyncio.wait_for(run(FLAG), 10)
        assert said.metadata["outcome"] == "emergency"
    finally:
        blocked.set()
        await asyncio.gather(*waiting, return_exceptions=True)


def test_the_actions_of_the_desk_are_found() -> None:
    assert list(action_inside.load().actions) == ["action_answer"]
