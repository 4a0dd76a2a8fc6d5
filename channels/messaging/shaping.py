"""Replies as a platform can show them: texts, buttons, and choices by number where there are no buttons."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from channels.messaging.cutting import length, split
from channels.messaging.words import Words

_KEY_PREFIX = "k:"
_KEY_CHARACTERS = 32
_KEY = re.compile(rf"{_KEY_PREFIX}[0-9a-f]{{{_KEY_CHARACTERS}}}")
_NUMBER = re.compile(r"(?:option|number|choice|no\.?|nr\.?|#)?\s*([0-9]{1,2})\ufe0f?\u20e3?\s*[.):]?", re.IGNORECASE)
_SHOWS_NO_SOURCES = frozenset({"emergency", "urgent"})
_MOST_SOURCES = 3


@dataclass(frozen=True)
class Choice:
    """A next step: what it is called, and the words that choosing it says."""

    title: str
    payload: str


@dataclass(frozen=True)
class Message:
    """One message of the desk.

    Attributes:
        text: what the visitor reads.
        choices: next steps.
        sources: where it comes from: `organisation`, `title` and perhaps `url` of each.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    sources: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Shaped:
    """Messages in a platform's own form.

    Attributes:
        calls: to the platform, in order.
        choices: what was offered last.
        is_numbered: whether each of them was shown with its number.
        payloads: those that did not fit, by key.
    """

    calls: tuple[Any, ...]
    choices: tuple[Choice, ...] = ()
    is_numbered: bool = False
    payloads: Mapping[str, str] = field(default_factory=dict)

    def to_slot(self) -> dict[str, Any] | None:
        """The choices as plain JSON values; None when there are none."""
        if not self.choices:
            return None
        return {"numbered": self.is_numbered, "choices": [[each.title, each.payload] for each in self.choices]}


def messages_of(turn: Sequence[Mapping[str, Any]]) -> list[Message]:
    """The messages of a turn, as :class:`channels.common.turns.Turns` gives them; each source stands once.

    What has no text of its own, such as a picture, is shown by its address.
    """
    messages: list[Message] = []
    named: set[str] = set()
    for said in turn:
        sources = [] if said["outcome"] in _SHOWS_NO_SOURCES else said.get("sources") or []
        new: list[Mapping[str, Any]] = []
        for source in sources:
            if source.get("url") and source["url"] not in named and len(new) < _MOST_SOURCES:
                named.add(source["url"])
                new.append(source)
        text = said["text"] or str(said.get("image") or "")
        if text:
            # Two ways to say the same are one choice; WhatsApp refuses a message in which two send the same.
            choices = {button["payload"]: Choice(button["title"], button["payload"]) for button in said["buttons"]}
            messages.append(Message(text, tuple(choices.values()), tuple(new)))
    return messages


def texts_of(message: Message, limit: int, last_limit: int, words: Words, links: bool = True) -> list[str]:
    """A message's text with its sources, in pieces; the last one has room for buttons.

    Args:
        message: the message.
        limit: longest piece.
        last_limit: longest last piece.
        words: how a source is named.
        links: whether the addresses of sources are shown.
    """
    named = [words.source(source, links) for source in message.sources]
    pieces = split("\n\n".join([message.text, "\n".join(named)]) if named else message.text, limit)
    if pieces and length(pieces[-1]) > last_limit:
        pieces[-1:] = split(pieces[-1], last_limit)
    return pieces


def numbered(message: Message, words: Words) -> Message:
    """A message with its choices written out under it, each with its number."""
    if not message.choices:
        return message
    lines = [words.choice(number, choice.title) for number, choice in enumerate(message.choices, 1)]
    text = "\n\n".join([message.text, "\n".join([words.choose, *lines])])
    return Message(text, message.choices, message.sources)


def data_of(payload: str, limit: int, payloads: dict[str, str]) -> str:
    """What a button sends back: the payload itself, or its key when it is longer than `limit` UTF-8 bytes.

    Args:
        payload: of the button.
        limit: what the platform takes, at least 34.
        payloads: gets what has to be kept.
    """
    if len(payload.encode()) <= limit and not is_key(payload):
        return payload
    key = _KEY_PREFIX + hashlib.sha256(payload.encode()).hexdigest()[:_KEY_CHARACTERS]
    payloads[key] = payload
    return key


def is_key(data: str) -> bool:
    """Whether the data of a button is the key of a payload that is kept in a table."""
    return _KEY.fullmatch(data) is not None


def chosen(text: str, offered: Mapping[str, Any] | None) -> str:
    """What typed words mean: the payload of the choice that they name by its number or its title, else themselves.

    Args:
        text: as typed.
        offered: what was offered last, as `Shaped.to_slot` gives it.
    """
    if not offered:
        return text
    choices = offered["choices"]
    typed = " ".join(text.split()).casefold()
    for title, payload in choices:
        if typed == " ".join(title.split()).casefold():
            return payload
    match = _NUMBER.fullmatch(typed) if offered["numbered"] else None
    if match is not None and 1 <= int(match[1]) <= len(choices):
        return choices[int(match[1]) - 1][1]
    return text
