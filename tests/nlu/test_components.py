"""The components among themselves, with Rasa's own messages and storage."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from frontdesk.facts.terms import vocabulary_terms
from frontdesk.settings import REPOSITORY
from frontdesk.vocabulary import Vocabulary
from nlu.intent_classifier import IntentClassifier
from nlu.ngram_features import NgramFeaturizer
from nlu.question_joiner import FALLBACK_REASON, QUESTIONS, QuestionJoiner
from nlu.question_splitter import PART_KIND, PART_OF, QuestionSplitter
from nlu.vocabulary_entities import VocabularyEntityExtractor

EXAMPLES = {
    "ask_cost": ["how much is it", "what does it cost", "price please", "how much is a session", "cost of a session"],
    "ask_pain": ["does it hurt", "is it painful", "will it hurt much", "how painful is it", "pain"],
    "greet": ["hello", "hi there", "good morning", "hey", "hi"],
}
CONTEXT = ExecutionContext(GraphSchema({}), node_name="part")
FEATURES = "features"


@pytest.fixture
def storage(tmp_path: Path) -> ModelStorage:
    return LocalModelStorage.create(tmp_path)


def training(examples: dict[str, list[str]]) -> TrainingData:
    return TrainingData(
        [Message(data={TEXT: text, INTENT: intent}) for intent, texts in examples.items() for text in texts]
    )


def made(component: Any, storage: ModelStorage, load: bool = False, **config: Any) -> Any:
    resource = Resource(component.__name__)
    make = component.load if load else component.create
    return make({**component.get_default_config(), **config}, storage, resource, CONTEXT)


def featurized(messages: list[Message]) -> list[Message]:
    """Messages with letters counted and one dense number, enough to classify a toy set."""
    for message in messages:
        text = str(message.get(TEXT) or "").lower()
        counts = scipy.sparse.csr_matrix(
            [[text.count(letter) for letter in "abcdefghijklmnopqrstuvwxyz"]], dtype=np.float32
        )
        message.add_features(Features(counts, "sentence", TEXT, FEATURES))
        message.add_features(
            Features(np.array([[float(len(text))]], dtype=np.float32) / 50, "sentence", TEXT, FEATURES)
        )
    return messages


def classified(messages: list[Message], guess: dict[str, tuple[str, float]]) -> list[Message]:
    """Messages with the intent of the first word of `guess` that stands in them."""
    for message in messages:
        text = str(message.get(TEXT))
        intent, confidence = next((guess[word] for word in guess if word in text), ("out_of_scope", 0.3))
        ranking = [{"name": intent, "confidence": confidence}, {"name": "help", "confidence": 1 - confidence}]
        message.set(INTENT, ranking[0])
        message.set(INTENT_RANKING_KEY, ranking)
    return messages


@pytest.fixture(scope="module")
def splitter(tmp_path_factory: pytest.TempPathFactory) -> QuestionSplitter:
    """A splitter that was trained; made once, as it reads the whole of English."""
    storage = LocalModelStorage.create(tmp_path_factory.mktemp("splitter"))
    made(QuestionSplitter, storage).train(training({"a": ["zzyzx accutane price", "zzyzx accutane", "Zzyzx accutane"]}))
    return made(QuestionSplitter, storage, load=True)


def joined(text: str, splitter: QuestionSplitter, guess: dict[str, tuple[str, float]], **config: Any) -> Message:
    parts = splitter.process([Message(data={TEXT: text})])
    joiner = QuestionJoiner({**QuestionJoiner.get_default_config(), **config})
    (message,) = joiner.process(classified(parts, guess))
    return message


GUESS = {"price": ("ask_cost", 0.9), "hurt": ("ask_pain", 0.9), "hello": ("greet", 0.9)}


def test_the_splitter_hands_on_the_whole_and_its_pieces(splitter):
    original = Message(data={TEXT: "what is the price and does it hurt?"})
    parts = splitter.process([original])
    assert [(part.get(PART_KIND), part.get(TEXT)) for part in parts if part.get(PART_KIND) != "item"] == [
        ("whole", "what is the price and does it hurt?"),
        ("piece", "what is the price"),
        ("piece", "does it hurt?"),
    ]
    assert all(part.get(PART_OF) is original for part in parts)


def test_the_splitter_mends_words_and_keeps_the_visitors_own(splitter):
    original = Message(data={TEXT: "what is the pirce"})
    (whole,) = splitter.process([original])
    assert whole.get(TEXT) == "what is the price"
    assert original.get(TEXT) == "what is the pirce"


def test_the_splitter_remembers_the_words_of_its_training(splitter):
    (whole,) = splitter.process([Message(data={TEXT: "the zzyxx way"})])
    assert whole.get(TEXT) == "the zzyzx way"


def test_no_word_of_the_store_is_mended_away(splitter):
    """A medicine's brand name is no English word, and "eliquis" must not become "liquid"."""
    terms = vocabulary_terms(REPOSITORY / "facts")
    phrases = [phrase for term in terms for phrase in term.phrases]
    messages = [Message(data={TEXT: f"is it ok with {phrase}"}) for phrase in phrases]
    mended = {part.get(TEXT) for part in splitter.process(messages) if part.get(PART_KIND) == "whole"}
    lost = [phrase for phrase in phrases if f"is it ok with {phrase}" not in mended]
    # A run of one letter is shortened whatever it stands in.
    assert [phrase for phrase in lost if not re.search(r"(.)\1\1", phrase)] == []


def test_a_message_comes_back_as_one_with_its_questions(splitter):
    message = joined("what is the price and does it hurt?", splitter, GUESS)
    assert [question["intent"] for question in message.get(QUESTIONS)] == ["ask_cost", "ask_pain"]
    assert message.get(INTENT)["name"] == "ask_cost"
    assert message.get(TEXT) == "what is the price and does it hurt?"
    assert {QUESTIONS, FALLBACK_REASON, INTENT, INTENT_RANKING_KEY} <= message.output_properties


def test_several_messages_stay_apart(splitter):
    messages = [Message(data={TEXT: text}) for text in ("the price? does it hurt?", "hello")]
    parts = classified(splitter.process(messages), GUESS)
    first, second = QuestionJoiner(QuestionJoiner.get_default_config()).process(parts)
    assert (first, second) == tuple(messages)
    assert len(first.get(QUESTIONS)) == 2
    assert second.get(INTENT)["name"] == "greet"


def test_an_unsure_message_falls_back_and_keeps_its_likeliest_readings(splitter):
    message = joined("umm that thing", splitter, GUESS, threshold=0.5)
    assert message.get(INTENT)["name"] == "nlu_fallback"
    assert message.get(FALLBACK_REASON) == "unsure"
    assert message.get(QUESTIONS)[0]["ranking"][0][0] == "out_of_scope"


@pytest.mark.parametrize(
    ("text", "reason"), [("🙂", "emoji_only"), ("asdfgh", "gibberish"), ("wie viel kostet das", "other_language")]
)
def test_what_cannot_be_read_falls_back_whatever_it_was_taken_for(splitter, text, reason):
    message = joined(text, splitter, {text: ("ask_cost", 0.99)}, threshold=0.1)
    assert message.get(INTENT)["name"] == "nlu_fallback"
    assert message.get(FALLBACK_REASON) == reason


def test_a_message_that_nobody_classified_has_no_intent(splitter):
    parts = splitter.process([Message(data={TEXT: "how much is it"})])
    (message,) = QuestionJoiner(QuestionJoiner.get_default_config()).process(parts)
    assert message.get(INTENT)["name"] is None
    assert message.get(QUESTIONS) == []


def test_entities_stand_on_the_message_and_on_its_questions(splitter):
    text = "is it ok with acutane and does it hurt on my nekc?"
    message = joined(text, splitter, {"acutane": ("ask_suitability", 0.9), "hurt": ("ask_pain", 0.9)})
    extractor = VocabularyEntityExtractor(Vocabulary(vocabulary_terms(REPOSITORY / "facts")))
    extractor.process([message])
    found = {entity["value"]: text[entity["start"] : entity["end"]] for entity in message.get(ENTITIES)}
    assert found == {"isotretinoin": "acutane", "neck": "my nekc"}
    by_question = [[entity["value"] for entity in question[ENTITIES]] for question in message.get(QUESTIONS)]
    assert by_question == [["isotretinoin"], ["neck"]]


def test_an_age_is_an_entity():
    extractor = VocabularyEntityExtractor(Vocabulary([]))
    (message,) = extractor.process([Message(data={TEXT: "I'm 15 and want it"})])
    assert [(entity["value"], entity["state"]) for entity in message.get(ENTITIES)] == [("under_18", "present")]


def test_the_classifier_is_the_same_after_it_was_stored(storage):
    data = training(EXAMPLES)
    featurized(data.training_examples)
    trained = made(IntentClassifier, storage)
    trained.train(data)
    texts = [text for texts in EXAMPLES.values() for text in texts]

    def rankings(classifier: IntentClassifier) -> list[Any]:
        messages = featurized([Message(data={TEXT: text}) for text in texts])
        return [message.get(INTENT_RANKING_KEY) for message in classifier.process(messages)]

    assert rankings(made(IntentClassifier, storage, load=True)) == rankings(trained)
    for ranking in rankings(trained):
        assert sum(entry["confidence"] for entry in ranking) == pytest.approx(1.0, abs=1e-5)
        assert [entry["confidence"] for entry in ranking] == sorted((e["confidence"] for e in ranking), reverse=True)
    right = [ranking[0]["name"] for ranking in rankings(trained)]
    wanted = [intent for intent, examples in EXAMPLES.items() for _ in examples]
    assert sum(a == b for a, b in zip(right, wanted, strict=True)) >= 13


def test_two_intents_are_classified(storage):
    data = training({intent: EXAMPLES[intent] for intent in ("ask_cost", "ask_pain")})
    featurized(data.training_examples)
    classifier = made(IntentClassifier, storage)
    classifier.train(data)
    (message,) = classifier.process(featurized([Message(data={TEXT: "how much is it"})]))
    assert message.get(INTENT)["name"] == "ask_cost"
    assert len(message.get(INTENT_RANKING_KEY)) == 2


@pytest.mark.parametrize("examples", [{}, {"ask_cost": ["how much is it"]}])
def test_fewer_than_two_intents_leave_the_classifier_silent(storage, examples):
    data = training(examples)
    featurized(data.training_examples)
    made(IntentClassifier, storage).train(data)
    loaded = made(IntentClassifier, storage, load=True)
    (message,) = loaded.process(featurized([Message(data={TEXT: "how much is it"})]))
    assert message.get(INTENT) is None


def test_a_message_without_text_is_left_alone(storage):
    data = training(EXAMPLES)
    featurized(data.training_examples)
    classifier = made(IntentClassifier, storage)
    classifier.train(data)
    (message,) = classifier.process([Message(data={})])
    assert message.get(INTENT) is None


def test_ngrams_are_the_same_after_they_were_stored(storage):
    trained = made(NgramFeaturizer, storage)
    trained.train(training(EXAMPLES))

    def row(featurizer: NgramFeaturizer) -> np.ndarray:
        (message,) = featurizer.process([Message(data={TEXT: "how much does it hurt"})])
        return message.get_sparse_features(TEXT)[1].features.toarray()

    stored = row(made(NgramFeaturizer, storage, load=True))
    assert stored.sum() > 0
    assert (stored == row(trained)).all()
