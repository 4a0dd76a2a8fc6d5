"""Tells RabbitMQ or Kafka of every event, as far as they are there; no visitor waits for them.

Rasa's own brokers end the start of the server when theirs is away, or hold up everybody for minutes when it goes:
the one waits for a free place in the event loop itself, the other keeps what it cannot tell for ever. Here events wait
in a queue of their own, in order, while turns go on. Each is told at least once; after a broken connection the last
ones may come twice. What is too much for the queue is lost and counted, the oldest first.

`EVENT_BROKER_URL`, `amqp://user:password@host:port` for RabbitMQ or `kafka://host:port`; unset, nobody is told.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Sequence
from typing import Any, Protocol
from urllib.parse import urlsplit

from rasa.core.brokers.broker import EventBroker
from rasa.utils.endpoints import EndpointConfig

from engine import metrics
from frontdesk.settings import Settings

logger = logging.getLogger(__name__)

# Some 60 MB; those of half an hour of a busy server.
MOST_WAITING = 20_000
AT_ONCE = 200
TELL_SECONDS = 15
PAUSE_SECONDS = 5
SECONDS_TO_END = 5

Event = dict[str, Any]


class Line(Protocol):
    """The way to a broker."""

    async def tell(self, events: Sequence[Event]) -> None:
        """Tell of events in order, over a new connection where there is none; whatever is raised, some may be told."""

    async def close(self) -> None:
        """Close the connection."""


class ConversationStream(EventBroker):
    """An event broker for `endpoints.yml`: `type: engine.event_broker.ConversationStream`."""

    def __init__(self, line: Line, most: int = MOST_WAITING, pause: float = PAUSE_SECONDS) -> None:
        """Set up; nobody is called before the first event.

        Args:
            line: The way to the broker.
            most: Events that may wait.
            pause: Seconds between two tries.
        """
        self._line, self._most, self._pause = line, most, pause
        self._waiting: deque[Event] = deque()
        self._under_way = 0
        self._telling: asyncio.Task[None] | None = None
        self._is_away = False

    @classmethod
    async def from_endpoint_config(cls, _: EndpointConfig, event_loop: Any = None) -> ConversationStream | None:
        """The stream to the broker that the settings name, or None."""
        address = Settings.from_environment().event_broker_url
        return None if address is None else cls(line_to(address))

    def publish(self, event: Event) -> None:
        """Let an event wait until it is told."""
        self._waiting.append(event)
        self._lose_what_is_too_much()
        self._show()
        if self._telling is None or self._telling.done():
            self._telling = asyncio.get_running_loop().create_task(self._tell())

    async def close(self) -> None:
        """Tell what is left, as far as it takes no long time; the server is about to end."""
        if self._telling is not None:
            await asyncio.wait({self._telling}, timeout=SECONDS_TO_END)
            self._telling.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._telling
        if self._waiting:
            self._lose(len(self._waiting))
        with contextlib.suppress(Exception):
            await self._line.close()

    async def _tell(self) -> None:
        while self._waiting:
            events = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
            self._under_way = len(events)
            try:
                await asyncio.wait_for(self._line.tell(events), TELL_SECONDS)
            except Exception as error:
                self._take_back(events)
                await self._wait(error)
            except asyncio.CancelledError:
                self._take_back(events)
                raise
            else:
                self._under_way = 0
                if self._is_away:
                    logger.warning("The event broker is back.")
                self._is_away = False
            self._show()

    async def _wait(self, error: Exception) -> None:
        if not self._is_away:
            logger.error("The event broker is away, events wait in memory: %s", type(error).__name__)
        self._is_away = True
        with contextlib.suppress(Exception):
            await self._line.close()
        await asyncio.sleep(self._pause)

    def _take_back(self, events: Sequence[Event]) -> None:
        self._waiting.extendleft(reversed(events))
        self._under_way = 0
        self._lose_what_is_too_much()

    def _lose_what_is_too_much(self) -> None:
        too_many = len(self._waiting) + self._under_way - self._most
        for _ in range(min(too_many, len(self._waiting))):
            self._waiting.popleft()
            self._lose(1)

    def _lose(self, number: int) -> None:
        metrics.lost_events.inc(number)
        if number > 1:
            logger.error("%d events were not told to the event broker.", number)

    def _show(self) -> None:
        metrics.untold_events.set(len(self._waiting) + self._under_way)


def line_to(address: str) -> Line:
    """The line to the broker at an address."""
    # Only the one that is used: either takes its time to load.
    if urlsplit(address).scheme == "kafka":
        from engine.kafka_line import KafkaLine

        return KafkaLine(address)
    from engine.rabbitmq_line import RabbitMQLine

    return RabbitMQLine(address)
