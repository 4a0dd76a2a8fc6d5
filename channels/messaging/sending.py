"""Makes the calls to the platforms; one that fails is made again, before any later one of its conversation."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx

from channels.messaging.platform import Call, Platform, Verdict, Way
from frontdesk.database import utc_now
from frontdesk.messages.outgoing import Letter, Outgoing

TIMEOUT_SECONDS = 15
COURTESY_SECONDS = 5
# So that a platform that hangs keeps no connection from replies.
_COURTESIES_AT_ONCE = 10

logger = logging.getLogger(__name__)
# It logs each address that it calls, and Telegram's hold the bot's token.
logging.getLogger("httpx").setLevel(logging.WARNING)


class Sender:
    """Sends for all channels."""

    def __init__(
        self, platforms: Mapping[str, Platform], outgoing: Outgoing, clock: Callable[[], datetime] = utc_now
    ) -> None:
        """Take the platforms by name, the queue, and where the time (aware) comes from."""
        self._platforms = platforms
        self._outgoing = outgoing
        self._clock = clock
        self._clients: dict[bool, httpx.AsyncClient] = {}

    def take(self) -> Letter | None:
        """The next call to make, taken from the queue."""
        return self._outgoing.take(self._platforms.keys(), self._clock())

    async def send(self, letter: Letter) -> timedelta | None:
        """Make one call, and note what became of it; how long it waits, if it has to be made again."""
        platform = self._platforms[letter.channel]
        verdict = await self.call(platform, Call(**letter.call))
        if verdict.is_final:
            await asyncio.to_thread(self._outgoing.sent, letter)
            if verdict.problem is not None:
                logger.error("%s does not take a reply: %s", letter.channel, verdict.problem)
            return None
        pause = await asyncio.to_thread(self._outgoing.postpone, letter, self._clock(), verdict.pause)
        logger.log(
            logging.WARNING if pause else logging.ERROR,
            "%s: a reply %s after attempt %d: %s",
            letter.channel,
            "waits" if pause else "is given up",
            letter.attempt,
            verdict.problem,
        )
        return pause

    async def call(self, platform: Platform, call: Call, is_courtesy: bool = False) -> Verdict:
        """Make a call; what it came to, however it ended. A courtesy gets less time, and connections of its own."""
        try:
            return platform.verdict(await self._request(platform.way(), call, is_courtesy))
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            # Only its kind: the message of some holds the address, and that of a platform may hold a token.
            return Verdict(False, type(error).__name__)

    async def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    async def _request(self, way: Way, call: Call, is_courtesy: bool) -> httpx.Response:
        if is_courtesy not in self._clients:
            seconds, most = (COURTESY_SECONDS, _COURTESIES_AT_ONCE) if is_courtesy else (TIMEOUT_SECONDS, None)
            limits = httpx.Limits(max_connections=most)
            self._clients[is_courtesy] = httpx.AsyncClient(timeout=seconds, limits=limits, follow_redirects=False)
        content: dict[str, Any] = {"data": call.body} if call.form else {"json": call.body}
        if way.auth is not None:
            content["auth"] = way.auth
        return await self._clients[is_courtesy].post(f"{way.address}/{call.path}", headers=way.headers, **content)
