"""Rasa component: one message in, its corrected pieces out, so that every later component sees each piece.

Rasa's graph hands a list of messages from component to component. The splitter lets the list grow at prediction
time: the whole (spelling corrected) message first, then its pieces, each pointing back to the message it came from.
Stock featurizers and the classifier treat them like any messages; ``QuestionJoiner`` folds them back into one.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.context import read_after
from nlu.spelling import Corrected, Spelling
from nlu.splitting import bare_list, split
from nlu.store_vocabulary import store_vocabulary

PART_OF = "part_of"
"""Key of a piece's original message."""
PART_KIND = "part_kind"
"""Key of what a piece is: ``whole``, ``piece``, ``item`` (of a bare list) or ``context`` (see `nlu.context`)."""
CORRECTED = "corrected"
"""Key of the original message's :class:`~nlu.spelling.Corrected` text."""
UNREADABLE = "unreadable"
"""Key of why the original message holds no words to understand, see :meth:`~nlu.spelling.Spelling.unreadable`."""

_WORDS_FILE = "words.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class QuestionSplitter(GraphComponent):
    """Corrects spelling against English, the training data's own words and the store's vocabulary, then splits."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``own_word_count``: how often a word must stand in the training data to count as correctly spelt."""
        return {"own_word_count": 3}

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, words: list[str]
    ) -> None:
        """Hold the words that count as correctly spelt besides general English and the store's vocabulary."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._spelling = Spelling(words, left_alone=store_vocabulary().phrases)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> QuestionSplitter:
        """An untrained splitter (see the parent class)."""
        return cls(config, model_storage, resource, [])

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> QuestionSplitter:
        """A splitter with the words of its training (see the parent class)."""
        with model_storage.read_from(resource) as folder:
            words = json.loads((folder / _WORDS_FILE).read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, words)

    def train(self, training_data: TrainingData) -> Resource:
        """Remember the words that the training data uses often enough."""
        counts = Counter(
            word.lower()
            for example in training_data.intent_examples
            for word in str(example.get(TEXT) or "").split()
            if word.isalpha()
        )
        words = sorted(word for word, count in counts.items() if count >= self._config["own_word_count"])
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _WORDS_FILE).write_text(json.dumps(words), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        """Replace each message by its whole, its pieces, and what it says after the visitor's message before."""
        latest = tracker.latest_message if tracker else None
        before = str(latest.text or "") if latest else ""
        return [part for message in messages for part in self._parts(message, before)]

    def _parts(self, message: Message, before: str) -> list[Message]:
        text = str(message.get(TEXT) or "")
        unreadable = self._spelling.unreadable(text)
        corrected = Corrected(text) if unreadable else self._spelling.correct(text)
        message.set(CORRECTED, corrected)
        message.set(UNREADABLE, unreadable)
        parts = [_part(message, corrected.text, "whole")]
        pieces = split(corrected.text)
        if len(pieces) > 1:
            parts += [_part(message, piece, "piece") for piece in pieces]
        parts += [_part(message, item, "item") for item in bare_list(corrected.text)]
        in_context = None if unreadable else read_after(corrected.text, before)
        if in_context is not None:
            parts.append(_part(message, self._spelling.correct(in_context).text, "context"))
        return parts


def _part(message: Message, text: str, kind: str) -> Message:
    return Message(data={TEXT: text, PART_OF: message, PART_KIND: kind})
