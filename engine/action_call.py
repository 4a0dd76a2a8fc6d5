"""The call to the action server: what goes out, over which connection, and how the answer is checked.

Measured on a turn of 45 ms:

- Rasa checks the answer against a schema, and the schema itself against the rules for schemas, at every call: 17 to
  38 ms. With the schema checked once it would be 0.5. What the answer has to be is little and is checked directly;
  each event is checked once more as it is made from its part of the answer.
- Rasa sends the whole conversation, which makes the call dearer from turn to turn. An action of ours reads the latest
  message, the slots and the channel, so only the turn itself goes out.
- Rasa opens a connection for every call: 1 ms. Ours stays open, for less time than the other side would keep it, so
  that no call meets a connection that is being closed.
- Rasa waits five minutes for an answer, with the conversation locked. The visitor has had the apology long before.
"""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

import aiohttp
import rasa
from rasa.core.actions import action as rasa_action
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

from engine import turn
from engine.changes import Change

TIMEOUT_SECONDS = 15
# Sanic keeps an idle connection for five seconds, Rasa's action server too.
KEEP_ALIVE_SECONDS = 3
# By which the action server's log lines are told to belong to a turn.
TURN_HEADER = "X-Turn"


def validate_action_result(self: RemoteAction, result: Any) -> bool:
    """Check that an answer of the action server has the form that is read from it.

    Raises:
        RasaException: It has not; the message quotes none of it.
    """
    if not isinstance(result, dict):
        raise RasaException("The answer of the action server is no object.")
    for part in ("events", "responses"):
        entries = result.get(part, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise RasaException(f"The answer of the action server has {part} of the wrong form.")
    if not all(isinstance(event.get("event"), str) for event in result.get("events", [])):
        raise RasaException("The answer of the action server has an event without a type.")
    return True


def action_call_format(self: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """What is sent for one action: as Rasa has it, with the events of the latest turn only."""
    call: dict[str, Any] = {
        "next_action": self.name(),
        "sender_id": tracker.sender_id,
        "tracker": {
            **tracker.current_state(EventVerbosity.NONE),
            "events": [event.as_dict() for event in _latest_turn(tracker)],
        },
        "version": rasa.__version__,
    }
    if not self._is_selective_domain_enabled() or domain.does_custom_action_explicitly_need_domain(self.name()):
        call["domain"] = domain.as_dict()
    return call


def _latest_turn(tracker: DialogueStateTracker) -> list[Any]:
    events: list[Any] = []
    for event in reversed(tracker.events):
        events.append(event)
        if isinstance(event, UserUttered):
            break
    return events[::-1]


class _Lasting:
    """A session that the `async with` around one call leaves open."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._session

    async def __aexit__(self, *_: object) -> None:
        """It stays open for the next call."""


class _Open(NamedTuple):
    # Held, so that its id is nobody else's.
    endpoint: EndpointConfig
    loop: asyncio.AbstractEventLoop
    session: aiohttp.ClientSession


_open: dict[int, _Open] = {}


def lasting_session(self: EndpointConfig) -> _Lasting:
    """The one session of this endpoint, opened with the first call."""
    loop = asyncio.get_running_loop()
    known = _open.get(id(self))
    if known is None or known.loop is not loop or known.session.closed:
        known = _Open(self, loop, _new_session(self))
        _open[id(self)] = known
    return _Lasting(known.session)


def _new_session(endpoint: EndpointConfig) -> aiohttp.ClientSession:
    basic = endpoint.basic_auth
    tracing = aiohttp.TraceConfig()
    tracing.on_request_start.append(_name_the_turn)  # type: ignore[arg-type]
    return aiohttp.ClientSession(
        headers=endpoint.headers,
        auth=aiohttp.BasicAuth(basic["username"], basic["password"]) if basic else None,
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
        connector=aiohttp.TCPConnector(keepalive_timeout=KEEP_ALIVE_SECONDS),
        trace_configs=[tracing],
    )


async def _name_the_turn(_session: Any, _context: Any, call: aiohttp.TraceRequestStartParams) -> None:
    now = turn.current()
    if now is not None:
        call.headers[TURN_HEADER] = now.id


async def close_sessions() -> None:
    """Close what `lasting_session` has opened; the server is about to end."""
    while _open:
        await _open.popitem()[1].session.close()


def make_impatient() -> None:
    """Wait `TIMEOUT_SECONDS` for an action, and not Rasa's five minutes."""
    rasa_action.DEFAULT_REQUEST_TIMEOUT = TIMEOUT_SECONDS


CHANGES = (
    Change(
        "rasa.core.actions.action", "RemoteAction._validate_action_result", "f8cdb4be68123961", validate_action_result
    ),
    Change("rasa.core.actions.action", "RemoteAction._action_call_format", "428795b944f22edb", action_call_format),
    Change("rasa.utils.endpoints", "EndpointConfig.session", "e55aa13d9d4fb4bc", lasting_session),
)
