"""Rasa component: the store's vocabulary as entities, each with its state, on the message and on its questions."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from frontdesk.ages import ages_in
from frontdesk.entities import Entity
from frontdesk.vocabulary import Vocabulary, moved
from nlu.question_joiner import QUESTIONS
from nlu.question_splitter import CORRECTED
from nlu.spelling import Corrected
from nlu.store_vocabulary import store_vocabulary


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class VocabularyEntityExtractor(GraphComponent):
    """Finds concerns, body areas, treatments, devices, skin tones, conditions, medications and ages."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Hold the vocabulary."""
        self._vocabulary = vocabulary

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> VocabularyEntityExtractor:
        """An extractor of the store's words as they stand when the assistant starts (see the parent class)."""
        return cls(store_vocabulary())

    def process(self, messages: list[Message]) -> list[Message]:
        """Set ``entities`` on each message, with positions in the visitor's own text, and on its questions."""
        for message in messages:
            corrected = message.get(CORRECTED) or Corrected(str(message.get(TEXT) or ""))
            questions = message.get(QUESTIONS) or []
            for question in questions:
                question[ENTITIES] = [asdict(entity) for entity in self._find(question["text"])]
            found = [_as_written(entity, corrected) for entity in self._find(corrected.text)]
            message.set(QUESTIONS, questions, add_to_output=True)
            message.set(ENTITIES, [*(message.get(ENTITIES) or []), *found], add_to_output=True)
        return messages

    def _find(self, text: str) -> list[Entity]:
        named = self._vocabulary.find(text)
        known = {entity.value for entity in named}
        return named + [entity for entity in ages_in(text) if entity.value not in known]


def _as_written(entity: Entity, corrected: Corrected) -> dict[str, Any]:
    start, end = corrected.original_span(entity.start, entity.end)
    return {**asdict(moved(entity, start, end, entity.text)), "extractor": VocabularyEntityExtractor.__name__}
