"""What the server says by itself when an action does not answer: the words of danger.

The screen that hears danger runs in the server; its words are said by the action, which may run in another one. Without
it, a visitor who cannot breathe would get an apology. So where danger is heard, or has been and is not over, the action
gets less time than others, and when nothing comes of it, its answer is made here, from the same files.

Nothing of it is loaded before it is needed: it takes a second and 40 MB.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from typing import Any

from rasa.utils.endpoints import EndpointConfig
from sqlalchemy.exc import SQLAlchemyError

from engine.changes import Change
from engine.masked_events import MEMORY
from frontdesk.danger import Danger
from frontdesk.database import create_engine
from frontdesk.desk import Desk
from frontdesk.facts.red_flags import load_red_flags
from frontdesk.facts.store import FactsRepository, FactsStore
from frontdesk.review import RedFlagLog
from frontdesk.settings import Settings
from frontdesk.turn import Memory, Turn

logger = logging.getLogger(__name__)

# In danger nobody shall wait as long as for another answer; an action that is well takes a hundredth of it.
PATIENCE_SECONDS = 5

_request = EndpointConfig.request


class StandIn:
    """Answers in the place of an action, as far as danger goes."""

    def __init__(self, settings: Settings) -> None:
        """Load the facts and the danger signs.

        Raises:
            FactsError: the files cannot be used.
        """
        engine = create_engine(settings)
        self._facts, self._baseline = FactsRepository(settings, engine), FactsRepository(settings)
        self._baseline.current()
        self._desk = Desk(Danger(load_red_flags(settings.facts_dir)))
        self._record = RedFlagLog(engine)

    def answer(self, call: Mapping[str, Any]) -> dict[str, Any] | None:
        """The answer to a call, in the form of Rasa's action server; None where there is no danger.

        Args:
            call: as it was meant for the action.
        """
        tracker = call["tracker"]
        turn = Turn.of_danger(tracker["latest_message"])
        response = self._desk.fall_back(turn, Memory.from_slot(tracker["slots"].get(MEMORY)), self._store())
        if response is None:
            return None
        self._record.note(turn, call["sender_id"])
        remembered = {"event": "slot", "timestamp": None, "name": MEMORY, "value": response.memory.to_slot()}
        return {"events": [remembered], "responses": [reply.to_message() for reply in response.replies]}

    def _store(self) -> FactsStore:
        try:
            return self._facts.current()
        except SQLAlchemyError:
            # Better a phone number that the clinic has changed since than none.
            return self._baseline.current()


def is_of_danger(call: Any) -> bool:
    """Whether the call of an action tells of danger, now or not long ago."""
    try:
        tracker = call["tracker"]
        turn, memory = Turn.of_danger(tracker["latest_message"]), tracker["slots"].get(MEMORY)
        return turn.is_pressing or Memory.from_slot(memory).in_emergency
    except (LookupError, TypeError, AttributeError):
        return False


_loading = threading.Lock()


@lru_cache(maxsize=1)
def _stand_in() -> StandIn:
    return StandIn(Settings.from_environment())


def _answer(call: Mapping[str, Any]) -> dict[str, Any] | None:
    # Once, however many call for it at the same time.
    with _loading:
        stand_in = _stand_in()
    return stand_in.answer(call)


async def request(
    self: EndpointConfig,
    method: str = "post",
    subpath: str | None = None,
    content_type: str | None = "application/json",
    compress: bool = False,
    **kwargs: Any,
) -> Any:
    """Call; of danger there is an answer even where the other side has none."""

    async def ask(seconds: float | None) -> Any:
        timeout = {} if seconds is None else {"timeout": seconds}
        return await _request(self, method, subpath, content_type, compress, **{**kwargs, **timeout})

    return await answered(kwargs.get("json"), ask)


async def answered(call: Any, ask: Callable[[float | None], Awaitable[Any]]) -> Any:
    """The answer of an action; of danger there is one even where the action has none.

    Args:
        call: What the action is called with.
        ask: Calls it; is told how many seconds that may take, None for as many as usual.

    Raises:
        Exception: What `ask` raised, where there is no danger, or its words cannot be said either.
    """
    if not is_of_danger(call):
        return await ask(None)
    failure: Exception | None = None
    answer: Any = None
    try:
        answer = await ask(PATIENCE_SECONDS)
    except Exception as error:
        failure = error
    if isinstance(answer, dict) and answer.get("responses"):
        return answer
    logger.error("No action answers a turn of danger: %s", type(failure).__name__ if failure else "no words")
    try:
        own = await asyncio.to_thread(_answer, call)
    except Exception as error:
        logger.error("The words of danger cannot be said either: %s", type(error).__name__)
        own = None
    if own is None and failure is not None:
        raise failure
    return own or answer


CHANGES = (Change("rasa.utils.endpoints", "EndpointConfig.request", "ccdb778aed8208e2", request),)
