from __future__ import annotations

import pytest

from engine.changes import Change, make
from engine.server import CHANGES


class Example:
    def method(self) -> str:
        return "Rasa's"

    @staticmethod
    def static() -> str:
        return "Rasa's"


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_rasa_is_still_what_the_change_was_written_for(change: Change) -> None:
    assert change.fingerprint() == change.source, (
        f"{change.module}.{change.name} is not what it was: compare it with {change.replacement.__module__}, adapt "
        "that, and write down the new fingerprint."
    )


def test_a_method_and_a_static_method_are_exchanged() -> None:
    make(
        [
            Change(__name__, "Example.method", "", lambda self: "ours"),
            Change(__name__, "Example.static", "", lambda: "ours"),
        ]
    )
    assert (Example().method(), Example().static(), Example.static()) == ("ours", "ours", "ours")
