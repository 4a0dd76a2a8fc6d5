"""What is only a name, and what only looks like one."""

from __future__ import annotations

import pytest

from nlu.introduction import introduced_name


@pytest.mark.parametrize(
    "text",
    [
        "It's Anna de Groot", "Tom Ashby please", "I'm Anna", "Name's Hannah Fitt", "put it under Hannah Fitt",
        "my name is Gareth O'Brien", "Yes, it's Wei Khan.", "Oluwaseun Adeyemi-Smith here", "it’s Niamh Ní Bhriain",
    ],
)  # fmt: skip
def test_a_name_says_nothing_else(text: str) -> None:
    assert introduced_name(text) is not None


def test_the_name_is_told() -> None:
    assert introduced_name("Yes, it's Anna de Groot, please") == "Anna de Groot"


@pytest.mark.parametrize(
    "text",
    [
        "Hannah", "It's bleeding", "I'm Not Breathing", "It's All Over Now", "Can't Breathe", "I'm dying", "Help me",
        "HELP ME NOW", "I'm Anna and my lips are swelling", "It's Anna, she fainted", "", "07700 900111",
    ],
)  # fmt: skip
def test_a_sentence_says_something(text: str) -> None:
    assert introduced_name(text) is None
