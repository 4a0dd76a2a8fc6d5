from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.ages import ages_in


def ages(text: str) -> list[str]:
    return [entity.value for entity in ages_in(text)]


@pytest.mark.parametrize(
    "text",
    [
        "I'm 16",
        "I’m 17",
        "im only 15",
        "my daughter is 14",
        "she's 15",
        "for a 13 year old",
        "15yo",
        "my 12-year-old son",
    ],
)
def test_a_minor_is_noticed(text):
    assert ages(text) == ["under_18"]


@pytest.mark.parametrize("text", ["aged 21", "19 y/o", "just turned 18", "I am 20 years old"])
def test_a_young_adult_is_noticed(text):
    assert ages(text) == ["under_22"]


@pytest.mark.parametrize("text", ["I am 70 years old", "my mum is 66", "aged 81"])
def test_older_skin_is_noticed(text):
    assert ages(text) == ["older_age"]


@pytest.mark.parametrize("text", ["I'm 30", "I am 22", "aged 64"])
def test_other_ages_do_not_matter(text):
    assert ages(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "my scar is 10 years old",
        "a 12 year old tattoo",
        "I'm 15 weeks pregnant",
        "I'm 10 minutes away",
        "is it 15 sessions",
        "I'm 11 stone",
        "open at 10 am",
        "SPF 15",
        "it's 17:30",
    ],
)
def test_a_number_that_is_no_age_is_left_alone(text):
    assert ages(text) == []


@pytest.mark.parametrize("text", ["I'm 16, my friend is 70", "hello, im 17 and spotty"])
def test_places_are_those_of_the_text(text):
    for entity in ages_in(text):
        assert any(character.isdigit() for character in text[entity.start : entity.end])


@given(st.text(max_size=60))
def test_any_text_is_read_and_places_lie_in_it(text):
    for entity in ages_in(text):
        assert 0 <= entity.start < entity.end <= len(text)


@given(
    st.lists(
        st.sampled_from(["I'm", "she’s", "15", "٣", "my", "son", "is", "yo", "year old", "-", "\n", "🙂"]), max_size=10
    )
)
def test_any_order_of_age_words_is_read(words):
    text = " ".join(words)
    assert all(0 <= entity.start < entity.end <= len(text) for entity in ages_in(text))
