from __future__ import annotations

import pytest

from frontdesk.facts.sentences import long_sentences, numbers_in, sentences, word_count


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Wait 24 hours.", ["24"]),
        ("Wait twenty-four hours.", ["twenty", "four"]),
        ("Wait Two days, or a dozen.", ["Two", "dozen"]),
        ("Use SPF30.", ["SPF30"]),
        ("It costs £240.", ["£240"]),
        ("Open 24/7.", ["24/7"]),
        ("One session is rarely enough.", []),
        ("Someone often waits; the weight is a tent.", []),
        ("Wait {wait_24}.", []),
        ("Morpheus8 is another device.", []),
        ("Ask about Morpheus8.", []),
        ("Ask about Morpheus9.", ["Morpheus9"]),
    ],
)
def test_numbers_are_found_as_digits_and_as_words(text: str, numbers: list[str]) -> None:
    assert numbers_in(text, {"morpheus8"}) == numbers


def test_sentences_end_where_a_new_one_begins() -> None:
    assert sentences('Use it, e.g. a gel. Wait 0.5 hours! Then "call" us.') == [
        "Use it, e.g. a gel.",
        "Wait 0.5 hours!",
        'Then "call" us.',
    ]


def test_a_placeholder_is_one_word() -> None:
    assert word_count("Wait {wait} before you go.") == 5


def test_only_the_long_sentence_is_reported() -> None:
    assert list(long_sentences("Short one. " + "Word " * 30 + "end.")) == [31]
    assert list(long_sentences("word " * 29 + "end.")) == []
