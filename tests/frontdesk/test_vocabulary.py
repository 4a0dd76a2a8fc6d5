from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.vocabulary import Term, Vocabulary, moved
from tests.visitor import shipped_store, shipped_vocabulary

SMALL = Vocabulary(
    [
        Term("concern", "acne", ("acne",)),
        Term("concern", "acne_scars", ("acne scars", "acne scarring")),
        Term("concern", "scars", ("scars", "scar")),
        Term("body_area", "back", ("back",)),
        Term("medication", "blood_thinner", ("blood thinner", "warfarin")),
        Term("condition", "bleeding", ("warfarin",)),
    ]
)


def found(text: str, vocabulary: Vocabulary = SMALL) -> list[tuple[str, str]]:
    return [(entity.entity, entity.value) for entity in vocabulary.find(text)]


def test_the_longest_phrase_of_a_type_counts():
    assert found("acne scars") == [("concern", "acne_scars")]


def test_types_do_not_hide_each_other():
    assert found("scars on my back") == [("concern", "scars"), ("body_area", "back")]


def test_a_phrase_of_two_terms_counts_for_both():
    assert sorted(found("on warfarin")) == [("condition", "bleeding"), ("medication", "blood_thinner")]


@pytest.mark.parametrize("text", ["ACNE SCARS", "acne-scars", "Acne scar", "my acne scarring"])
def test_case_hyphens_and_endings_do_not_matter(text):
    assert found(text) == [("concern", "acne_scars")]


def test_a_word_inside_another_is_not_found():
    assert found("a scarf and a backpack") == []


def test_places_are_those_of_the_text():
    text = "What about scars on my lower back?"
    assert [text[entity.start : entity.end] for entity in SMALL.find(text)] == ["scars", "back"]


def test_an_entity_moves_with_its_text():
    entity = moved(SMALL.find("scars")[0], 3, 8, "scarz")
    assert (entity.start, entity.end, entity.text, entity.value) == (3, 8, "scarz", "scars")


def test_words_are_the_single_words_of_all_phrases():
    assert {"acne", "thinner", "warfarin"} <= SMALL.words


def test_nothing_is_found_in_nothing():
    assert found("") == found("   ") == []


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("is it ok with my pacemaker", ("condition", "pacemaker")),
        ("i am on eliquis", ("medication", "blood_thinner")),
        ("roacutane last year", ("medication", "isotretinoin")),
        ("i have brown skin", ("skin_tone", "darker")),
        ("is it better than botox", ("treatment", "botulinum_toxin")),
        ("do you use a skinpen", ("device", "skinpen")),
        ("dark marks after spots", ("concern", "pigmentation")),
        ("the skin on my tummy", ("body_area", "abdomen")),
    ],
)
def test_the_shipped_words_are_those_that_visitors_use(text, entity):
    assert entity in found(text, shipped_vocabulary())


@given(st.text(max_size=80))
def test_any_text_is_read_and_places_lie_in_it(text):
    for entity in SMALL.find(text):
        assert 0 <= entity.start < entity.end <= len(text)
        assert text[entity.start : entity.end] == entity.text


@given(
    st.lists(
        st.sampled_from(["acne", "scars", "my", "’", "-", "back", "🙂", "not", "\n", "warfarin", "İ"]), max_size=12
    )
)
def test_places_hold_among_odd_characters(words):
    text = " ".join(words)
    for entity in SMALL.find(text):
        assert text[entity.start : entity.end] == entity.text


def test_nobody_who_works_here_is_taken_for_a_product() -> None:
    team = shipped_store().clinic.practitioners.people
    assert team
    assert {each.name: shipped_vocabulary().find(f"It's {each.name}") for each in team} == {
        each.name: [] for each in team
    }
