"""Tells RabbitMQ, in the form of Rasa's own broker: persistent messages, a fanout exchange, a durable queue."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

import aio_pika
from aio_pika.abc import AbstractConnection, AbstractExchange

EXCHANGE = "rasa-exchange"
QUEUE = "frontdesk_events"


class RabbitMQLine:
    """A `Line` to RabbitMQ."""

    def __init__(self, address: str) -> None:
        """Take the address, `amqp://user:password@host:port`."""
        self._address = address
        self._connection: AbstractConnection | None = None
        self._exchange: AbstractExchange | None = None

    async def tell(self, events: Sequence[dict[str, Any]]) -> None:
        """Publish, each confirmed by the broker before the next."""
        if self._exchange is None:
            self._exchange = await self._open()
        for event in events:
            message = aio_pika.Message(
                json.dumps(event).encode(),
                app_id=os.environ.get("RASA_ENVIRONMENT"),
                delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            )
            await self._exchange.publish(message, "")

    async def close(self) -> None:
        """Close the connection."""
        connection, self._connection, self._exchange = self._connection, None, None
        if connection is not None:
            await connection.close()

    async def _open(self) -> AbstractExchange:
        # Not aio_pika's own way of connecting again: it would keep messages where nobody counts them.
        self._connection = await aio_pika.connect(self._address)
        channel = await self._connection.channel(publisher_confirms=True)
        exchange = await channel.declare_exchange(EXCHANGE, type=aio_pika.ExchangeType.FANOUT)
        queue = await channel.declare_queue(QUEUE, durable=True)
        await queue.bind(exchange, "")
        return exchange
