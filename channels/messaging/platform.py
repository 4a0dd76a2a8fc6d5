"""What a platform is to the desk: how its deliveries are checked and read, how replies are shaped and sent."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

import httpx

from channels.messaging.shaping import Message, Shaped
from channels.messaging.words import Words

Kind = Literal["text", "pressed", "unreadable", "notice"]


class Forged(Exception):
    """A delivery that does not prove to come from the platform.

    Attributes:
        status: 401 without any proof, 403 with a wrong one.
    """

    def __init__(self, status: Literal[401, 403]) -> None:
        super().__init__(status)
        self.status = status


class Unreadable(Exception):
    """A genuine delivery that is not in the platform's format."""


@dataclass(frozen=True)
class Delivery:
    """A request as it arrived.

    Attributes:
        headers: by lower-case name.
        body: raw.
    """

    headers: Mapping[str, str]
    body: bytes

    def proof(self, header: str) -> str:
        """A header that proves who sent this.

        Raises:
            Forged: it was not sent.
        """
        value = self.headers.get(header, "")
        if not value:
            raise Forged(401)
        return value


@dataclass(frozen=True)
class Incoming:
    """One message of a visitor.

    Attributes:
        delivery: the platform's id of it; the same when it is delivered again.
        visitor: who wrote, as the platform names them; it is kept as a keyed hash only.
        address: where answers go, as plain JSON values.
        kind: `text` typed, `pressed` a button, `unreadable` a picture, voice or the like.
        text: the words; of a button its data.
        title: words on the button that was pressed.
        sent_at: when it was written, aware, where the platform says so.
        receipt: what the platform wants to see again when the message is acknowledged.
    """

    delivery: str
    visitor: str
    address: Mapping[str, Any]
    kind: Kind
    text: str = ""
    title: str = ""
    sent_at: datetime | None = None
    receipt: str = ""


@dataclass(frozen=True)
class Call:
    """One call to a platform. How it proves who calls is added when it is made, and never stored.

    Attributes:
        path: below the address of the platform's interface.
        body: what is sent, as plain JSON values.
        form: whether as a form and not as JSON.
    """

    path: str
    body: Mapping[str, Any]
    form: bool = False

    def to_json(self) -> dict[str, Any]:
        """The call as plain JSON values."""
        return {"path": self.path, "body": dict(self.body), "form": self.form}


@dataclass(frozen=True)
class Way:
    """The way into a platform: what is put around a call when it is made.

    Attributes:
        address: to which the call's path is added.
        headers: sent along.
        auth: name and password, or None.
    """

    address: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    auth: tuple[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Verdict:
    """What a platform's answer to a call means.

    Attributes:
        is_final: whether trying again is of no use, as it was taken or refused for good.
        problem: None when it was taken, otherwise what the platform said, without anything personal.
        pause: how long the platform asks to wait.
    """

    is_final: bool
    problem: str | None = None
    pause: timedelta | None = None


TAKEN = Verdict(True)

_TRY_AGAIN = frozenset({401, 403, 408, 425, 429})


class Platform(ABC):
    """One messaging platform; no method keeps anything between calls, and only those of `Sender` go online."""

    name: ClassVar[str]
    memory: ClassVar[timedelta] = timedelta(days=8)
    """How long deliveries are remembered, and the greatest age of a message that is still answered; longer than the
    platform tries to deliver."""

    @abstractmethod
    def check(self, delivery: Delivery, now: datetime) -> None:
        """Check that a delivery comes from the platform, before anything in it is read.

        Raises:
            Forged: it does not prove to.
        """

    @abstractmethod
    def read(self, delivery: Delivery) -> list[Incoming]:
        """The visitors' messages in a checked delivery, in order; what needs no answer is left out.

        Raises:
            Unreadable: it is not in the platform's format.
        """

    def verify(self, query: Mapping[str, str]) -> str | None:
        """The answer to a request by which the platform checks the address, a GET; None when that is not usual here.

        Raises:
            Forged: it does not prove to come from the platform.
        """
        return None

    def handshake(self, delivery: Delivery) -> str | None:
        """The answer to a checked delivery that only tries the address; None when it is not one of those."""
        return None

    @abstractmethod
    def shape(self, messages: Sequence[Message], address: Mapping[str, Any], words: Words) -> Shaped:
        """The calls that say these messages within the platform's limits."""

    def registration(self) -> Call | None:
        """The call that tells the platform where to deliver, made at each start; None where people do that."""
        return None

    def courtesies(self, receipt: str, address: Mapping[str, Any]) -> list[Call]:
        """Calls that show that the desk is busy; nothing is lost when they fail."""
        return []

    def proactive(
        self, message: Message, address: Mapping[str, Any], words: Words, heard: timedelta, values: Sequence[str]
    ) -> Shaped | None:
        """The calls that say a message which answers none, within the platform's rules; None when they allow none.

        Args:
            message: in free words.
            address: where to.
            words: of the channels.
            heard: how long ago the visitor wrote last.
            values: what a template is filled in with.
        """
        return self.shape([message], address, words)

    @abstractmethod
    def way(self) -> Way:
        """The way in for calls."""

    def verdict(self, response: httpx.Response) -> Verdict:
        """What the platform's answer to a call means."""
        if response.is_success:
            return TAKEN
        problem = f"status {response.status_code}"
        if response.status_code >= 500 or response.status_code in _TRY_AGAIN:
            return Verdict(False, problem, retry_after(response))
        return Verdict(True, problem)


def retry_after(response: httpx.Response) -> timedelta | None:
    """The pause that a `Retry-After` header asks for, if it is a number of seconds."""
    text = response.headers.get("retry-after", "")
    return timedelta(seconds=int(text)) if text.isascii() and text.isdecimal() and len(text) < 9 else None
