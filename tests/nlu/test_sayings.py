"""What of a message is weighed as a danger."""

from __future__ import annotations

import pytest

from nlu.sayings import beside_the_name, sayings_of

SIGNS = {"chest", "pain", "blood"}


@pytest.mark.parametrize(
    "text", ["6", "11/12, 10:30", "9KM372", "a.b-c@clinic.example", "It's Anna Payne", "Anna Payne, 6"]
)
def test_numbers_and_names_say_nothing(text: str) -> None:
    assert sayings_of([text], SIGNS) == []


def test_what_is_said_beside_the_name_is_weighed() -> None:
    assert beside_the_name("It's Anna Payne, and my face is numb", SIGNS) == "my face is numb"


@pytest.mark.parametrize("text", ["Chest Pain", "It's Chest Pain, what now", "my face is numb"])
def test_a_sign_is_no_name(text: str) -> None:
    assert beside_the_name(text, SIGNS) == text


def test_what_is_said_after_other_business_is_weighed_once() -> None:
    whole, thought = "3pm is fine, but my throat is closing", "my throat is closing"
    assert sayings_of([whole], SIGNS) == [whole, thought]
    assert sayings_of([whole, "3pm is fine", thought], SIGNS) == [whole, "3pm is fine", thought]
