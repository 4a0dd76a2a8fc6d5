"""The turn that is being served, known to whatever is logged or measured meanwhile."""

from __future__ import annotations

import secrets
from contextvars import ContextVar
from dataclasses import dataclass, field


def _new_id() -> str:
    return secrets.token_hex(4)


@dataclass
class Turn:
    """A turn, or a request that is about to become one.

    Attributes:
        id: Eight hexadecimal digits, the same in both servers.
        words: What the visitor wrote, so that it can be kept out of the log; empty before it is known.
    """

    id: str = field(default_factory=_new_id)
    words: str = ""


_current: ContextVar[Turn | None] = ContextVar("turn", default=None)


def begin(turn_id: str | None = None) -> Turn:
    """Begin a turn in this task."""
    turn = Turn(turn_id) if turn_id else Turn()
    _current.set(turn)
    return turn


def current() -> Turn | None:
    """The turn of this task, or None."""
    return _current.get()
