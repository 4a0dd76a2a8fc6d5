"""Rasa component: folds the classified pieces back into the one message they came from.

After it the message carries ``questions`` (what it asks, in order) and, as Rasa expects, one ``intent``: the first
question's. A message that the model is not sure about gets Rasa's own ``nlu_fallback``, with the reason beside it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.joining import JoiningRules, Piece, join
from nlu.question_splitter import PART_KIND, PART_OF, UNREADABLE
from nlu.sentence_embeddings import VECTORS

QUESTIONS = "questions"
"""Key of the questions in the parse output."""
FALLBACK_REASON = "fallback_reason"
"""Key of why a message was not understood: ``unsure``, ``emoji_only``, ``other_language`` or ``gibberish``."""
IN_CONTEXT = "in_context"
"""Key of the likeliest intents with their confidences when the message is read after the one before; may be empty."""

SENTENCES = "sentences"
"""Key, inside the pipeline only, of the corrected message and its pieces with their vectors: ``[(text, vector)]``."""

_RANKED = 3


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class QuestionJoiner(GraphComponent):
    """Joins pieces to questions and applies the confidence below which nothing is taken for understood."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings: those of :class:`~nlu.joining.JoiningRules`, and ``threshold``.

        ``threshold``: a question below this confidence makes the message ``nlu_fallback``, when no other question
        of the message reaches it.
        """
        return {
            "threshold": 0.0,
            "silent": [],
            "dominant": [],
            "absorbed": {},
            "alone": 0.5,
            "listed": 0.6,
            "dominance": 0.5,
            "most": 3,
            "needs": {},
            "context": 0.0,
        }

    def __init__(self, config: dict[str, Any]) -> None:
        """Read the rules out of the settings."""
        self._threshold = config["threshold"]
        self._rules = JoiningRules(
            silent=frozenset(config["silent"]),
            dominant=frozenset(config["dominant"]),
            absorbed={intent: frozenset(others) for intent, others in config["absorbed"].items()},
            alone=config["alone"],
            listed=config["listed"],
            dominance=config["dominance"],
            most=config["most"],
            needs=dict(config["needs"]),
            context=config["context"],
        )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> QuestionJoiner:
        """A joiner (see the parent class)."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """The original messages, each with its questions and its intent."""
        families: dict[int, list[Message]] = {}
        for part in messages:
            families.setdefault(id(part.get(PART_OF)), []).append(part)
        return [self._join(parts) for parts in families.values()]

    def _join(self, parts: list[Message]) -> Message:
        original: Message = parts[0].get(PART_OF)
        whole, pieces, items, in_context = (
            [_piece(part) for part in parts if part.get(PART_KIND) == kind]
            for kind in ("whole", "piece", "item", "context")
        )
        questions = join(whole[0], pieces, items, self._rules) if whole[0].ranking else []
        sure = [question for question in questions if question.confidence >= self._threshold]
        ranking = parts[0].get(INTENT_RANKING_KEY) or []
        reason = original.get(UNREADABLE) or (None if sure or not questions else "unsure")
        if reason:
            intent = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": self._threshold}
            ranking = [intent, *ranking]
            sure = questions
        elif sure:
            intent = {"name": sure[0].intent, "confidence": sure[0].confidence}
        else:
            intent = {"name": None, "confidence": 0.0}
        original.set(INTENT, intent, add_to_output=True)
        original.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        original.set(QUESTIONS, [_as_output(question) for question in sure], add_to_output=True)
        original.set(FALLBACK_REASON, reason, add_to_output=True)
        original.set(IN_CONTEXT, _ranked(in_context[0]) if in_context else [], add_to_output=True)
        original.set(SENTENCES, _with_vectors(parts))
        return original


def _as_output(question: Piece) -> dict[str, Any]:
    return {
        "text": question.text,
        "intent": question.intent,
        "confidence": question.confidence,
        "ranking": _ranked(question),
    }


def _ranked(piece: Piece) -> list[list[Any]]:
    return [list(entry) for entry in piece.ranking[:_RANKED]]


def _piece(part: Message) -> Piece:
    ranking = part.get(INTENT_RANKING_KEY) or []
    return Piece(str(part.get(TEXT) or ""), tuple((entry["name"], entry["confidence"]) for entry in ranking))


def _with_vectors(parts: list[Message]) -> list[tuple[str, np.ndarray]]:
    """The sentences of a message with their vectors; empty when no part has one."""
    sentences = [part for part in parts if part.get(PART_KIND) in ("whole", "piece")]
    found = [(str(part.get(TEXT) or ""), part.get(VECTORS)) for part in sentences]
    return [(text, vector) for text, vector in found if vector is not None]
