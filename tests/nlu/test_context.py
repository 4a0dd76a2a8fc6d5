"""Which messages are read after the one before, and how."""

from __future__ import annotations

import pytest

from nlu.context import read_after

BEFORE = "Can I pay it off?"


@pytest.mark.parametrize(
    "text", ["over how many months", "and on the neck?", "is that extra", "no, the other one", "only since the summer"]
)
def test_what_leans_on_the_message_before_is_read_after_it(text: str) -> None:
    assert read_after(text, BEFORE) == f"Can I pay it off, {text}"


@pytest.mark.parametrize(
    "text", ["how much is a session?", "do you open on Sundays", "07700 900123", "a@clinic.example", "", "word " * 30]
)
def test_what_says_all_by_itself_is_not(text: str) -> None:
    assert read_after(text, BEFORE) is None


@pytest.mark.parametrize("before", ["", " ", '/ask{"topic": "cost"}'])
def test_nothing_said_before_lends_nothing(before: str) -> None:
    assert read_after("over how many months", before) is None


def test_of_a_long_story_its_end_counts() -> None:
    assert len((read_after("and then?", "word " * 200) or "").split()) < 30
