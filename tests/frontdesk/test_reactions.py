from __future__ import annotations

import pytest

from frontdesk.reactions import tells_of_reaction


@pytest.mark.parametrize(
    "text",
    [
        "two weeks after my second go I've brown patches by my ears, how long do they last",
        "I have bumps along the jaw since the treatment, does everyone get those?",
        "day 4 and my cheeks are still red, when does it stop",
        "my forehead has a rash since yesterday. normal downtime?",
    ],
)
def test_an_own_reaction_is_heard_in_a_general_question(text):
    assert tells_of_reaction(text)


@pytest.mark.parametrize(
    "text",
    [
        "do people get a rash after a session",
        "how long do bruises last after it",
        "I have a rash every summer, can I come anyway",
        "I've a wedding two weeks after, will I be red",
        "can it cause dark patches",
        "",
    ],
)
def test_a_general_question_is_none(text):
    assert not tells_of_reaction(text)
