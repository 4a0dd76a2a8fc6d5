"""What is named in a message, as it travels through a turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["present", "denied", "past", "other"]


@dataclass(frozen=True)
class Entity:
    """A term found in a text.

    Attributes:
        entity: its type (``concern``, ``condition``, …).
        value: its id in the vocabulary.
        start, end: characters in the text.
        text: the characters themselves.
        state: ``present``, ``denied``, ``past`` or ``other`` (somebody else's).
    """

    entity: str
    value: str
    start: int
    end: int
    text: str
    state: State
