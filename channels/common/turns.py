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


class Desk(Protocol):
    """What a turn needs of the facts store."""

    def sources(self, fact_ids: Iterable[str], text: str) -> list[dict[str, Any]]:
        """The sources behind an answer; see :class:`channels.website.desk.Desk`."""

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

    async def run(self, sender_id: str, text: str) -> list[dict[str, Any]]:
        """Returns the messages of a turn; exactly one, the apology, when the turn failed.

        Rasa swallows what fails inside its actions, so a turn without any message counts as failed, too. Of a turn
        that failed halfway only an emergency or urgent answer is kept: that one has to reach the visitor whatever else
        went wrong.

        Args:
            sender_id: the conversation.
            text: the visitor's words.
        """
        output = CollectedOutput()
        message = UserMessage(text, output, sender_id, input_channel=self._channel)
        messages = output.messages
        error: Exception | None = None
        try:
            await asyncio.wait_for(self._on_new_message(message), self._seconds)
        except Exception as failure:
            error = failure
            messages = [message for message in messages if message["outcome"] in _SAFETY_OUTCOMES]
        if error is not None or not messages:
            log_failure(f"{self._channel} turn failed", error)
        return await asyncio.to_thread(self._finished, messages)

    def _finished(self, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        messages = messages or [self._desk.apology()]
        return [{**message, "sources": self._desk.sources(message["facts"], message["text"])} for message in messages]
