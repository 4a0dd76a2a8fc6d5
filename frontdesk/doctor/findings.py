"""What an examination finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["well", "look", "wrong"]

WELL: State = "well"
LOOK: State = "look"
WRONG: State = "wrong"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what: Such as `disk`.
        state: `well`, `look` (it works, and will not do for ever or for everybody) or `wrong` (not fit for visitors).
        found: What was found, in a sentence without anything secret or personal.
        advice: What to do about it; empty where all is well.
    """

    what: str
    state: State
    found: str
    advice: str = ""


def well(what: str, found: str) -> Finding:
    """Nothing is to be done."""
    return Finding(what, WELL, found)


def look(what: str, found: str, advice: str) -> Finding:
    """Something is to be thought about."""
    return Finding(what, LOOK, found, advice)


def wrong(what: str, found: str, advice: str) -> Finding:
    """Something is to be put right."""
    return Finding(what, WRONG, found, advice)
