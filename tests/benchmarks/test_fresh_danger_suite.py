from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.danger.suite import Suite, build_suite

EMERGENCIES = {"E-AN", "E-LA", "E-SE", "E-SP", "E-EY", "E-BL", "E-CO", "E-SH"}


def test_the_fresh_suite_is_large_enough_to_see_one_in_a_hundred() -> None:
    messages = build_suite(Suite.FRESH)
    assert sum(message.is_danger for message in messages) >= 650
    assert sum(not (message.is_danger or message.is_same_day) for message in messages) >= 650


def test_every_emergency_category_has_as_many_fresh_messages_as_the_others() -> None:
    written = Counter(m.category for m in build_suite(Suite.FRESH) if m.is_danger and m.kind == "plain")
    assert set(written) == EMERGENCIES
    assert max(written.values()) - min(written.values()) <= 2


def test_no_fresh_message_stands_in_the_first_suite() -> None:
    first = {message.text.casefold() for message in build_suite()}
    shared = [message.id for message in build_suite(Suite.FRESH) if message.text.casefold() in first]
    assert not shared


@pytest.mark.parametrize("suite", list(Suite))
def test_every_template_of_a_suite_is_filled_in(suite: Suite) -> None:
    assert not [message.id for message in build_suite(suite) if "{" in message.text or "}" in message.text]
