"""Rasa component: what a text names from the store's vocabulary, as sparse features beside its n-grams.

"Does botox hurt" and "does needling hurt" differ in one word, and that word decides: one is out of scope. N-grams
have to see every treatment by name to learn that; a feature "names another treatment and not needling" has to be
learnt once.
"""

from __future__ import annotations

import json
import re
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

from nlu.store_vocabulary import needling, store_vocabulary

_NAMES = "names.json"
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|im|i've|ive|my|me)\b", re.I)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class VocabularyFeaturizer(SparseFeaturizer, GraphComponent):
    """One feature for each entity type, each entity and each state found, and a few for how they stand together."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Rasa expects tokens before features."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """No settings of its own."""
        return SparseFeaturizer.get_default_config()

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        model_storage: ModelStorage,
        resource: Resource,
        names: list[str],
    ) -> None:
        """Hold the features that training has seen; others do not count."""
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._columns = {feature: column for column, feature in enumerate(names)}
        self._vocabulary, self._needling = store_vocabulary(), needling()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> VocabularyFeaturizer:
        """A featurizer that knows no features yet (see the parent class)."""
        return cls(config, execution_context.node_name, model_storage, resource, [])

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> VocabularyFeaturizer:
        """The featurizer as trained (see the parent class)."""
        with model_storage.read_from(resource) as folder:
            names = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
        return cls(config, execution_context.node_name, model_storage, resource, names)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to validate."""

    def train(self, training_data: TrainingData) -> Resource:
        """Number the features that occur in the training data."""
        seen: set[str] = set()
        for example in training_data.training_examples:
            seen |= self._features(str(example.get(TEXT) or ""))
        names = sorted(seen)
        self._columns = {feature: column for column, feature in enumerate(names)}
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _NAMES).write_text(json.dumps(names), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Featurize the training examples in place."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Featurize every message that has a text."""
        for message in messages:
            if not message.get(TEXT):
                continue
            found = self._features(str(message.get(TEXT)))
            columns = sorted(self._columns[feature] for feature in found if feature in self._columns)
            values = np.ones(len(columns), dtype=np.float32)
            row = scipy.sparse.csr_matrix((values, columns, [0, len(columns)]), shape=(1, len(self._columns)))
            message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._config[FEATURIZER_CLASS_ALIAS]))
        return messages

    def _features(self, text: str) -> set[str]:
        features: set[str] = set()
        for entity in self._vocabulary.find(text):
            features |= {entity.entity, f"{entity.entity}={entity.value}", f"{entity.entity}:{entity.state}"}
        if self._needling.search(text):
            features.add("needling")
        elif "treatment" in features:
            features.add("other treatment only")
        if _FIRST_PERSON.search(text):
            features.add("first person")
        return features
