"""Takes what waits in a queue and handles it, several at once, as long as the server runs."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from channels.common.failures import log_failure

AT_ONCE = 16
# What another process has left behind, or what comes due again, is noticed that soon.
SECONDS_BETWEEN_LOOKS = 1.0
_SECONDS_TO_END = 25


class Pump:
    """Moves one queue."""

    def __init__(
        self,
        name: str,
        take: Callable[[], Any | None],
        handle: Callable[[Any], Awaitable[None]],
        seconds: float = SECONDS_BETWEEN_LOOKS,
    ) -> None:
        """Sets up; nothing moves before `start`.

        Args:
            name: of the queue, for the log.
            take: takes one item, None when there is none; called in a thread.
            handle: handles it; what it raises is logged, and the item comes due again by itself.
            seconds: between two looks when nobody wakes the pump.
        """
        self._name = name
        self._take = take
        self._handle = handle
        self._seconds = seconds
        self._woken = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None
        self._is_stopping = False

    def start(self) -> None:
        """Begin, in the running event loop."""
        # Made here, as an event belongs to the loop in which it is first used.
        self._woken = asyncio.Event()
        self._is_stopping = False
        self._loop = asyncio.create_task(self._run())

    def wake(self) -> None:
        """Look at once, as there is something new."""
        self._woken.set()

    async def stop(self) -> None:
        """Take nothing more, and wait for what is being handled."""
        # Until Python 3.12 wait_for() forgets that it was cancelled when it is woken at that very moment.
        self._is_stopping = True
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        if self._running:
            await asyncio.wait(self._running, timeout=_SECONDS_TO_END)

    async def _run(self) -> None:
        failing = False
        while not self._is_stopping:
            self._woken.clear()
            try:
                while len(self._running) < AT_ONCE and (item := await asyncio.to_thread(self._take)) is not None:
                    task = asyncio.create_task(self._one(item))
                    self._running.add(task)
                    task.add_done_callback(self._finished)
                failing = False
            except Exception as error:
                # Once, and not every second for as long as the database is away.
                if not failing:
                    log_failure(f"{self._name} cannot be read", error)
                failing = True
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._woken.wait(), self._seconds)

    async def _one(self, item: Any) -> None:
        try:
            await self._handle(item)
        except Exception as error:
            log_failure(f"an item of {self._name} failed", error)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self.wake()
