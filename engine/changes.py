"""How a function of Rasa's is exchanged for one of ours, and how it is noticed when Rasa's own has changed."""

from __future__ import annotations

import hashlib
import importlib
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Watched:
    """A function of Rasa's that one of ours relies on.

    Attributes:
        module: where Rasa has it.
        name: its name in that module, a method as `Class.method`.
        source: `fingerprint` of the version that ours was written against.
    """

    module: str
    name: str
    source: str

    def fingerprint(self) -> str:
        """Hash of the source of what stands there now."""
        owner, attribute = self.place()
        return hashlib.sha256(inspect.getsource(getattr(owner, attribute)).encode()).hexdigest()[:16]

    def place(self) -> tuple[Any, str]:
        """The module or class that has it, and its name there."""
        *owners, attribute = self.name.split(".")
        owner: Any = importlib.import_module(self.module)
        for each in owners:
            owner = getattr(owner, each)
        return owner, attribute


@dataclass(frozen=True)
class Change(Watched):
    """A function of Rasa's and what takes its place.

    Attributes:
        replacement: takes the same arguments; a static method is given as a bare function.
    """

    replacement: Callable[..., Any]

    def make(self) -> None:
        """Exchange it, for the rest of this process."""
        owner, attribute = self.place()
        static = isinstance(inspect.getattr_static(owner, attribute), staticmethod)
        setattr(owner, attribute, staticmethod(self.replacement) if static else self.replacement)


def make(changes: Iterable[Change]) -> None:
    """Make all of them."""
    for change in changes:
        change.make()
