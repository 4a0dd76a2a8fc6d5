from __future__ import annotations

import inspect

import pytest

from engine import server, training
from engine.changes import Change, Watched, make


class Example:
    def method(self) -> str:
        return "Rasa's"

    @staticmethod
    def static() -> str:
        return "Rasa's"


@pytest.mark.parametrize("watched", [*server.WATCHED, *training.CHANGES], ids=lambda watched: watched.name)
def test_rasa_is_still_what_ours_was_written_for(watched: Watched) -> None:
    assert watched.fingerprint() == watched.source, (
        f"{watched.module}.{watched.name} is not what it was: compare it with what engine/ makes of it, adapt that, "
        "and write down the new fingerprint."
    )


@pytest.mark.parametrize("change", [*server.CHANGES, *training.CHANGES], ids=lambda change: change.name)
def test_a_replacement_takes_what_rasa_hands_over(change: Change) -> None:
    owner, name = change.place()
    rasas = list(inspect.signature(getattr(owner, name)).parameters)
    assert list(inspect.signature(change.replacement).parameters) == rasas


def test_a_method_and_a_static_method_are_exchanged() -> None:
    make(
        [
            Change(__name__, "Example.method", "", lambda self: "ours"),
            Change(__name__, "Example.static", "", lambda: "ours"),
        ]
    )
    assert (Example().method(), Example().static(), Example.static()) == ("ours", "ours", "ours")
