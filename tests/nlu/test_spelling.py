from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.spelling import Corrected, Spelling

OWN = ["microneedling", "rosacea", "accutane", "isotretinoin", "keloid", "dermapen", "botox", "ok", "hi", "spf"]
SPELLING = Spelling(OWN)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("acutane", "accutane"),
        ("rosasea", "rosacea"),
        ("miconeedling", "microneedling"),
        ("presgnant", "pregnant"),
        ("how mcuh", "how much"),
        ("does it hrut?", "does it hurt?"),
        ("sooooo expensive", "so expensive"),
        ("keliod scars", "keloid scars"),
    ],
)
def test_a_misspelt_word_is_mended(written, meant):
    assert SPELLING.correct(written).text == meant


@pytest.mark.parametrize(
    "text", ["how much is it?", "My friend Siobhan", "don't", "SPF 50", "£250", "", "🙂 ok", "it's 3pm", "botox"]
)
def test_what_is_right_is_not_touched(text):
    assert SPELLING.correct(text) == Corrected(text)


def test_an_own_word_wins_over_general_english():
    assert Spelling(["rosacea"]).correct("rosaces").text == "rosacea"


def test_what_is_left_alone_is_neither_mended_nor_mended_into():
    spelling = Spelling([], left_alone=["eliquis", "retin-a", "roacutane"])
    assert [spelling.correct(f"on {word}").text for word in ("eliquis", "retin-a", "roacutane")] == [
        "on eliquis",
        "on retin-a",
        "on roacutane",
    ]
    assert "eliquis" not in spelling.correct("on eliquix").text
    assert spelling.knows("Eliquis")


def test_a_place_in_the_mended_text_leads_back_to_the_visitors_words():
    text = "is miconeedling ok with acutane?"
    corrected = SPELLING.correct(text)
    start = corrected.text.index("accutane")
    begin, end = corrected.original_span(start, start + len("accutane"))
    assert text[begin:end] == "acutane"
    start = corrected.text.index("ok")
    begin, end = corrected.original_span(start, start + 2)
    assert text[begin:end] == "ok"


WORDS = st.sampled_from(
    ["acutane", "rosasea", "how", "mcuh", "is", "presgnant", "sooooo", "🙂", "?", "3", "Siobhan", "don't"]
)


@given(st.lists(WORDS, min_size=1, max_size=8), st.sampled_from([" ", "  ", ", ", "-"]))
def test_every_word_leads_back_to_the_word_it_came_from(words, between):
    text = between.join(words)
    corrected = SPELLING.correct(text)
    position = original = 0
    for word in words:
        mended = SPELLING.correct(word).text if not position else _mended_inside(word)
        begin, end = corrected.original_span(position, position + len(mended))
        assert text[begin:end] == word
        position += len(mended) + len(between)
        original += len(word) + len(between)


def _mended_inside(word: str) -> str:
    return SPELLING.correct(f"a {word}").text[2:]


@given(st.text(max_size=100))
def test_any_text_is_mended_and_any_span_lies_in_the_original(text):
    corrected = SPELLING.correct(text)
    for start in range(0, len(corrected.text) + 1, 7):
        for end in range(start, len(corrected.text) + 1, 5):
            begin, finish = corrected.original_span(start, end)
            assert 0 <= begin <= finish <= len(text)
    assert corrected.original_span(0, len(corrected.text)) == (0, len(text))
    assert SPELLING.unreadable(text) in (None, "emoji_only", "other_language", "gibberish")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("🙂🙂", "emoji_only"),
        ("???", "emoji_only"),
        ("", "emoji_only"),
        ("asdfgh", "gibberish"),
        ("xkcd qwrt", "gibberish"),
        ("12345", "gibberish"),
        ("привет как дела", "other_language"),
        ("你好 多少钱", "other_language"),
        ("wie viel kostet das", "other_language"),
        ("Bonjour, combien ça coûte?", "other_language"),
    ],
)
def test_what_cannot_be_read_says_why(text, reason):
    assert SPELLING.unreadable(text) == reason


@pytest.mark.parametrize(
    "text", ["how much", "rosacea", "miconeedling?", "ok", "hi", "does it hrut", "price 🙂", "Siobhan here, hello"]
)
def test_what_can_be_read_has_no_reason(text):
    assert SPELLING.unreadable(text) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("wats ur number", "what's your number"),
        ("hw lng til i c u", "how long until i c you"),
        ("r u open", "are you open"),
    ],
)
def test_words_shortened_on_a_phone_are_written_out(written, meant):
    assert SPELLING.correct(written).text == meant
    assert SPELLING.unreadable(written) is None


@pytest.mark.parametrize("name", ["Tamsin Rowe", "Cormac Daly", "Elena Petrova", "It's Elif Haddad"])
def test_a_name_is_left_as_it_is(name):
    assert Spelling(["day", "petrol", "had", "time", "rosacea"]).correct(name).text == name


def test_a_word_of_the_trade_is_mended_inside_a_sentence_with_capitals():
    assert Spelling(["day", "rosacea"]).correct("I Have Rosasea").text == "I Have Rosacea"


def test_a_name_told_of_before_stays_a_name():
    spelling = Spelling(["siobhan", "rosacea"])
    assert spelling.correct("It's Siobhán Smith").text == "It's Siobhan Smith"
