from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.splitting import LONGEST_LIST, bare_list, split


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("does it hurt? how much is it?", ["does it hurt?", "how much is it?"]),
        ("does it hurt?how much is it", ["does it hurt?", "how much is it"]),
        ("how much is it and does it hurt", ["how much is it", "does it hurt"]),
        ("how long does it take, and what should I avoid", ["how long does it take", "what should I avoid"]),
        ("does it work, how many do I need", ["does it work", "how many do I need"]),
        ("where are you; when are you open", ["where are you", "when are you open"]),
        ("how much is it\nis there parking", ["how much is it", "is there parking"]),
        ("is it sore, and has the therapist done it for long?", ["is it sore", "has the therapist done it for long?"]),
        (
            "when does it fade and overall would you say it lasts",
            ["when does it fade", "overall would you say it lasts"],
        ),
        ("how do I get ready, also tell me who does it", ["how do I get ready", "tell me who does it"]),
        ("how much is it, and can I come on Friday?", ["how much is it", "can I come on Friday?"]),
        ("I've had acne since I was 14. Does it help?", ["I've had acne since I was 14.", "Does it help?"]),
    ],
)
def test_several_thoughts_are_several_pieces(text, pieces):
    assert split(text) == pieces


@pytest.mark.parametrize(
    "text",
    [
        "can I swim or use a sauna afterwards",
        "does it help with scars and pores",
        "is it £200 or £250",
        "should I eat before or is it not that sort of thing",
        "do you do eyelids or are they too thin",
        "My doctor, Dr. Jones, said to ask",
        "what about e.g. my neck",
        "how long does it take",
    ],
)
def test_one_thought_comes_back_whole(text):
    assert split(text) == [text]


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "🙂", "?!", "…"])
def test_a_text_without_words_has_no_pieces(text):
    assert split(text) == []


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("price and downtime?", ["price", "downtime"]),
        ("cost, pain, how long", ["cost", "pain", "how long"]),
        ("hours / parking", ["hours", "parking"]),
        ("price & aftercare!", ["price", "aftercare"]),
    ],
)
def test_a_bare_list_has_items(text, items):
    assert bare_list(text) == items


@pytest.mark.parametrize(
    "text", ["", "price", "how long is the recovery time after the third session, and will it peel"]
)
def test_what_is_no_bare_list_has_none(text):
    assert bare_list(text) == []


def test_a_flood_of_sentences_stays_a_few_pieces():
    pieces = split("Does it hurt? " * 60)
    assert len(pieces) == LONGEST_LIST
    assert " ".join(pieces).count("hurt") == 60


TEXT = st.one_of(
    st.text(max_size=120),
    st.lists(st.sampled_from(["how", "much", "?", ".", ",", "and", "or", "can I", "\n", "-", "Dr.", "🙂", "é"])).map(
        " ".join
    ),
)


@given(TEXT)
def test_no_piece_is_empty_and_there_are_not_too_many(text):
    pieces = split(text)
    assert len(pieces) <= LONGEST_LIST
    assert all(piece.strip() for piece in pieces)
    assert bool(pieces) == any(character.isalnum() for character in text) or not pieces


@given(TEXT)
def test_a_piece_says_nothing_that_the_visitor_did_not(text):
    letters = set(text)
    for piece in split(text) + bare_list(text):
        assert set(piece) <= letters | {" "}
