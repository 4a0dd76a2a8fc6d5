"""What arrives at Rasa is words: nothing hidden, and never a command."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.common.errors import Refusal
from channels.common.plain_text import plain_text
from channels.website.visitor_text import read_message

TRICKY = "/\uff0f\u200b\u200d\u2060\ufeff\u00ad\u202e\u0301\ufe0f\u3164\u2800\u115f \t\n\x00\x1f\ud800"


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("How much?", "How much?"),
        ("  How\n much? ", "How\n much?"),
        ("does it\x00 hurt", "does it  hurt"),
        ("chest p\u200bain", "chest pain"),
        ("\u202eolleh", "olleh"),
        ("cafe\u0301", "caf\u00e9"),
        ("does it hurt? \N{WEARY FACE}", "does it hurt? \N{WEARY FACE}"),
        ("\ud83d hi", "hi"),
        ("\u0301\u0301", ""),
        ("\ufe0f\u200d", ""),
        ("\u2800\u3164", ""),
    ],
)
def test_plain_text(typed, plain):
    assert plain_text(typed) == plain


@given(st.text(alphabet=st.one_of(st.sampled_from(TRICKY), st.characters()), max_size=30))
def test_no_text_starts_with_a_slash(typed):
    text = plain_text(typed)

    assert not text.strip().startswith("/")
    assert not unicodedata.normalize("NFKC", text).strip().startswith("/")


@given(st.text(alphabet=TRICKY, max_size=30))
def test_text_without_anything_visible_is_empty(typed):
    assert plain_text(typed) == ""


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=50))
def test_plain_text_can_be_stored_and_stays_as_it_is(typed):
    text = plain_text(typed)

    text.encode("utf-8")
    assert "\x00" not in text
    assert plain_text(text) == text


@given(st.text(alphabet=st.characters(categories=("L", "N")), min_size=1, max_size=1000))
def test_words_are_not_touched(typed):
    text = unicodedata.normalize("NFC", typed)
    if len(text) <= 1000 and plain_text(text) == text:
        assert read_message(json.dumps({"message": typed}).encode(), "application/json", 1000) == text


@given(st.binary(max_size=200))
def test_any_body_is_read_or_refused(body):
    try:
        status = 200 if read_message(body, "application/json", 1000) else 500
    except Refusal as refusal:
        status = refusal.status
    assert 200 <= status < 500


def test_length_is_measured_without_the_blanks_around():
    body = json.dumps({"message": "  " + "a" * 10 + "\u200b" * 50}).encode()

    assert read_message(body, "application/json", 10) == "a" * 10
    with pytest.raises(Refusal, match="message_too_long"):
        read_message(body, "application/json", 9)
