"""What is understood is still understood misspelt."""

from __future__ import annotations

import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.danger.run import Parse
from benchmarks.danger.suite import misspell
from benchmarks.intents import HELD_OUT
from benchmarks.misspelt import GOAL, Twin, intents_in, measure
from benchmarks.questions import Question, read_questions

QUESTIONS = read_questions(HELD_OUT)
SAMPLE = 80


@pytest.mark.service
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [1, 2])
def test_misspelt_questions_are_still_understood(parse: Parse, seed: int) -> None:
    questions = random.Random(seed).sample(QUESTIONS, SAMPLE)
    measured = asyncio.run(measure(questions, parse, twins=2, seed=seed))
    misses = [twin for twin in measured.twins if not twin.is_understood]
    assert measured.understood > SAMPLE / 2
    assert measured.share >= GOAL, misses


@pytest.mark.service
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("misspelt", "spelt"),
    [
        ("how mcuh is it", "how much is it"),
        ("what is miconeedling", "what is microneedling"),
        ("does it hrut", "does it hurt"),
        ("how many sesions do i need", "how many sessions do i need"),
    ],
)
def test_a_misspelt_word_changes_nothing(parse: Parse, misspelt: str, spelt: str) -> None:
    assert intents_in(asyncio.run(_parsed(parse, misspelt))) == intents_in(asyncio.run(_parsed(parse, spelt)))


@settings(deadline=None)
@given(st.sampled_from(QUESTIONS), st.integers())
def test_a_twin_differs_in_one_or_two_longer_words(question: Question, seed: int) -> None:
    twin = misspell(question.text, random.Random(seed))
    words, misspelt = question.text.split(" "), twin.split(" ")
    changed = [(word, other) for word, other in zip(words, misspelt, strict=True) if word != other]
    assert len(changed) <= 2
    assert all(len(word) >= 4 and word[0] == other[0] for word, other in changed)


def test_only_understood_questions_have_twins() -> None:
    async def parse(text: str) -> dict[str, object]:
        return {"intent": {"name": "ask_pain"}, "questions": []}

    questions = [
        Question("a", "Does the treatment hurt?", "pain", None, "faq"),
        Question("b", "What does the treatment cost?", "cost", None, "faq"),
        Question("c", "and the treatment there?", "pain", None, "followup"),
    ]
    measured = asyncio.run(measure(questions, parse))
    assert (measured.asked, measured.understood) == (2, 1)
    assert {twin.id for twin in measured.twins} == {"a"}
    assert measured.share == 1


def test_a_message_that_is_not_understood_has_no_other_intents() -> None:
    parsed = {"intent": {"name": "nlu_fallback"}, "questions": [{"intent": "ask_cost"}]}
    assert intents_in(parsed) == ("nlu_fallback",)
    assert not Twin("a", "waht", "ask_cost", intents_in(parsed)).is_understood


async def _parsed(parse: Parse, text: str):
    return await parse(text)
