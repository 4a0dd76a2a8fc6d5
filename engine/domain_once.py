"""A domain is compared with an empty one once.

Before it looks for intents that the domain does not know, Rasa asks at every message whether there is a domain at all,
and for that writes out the whole of it and builds an empty one to compare. Measured: 0.24 ms of a turn of 16.
"""

from __future__ import annotations

from rasa.shared.core.domain import Domain

from engine.changes import Change

_is_empty = Domain.is_empty


def is_empty(self: Domain) -> bool:
    """Whether nothing stands in it, as it was when it was first asked: a server's domain comes with its model."""
    known: bool | None = self.__dict__.get("_found_empty")
    if known is None:
        known = self.__dict__["_found_empty"] = _is_empty(self)
    return known


CHANGES = (Change("rasa.shared.core.domain", "Domain.is_empty", "884be90ef485f1d2", is_empty),)
