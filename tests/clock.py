"""Seconds that pass when they are told to."""

from __future__ import annotations


class Clock:
    """Stands in for a clock that only ever goes forward.

    Attributes:
        now: What it shows; a test moves it.
    """

    def __init__(self) -> None:
        """Begin some time after zero."""
        self.now = 100.0

    def __call__(self) -> float:
        """The seconds it shows."""
        return self.now
