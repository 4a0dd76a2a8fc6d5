"""As much of RabbitMQ as a publisher meets: AMQP 0-9-1, one fanout exchange, confirms; it can be ended and begun again.

Frames: https://www.rabbitmq.com/resources/specs/amqp0-9-1.pdf
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

from pamqp import body, commands, exceptions, frame, header, heartbeat

from tests.background import Background

# What is answered to what a client asks.
_ANSWERS: dict[type, Any] = {
    commands.Connection.Open: commands.Connection.OpenOk(),
    commands.Connection.Close: commands.Connection.CloseOk(),
    commands.Channel.Open: commands.Channel.OpenOk(),
    commands.Channel.Close: commands.Channel.CloseOk(),
    commands.Confirm.Select: commands.Confirm.SelectOk(),
    commands.Exchange.Declare: commands.Exchange.DeclareOk(),
    commands.Queue.Bind: commands.Queue.BindOk(),
}


class FakeRabbitMQ:
    """A broker on a port of the loopback address.

    Attributes:
        port: Where it listens once it is started.
        told: What was published, decoded, in order.
    """

    def __init__(self, port: int) -> None:
        """Take the port; nobody listens there before `start`."""
        self.port, self._connections = port, set[asyncio.StreamWriter]()
        self.told: list[dict[str, Any]] = []

    def start(self) -> None:
        """Listen."""
        self._background = Background()
        self._server = self._background.do(asyncio.start_server(self._serve, "127.0.0.1", self.port))

    def kill(self) -> None:
        """Break off all connections and take no more."""

        async def end() -> None:
            self._server.close()
            for connection in self._connections:
                connection.transport.abort()

        self._background.do(end())
        self._background.stop()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)

        def send(answer: Any, channel: int) -> None:
            writer.write(frame.marshal(answer, channel))

        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readexactly(8)
            able = {"capabilities": {"publisher_confirms": True}}
            send(commands.Connection.Start(server_properties=able, mechanisms="PLAIN", locales="en_US"), 0)
            rest, number = b"", 0
            while data := await reader.read(65_536):
                rest += data
                with contextlib.suppress(exceptions.UnmarshalingException):
                    while rest:
                        size, channel, found = frame.unmarshal(rest)
                        rest = rest[size:]
                        if isinstance(found, commands.Connection.StartOk):
                            send(commands.Connection.Tune(channel_max=10, frame_max=131_072, heartbeat=0), 0)
                        elif isinstance(found, commands.Queue.Declare):
                            send(
                                commands.Queue.DeclareOk(queue=found.queue, message_count=0, consumer_count=0), channel
                            )
                        elif isinstance(found, body.ContentBody):
                            number += 1
                            self.told.append(json.loads(found.value))
                            send(commands.Basic.Ack(delivery_tag=number), channel)
                        elif not isinstance(found, (header.ContentHeader, heartbeat.Heartbeat)):
                            answer = _ANSWERS.get(type(found))
                            if answer is not None:
                                send(answer, channel)
                await writer.drain()
        self._connections.discard(writer)
