"""One turn of a conversation: words in, messages with their sources out, and never silence."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Protocol

from rasa.core.channels.channel import UserMessage

from channels.common.failures import log_failure
from channels.common.output import CollectedOutput

TURN_SECONDS = 20

_SAFETY_OUTCOMES = frozenset({"emergency", "urgent"})
# A turn takes some milliseconds after its last word, or is held up by a database.
_SECONDS_AFTER_A_WARNING = 1.0


class Desk(Protocol):
    """What a turn needs of the facts store."""

    def sources(self, fact_ids: Iterable[str], text: str) -> list[dict[str, Any]]:
        """The sources behind an answer; see :class:`channels.common.desk.Desk`."""

    def apology(self) -> dict[str, Any]:
        """The message for a turn that failed: text, buttons, outcome, topics and facts."""


class Turns:
    """Runs turns of one channel through Rasa."""

    def __init__(
        self,
        channel: str,
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
        desk: Desk,
        seconds: float = TURN_SECONDS,
    ) -> None:
        """Sets up.

        Args:
            channel: the name under which Rasa keeps the turns.
            on_new_message: Rasa's handler of a message.
            desk: where sources and the apology come from.
            seconds: how long a turn may take before the visitor gets the apology.
        """
        self._channel = channel
        self._on_new_message = on_new_message
        self._desk = desk
        self._seconds = seconds
        self._unfinished: set[asyncio.Future[Any]] = set()

    async def run(self, sender_id: str, text: str) -> list[dict[str, Any]]:
        """Returns the messages of a turn; exactly one, the apology, when the turn failed.

        Rasa swallows what fails inside its actions, so a turn without any message counts as failed, too. Of a turn
        that failed halfway only an emergency or urgent answer is kept: that one has to reach the visitor whatever else
        went wrong. Nor does it wait for long until the turn is stored; the turn goes on to its end by itself.

        Args:
            sender_id: the conversation.
            text: the visitor's words.
        """
        warned = asyncio.get_running_loop().create_future()
        output = _Listening(warned)
        message = UserMessage(text, output, sender_id, input_channel=self._channel)
        turn = asyncio.ensure_future(self._on_new_message(message))
        error = await self._failure(turn, warned)
        messages = list(output.messages)
        if error is not None:
            messages = [message for message in messages if message["outcome"] in _SAFETY_OUTCOMES]
        if error is not None or not messages:
            log_failure(f"{self._channel} turn failed", error)
        return await asyncio.to_thread(self._finished, messages)

    async def _failure(self, turn: asyncio.Future[Any], warned: asyncio.Future[None]) -> BaseException | None:
        """What a turn failed with, once it is over or has warned of danger; None when it has not failed."""
        try:
            await asyncio.wait({turn, warned}, timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED)
            if warned.done() and not turn.done():
                await asyncio.wait({turn}, timeout=_SECONDS_AFTER_A_WARNING)
        except asyncio.CancelledError:
            turn.cancel()
            raise
        if turn.done():
            return asyncio.CancelledError() if turn.cancelled() else turn.exception()
        if warned.done():
            self._unfinished.add(turn)
            turn.add_done_callback(self._end)
            return None
        turn.cancel()
        return asyncio.TimeoutError()

    def _end(self, turn: asyncio.Future[Any]) -> None:
        self._unfinished.discard(turn)
        if not turn.cancelled() and turn.exception() is not None:
            log_failure(f"{self._channel} turn failed after its words of danger", turn.exception())

    def _finished(self, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        messages = messages or [self._desk.apology()]
        return [{**message, "sources": self._desk.sources(message["facts"], message["text"])} for message in messages]


class _Listening(CollectedOutput):
    """Tells at once when something is said that must not wait."""

    def __init__(self, warned: asyncio.Future[None]) -> None:
        super().__init__()
        self._warned = warned

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        await super().send_response(recipient_id, message)
        if self.messages and self.messages[-1]["outcome"] in _SAFETY_OUTCOMES and not self._warned.done():
            self._warned.set_result(None)
