"""What a message's only question touches beside its own topic, learned from a toy set."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from frontdesk.settings import REPOSITORY
from nlu.question_joiner import QUESTIONS, SENTENCES
from nlu.second_intents import ALSO, NONE
from nlu.second_topic import SecondTopic
from nlu.sentence_embeddings import VECTORS
from nlu.sentence_encoder import shared_encoder

CONTEXT = ExecutionContext(GraphSchema({}), node_name="part")
AREAS = ["neck", "hands", "chest", "under my eyes", "forehead", "upper lip"]
LABELLED = [
    *((f"how long am I red on the {area}", "ask_downtime", "ask_body_areas") for area in AREAS),
    *((f"is it sore on the {area}", "ask_pain", "ask_body_areas") for area in AREAS),
    *((text, "ask_downtime", NONE) for text in ("how long am I red", "when can I go to work", "is there any downtime")),
    *((text, "ask_pain", NONE) for text in ("does it hurt", "is it sore", "how bad is the pain", "will I feel it")),
]


def vectors(text: str) -> np.ndarray:
    row: np.ndarray = shared_encoder(REPOSITORY / "var" / "encoder").encode([text])[0]
    return row


def example(text: str, intent: str, also: str | None) -> Message:
    data = {TEXT: text, INTENT: intent, VECTORS: vectors(text)}
    return Message(data=data if also is None else {**data, METADATA: {METADATA_INTENT: {ALSO: also}}})


def parsed(text: str, *intents: str, near: Sequence[str] = (), beside: float = 0.01) -> Message:
    """A message as the joiner leaves it."""
    questions: list[dict[str, Any]] = [
        {"text": text, "intent": intent, "ranking": [[intent, 1.0 - beside]] + [[other, beside] for other in near]}
        for intent in intents
    ]
    return Message(data={TEXT: text, QUESTIONS: questions, SENTENCES: [(text, vectors(text))]})


def seconds(component: SecondTopic, message: Message) -> list[Any]:
    return [question.get(ALSO) for question in component.process([message])[0].get(QUESTIONS)]


def trained(storage: ModelStorage, examples: Sequence[Message]) -> SecondTopic:
    config, resource = {**SecondTopic.get_default_config(), "threshold": -4.0}, Resource("second")
    SecondTopic.create(config, storage, resource, CONTEXT).train(TrainingData(list(examples)))
    return SecondTopic.load(config, storage, resource, CONTEXT)


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> SecondTopic:
    storage = LocalModelStorage.create(tmp_path_factory.mktemp("model"))
    return trained(storage, [example(*labelled) for labelled in LABELLED])


def test_a_question_touches_what_its_like_were_labelled_with(learned: SecondTopic) -> None:
    assert seconds(learned, parsed("how long am I red on my neck", "ask_downtime")) == ["ask_body_areas"]
    assert seconds(learned, parsed("is it sore on the forehead", "ask_pain")) == ["ask_body_areas"]


def test_a_question_of_one_topic_touches_no_other(learned: SecondTopic) -> None:
    assert seconds(learned, parsed("does it hurt", "ask_pain")) == [None]


def test_nothing_is_added_to_its_own_topic_or_to_an_unknown_one(learned: SecondTopic) -> None:
    assert seconds(learned, parsed("how long am I red on my neck", "ask_body_areas")) == [None]
    assert seconds(learned, parsed("how long am I red on my neck", "ask_cost")) == [None]


def test_what_it_reads_like_besides_is_weighed_with_it(learned: SecondTopic) -> None:
    doubtful = "how long am I red if I had it done there"
    assert seconds(learned, parsed(doubtful, "ask_downtime")) == [None]
    assert seconds(learned, parsed(doubtful, "ask_downtime", near=["ask_body_areas"], beside=0.45)) == [
        "ask_body_areas"
    ]


def test_what_is_nearly_as_likely_is_given_too(learned: SecondTopic) -> None:
    assert seconds(learned, parsed("umm that", "ask_pain", near=["ask_body_areas"], beside=0.4)) == ["ask_body_areas"]
    assert seconds(learned, parsed("umm that", "ask_pain", near=["greet"], beside=0.4)) == [None]


def test_several_questions_are_left_as_they_are(learned: SecondTopic) -> None:
    assert seconds(learned, parsed("is it sore on the neck, what does it cost", "ask_pain", "ask_cost")) == [None, None]


@pytest.mark.parametrize("also", [None, NONE])
def test_without_labels_it_stays_silent(tmp_path: Path, also: str | None) -> None:
    examples = [example(text, intent, also) for text, intent, _ in LABELLED]
    silent = trained(LocalModelStorage.create(tmp_path), examples)
    assert seconds(silent, parsed("how long am I red on my neck", "ask_downtime")) == [None]


def test_a_message_without_questions_goes_through(learned: SecondTopic) -> None:
    message = Message(data={TEXT: "🙂"})
    assert learned.process([message]) == [message]
