"""Words and pairs of words as places: what turns a meaning round is told apart, however it is written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.word_pairs import BUCKETS, places, word_rows, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I can't breathe", "i can’t breathe"),
        ("cannot breathe", "can't breathe"),
        ("it didnt stop", "it didn't stop"),
        ("at 3", "at 11"),
    ],
)
def test_different_ways_to_write_the_same_are_the_same_words(one: str, other: str) -> None:
    assert words_of(one) == words_of(other)


def test_a_question_and_a_statement_differ() -> None:
    assert set(places("my throat closes")) != set(places("what if my throat closes?"))


def test_rows_have_unit_length_and_one_width() -> None:
    rows = word_rows(["my throat is closing", "", "?"])
    assert rows.shape == (3, BUCKETS)
    assert np.allclose(np.sqrt(rows.multiply(rows).sum(axis=1)), 1.0)


@given(st.text(max_size=200))
def test_any_text_has_places(text: str) -> None:
    found = places(text)
    assert len(found)
    assert 0 <= found.min() <= found.max() < BUCKETS
