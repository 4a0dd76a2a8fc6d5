"""What is only a name, and what only looks like one."""

from __future__ import annotations

import pytest

from nlu.introduction import introduction_of


@pytest.mark.parametrize(
    "text",
    [
        "It's Anna de Groot", "Tom Ashby please", "I'm Anna", "Name's Hannah Fitt", "put it under Hannah Fitt",
        "my name is Gareth O'Brien", "Yes, it's Wei Khan.", "Oluwaseun Adeyemi-Smith here", "it’s Niamh Ní Bhriain",
    ],
)  # fmt: skip
def test_a_name_says_nothing_else(text: str) -> None:
    introduction = introduction_of(text)
    assert introduction is not None
    assert introduction[1] == ""


def test_the_name_is_told() -> None:
    assert introduction_of("Yes, it's Anna de Groot, please") == ("Anna de Groot", "")


@pytest.mark.parametrize(
    "text",
    [
        "Hannah", "It's bleeding", "I'm Not Breathing", "It's All Over Now", "Can't Breathe", "I'm dying", "Help me",
        "HELP ME NOW", "Help me, it's bleeding", "It's bleeding, and how long", "how much, Tom Ashby", "",
        "07700 900111",
    ],
)  # fmt: skip
def test_a_sentence_says_something(text: str) -> None:
    assert introduction_of(text) is None


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("It's Anna de Groot, and how much is it?", "Anna de Groot", "how much is it?"),
        ("Hi, it's Wei Khan. My lips are swelling", "Wei Khan", "My lips are swelling"),
        ("It's Anna, she fainted", "Anna", "she fainted"),
        ("I'm Anna and my lips are swelling", "Anna", "my lips are swelling"),
        ("Tom Ashby; she fainted", "Tom Ashby", "she fainted"),
    ],
)
def test_what_follows_a_name_is_told_apart(text: str, name: str, rest: str) -> None:
    assert introduction_of(text) == (name, rest)
