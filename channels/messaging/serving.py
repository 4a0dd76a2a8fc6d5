"""Answers what waits in the inbox: a turn of Rasa's for words, a kind sentence for what cannot be read."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from channels.common.desk import Desk
from channels.common.failures import log_failure
from channels.common.plain_text import plain_text
from channels.common.turns import Turns
from channels.messaging.platform import Platform
from channels.messaging.sending import Sender
from channels.messaging.shaping import Message, Shaped, chosen, is_key, messages_of
from channels.messaging.words import Words
from frontdesk.booking.telling import NOTICE
from frontdesk.database import utc_now
from frontdesk.messages.inbox import Answered, Entry, Inbox

logger = logging.getLogger(__name__)

# A message at which the server dies, or for which not even the apology can be said, is not tried for ever.
_MOST_ATTEMPTS = 3
_MOST_APOLOGIES = 3


class Service:
    """Serves the conversations of all channels, each in order."""

    def __init__(
        self,
        platforms: Mapping[str, Platform],
        turns: Mapping[str, Turns],
        inbox: Inbox,
        sender: Sender,
        desk: Desk,
        characters: int,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """Sets up.

        Args:
            platforms: by name.
            turns: of each of them.
            inbox: what has come in.
            sender: shows the visitor that the desk is busy.
            desk: where the apology and the clinic's numbers come from.
            characters: longest message that is answered.
            clock: where the time (aware) comes from.
        """
        self._platforms = platforms
        self._turns = turns
        self._inbox = inbox
        self._sender = sender
        self._desk = desk
        self._characters = characters
        self._clock = clock
        self._words = Words()
        self._courtesies: set[asyncio.Task[None]] = set()

    def take(self) -> Entry | None:
        """The next message to answer, taken from the inbox."""
        return self._inbox.take(self._platforms.keys(), self._clock())

    async def serve(self, entry: Entry) -> None:
        """Answer one message: queue what is to be sent, and note that it is done with."""
        platform = self._platforms[entry.channel]
        if entry.attempt > _MOST_ATTEMPTS + _MOST_APOLOGIES:
            log_failure(f"{entry.channel}: a message is given up", None)
            await asyncio.to_thread(self._inbox.answer, entry, Answered(), self._clock())
            return
        # Never cancelled: httpx would not give the connection of a cancelled call back, and soon have none left.
        courtesy = asyncio.create_task(self._be_courteous(platform, entry))
        self._courtesies.add(courtesy)
        courtesy.add_done_callback(self._courtesies.discard)
        shaped = await self._shaped(platform, entry)
        answered = Answered()
        if shaped is not None:
            calls = tuple(call.to_json() for call in shaped.calls)
            # A notice is no question, so the one before it can still be answered by its number.
            choices = entry.choices if entry.kind == NOTICE else shaped.to_slot()
            answered = Answered(calls, choices, shaped.payloads)
        await asyncio.to_thread(self._inbox.answer, entry, answered, self._clock())

    async def _shaped(self, platform: Platform, entry: Entry) -> Shaped | None:
        if entry.kind == NOTICE:
            return self._notice(platform, entry)
        messages = await self._reply(entry)
        return platform.shape(messages, entry.address, self._words)

    async def _reply(self, entry: Entry) -> list[Message]:
        if entry.attempt > _MOST_ATTEMPTS:
            log_failure(f"{entry.channel} turn failed every time", None)
            return messages_of([await asyncio.to_thread(self._desk.apology)])
        text = plain_text(await asyncio.to_thread(self._meaning, entry))
        if entry.kind == "unreadable" or not text:
            return await self._sentence("unreadable")
        if len(text) > self._characters:
            return await self._sentence("too_long", characters=f"{self._characters:,}")
        return messages_of(await self._turns[entry.channel].run(entry.conversation, text))

    def _meaning(self, entry: Entry) -> str:
        text: str = entry.content.get("text") or ""
        if entry.kind != "pressed":
            return chosen(text, entry.choices)
        if is_key(text):
            # One so old that it is forgotten still says what stood on it.
            return self._inbox.payload(text) or entry.content.get("title") or ""
        return text or entry.content.get("title") or ""

    async def _sentence(self, name: str, **values: Any) -> list[Message]:
        try:
            about = await asyncio.to_thread(self._desk.about)
        except Exception as error:
            log_failure("the clinic's numbers could not be read", error)
            return messages_of([await asyncio.to_thread(self._desk.apology)])
        numbers = {"phone": about["phone"], "emergency_number": about["emergency_number"]}
        return [Message(self._words.say(name, **numbers, **values))]

    def _notice(self, platform: Platform, entry: Entry) -> Shaped | None:
        if not entry.address or self._clock() > datetime.fromisoformat(entry.content["until"]):
            return None
        message = Message(self._words.say(entry.content["event"], **entry.content["words"]))
        heard = self._clock() - entry.heard_at
        shaped = platform.proactive(message, entry.address, self._words, heard, entry.content["values"])
        if shaped is None:
            logger.info("%s allows no %s now", entry.channel, entry.content["event"])
        return shaped

    async def _be_courteous(self, platform: Platform, entry: Entry) -> None:
        for call in platform.courtesies(entry.content.get("receipt") or "", entry.address):
            await self._sender.call(platform, call, is_courtesy=True)
