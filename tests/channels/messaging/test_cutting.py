"""Texts are cut where a reader pauses, lose no word, and never exceed the limit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.messaging.cutting import cut, length, split


@given(st.text(max_size=400), st.integers(2, 60))
def test_pieces_keep_all_words_within_the_limit(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(0 < length(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(st.text(min_size=1, max_size=80), st.integers(4, 40))
def test_a_title_is_cut_to_its_limit(title: str, limit: int) -> None:
    assert length(cut(title, limit)) <= limit
    if length(" ".join(title.split())) <= limit:
        assert cut(title, limit) == " ".join(title.split())


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("Short.", 20, ["Short."]),
        ("One two. Three four. Five.", 21, ["One two. Three four.", "Five."]),
        ("First part.\n\nSecond one here.", 24, ["First part.", "Second one here."]),
        ("Is it 3.5 mm? Yes it is.", 16, ["Is it 3.5 mm?", "Yes it is."]),
        ("no ends at all here", 8, ["no ends", "at all", "here"]),
        ("a" * 10, 4, ["aaaa", "aaaa", "aa"]),
        ("😀😀😀", 4, ["😀😀", "😀"]),
        ("", 5, []),
    ],
)
def test_places_to_cut(text: str, limit: int, pieces: list[str]) -> None:
    assert split(text, limit) == pieces


def test_a_cut_title_shows_that_it_was_cut() -> None:
    assert cut("Thursday 26 November at 9:00 am", 20) == "Thursday 26…"
    assert cut("Donaudampfschifffahrtsgesellschaft", 10) == "Donaudamp…"
