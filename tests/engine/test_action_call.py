from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from aiohttp import web
from rasa.core.actions import action as rasa_action
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk import Tracker

from deploy.ports import free_port
from engine import action_call

ANSWER = {
    "events": [{"event": "slot", "timestamp": None, "name": "memory", "value": {"topics": ["cost"]}}],
    "responses": [{"text": "It costs £195.", "buttons": [], "outcome": "answer", "topics": ["cost"], "facts": []}],
}


@pytest.fixture(autouse=True)
def changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The changes, for one test."""
    for change in action_call.CHANGES:
        owner, name = change.place()
        monkeypatch.setattr(owner, name, change.replacement)


def conversation(turns: int) -> DialogueStateTracker:
    tracker = DialogueStateTracker("visitor", [AnySlot("memory", [{}])])
    for number in range(turns):
        tracker.update(ActionExecuted("action_listen"))
        parsed = {"intent": {"name": "ask_cost"}, "entities": [], "questions": [number], "text": f"message {number}"}
        tracker.update(UserUttered(f"message {number}", parsed["intent"], [], parsed, input_channel="website"))
        if number < turns - 1:
            tracker.update(ActionExecuted("action_answer"))
            tracker.update(BotUttered("reply"))
            tracker.update(SlotSet("memory", {"turn": number}))
    return tracker


class Server:
    """An action server that writes down what it is asked."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.connections: set[Any] = set()
        self.headers: list[str | None] = []
        self.port = free_port()

    async def answer(self, request: web.Request) -> web.Response:
        self.calls.append(await request.json())
        self.connections.add(request.transport)
        self.headers.append(request.headers.get("Authorization"))
        return web.json_response(ANSWER)

    async def __aenter__(self) -> Server:
        app = web.Application()
        app.router.add_post("/webhook", self.answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await action_call.close_sessions()
        await self._runner.cleanup()

    def action(self) -> RemoteAction:
        url = f"http://127.0.0.1:{self.port}/webhook"
        headers = {"Authorization": "Bearer key"}
        return RemoteAction("action_answer", EndpointConfig(url, headers=headers, enable_selective_domain=True))


async def run(action: RemoteAction, tracker: DialogueStateTracker) -> list[Any]:
    nlg = TemplatedNaturalLanguageGenerator({})
    return await action.run(CollectingOutputChannel(), nlg, tracker, Domain.empty())


async def test_an_answer_becomes_what_is_said_and_what_is_remembered() -> None:
    async with Server() as server:
        said, remembered = await run(server.action(), conversation(2))
    assert said.text == "It costs £195."
    assert said.metadata["outcome"] == "answer"
    assert remembered == SlotSet("memory", {"topics": ["cost"]})


async def test_calls_share_a_connection_and_prove_who_calls() -> None:
    async with Server() as server:
        action = server.action()
        for _ in range(5):
            await run(action, conversation(1))
        assert len(server.connections) == 1
        assert set(server.headers) == {"Bearer key"}


async def test_a_call_after_the_server_has_closed_the_connection_succeeds() -> None:
    async with Server() as server:
        action = server.action()
        await run(action, conversation(1))
        next(iter(server.connections)).close()
        await asyncio.sleep(0.05)
        assert await run(action, conversation(1))


async def test_a_call_is_no_larger_at_the_hundredth_message_and_holds_what_the_action_reads() -> None:
    async with Server() as server:
        action = server.action()
        await run(action, conversation(2))
        await run(action, conversation(100))
    early, late = server.calls
    assert len(json.dumps(late)) <= len(json.dumps(early)) + 20
    tracker = Tracker.from_dict(late["tracker"])
    assert tracker.latest_message["questions"] == [99]
    assert tracker.get_slot("memory") == {"turn": 98}
    assert tracker.get_latest_input_channel() == "website"
    assert tracker.sender_id == "visitor"
    assert "domain" not in late


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {"events": {}, "responses": []},
        {"events": [{"name": "memory"}], "responses": []},
        {"events": [{"event": None}], "responses": []},
        {"events": [], "responses": ["said to a visitor"]},
    ],
)
def test_an_answer_of_the_wrong_form_is_refused_without_being_quoted(answer: Any) -> None:
    with pytest.raises(RasaException, match="action server") as refused:
        RemoteAction("action_answer", None)._validate_action_result(answer)
    assert "said to a visitor" not in str(refused.value)


def test_the_time_limit_that_is_shortened_is_still_the_one_rasa_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa_action, "DEFAULT_REQUEST_TIMEOUT", rasa_action.DEFAULT_REQUEST_TIMEOUT)
    assert "DEFAULT_REQUEST_TIMEOUT" in RemoteAction.run.__code__.co_names
    action_call.make_impatient()
    assert rasa_action.DEFAULT_REQUEST_TIMEOUT == action_call.TIMEOUT_SECONDS
