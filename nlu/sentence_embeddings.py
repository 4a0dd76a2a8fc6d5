"""Rasa component: the sentence's MiniLM vector as a dense sentence feature, that of its wording beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.sentence_encoder import WIDTH, shared_encoder

VECTORS = "sentence_vectors"
"""Key, inside the pipeline only, of a text's vector with that of its wording after it, shape ``(BOTH,)``."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbeddingFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds one unit vector of 384 numbers to every message that has a text, and keeps that of its wording beside it.

    The wording is for who hears danger and second topics. As a feature of the intents it moved no held-out figure.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Rasa expects tokens before features."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages checked before training starts."""
        return ["onnx", "onnxruntime", "tokenizers", "safetensors"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``folder``: where the encoder's graph is kept, relative to the project's root."""
        return {**DenseFeaturizer.get_default_config(), "folder": "var/encoder"}

    def __init__(self, config: dict[str, Any], name: str) -> None:
        """Load the encoder of this process, building its graph the first time."""
        super().__init__(name, config)
        self._encoder = shared_encoder(Path(__file__).parent.parent / config["folder"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEmbeddingFeaturizer:
        """A featurizer (see the parent class)."""
        return cls(config, execution_context.node_name)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to validate: a wrong folder is created."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Featurize the training examples in place."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Featurize ``messages`` in one batch."""
        with_text = [message for message in messages if message.get(TEXT)]
        vectors = self._encoder.encode([str(message.get(TEXT)) for message in with_text])
        for message, both in zip(with_text, vectors, strict=True):
            message.set(VECTORS, both)
            row = both[None, :WIDTH]
            message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._config[FEATURIZER_CLASS_ALIAS]))
        return messages
