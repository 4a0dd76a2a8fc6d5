"""Actions run in Rasa's own server, unless ACTION_URL names another one for them.

Between two servers a turn is written out as JSON, sent, read, and its answer the same way back: more work than the
action itself. Measured side by side on a busy machine: 58.9 instead of 64.9 ms of processor time a turn, 500 instead of
601 MB. Servers of their own pay where several machines share them.

An action gets and gives here what it would there, waits as long at most, and where it has no words for a danger, the
stand-in has them (`engine/stand_in.py`). It works in threads of its own (`actions/desk_action.py`), so that neither it
nor a database that it waits for holds up whoever else is served.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import deserialise_events
from rasa_sdk.executor import ActionExecutor

from engine import stand_in
from engine.action_call import TIMEOUT_SECONDS
from engine.changes import Watched

PACKAGE = "actions"

_call_server = RemoteAction.run


@lru_cache(maxsize=1)
def load() -> ActionExecutor:
    """Load the actions, once; what they need at the start they find, or the start ends here."""
    executor = ActionExecutor()
    executor.register_package(PACKAGE)
    return executor


async def run(self: RemoteAction, output_channel: Any, nlg: Any, tracker: Any, domain: Any) -> list[Any]:
    """From action to replies: here, or by way of the action server where there is one.

    Raises:
        Exception: The action gave no answer, or not in time, and there was no danger.
    """
    if self.action_endpoint is None or self.action_endpoint.url:
        events: list[Any] = await _call_server(self, output_channel, nlg, tracker, domain)
        return events
    call = self._action_call_format(tracker, domain)

    async def serve(seconds: float | None) -> Any:
        return await asyncio.wait_for(load().run(call), seconds or TIMEOUT_SECONDS)

    answer: Mapping[str, Any] = await stand_in.answered(call, serve)
    self._validate_action_result(answer)
    said = await self._utter_responses(answer["responses"], output_channel, nlg, tracker)
    return [*said, *deserialise_events(answer["events"])]


_ACTIONS = "rasa.core.actions.action"

# What an answer of an action becomes; `RemoteAction.run`, which does the same with it, is watched by `engine/turns.py`.
WATCHED = (Watched(_ACTIONS, "RemoteAction._utter_responses", "7a3bd35c97900bf6"),)
