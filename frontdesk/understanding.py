"""From the questions of a turn to what the desk is asked: fragments completed, personal cases recognised."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from frontdesk.turn import Memory, Question, Turn, by_type
from frontdesk.vocabulary import Entity

ABOUT_THE_VISITOR = ("condition", "medication", "circumstance")
"""Entity types that speak of a person and bear on whether treatment is possible."""

FOLLOW_UP = "follow_up"
SUITABILITY = "suitability"

_TOPIC_OF_ENTITY = {
    "concern": "concerns_treated",
    "body_area": "body_areas",
    "skin_tone": "skin_tone",
    "device": "devices",
    "treatment": "comparison",
}
_CLEARANCE_TOPICS = ("safety", SUITABILITY, "preparation")
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|im|i've|ive|i'd|i'll|me|my|mine|myself|we|our)\b", re.I)
_FOR_ME = re.compile(r"\b(?:for|on|with|to) (?:me|my\b)|\bam i\b|\bcan i (?:still )?(?:have|get|do|book)\b", re.I)
_CURLY = str.maketrans("’‘", "''")


@dataclass(frozen=True)
class Ask:
    """One thing the desk is asked for.

    Attributes:
        topic: a topic of the facts store, or the intent where the request is not one (``medical_advice``, …).
        text: the visitor's words for it.
        entities: what it names, type to ids, denied ones left out.
        people: conditions, medications and circumstances that are somebody's, with their state.
        personal: whether it speaks of a person's own case, so that no general answer may pass for a clearance.
        follows: whether it leans on the turn before.
    """

    topic: str
    text: str
    entities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    people: tuple[Entity, ...] = ()
    personal: bool = False
    follows: bool = False


def asks_of(turn: Turn, memory: Memory) -> list[Ask]:
    """What the desk is asked in ``turn``, in order; empty when nothing is asked that could be told.

    Args:
        turn: the message as understood.
        memory: the conversation before it.
    """
    asks: list[Ask] = []
    for question in turn.questions:
        ask = _ask(question, turn, memory, asks[-1] if asks else None)
        if ask is not None and ask.topic not in {other.topic for other in asks if other.text != ask.text}:
            asks.append(ask)
    return asks


def _ask(question: Question, turn: Turn, memory: Memory, before: Ask | None) -> Ask | None:
    named = by_type(question.entities)
    people = _people(question, turn)
    topic = question.topic or question.intent
    if question.intent == FOLLOW_UP:
        completed = _completed(question, named, memory, before)
        if completed is None:
            return None
        topic = completed
    personal = _is_personal(question, turn, people)
    if topic in _CLEARANCE_TOPICS and personal and _held(people):
        topic = SUITABILITY if topic != "preparation" else topic
    ask = Ask(topic, question.text, named, people, personal, follows=question.intent == FOLLOW_UP)
    return _with_setting(ask, memory)


def _completed(
    question: Question, named: Mapping[str, tuple[str, ...]], memory: Memory, before: Ask | None
) -> str | None:
    """The topic a fragment leans on: what was asked just before, else what it names itself."""
    if before is not None:
        return before.topic
    if _held(tuple(entity for entity in question.entities if entity.entity in ABOUT_THE_VISITOR)):
        return SUITABILITY
    if memory.topic:
        return memory.topic
    return next((_TOPIC_OF_ENTITY[kind] for kind in named if kind in _TOPIC_OF_ENTITY), None)


def _with_setting(ask: Ask, memory: Memory) -> Ask:
    """A fragment keeps the concern and the area it was about, unless it names others."""
    if not ask.follows or memory.topic is None:
        return ask
    kept = {kind: ids for kind, ids in memory.entities.items() if kind in ("concern", "treatment", "device")}
    if "body_area" not in ask.entities and "body_area" in memory.entities:
        kept["body_area"] = memory.entities["body_area"]
    return replace(ask, entities={**kept, **ask.entities})


def _people(question: Question, turn: Turn) -> tuple[Entity, ...]:
    """Whose conditions the question is about: its own, or those of the story told with it."""
    own = tuple(entity for entity in question.entities if entity.entity in ABOUT_THE_VISITOR)
    if own or len(turn.questions) > 1:
        return own
    return tuple(entity for entity in turn.entities if entity.entity in ABOUT_THE_VISITOR)


def _held(people: tuple[Entity, ...]) -> tuple[Entity, ...]:
    return tuple(entity for entity in people if entity.state != "denied")


def _is_personal(question: Question, turn: Turn, people: tuple[Entity, ...]) -> bool:
    text = question.text.translate(_CURLY)
    if any(entity.state in ("present", "past", "other") for entity in people):
        return bool(_FIRST_PERSON.search(turn.text.translate(_CURLY))) or any(e.state == "other" for e in people)
    return bool(_FOR_ME.search(text))
