from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.booking.references import ALPHABET, LENGTH, new_reference, normalised, reference_in


def test_references_are_short_and_clear() -> None:
    references = {new_reference() for _ in range(500)}
    assert len(references) > 495
    for reference in references:
        assert len(reference) == LENGTH
        assert set(reference) <= set(ALPHABET)
        assert not reference.isalpha()
        assert not reference.isdecimal()
    assert set("01OILBSZUYAE").isdisjoint(ALPHABET)


@pytest.mark.parametrize("typed", ["K7M4QX", "k7m4qx", " k7m-4qx ", "K7M 4QX", "K.7.M.4.Q.X"])
def test_a_reference_is_known_however_it_is_typed(typed: str) -> None:
    assert normalised(typed) == "K7M4QX"


def test_characters_that_are_misread_stand_for_what_they_look_like() -> None:
    assert normalised("KBM4SZ") == "K8M452"


@pytest.mark.parametrize("typed", ["", "K7M4Q", "K7M4QXX", "KMQXKM", "234567", "K7M4Q0", "KÄM4QX"])
def test_what_is_no_reference_is_none(typed: str) -> None:
    assert normalised(typed) is None


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("my reference is k7m4qx, can I move it?", "K7M4QX"),
        ("it's K7M-4QX", "K7M4QX"),
        ("K7M 4QX please", "K7M4QX"),
        ("K7 M4 QX", "K7M4QX"),
        ("cancel my appointment on the 23rd at 3pm", None),
        ("call me on 020 7946 0321", None),
        ("friday 3pm", None),
        ("", None),
    ],
)
def test_a_reference_is_found_in_a_sentence(text: str, reference: str | None) -> None:
    assert reference_in(text) == reference


@given(st.text())
def test_any_text_may_be_asked(text: str) -> None:
    assert normalised(text) is None or len(str(normalised(text))) == LENGTH
    reference_in(text)
