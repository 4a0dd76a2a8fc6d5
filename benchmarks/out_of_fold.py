"""What the components of `config.yml` think of training examples that they have not seen.

The classifier and its featurizers are trained on all folds but one and rank the examples of that one. Sentence vectors
do not depend on training and are computed once.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.model_selection import StratifiedKFold

from benchmarks.intents import ROOT, Example
from nlu.intent_classifier import IntentClassifier
from nlu.ngram_features import NgramFeaturizer
from nlu.sentence_embeddings import SentenceEmbeddingFeaturizer
from nlu.vocabulary_features import VocabularyFeaturizer

_TRAINED = (NgramFeaturizer, VocabularyFeaturizer, IntentClassifier)


@dataclass(frozen=True)
class Ranked:
    """Probabilities of each example's intents at temperature 1.

    Attributes:
        labels: the intents, one a column.
        truth: index of each example's own intent, shape ``(examples,)``; -1 where it is none of the labels.
        probabilities: shape ``(examples, labels)``.
    """

    labels: list[str]
    truth: np.ndarray
    probabilities: np.ndarray

    def at(self, temperature: float) -> np.ndarray:
        """The probabilities at another temperature, shape ``(examples, labels)``."""
        scores = np.log(np.maximum(self.probabilities, 1e-30)) / temperature
        exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
        return exponentials / exponentials.sum(axis=1, keepdims=True)


def settings_of(component: type, config: Path = ROOT / "config.yml") -> dict[str, Any]:
    """The settings that ``config`` gives a component of ours, laid over the component's own.

    Raises:
        LookupError: the pipeline does not have it.
    """
    name = f"{component.__module__}.{component.__name__}"
    for entry in yaml.safe_load(config.read_text(encoding="utf-8"))["pipeline"]:
        if entry["name"] == name:
            default: dict[str, Any] = component.get_default_config()  # type: ignore[attr-defined]
            return {**default, **{key: value for key, value in entry.items() if key != "name"}}
    raise LookupError(f"{config.name} has no {name}.")


def rank_out_of_fold(
    examples: Sequence[Example], folds: int, seed: int, advance: Callable[[], None] = lambda: None
) -> Ranked:
    """Ranks each example by a model that was trained without its fold.

    Args:
        examples: the training data.
        folds: number of folds; each has every intent in the same share.
        seed: of the shuffle before the folds are cut.
        advance: called after each fold.
    """
    vectors = embed(examples)
    labels = sorted({example.intent for example in examples})
    probabilities = np.zeros((len(examples), len(labels)))
    cut = StratifiedKFold(folds, shuffle=True, random_state=seed)
    for known, asked in cut.split(examples, [example.intent for example in examples]):
        probabilities[asked] = _rank(examples, vectors, known, asked, labels)
        advance()
    return Ranked(labels, _indices(examples, labels), probabilities)


def rank_unseen(known: Sequence[Example], asked: Sequence[Example]) -> Ranked:
    """Ranks ``asked`` by a model that was trained on all of ``known``."""
    examples = [*known, *asked]
    labels = sorted({example.intent for example in known})
    rows = np.arange(len(examples))
    probabilities = _rank(examples, embed(examples), rows[: len(known)], rows[len(known) :], labels)
    return Ranked(labels, _indices(asked, labels), probabilities)


def embed(examples: Sequence[Example]) -> list[Any]:
    """The sentence features of each example."""
    messages = [Message(data={TEXT: example.text}) for example in examples]
    name = SentenceEmbeddingFeaturizer.__name__
    featurizer = SentenceEmbeddingFeaturizer(settings_of(SentenceEmbeddingFeaturizer), name)
    return [message.features for message in featurizer.process(messages)]


def _rank(
    examples: Sequence[Example], vectors: Sequence[Any], known: np.ndarray, asked: np.ndarray, labels: list[str]
) -> np.ndarray:
    training = [_message(examples[row], vectors[row]) for row in known]
    unseen = [_message(examples[row], vectors[row]) for row in asked]
    changes: dict[type, dict[str, Any]] = {IntentClassifier: {"temperature": 1.0, "ranking_length": len(labels)}}
    data = TrainingData(training_examples=training)
    with tempfile.TemporaryDirectory() as folder:
        storage = LocalModelStorage.create(Path(folder))
        for component in _TRAINED:
            settings = {**settings_of(component), **changes.get(component, {})}
            context = ExecutionContext(GraphSchema({}), node_name=component.__name__)
            part = component.create(settings, storage, Resource(component.__name__), context)
            part.train(data)
            if component is not IntentClassifier:
                part.process(training)
            part.process(unseen)
    columns = {label: column for column, label in enumerate(labels)}
    probabilities = np.zeros((len(unseen), len(labels)))
    for row, message in enumerate(unseen):
        for entry in message.get(INTENT_RANKING_KEY):
            probabilities[row, columns[entry["name"]]] = entry["confidence"]
    return probabilities


def _message(example: Example, features: list[Any]) -> Message:
    return Message(data={TEXT: example.text, INTENT: example.intent}, features=list(features))


def _indices(examples: Sequence[Example], labels: Sequence[str]) -> np.ndarray:
    columns = {label: column for column, label in enumerate(labels)}
    return np.array([columns.get(example.intent, -1) for example in examples])
