"""One turn at a time in a conversation.

Rasa's locks are asked once a second whether they are free, in memory as in Redis: a second message sent while the first
is being answered waits 1,000 ms where the answer takes 15, and ten of them ten seconds. Here those of one server wait
in a queue in memory, and one of them at a time waits for Redis, which is asked every 20 ms.

`REDIS_URL` switches Redis on; several servers need it. When Redis is away, turns go on under the locks in memory: two
servers in one conversation at the same moment are rare, and the tracker store notices them; a visitor without an answer
is worse.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockError, LockStore
from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError as NotOurs
from redis.exceptions import RedisError

from engine import metrics
from frontdesk.settings import Settings

logger = logging.getLogger(__name__)

# Longer than the door lets a visitor wait.
WAIT_SECONDS = 25
# A server that dies in the middle of a turn keeps the conversation for no longer than that; one that lives renews it.
LIFETIME_SECONDS = 5
ASK_SECONDS = 0.02
# Redis that does not answer within one is away, and is left alone for the other.
PATIENCE_SECONDS = 1
PAUSE_SECONDS = 5


class ConversationLocks(LockStore):
    """A lock store for `endpoints.yml`: `type: engine.lock_store.ConversationLocks`."""

    def __init__(self, endpoint_config: Any = None, redis_url: str | None = None) -> None:
        """Prepare the locks; Redis is called with the first turn.

        Args:
            endpoint_config: Rasa's, not looked at.
            redis_url: Address of Redis; that of the settings without it.
        """
        url = redis_url or Settings.from_environment().redis_url
        self._redis = (
            Redis.from_url(url, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS)
            if url
            else None
        )
        self._queues: dict[str, asyncio.Lock] = {}
        self._away_until = 0.0

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LIFETIME_SECONDS, wait_time_in_seconds: float = ASK_SECONDS
    ) -> AsyncIterator[TicketLock]:
        """Hold a conversation within the block.

        Args:
            conversation_id: The conversation.
            lock_lifetime: Seconds after which another server may go on although this one has not let go.
            wait_time_in_seconds: How often Redis is asked.

        Raises:
            LockError: Others have held it for `WAIT_SECONDS`.
        """
        begun = time.perf_counter()
        queue = self._queues.setdefault(conversation_id, asyncio.Lock())
        try:
            await asyncio.wait_for(queue.acquire(), WAIT_SECONDS)
        except asyncio.TimeoutError:
            raise LockError("A conversation was held for too long by the turns before.") from None
        try:
            held = await self._take(conversation_id, lock_lifetime, wait_time_in_seconds)
            metrics.stage_seconds.labels("lock").observe(time.perf_counter() - begun)
            keeping = None if held is None else asyncio.create_task(_keep(held, lock_lifetime))
            try:
                yield TicketLock(conversation_id)
            finally:
                if held is not None and keeping is not None:
                    keeping.cancel()
                    await self._give_back(held)
        finally:
            queue.release()
            if not queue.locked() and not queue._waiters:
                self._queues.pop(conversation_id, None)

    async def _take(self, conversation_id: str, lifetime: float, ask: float) -> Lock | None:
        if self._redis is None or time.monotonic() < self._away_until:
            return None
        lock = self._redis.lock(f"frontdesk:lock:{conversation_id}", timeout=lifetime, sleep=ask)
        try:
            taken = await lock.acquire(blocking_timeout=WAIT_SECONDS)
        except RedisError as error:
            self._away_until = time.monotonic() + PAUSE_SECONDS
            logger.error("Redis is away (%s); turns go on under this server's own locks.", type(error).__name__)
            return None
        if not taken:
            raise LockError("A conversation was held for too long by another server.")
        return lock

    async def _give_back(self, lock: Lock) -> None:
        try:
            await lock.release()
        except RedisError as error:
            # It ends by itself.
            logger.warning("A lock could not be given back to Redis: %s", type(error).__name__)


async def _keep(lock: Lock, lifetime: float) -> None:
    """Renew a lock until this is cancelled, or Redis no longer knows it."""
    while True:
        await asyncio.sleep(lifetime / 3)
        try:
            await lock.reacquire()
        except NotOurs:
            return
        except RedisError as error:
            logger.warning("A lock could not be renewed in Redis: %s", type(error).__name__)
