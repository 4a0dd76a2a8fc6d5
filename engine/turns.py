"""Every turn has an id, is counted, and is timed stage by stage; 0.1 ms a turn."""

from __future__ import annotations

import time
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import BotUttered

from engine import action_inside, metrics, turn
from engine.changes import Change

_handle = Agent.handle_message
_parse = MessageProcessor.parse_message
_predict = MessageProcessor._predict_next_with_tracker
_act = action_inside.run


async def handle_message(self: Agent, message: UserMessage) -> Any:
    """Serve a turn."""
    now = turn.current() or turn.begin()
    now.words = message.text if isinstance(message.text, str) else ""
    channel = message.input_channel or "unknown"
    begun = time.perf_counter()
    try:
        return await _handle(self, message)
    except Exception:
        metrics.failed.labels(channel).inc()
        raise
    finally:
        metrics.turns.labels(channel).inc()
        metrics.turn_seconds.labels(channel).observe(time.perf_counter() - begun)


async def parse_message(
    self: MessageProcessor, message: UserMessage, tracker: Any = None, only_output_properties: bool = True
) -> dict[str, Any]:
    """From words to questions."""
    with metrics.stage("parse"):
        return await _parse(self, message, tracker, only_output_properties)


def predict(self: MessageProcessor, tracker: Any) -> Any:
    """From questions to the next action."""
    with metrics.stage("predict"):
        return _predict(self, tracker)


async def run(self: RemoteAction, output_channel: Any, nlg: Any, tracker: Any, domain: Any) -> list[Any]:
    """From action to replies."""
    with metrics.stage("act"):
        events = await _act(self, output_channel, nlg, tracker, domain)
    for event in events:
        if isinstance(event, BotUttered):
            metrics.replies.labels(str(event.metadata.get("outcome") or "unknown")).inc()
    return events


CHANGES = (
    Change("rasa.core.agent", "Agent.handle_message", "ba53507e4d5532a3", handle_message),
    Change("rasa.core.processor", "MessageProcessor.parse_message", "b98d8e49b9f2c433", parse_message),
    Change("rasa.core.processor", "MessageProcessor._predict_next_with_tracker", "111a9023a5bcb32d", predict),
    Change("rasa.core.actions.action", "RemoteAction.run", "ccabf6f1160d527a", run),
)
