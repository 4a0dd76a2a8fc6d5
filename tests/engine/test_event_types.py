from __future__ import annotations

import pytest
from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses

from engine.event_types import resolve_by_type


def test_every_type_is_found_as_rasa_finds_it() -> None:
    names = {each.type_name for each in all_subclasses(Event)}
    assert len(names) > 20
    for name in names:
        assert resolve_by_type(name) is Event.resolve_by_type(name)


def test_what_nobody_knows_is_refused_or_becomes_the_default() -> None:
    assert resolve_by_type("topic") is None
    assert resolve_by_type("other", Event) is Event
    with pytest.raises(ValueError, match="other"):
        resolve_by_type("other")
