from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.foreign import is_foreign
from nlu.spelling import Spelling

KNOWS = Spelling(["microneedling", "rosacea"]).knows


@pytest.mark.parametrize(
    "text",
    [
        "hola quanto cuesta el tratamiento para la cara",
        "combien coûte une séance pour le visage",
        "wie viel kostet das und tut es weh",
        "quanto costa il trattamento per le cicatrici",
        "quanto custa o tratamento para a pele",
        "hoeveel kost het en doet het pijn",
    ],
)
def test_another_language_is_noticed(text):
    assert is_foreign(text.split(), KNOWS)


@pytest.mark.parametrize(
    "text",
    [
        "how much does it cost",
        "price",
        "is it safe in the sun",
        "does microneedling hurt me",
        "come and see",
        "me on my own",
        "rosacea",
        "hi",
        "can i get it done on my face",
    ],
)
def test_english_is_not_another_language(text):
    assert not is_foreign(text.split(), KNOWS)


def test_no_words_are_no_language():
    assert not is_foreign([], KNOWS)


@given(st.lists(st.text(max_size=8), max_size=8))
def test_any_words_are_judged(words):
    assert is_foreign(words, KNOWS) in (True, False)
