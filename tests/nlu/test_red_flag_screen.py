"""The red-flag screen as a component: what it hears replaces the intent, and each ear can hear alone."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from benchmarks.danger.run import Parse
from frontdesk.booking.references import new_reference
from nlu.danger_score import DangerScore, Marks
from nlu.question_joiner import QUESTIONS, SENTENCES
from nlu.question_splitter import CORRECTED
from nlu.red_flag_screen import RED_FLAG, RedFlagScreen
from nlu.spelling import Corrected

CONTEXT = ExecutionContext(GraphSchema({}), node_name="part")
EMERGENCIES = [
    "my throat is closing",
    "my tongue is swelling up",
    "I can't breathe",
    "she has collapsed",
    "he won't wake up",
    "there is blood everywhere and it won't stop",
    "crushing pain in my chest",
    "she's having a seizure",
    "I can't see out of my eye",
    "I want to kill myself",
    "my baby swallowed the numbing cream",
    "fever, shivering and my skin is hot",
]
OTHERS = [
    "how much is it",
    "does it hurt",
    "where are you",
    "when do you open",
    "what is microneedling",
    "how long does it take",
    "can I wear make-up",
    "is it good for scars",
    "I would like to book",
    "thank you",
    "hello",
    "who does the treatment",
    "how deep do the needles go",
    "how many sessions do I need",
    "can I pay by card",
    "my tongue is not swollen",
    "no chest pain",
    "what if I faint",
    "could my lips swell",
    "can it cause a seizure",
    "I'm dying to try it",
    "I can breathe fine",
]


def trained_on() -> TrainingData:
    examples = [(text, "emergency") for text in EMERGENCIES] + [(text, "ask_cost") for text in OTHERS]
    return TrainingData([Message(data={TEXT: text, INTENT: intent}) for text, intent in examples])


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> ModelStorage:
    return LocalModelStorage.create(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def screen(storage: ModelStorage) -> RedFlagScreen:
    """A trained screen, loaded as at the start of the assistant."""
    config = {**RedFlagScreen.get_default_config(), "false_alarms": 0.05}
    resource = Resource("screen")
    RedFlagScreen.create(config, storage, resource, CONTEXT).train(trained_on())
    return RedFlagScreen.load(config, storage, resource, CONTEXT)


@pytest.fixture(scope="module")
def rules_only(storage: ModelStorage) -> RedFlagScreen:
    """A screen that was never trained."""
    return RedFlagScreen.create(RedFlagScreen.get_default_config(), storage, Resource("untrained"), CONTEXT)


def message(text: str, intent: str = "ask_cost", other: str = "ask_safety", **more: Any) -> Message:
    ranking = [{"name": intent, "confidence": 0.9}, {"name": other, "confidence": 0.1}]
    question = {"text": text, "intent": intent, "confidence": 0.9, "ranking": [[intent, 0.9], [other, 0.1]]}
    data = {TEXT: text, INTENT: ranking[0], INTENT_RANKING_KEY: ranking, QUESTIONS: [question], **more}
    return Message(data=data)


def heard(screen: RedFlagScreen, sent: Message) -> dict[str, Any]:
    """What the parse output says afterwards; Rasa leaves out what is None."""
    return {RED_FLAG: None, **screen.process([sent])[0].as_dict(only_output_properties=True)}


def test_an_emergency_by_rule_replaces_the_intent(rules_only: RedFlagScreen) -> None:
    parse = heard(rules_only, message("how much is it, my throat is closing"))
    assert parse[INTENT] == {"name": "emergency", "confidence": 1.0}
    assert [entry["name"] for entry in parse[INTENT_RANKING_KEY]] == ["emergency", "ask_cost", "ask_safety"]
    assert parse[RED_FLAG] == {
        "level": "emergency",
        "category": "E-AN",
        "by": "rule:E-AN.throat",
        "reply": "emergency_allergy",
    }


def test_an_urgent_sign_becomes_medical_advice(rules_only: RedFlagScreen) -> None:
    parse = heard(rules_only, message("pus is coming out of my cheek since my session"))
    assert parse[INTENT] == {"name": "medical_advice", "confidence": 1.0}
    assert (parse[RED_FLAG]["level"], parse[RED_FLAG]["category"]) == ("urgent", "D-IN")


def test_a_clinicians_question_keeps_its_intent(rules_only: RedFlagScreen) -> None:
    parse = heard(rules_only, message("should I stop my warfarin", intent="ask_preparation"))
    assert parse[RED_FLAG]["level"] == "clinician"
    assert INTENT not in parse  # left as the classifier set it


def test_a_harmless_message_is_left_alone(screen: RedFlagScreen) -> None:
    sent = message("how much is a session")
    parse = heard(screen, sent)
    assert parse[RED_FLAG] is None
    assert sent.get(INTENT) == {"name": "ask_cost", "confidence": 0.9}


def test_a_mended_word_is_heard_too(rules_only: RedFlagScreen) -> None:
    sent = message("my xqzt is closing", **{CORRECTED: Corrected("my throat is closing", ((3, 9, 3, 7),))})
    assert heard(rules_only, sent)[RED_FLAG]["category"] == "E-AN"


def test_a_mended_word_may_excuse_a_danger(rules_only: RedFlagScreen) -> None:
    mended = Corrected("scared I'd stop breathing", ((0, 6, 0, 7),))
    assert heard(rules_only, message("scarred I'd stop breathing"))[RED_FLAG]["level"] == "emergency"
    assert heard(rules_only, message("sccared I'd stop breathing", **{CORRECTED: mended}))[RED_FLAG] is None


@pytest.mark.parametrize("text", ["/emergency", "/inform{'text': 'I cannot breathe'}", "/restart"])
def test_commands_are_left_alone(screen: RedFlagScreen, text: str) -> None:
    sent = message(text, intent="emergency")
    assert heard(screen, sent)[RED_FLAG] is None
    assert sent.get(INTENT)["name"] == "emergency"


def test_a_slash_before_a_cry_for_help_hides_nothing(screen: RedFlagScreen) -> None:
    assert heard(screen, message("/help my throat is closing"))[RED_FLAG]["level"] == "emergency"


def test_likeness_alone_is_enough_and_knows_a_category(screen: RedFlagScreen) -> None:
    text = "something awful happened and she lies there without any life in her"
    parse = heard(screen, message(text))
    assert parse[INTENT]["name"] == "emergency"
    assert parse[RED_FLAG]["by"].startswith("score:")
    assert parse[RED_FLAG]["category"].startswith("E-")


def test_likeness_is_not_enough_against_what_the_message_says(screen: RedFlagScreen) -> None:
    for text in ("I haven't collapsed", "what if my throat closes", "these prices are killing me"):
        flag = heard(screen, message(text))[RED_FLAG]
        assert flag is None or flag["level"] != "emergency", text


def test_a_rule_that_the_score_contradicts_asks_for_a_call_today(
    screen: RedFlagScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert screen._score is not None
    assert heard(screen, message("my throat is closing"))[RED_FLAG]["level"] == "emergency"
    monkeypatch.setattr(screen._score, "contrary_below", np.inf)
    flag = heard(screen, message("my throat is closing"))[RED_FLAG]
    assert (flag["level"], flag["category"], flag["reply"]) == ("urgent", "E-AN", "urgent")
    assert heard(screen, message("I want to die"))[RED_FLAG]["level"] == "emergency"


def test_the_pieces_of_a_message_are_heard_with_the_vectors_they_have(screen: RedFlagScreen) -> None:
    encoder = screen._encoder()
    cry = "something awful happened and she lies there without any life in her"
    parts = [f"hello. {cry}", cry]
    sentences = list(zip(parts, encoder.encode(parts), strict=True))
    sent = message("xqzt", **{SENTENCES: sentences})
    assert heard(screen, sent)[RED_FLAG]["level"] == "emergency"


class Told:
    """A score that says of each text what it was told to."""

    contrary_below = -5.0

    def __init__(self, scores: dict[str, float]) -> None:
        self._scores = scores

    def __call__(self, vectors: np.ndarray, texts: Sequence[str], marks: Marks) -> list[float]:
        return [self._scores[text] for text in texts]

    def category_of(self, vector: np.ndarray) -> str:
        return "E-BL"


@pytest.mark.parametrize(
    ("whole", "level"), [(-0.5, "emergency"), (-4.0, "emergency"), (-6.0, "urgent"), (-np.inf, "urgent")]
)
def test_what_is_like_danger_only_out_of_its_message_needs_no_ambulance(
    screen: RedFlagScreen, monkeypatch: pytest.MonkeyPatch, whole: float, level: str
) -> None:
    parts = ["Is it possible to move it? I don't want to lose my place.", "I don't want to lose my place."]
    sentences = list(zip(parts, screen._encoder().encode(parts), strict=True))
    monkeypatch.setattr(screen, "_score", Told({parts[0]: whole, parts[1]: 1.5}))
    assert heard(screen, message(parts[0], **{SENTENCES: sentences}))[RED_FLAG]["level"] == level


@pytest.mark.parametrize(("score", "level"), [(-0.4, "emergency"), (-1.6, "urgent"), (-4.0, None)])
def test_the_classifiers_own_emergency_is_weighed_with_the_score(
    screen: RedFlagScreen, monkeypatch: pytest.MonkeyPatch, score: float, level: str | None
) -> None:
    text = "everything is wrong with me today"
    monkeypatch.setattr(screen, "_score", Told({text: score}))
    flag = heard(screen, message(text, intent="emergency"))[RED_FLAG]
    assert (flag and flag["level"]) == level


def test_without_a_score_the_classifiers_own_emergency_is_urgent(rules_only: RedFlagScreen) -> None:
    parse = heard(rules_only, message("everything is wrong with me today", intent="emergency"))
    assert parse[INTENT]["name"] == "medical_advice"
    assert (parse[RED_FLAG]["level"], parse[RED_FLAG]["reply"]) == ("urgent", "urgent")
    assert parse[RED_FLAG]["by"] == "score:intent 0.90"


def test_the_classifiers_own_emergency_is_one_where_it_is_like_despair(screen: RedFlagScreen) -> None:
    parse = heard(screen, message("the family will be relieved when my face and I are no more", intent="emergency"))
    assert parse[RED_FLAG]["by"] == "score:intent 0.90"
    assert (parse[RED_FLAG]["level"], parse[RED_FLAG]["reply"]) == ("emergency", "self_harm")


def test_the_classifiers_own_emergency_gives_way_to_a_message_that_excuses_itself(rules_only: RedFlagScreen) -> None:
    sent = message("can numbing cream make your heart race?", intent="emergency", other="ask_side_effects")
    parse = heard(rules_only, sent)
    assert parse[RED_FLAG] is None
    assert parse[INTENT]["name"] == "ask_side_effects"
    assert sent.get(QUESTIONS)[0]["intent"] == "ask_side_effects"


def test_without_emergencies_in_the_training_data_the_rules_hear_alone(tmp_path: Path) -> None:
    storage, resource = LocalModelStorage.create(tmp_path), Resource("screen")
    config = RedFlagScreen.get_default_config()
    RedFlagScreen.create(config, storage, resource, CONTEXT).train(
        TrainingData([Message(data={TEXT: "hello", INTENT: "greet"})])
    )
    loaded = RedFlagScreen.load(config, storage, resource, CONTEXT)
    assert heard(loaded, message("I can't breathe"))[RED_FLAG]["level"] == "emergency"
    assert heard(loaded, message("hello"))[RED_FLAG] is None


@pytest.mark.parametrize("text", ["", "   ", "🙂", "\x00", "/", "//", pytest.param("a" * 5000, id="long")])
def test_any_text_goes_through(screen: RedFlagScreen, text: str) -> None:
    assert heard(screen, message(text))[RED_FLAG] is None


def test_a_message_without_an_intent_goes_through(screen: RedFlagScreen) -> None:
    parse = heard(screen, Message(data={TEXT: "I can't breathe"}))
    assert parse[INTENT]["name"] == "emergency"


def clouds(seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors in two clouds that overlap, and which of them are dangerous."""
    numbers = np.random.default_rng(seed)
    dangerous = np.arange(1200) < 120
    vectors = numbers.normal(size=(1200, 16)) + 1.2 * dangerous[:, None] * np.eye(16)[0]
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), dangerous


TEXTS = [""] * 1200


def nothing(row: int) -> list[float]:
    """Sees nothing in a message."""
    return [0.0]


def fitted(
    false_alarms: float, marks: Marks = nothing, contradicted: float = 0.01
) -> tuple[DangerScore, np.ndarray, np.ndarray]:
    vectors, dangerous = clouds()
    categories = ["E-AN", "E-SH"]
    score = DangerScore.fit(
        vectors, TEXTS, dangerous, dangerous, marks, vectors[:2], categories, false_alarms, contradicted, 4.0
    )
    assert score is not None
    return score, vectors, dangerous


def hits(score: DangerScore, vectors: np.ndarray, marks: Marks = nothing) -> np.ndarray:
    return np.array([each > 0 for each in score(vectors, TEXTS[: len(vectors)], marks)])


def test_fewer_false_alarms_are_paid_with_fewer_hits() -> None:
    strict, vectors, dangerous = fitted(0.002)
    loose, _, _ = fitted(0.05)
    strict_hits, loose_hits = hits(strict, vectors), hits(loose, vectors)
    assert (strict_hits[~dangerous]).mean() <= 0.01
    assert strict_hits[dangerous].sum() < loose_hits[dangerous].sum()


def test_what_the_words_tell_is_weighed_with_the_likeness() -> None:
    vectors, dangerous = clouds()

    def excused(row: int) -> list[float]:
        return [float(not dangerous[row])]

    score, _, _ = fitted(0.002, excused)
    assert hits(score, vectors, excused)[dangerous].mean() > hits(fitted(0.002)[0], vectors)[dangerous].mean()
    assert hits(score, vectors, lambda row: [1.0]).sum() < hits(score, vectors, nothing).sum()


def test_what_is_nothing_like_an_emergency_is_not_looked_at_twice() -> None:
    score, vectors, _ = fitted(0.01)
    floor = score.arrays["numbers"][-3]
    score.arrays["numbers"][-3] = np.inf
    again = DangerScore(score.arrays, score.categories)
    assert not hits(again, vectors, lambda row: pytest.fail("looked at")).any()
    assert np.isfinite(floor)


def test_too_few_emergencies_give_no_score() -> None:
    vectors, _ = clouds()
    few = np.arange(1200) < 3
    assert DangerScore.fit(vectors, TEXTS, few, few, nothing, vectors[:1], ["E-AN"], 0.01, 0.01, 4.0) is None


def test_few_of_the_emergencies_that_a_rule_hears_are_contradicted() -> None:
    score, vectors, dangerous = fitted(0.01, contradicted=0.05)
    contrary = np.array([each < score.contrary_below for each in score(vectors, TEXTS, nothing)])
    assert contrary[~dangerous].mean() > 2 * contrary[dangerous].mean() > 0


def test_a_stored_score_hears_the_same() -> None:
    score, vectors, _ = fitted(0.01)
    again = DangerScore(score.arrays, score.categories)
    assert again(vectors[:20], TEXTS[:20], nothing) == score(vectors[:20], TEXTS[:20], nothing)


@pytest.mark.parametrize(
    "text", ["6", "3.5", "9KM372", "07700 900123", "11/12, 10:30", "a.b-c@clinic.example", "👍 2", "it's 9KM372"]
)
def test_what_holds_no_word_is_like_no_emergency(
    screen: RedFlagScreen, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    assert screen._score is not None
    monkeypatch.setattr(DangerScore, "__call__", lambda self, vectors, texts, marks: [9.0] * len(texts))
    assert heard(screen, message("it came out of a clear sky"))[RED_FLAG]["level"] == "emergency"
    assert heard(screen, message(text, intent="emergency"))[RED_FLAG] is None


@pytest.mark.service
@pytest.mark.timeout(300)
def test_no_number_reference_or_date_is_taken_for_a_danger(parse: Parse) -> None:
    rng = random.Random(1)
    numbers = [str(number) for number in range(100)]
    dates = [f"{rng.randint(1, 31)}.{rng.randint(1, 12)}." for _ in range(100)]
    references = [new_reference() for _ in range(200)]

    async def dangers() -> list[str]:
        return [text for text in [*numbers, *dates, *references] if (await parse(text)).get(RED_FLAG)]

    assert asyncio.run(dangers()) == []


FIRST_NAMES = "Priya Oluwaseun Wei Siobhán Kofi Xiomara Dmitri Niamh Rajesh Beatriz Tomasz Aisha Thabo Yuki Elif"
SURNAMES = "Nair Okafor Khan Haddad Nguyen Kowalska Bleasdale Tanaka Rossi Schmidt Payne Mwangi Larsen O'Brien Popescu"
SAID = ["It's {}", "{}", "my name is {}", "put it under {}", "It's {}, and how much is the first session?"]


@pytest.mark.service
@pytest.mark.timeout(300)
def test_nobody_is_sent_an_ambulance_for_a_name(parse: Parse) -> None:
    names = [f"{first} {last}" for first in FIRST_NAMES.split() for last in SURNAMES.split()]
    texts = [SAID[number % len(SAID)].format(name) for number, name in enumerate(names)]

    async def alarmed() -> list[str]:
        flags = [(text, (await parse(text)).get(RED_FLAG)) for text in texts]
        return [text for text, flag in flags if flag is not None and flag["level"] in ("emergency", "urgent")]

    assert asyncio.run(alarmed()) == []
