"""Rasa component: the red-flag screen, run on every message whatever the conversation is about.

Two independent ears hear a danger: the phrase rules of ``frontdesk.screening`` and a score on the sentence's vectors.
Either is enough, but for a rule that the score contradicts with certainty ("suffocating prices"): it asks for a call
today, with the signs of an emergency, and for no ambulance. What they hear replaces the intent, as Rasa's own
FallbackClassifier does it, so that rules, forms and channels obey without knowing of it, and is told as ``red_flag`` in
the parse output.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from frontdesk.facts.red_flags import RED_FLAGS, RedFlags, load_red_flags
from frontdesk.screening import RedFlag, Screen
from frontdesk.settings import Settings
from nlu.danger_examples import emergencies_and_others
from nlu.danger_score import DESPAIR, DangerScore
from nlu.question_joiner import QUESTIONS, SENTENCES
from nlu.question_splitter import CORRECTED
from nlu.sayings import beside_the_name, sayings_of
from nlu.sentence_embeddings import VECTORS, SentenceEmbeddingFeaturizer
from nlu.sentence_encoder import WIDTH, SentenceEncoder, shared_encoder
from nlu.spelling import Corrected
from nlu.weights import read_weights, write_weights

RED_FLAG = "red_flag"
"""Key of the danger in the parse output: ``{level, category, by, reply}``; absent when there is none."""

EMERGENCY = "emergency"

_ROOT = Path(__file__).parent.parent
_COMMAND = re.compile(r"\s*/[\w-]+\s*(?:\{.*\}\s*)?$", re.S)
_AGREEMENT = -1.2
_DISSENT = -2.0
"""What the intent classifier alone takes for an emergency is one where the whole message's score is above the first, as
the score then all but hears it too, and nothing where it is below the second. Of such messages among the opened suites
and the ordinary questions all dangers scored above the first, and nine in ten of the others below the second."""

_Grave = Literal["emergency", "urgent"]


@dataclass(frozen=True)
class _Heard:
    """A sentence of a message with its vector and its score."""

    text: str
    vector: np.ndarray
    score: float


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class RedFlagScreen(RasaIntentClassifier, GraphComponent):
    """Hears danger in a message; stands after the question joiner."""

    @classmethod
    def required_components(cls) -> list[type]:
        """The score is trained on sentence embeddings."""
        return [SentenceEmbeddingFeaturizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings.

        ``false_alarms``: which share of the training data's other messages the score may take for an emergency; as
        these are rich in what sounds like one, it is several times that of what visitors write. ``contradicted``: which
        share of the training data's emergencies that a rule hears the score may contradict. ``C``: inverse
        regularisation of its regression. ``folder``: where the sentence encoder's graph is kept, and ``examples``: that
        of the messages of `nlu.danger_examples`, if any; both relative to the project's root.
        """
        return {
            "false_alarms": 0.007,
            "contradicted": 0.04,
            "C": 1.0,
            "folder": "var/encoder",
            "examples": None,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The score is trained anew when the red flags' own examples have changed."""
        return hashlib.sha256((Settings.from_environment().facts_dir / RED_FLAGS).read_bytes()).hexdigest()

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        red_flags: RedFlags,
        score: DangerScore | None = None,
    ) -> None:
        """Index the rules and hold the score, once it is trained."""
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._red_flags = red_flags
        self._screen = Screen(red_flags)
        phrases = red_flags.words.phrases().values()
        self._signs = {word for group in phrases for phrase in group for word in phrase.lower().split()}
        self._score = score

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RedFlagScreen:
        """A screen with its rules but no score yet (see the parent class)."""
        return cls(config, model_storage, resource, load_red_flags(Settings.from_environment().facts_dir))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> RedFlagScreen:
        """A screen with the rules as they stand now and the score as trained (see the parent class)."""
        red_flags = load_red_flags(Settings.from_environment().facts_dir)
        with model_storage.read_from(resource) as folder:
            arrays, categories = read_weights(folder)
        score = DangerScore(arrays, categories) if arrays else None
        return cls(config, model_storage, resource, red_flags, score)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the score; without enough emergencies among the examples the rules hear alone."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        dangerous = np.array([example.get(INTENT) == EMERGENCY for example in examples], dtype=bool)
        folder = self._config["examples"]
        own, harmless = emergencies_and_others(self._red_flags, _ROOT / folder if folder else None)
        if dangerous.any():
            texts = [str(example.get(TEXT)) for example in examples] + harmless + [each.text for each in own]
            own_vectors = self._encoder().encode([each.text for each in own])
            vectors = [self._vectors_of(example) for example in examples]
            dangers = np.concatenate([dangerous, np.zeros(len(harmless), dtype=bool), np.ones(len(own), dtype=bool)])
            self._score = DangerScore.fit(
                np.vstack([*vectors, *self._encoder().encode(harmless), *own_vectors]),
                texts,
                dangers,
                np.array([bool(danger) and self._is_ruled(text) for danger, text in zip(dangers, texts, strict=True)]),
                lambda row: self._screen.marks(texts[row]),
                own_vectors[:, :WIDTH],
                [each.label for each in own],
                self._config["false_alarms"],
                self._config["contradicted"],
                self._config["C"],
            )
        with self._model_storage.write_to(self._resource) as folder:
            score = self._score
            write_weights(folder, score.arrays if score else {}, score.categories if score else [])
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set ``red_flag`` on every message, and its intent where a danger outweighs it."""
        for message in messages:
            is_command = _COMMAND.match(str(message.get(TEXT) or "")) is not None
            flag = None if is_command else self._flag(message)
            message.set(RED_FLAG, None if flag is None else flag.as_output(), add_to_output=True)
            if flag is not None and flag.intent is not None:
                _replace_intent(message, {"name": flag.intent, "confidence": 1.0})
            elif _intent_of(message) == EMERGENCY and not is_command:
                _drop_intent(message, EMERGENCY)
        return messages

    def _flag(self, message: Message) -> RedFlag | None:
        """The gravest of what the rules, the score and the intent classifier hear."""
        text = str(message.get(TEXT) or "")
        corrected = message.get(CORRECTED)
        mended = _mended(text, corrected) if corrected is not None else {}
        best = self._screen.check(text, mended)
        heard = self._heard(message, text)
        if best is not None and best.level == "emergency":
            return self._softened(best) if self._is_contradicted(best, heard) else best
        loud = [each for each in heard if each.score > 0 and not self._screen.is_doubtful(each.text)]
        if loud:
            loudest = max(loud, key=lambda each: each.score)
            # What sounds like danger only out of its message ("I don't want to lose my place") needs no ambulance.
            level: _Grave = "urgent" if self._is_unlike(heard[0]) else "emergency"
            return self._by_score(self._category_of(loudest), level, f"score:{loudest.score:.2f}")
        if (
            _intent_of(message) == EMERGENCY
            and beside_the_name(text, self._signs)
            and (best is None or best.level == "clinician")
        ):
            if self._screen.is_harmless(text, mended):
                return best
            category = self._category_of(heard[0]) if heard else self._red_flags.categories[0].id
            weighed = _weighed(heard, category)
            if weighed is not None:
                return self._by_score(category, weighed, f"score:intent {_confidence_of(message):.2f}")
        return best

    def _is_contradicted(self, flag: RedFlag, heard: Sequence[_Heard]) -> bool:
        """Whether nothing of the message is anything like an emergency; a word of despair is never argued away."""
        if not heard or flag.category == DESPAIR:
            return False
        return self._is_unlike(max(heard, key=lambda each: each.score))

    def _is_unlike(self, heard: _Heard) -> bool:
        """Whether hardly any known emergency scores as low as this."""
        assert self._score is not None
        return heard.score < self._score.contrary_below

    def _is_ruled(self, text: str) -> bool:
        flag = self._screen.check(text)
        return flag is not None and flag.level == "emergency" and flag.category != DESPAIR

    def _softened(self, flag: RedFlag) -> RedFlag:
        return replace(flag, level="urgent", reply="urgent")

    def _by_score(self, category: str, level: _Grave, by: str) -> RedFlag:
        reply = self._red_flags.category(category).reply if level == "emergency" else "urgent"
        return RedFlag(level, category, by, reply)

    def _heard(self, message: Message, text: str) -> list[_Heard]:
        """What the message says with its scores, the whole first; none without a score, or without words."""
        if self._score is None:
            return []
        vectors = dict(message.get(SENTENCES) or [])
        said = sayings_of(list(vectors) or [text], self._signs)
        if not said:
            return []
        unknown = [each for each in said if each not in vectors]
        vectors.update(zip(unknown, self._encoder().encode(unknown), strict=True))
        scores = self._score(
            np.stack([vectors[each] for each in said]), said, lambda row: self._screen.marks(said[row])
        )
        return [_Heard(each, vectors[each], score) for each, score in zip(said, scores, strict=True)]

    def _category_of(self, heard: _Heard) -> str:
        assert self._score is not None
        return self._score.category_of(heard.vector)

    def _vectors_of(self, example: Message) -> np.ndarray:
        vectors: np.ndarray | None = example.get(VECTORS)
        return self._encoder().encode([str(example.get(TEXT))])[0] if vectors is None else vectors

    def _encoder(self) -> SentenceEncoder:
        return shared_encoder(_ROOT / self._config["folder"])


def _mended(text: str, corrected: Corrected) -> dict[str, str]:
    """The misspelt words of ``text`` and what they were taken for, in lower case."""
    return {
        text[original_start:original_end].lower(): corrected.text[start:end].lower()
        for start, end, original_start, original_end in corrected.changes
    }


def _weighed(heard: Sequence[_Heard], category: str) -> _Grave | None:
    """How grave it is what the intent classifier alone hears, or None where the score speaks against it."""
    if not heard:
        return "urgent"
    # Who gives up says so in few and harmless words; a kind question too many is the smaller harm.
    if category == DESPAIR or heard[0].score > _AGREEMENT:
        return "emergency"
    return None if heard[0].score < _DISSENT else "urgent"


def _intent_of(message: Message) -> str | None:
    return (message.get(INTENT) or {}).get("name")


def _confidence_of(message: Message) -> float:
    return float((message.get(INTENT) or {}).get("confidence") or 0.0)


def _replace_intent(message: Message, intent: dict[str, Any]) -> None:
    """Put ``intent`` first, as FallbackClassifier does."""
    message.set(INTENT, intent, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [intent, *(message.get(INTENT_RANKING_KEY) or [])], add_to_output=True)


def _drop_intent(message: Message, name: str) -> None:
    """Take the next likely intent, for the message and its questions, where ``name`` turned out to be wrong."""
    ranking = [entry for entry in message.get(INTENT_RANKING_KEY) or [] if entry["name"] != name]
    if ranking:
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
    for question in message.get(QUESTIONS) or []:
        others = [entry for entry in question["ranking"] if entry[0] != name]
        if question["intent"] == name and others:
            question.update(intent=others[0][0], confidence=others[0][1], ranking=others)
