"""Rasa component: what else the only question of a message touches, beside its own topic.

"How long am I red on the neck" asks for the downtime and touches the body areas; who answers the one without the other
leaves something out. It is learned from the examples whose metadata name a second intent under ``also`` (``none``: it
has been looked for), by one regression for each such intent on the message's vectors, its words and its own intent.
What the question reads like beside its own intent is weighed with it: of the questions that touch two topics, both
together found as many as the readings alone, at a third of the answers too many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.linear_model import LogisticRegression

from nlu.question_joiner import QUESTIONS, SENTENCES
from nlu.second_intents import ALSO, NONE, second_intent_of
from nlu.sentence_embeddings import VECTORS
from nlu.sentence_encoder import BOTH
from nlu.weights import read_weights, write_weights
from nlu.word_pairs import BUCKETS, score_by_words, word_rows

_UNREAD = 0.01
"""The probability that stands for what is not among a question's likeliest readings."""
_FEWEST = 5
"""With fewer examples an intent is not learned as a second one."""
_DENSE_WEIGHT = 1.5
_WORDS_WEIGHT = 2.0
_TOLERANCE = 0.1


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class SecondTopic(GraphComponent):
    """Gives a message's only question the second intent that it touches, where one is likely enough."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings.

        ``threshold``: the log-odds from which a second intent is given. ``reading``: what it adds to them that the
        question itself reads like that intent, times the logarithm of its probability. ``close``: the share of the
        first intent's probability from which the next likely one is given all the same. ``C``: inverse regularisation.
        """
        return {"threshold": -4.8, "reading": 1.0, "close": 0.5, "C": 2.0}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        arrays: dict[str, np.ndarray] | None = None,
        names: dict[str, list[str]] | None = None,
    ) -> None:
        """Hold the settings and what was learned.

        Args:
            config: see `get_default_config`.
            model_storage: where it is kept.
            resource: under which name.
            arrays: ``dense`` (BOTH, seconds), ``words`` (BUCKETS, seconds), ``first`` (firsts, seconds) and
                ``intercept`` (seconds); empty when nothing was learned.
            names: ``first`` and ``second``, the intents in the arrays' order.
        """
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._arrays = arrays or {}
        self._names = names or {"first": [], "second": []}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SecondTopic:
        """One that has learned nothing yet (see the parent class)."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SecondTopic:
        """As trained (see the parent class)."""
        with model_storage.read_from(resource) as folder:
            arrays, names = read_weights(folder)
        return cls(config, model_storage, resource, arrays, names)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the labelled examples; training data without any leave it silent."""
        labelled = [
            (each, also)
            for each in training_data.intent_examples
            if (also := second_intent_of(each)) is not None and each.get(VECTORS) is not None
        ]
        seconds = Counter(also for _, also in labelled if also != NONE)
        second = sorted(name for name, count in seconds.items() if count >= _FEWEST)
        if second:
            self._names = {"first": sorted({str(each.get(INTENT)) for each, _ in labelled}), "second": second}
            self._arrays = self._fit([each for each, _ in labelled], np.array([also for _, also in labelled]))
        with self._model_storage.write_to(self._resource) as folder:
            write_weights(folder, self._arrays, self._names)
        return self._resource

    def _fit(self, examples: Sequence[Message], also: np.ndarray) -> dict[str, np.ndarray]:
        dense = _DENSE_WEIGHT * np.stack([each.get(VECTORS) for each in examples])
        words = _WORDS_WEIGHT * word_rows([str(each.get(TEXT)) for each in examples])
        first = np.array([[each.get(INTENT) == name for name in self._names["first"]] for each in examples])
        parts = (scipy.sparse.csr_matrix(dense), words, scipy.sparse.csr_matrix(first.astype(np.float32)))
        features = scipy.sparse.hstack(parts).tocsr()
        regressions = [
            LogisticRegression(C=self._config["C"], solver="liblinear", dual=True, tol=_TOLERANCE, random_state=0).fit(
                features, also == name
            )
            for name in self._names["second"]
        ]
        weights = np.array([each.coef_[0] for each in regressions], dtype=np.float32).T
        return {
            "dense": _DENSE_WEIGHT * weights[:BOTH],
            "words": _WORDS_WEIGHT * weights[BOTH : BOTH + BUCKETS],
            "first": weights[BOTH + BUCKETS :],
            "intercept": np.array([each.intercept_[0] for each in regressions], dtype=np.float32),
        }

    def process(self, messages: list[Message]) -> list[Message]:
        """Set ``also`` on the only question of each message that has one."""
        for message in messages:
            questions, sentences = message.get(QUESTIONS) or [], message.get(SENTENCES) or []
            if len(questions) == 1 and sentences:
                questions[0][ALSO] = self._second_of(questions[0], *sentences[0])
        return messages

    def _second_of(self, question: Mapping[str, Any], text: str, vectors: np.ndarray) -> str | None:
        first = question["intent"]
        if first not in self._names["first"]:
            return None
        readings = dict(question["ranking"])
        scores = (
            vectors @ self._arrays["dense"]
            + score_by_words(text, self._arrays["words"])
            + self._arrays["first"][self._names["first"].index(first)]
            + self._arrays["intercept"]
            + self._config["reading"]
            * np.log([max(readings.get(name, 0.0), _UNREAD) for name in self._names["second"]])
        )
        likeliest, score = max(
            ((name, score) for name, score in zip(self._names["second"], scores, strict=True) if name != first),
            key=lambda each: each[1],
            default=(None, 0.0),
        )
        return likeliest if score >= self._config["threshold"] else self._nearly_as_likely(question["ranking"])

    def _nearly_as_likely(self, ranking: Sequence[tuple[str, float]]) -> str | None:
        """The next likely intent of a question that could as well be meant so; both are answered then."""
        if len(ranking) < 2 or ranking[1][0] not in self._names["second"]:
            return None
        return ranking[1][0] if ranking[1][1] >= self._config["close"] * ranking[0][1] else None
