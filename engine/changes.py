"""How a function of Rasa's is exchanged for one of ours, and how it is noticed when Rasa's own has changed."""

from __future__ import annotations

import hashlib
import importlib
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Change:
    """One function of Rasa's and what takes its place.

    Attributes:
        module: where Rasa has it.
        name: its name in that module, a method as `Class.method`.
        source: `fingerprint` of Rasa's own, of the version that the replacement was written against.
        replacement: takes the same arguments; a static method is given as a bare function.
    """

    module: str
    name: str
    source: str
    replacement: Callable[..., Any]

    def make(self) -> None:
        """Exchange it, for the rest of this process."""
        owner, attribute = self._place()
        static = isinstance(inspect.getattr_static(owner, attribute), staticmethod)
        setattr(owner, attribute, staticmethod(self.replacement) if static else self.replacement)

    def fingerprint(self) -> str:
        """Hash of the source of what stands there now; of Rasa's own only before `make`."""
        owner, attribute = self._place()
        return hashlib.sha256(inspect.getsource(getattr(owner, attribute)).encode()).hexdigest()[:16]

    def _place(self) -> tuple[Any, str]:
        *owners, attribute = self.name.split(".")
        owner: Any = importlib.import_module(self.module)
        for each in owners:
            owner = getattr(owner, each)
        return owner, attribute


def make(changes: Iterable[Change]) -> None:
    """Make all of them."""
    for change in changes:
        change.make()
