"""Stand-ins behind the website door: a small facts store and an assistant that says what it is told to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import httpx
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered

from frontdesk.facts.loading import load
from frontdesk.facts.schema import Button, Fact, Reply, Source
from frontdesk.facts.snapshot import FactsStore, RenderedFact
from frontdesk.settings import REPOSITORY

SITE = "https://clinic.example"
APOLOGY = "Sorry, that did not work. Please call +44 20 7946 0018."
APOLOGY_BUTTON = {"title": "Phone number", "payload": "What is your phone number?"}


class StubStore:
    """Two facts with their sources, one of them with a variant, and the apology."""

    def __init__(self) -> None:
        review = {"date": "2026-11-20", "reviewer": None, "status": "draft"}
        older = {**review, "date": "2026-10-01"}
        small = {"when": {"body_area": ["hands"]}, "text": "Hands cost less.", "sources": ["M-5"]}
        facts = [
            {"id": "cost.session", "text": "A session costs money.", "sources": ["CLINIC", "NHS-2"], "review": review},
            {
                "id": "cost.course",
                "text": "A course costs more.",
                "sources": ["NHS-2"],
                "review": older,
                "variants": [small],
            },
        ]
        self.facts = {fact["id"]: Fact.parse_obj({"role": "lead", **fact}) for fact in facts}
        self.sources = {
            "CLINIC": source("CLINIC", "Clinic", "Prices"),
            "NHS-2": source("NHS-2", "NHS", "Cosmetic procedures", url="https://www.nhs.uk/", date="2024"),
            "M-5": source("M-5", "A journal", "Hands"),
        }
        real = real_store()
        self.clinic = real.clinic.copy(update={"name": "Linden Row <Skin> Clinic"})
        self.baseline, self.resolver, self.topics = real.baseline, real.resolver, {}
        self.emergency_number = real.emergency_number
        self.replies = {"apology": Reply.parse_obj({"text": APOLOGY, "outcome": "handoff", "buttons": ["call"]})}
        self.buttons = {"call": Button(**APOLOGY_BUTTON)}

    def fact(self, id_: str) -> Fact:
        return self.facts[id_]

    def render(self, id_: str, entities: Mapping[str, Sequence[str]] = MappingProxyType({})) -> RenderedFact:
        fact = self.facts[id_]
        said = fact.variants[0] if entities else fact
        return RenderedFact(id_, said.text, said.sources, version="1", variant=None)

    def reply_text(self, id_: str, now: datetime) -> str:
        return self.replies[id_].texts[0]


@lru_cache(maxsize=1)
def real_store() -> FactsStore:
    """The facts store of this repository, for what is too much to stand in for."""
    return FactsStore(load(REPOSITORY / "facts"))


def source(id_: str, organisation: str, title: str, url: str | None = None, date: str | None = None) -> Source:
    """A source of the facts store."""
    return Source(id=id_, organisation=organisation, title=title, url=url, date=date, verified="OPEN")


class StubAgent:
    """Stands in for Rasa's agent: notes what arrives and says what it is told to.

    Attributes:
        received: messages in the order of arrival.
        utterances: what to say in each turn, as keyword arguments of ``BotUttered``.
        by_text: what to say instead to a certain message.
        then: called after the utterances, to fail or to hang.
        erased: ids of the conversations that were erased.
        tracker_store, lock_store: it stands in for both, too.
    """

    def __init__(self) -> None:
        self.erased: list[str] = []
        self.tracker_store = self.lock_store = self
        self.received: list[UserMessage] = []
        self.utterances: list[dict[str, Any]] = [utterance("Hello!", outcome="smalltalk")]
        self.by_text: dict[str, list[dict[str, Any]]] = {}
        self.then: Callable[[], Awaitable[None]] | None = None

    @asynccontextmanager
    async def lock(self, conversation: str) -> AsyncIterator[None]:
        yield

    async def erase(self, sender_id: str) -> None:
        self.erased.append(sender_id)

    async def handle_message(self, message: UserMessage) -> None:
        self.received.append(message)
        for said in self.by_text.get(message.text, self.utterances):
            await message.output_channel.send_response(message.sender_id, BotUttered(**said).message())
        if self.then is not None:
            await self.then()


def utterance(
    text: str, buttons: list[dict[str, str]] | None = None, custom: Any = None, **metadata: Any
) -> dict[str, Any]:
    """What ``dispatcher.utter_message(text, buttons, **metadata)`` turns into on Rasa's side."""
    data = {
        "buttons": buttons,
        "elements": None,
        "quick_replies": None,
        "attachment": None,
        "image": None,
        "custom": custom,
    }
    return {"text": text, "data": data, "metadata": metadata}


class Door:
    """A running door and a client for it.

    Attributes:
        http: client whose base address is the channel's.
        agent: the stand-in for the assistant.
        address: ``http://127.0.0.1:<port>``.
    """

    def __init__(self, http: httpx.AsyncClient, agent: StubAgent, address: str) -> None:
        self.http = http
        self.agent = agent
        self.address = address

    async def open_session(self) -> dict[str, str]:
        """The headers of a new conversation."""
        token = (await self.http.post("/session")).json()["session"]
        return {"Authorization": f"Bearer {token}"}

    async def say(self, text: Any, headers: dict[str, str] | None = None) -> httpx.Response:
        """Sends one message, in a new conversation unless the headers of one are given."""
        return await self.http.post("/message", json={"message": text}, headers=headers or await self.open_session())
