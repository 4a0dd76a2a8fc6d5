"""Talks to the assistant through its website door."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import httpx

# A longer wait means a daily allowance is used up, and no evaluation should sit that out.
_LONGEST_WAIT_SECONDS = 120
_TIMEOUT_SECONDS = 60


class Unreachable(ConnectionError):
    """The assistant cannot be asked; the message says what to do about it."""


@dataclass(frozen=True)
class Reply:
    """What came back for one message.

    Attributes:
        messages: the messages of the contract of ``POST /message``; empty when the request was refused.
        seconds: time from sending the message to having the whole reply.
        refusal: code of the refusal, or None.
    """

    messages: tuple[dict[str, Any], ...]
    seconds: float
    refusal: str | None = None

    @property
    def topics(self) -> tuple[str, ...]:
        """Answered topics, each once. The topics of a "did you mean" are offers and not answers."""
        answered = [message["topics"] for message in self.messages if message["outcome"] != "clarify"]
        return tuple(dict.fromkeys(topic for topics in answered for topic in topics))

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Outcomes of the messages, each once."""
        return tuple(dict.fromkeys(message["outcome"] for message in self.messages))

    @property
    def text(self) -> str:
        """All that was said."""
        return " ".join(message["text"] for message in self.messages)


class WebsiteClient:
    """A client of the website door; use as an asynchronous context manager."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """Prepares the client.

        Args:
            url: address of the server, such as ``http://127.0.0.1:5005``.
            transport: stands in for the network in tests.
        """
        self._url = url.rstrip("/")
        self._http = httpx.AsyncClient(
            base_url=f"{self._url}/webhooks/website", timeout=_TIMEOUT_SECONDS, transport=transport, trust_env=False
        )

    async def __aenter__(self) -> WebsiteClient:
        """Returns the client."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Closes its connections."""
        await self._http.aclose()

    async def open_session(self) -> str:
        """Returns the token of a new conversation.

        Raises:
            Unreachable: no conversation can be opened.
        """
        response, _ = await self._post("/session")
        if response.status_code != httpx.codes.CREATED:
            raise Unreachable(f"{self._url} gives no conversation: {response.status_code} {response.text[:200]}")
        return response.json()["session"]

    async def say(self, session: str, text: str) -> Reply:
        """Sends one message and returns the reply.

        Raises:
            Unreachable: the connection fails.
        """
        headers = {"Authorization": f"Bearer {session}"}
        response, seconds = await self._post("/message", json={"message": text}, headers=headers)
        if response.status_code != httpx.codes.OK:
            return Reply((), seconds, _refusal_code(response))
        return Reply(tuple(response.json()["messages"]), seconds)

    async def _post(self, path: str, **arguments: Any) -> tuple[httpx.Response, float]:
        while True:
            start = time.perf_counter()
            try:
                response = await self._http.post(path, **arguments)
            except httpx.TransportError as error:
                raise Unreachable(
                    f"Nothing answers at {self._url} ({type(error).__name__}). Start the assistant with `make run`, "
                    "or say with --url where it is."
                ) from error
            seconds = time.perf_counter() - start
            if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                return response, seconds
            wait = int(response.headers.get("Retry-After", "1"))
            if wait > _LONGEST_WAIT_SECONDS:
                raise Unreachable(
                    f"{self._url} takes no more questions for {wait} seconds. Start it with higher rates for an "
                    "evaluation (FRONTDESK_SESSION_RATE, FRONTDESK_ADDRESS_RATE, FRONTDESK_MESSAGE_RATE)."
                )
            await asyncio.sleep(wait)


def _refusal_code(response: httpx.Response) -> str:
    try:
        return response.json()["error"]["code"]
    except (ValueError, LookupError, TypeError):
        return f"status {response.status_code}"
