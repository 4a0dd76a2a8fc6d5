"""What a fact's placeholder stands for: a number, a range, or something out of the clinic's profile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from frontdesk.facts.clinic import ClinicProfile
from frontdesk.facts.hours import today_text, week_text
from frontdesk.facts.schema import Value
from frontdesk.facts.values import ValueFormat
from frontdesk.facts.words import Words

HOURS_TEXT = "hours.text"
HOURS_TODAY = "hours.today"

# What the last word of a number's name in the profile says about its unit; prices are the only numbers named otherwise.
_UNITS_BY_NAME = {"minutes": "minute", "hours": "hour", "days": "day", "sessions": "session"}


class UnknownPathError(ValueError):
    """A dotted path that leads to nothing that can be said."""


class Resolver:
    """Turns the values of one clinic into the words a visitor reads."""

    def __init__(self, clinic: ClinicProfile, words: Words) -> None:
        """Take a checked profile and the words for numbers and hours."""
        self._clinic = clinic
        self._data = clinic.dict()
        self._words = words
        self.format = ValueFormat(clinic.locale, clinic.currency, words)

    def at_path(self, path: str) -> Value | str:
        """What stands at a dotted path of the profile, e.g. `prices.session`: a number with its unit, or a text.

        Raises:
            UnknownPathError: Nothing stands there, or something that cannot be said.
        """
        found: Any = self._data
        for name in path.split("."):
            if not isinstance(found, Mapping) or name not in found:
                raise UnknownPathError(f"unknown clinic path {path!r}")
            found = found[name]
        if isinstance(found, str):
            return found
        if isinstance(found, int | float) and not isinstance(found, bool):
            return Value(value=found, unit=self._unit(path))
        raise UnknownPathError(f"clinic path {path!r} is neither text nor a number")

    def text(self, value: Value) -> str:
        """The words for a value that is not live.

        Raises:
            UnknownPathError: The path leads nowhere.
        """
        if value.clinic is None:
            return self.format.render(value)
        if value.clinic == HOURS_TEXT:
            return week_text(self._clinic, self._words.hours)
        found = self.at_path(value.clinic)
        return found if isinstance(found, str) else self.format.render(found)

    def today(self, now: datetime) -> str:
        """The words for a live value at a moment (aware)."""
        return today_text(self._clinic, self._words.hours, now)

    def _unit(self, path: str) -> str:
        unit = _UNITS_BY_NAME.get(path.replace("_", ".").rsplit(".", 1)[-1])
        return unit or (self._clinic.currency if path.startswith("prices.") else "count")


def is_live(value: Value) -> bool:
    """Whether what the value says depends on the time of asking."""
    return value.clinic == HOURS_TODAY
