"""Tells Kafka, in the form of Rasa's own broker: a topic, partitioned by conversation so that each keeps its order."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote, urlsplit

from confluent_kafka import KafkaException, Producer

TOPIC = "frontdesk_events"
# Less than the stream waits for a line.
SECONDS = 10


class KafkaLine:
    """A `Line` to Kafka."""

    def __init__(self, address: str) -> None:
        """Take the address, `kafka://host:port`, with user and password for SASL."""
        self._options = options(address)
        self._producer: Producer | None = None
        # Not one of the threads that serve visitors: it may wait for long.
        self._thread = ThreadPoolExecutor(1, "kafka")

    async def tell(self, events: Sequence[dict[str, Any]]) -> None:
        """Produce, and wait until all are taken."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._tell, events)

    async def close(self) -> None:
        """Forget the producer, and what it has not told."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, producer.purge)

    def _tell(self, events: Sequence[dict[str, Any]]) -> None:
        if self._producer is None:
            self._producer = Producer(self._options)
        failed: list[Any] = []
        headers: Any = [("RASA_ENVIRONMENT", os.environ.get("RASA_ENVIRONMENT", "RASA_ENVIRONMENT_NOT_SET").encode())]
        for event in events:
            self._producer.produce(
                TOPIC,
                value=json.dumps(event).encode(),
                key=str(event.get("sender_id")).encode(),
                headers=headers,
                on_delivery=lambda error, _: failed.append(error) if error else None,
            )
        if self._producer.flush(SECONDS) or failed:
            raise KafkaException("not all events were taken")


def options(address: str) -> dict[str, Any]:
    """The producer's options for a broker at an address."""
    parts = urlsplit(address)
    found: dict[str, Any] = {
        "bootstrap.servers": parts.netloc.rpartition("@")[2],
        "security.protocol": "PLAINTEXT",
        "message.timeout.ms": SECONDS * 1000,
        # Otherwise librdkafka writes to the error output by itself, once a second.
        "log_level": 0,
    }
    if parts.username:
        found |= {
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": "PLAIN",
            "sasl.username": unquote(parts.username),
            "sasl.password": unquote(parts.password or ""),
        }
    return found
