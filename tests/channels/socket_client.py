"""A website's own client at the Socket.IO door."""

from __future__ import annotations

import time
from typing import Any

import socketio

SECONDS = 40


class SocketClient:
    """One connection.

    Attributes:
        said: replies, in order.
        refused: refusals, in order.
        token: of the session, as the server gave it.
    """

    def __init__(self, url: str, token: Any = None) -> None:
        self.said: list[dict[str, Any]] = []
        self.refused: list[dict[str, Any]] = []
        self.token: str | None = None
        self._client = socketio.Client(reconnection=False)
        self._client.on("bot_uttered", self.said.append)
        self._client.on("refused", self.refused.append)
        self._client.on("session_confirm", self._confirm)
        # The WebSocket transport of this client needs another aiohttp than Rasa does.
        self._client.connect(url, socketio_path="/webhooks/socketio/socket.io", transports=["polling"])
        self.open(token)

    def open(self, token: Any = None) -> None:
        """Ask for a session, a new one or that of a token, and wait for it."""
        self.token = None
        self.emit("session_request", {"session_id": token})
        self.wait(lambda: self.token is not None)

    def emit(self, event: str, data: Any) -> None:
        """Send an event."""
        self._client.emit(event, data)

    def call(self, event: str, data: Any) -> None:
        """Send an event, and wait until it is dealt with; who never waits is cut off."""
        self._client.call(event, data, timeout=SECONDS)

    def say(self, text: str, **more: Any) -> None:
        """Send words."""
        self.emit("user_uttered", {"message": text, **more})

    def wait(self, holds: Any) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + SECONDS
        while not holds():
            assert time.monotonic() < deadline, "nothing came"
            time.sleep(0.02)

    def close(self) -> None:
        """Go away as a closed browser tab does; a polite goodbye waits for the poll that is under way."""
        self._client.eio.disconnect(abort=True)

    def _confirm(self, token: str) -> None:
        self.token = token
