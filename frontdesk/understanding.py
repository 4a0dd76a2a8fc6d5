"""From the questions of a turn to what the desk is asked: fragments completed, personal cases recognised."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from frontdesk import fragments, other_treatments
from frontdesk.entities import Entity
from frontdesk.turn import (
    OUT_OF_SCOPE,
    REQUESTS,
    SET_THE_SCENE,
    SMALL_TALK,
    Memory,
    Question,
    Turn,
    by_type,
    topic_of,
    with_straight_quotes,
)

ABOUT_THE_VISITOR = ("condition", "medication", "circumstance")
"""Entity types that speak of a person and bear on whether treatment is possible."""

FOLLOW_UP = "follow_up"
SUITABILITY = "suitability"
MEDICAL_ADVICE = "medical_advice"
COMPARISON = "comparison"

_TOPIC_OF_ENTITY = {
    "concern": "concerns_treated",
    "body_area": "body_areas",
    "skin_tone": "skin_tone",
    "device": "devices",
    "treatment": COMPARISON,
}
_NOT_PRESCRIBED = frozenset({"supplements", "retinoid_topical", "minoxidil"})
CLEARANCE_TOPICS = ("safety", SUITABILITY)
_AROUND_A_SESSION = ("preparation", "aftercare")
_AFTER_A_SESSION = re.compile(r"\b(?:since|after|following|session|treatment|needl\w*|day \w+|days|yesterday)\b", re.I)
_WHAT_TO_EXPECT = ("side_effects", "downtime")
"""Told in general beside "a clinician has to look at that", when a worry sounds like them."""
_UNSURE = 0.5
_CLEARLY = 3.0
"""So many times as likely as any other topic, a question is of its own topic after all."""
DOUBTFUL = 0.7
_FRAGMENT_WORDS = 9
A_WORD_OR_TWO = 3
_HALF_READ = 0.1
_EFFECTS = frozenset({"side_effects", "downtime"})
_OF_RESULTS = frozenset({"results_timeline", "effectiveness", "concerns_treated", "number_of_sessions", "comparison"})
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|im|i've|ive|i'd|i'll|me|my|mine|myself|we|our)\b", re.I)
_FOR_ME = re.compile(r"\b(?:for|on|with|to) (?:me|my\b)|\bam i\b|\bcan i (?:still )?(?:have|get|do|book)\b", re.I)
_CAN_I = re.compile(
    r"\bcan (?:i|she|he|we|my \w+) (?:still )?(?:(?:have|get|do) "
    r"(?:it|this|that|one|needling|microneedling|the treatment)|come|go ahead|keep (?:it|my appointment))\b",
    re.I,
)
_JUDGE_ME = re.compile(
    r"\b(?:would|do|could|can) you (?:say|think|reckon|believe)\b.{0,20}\b(?:i|i'm|i'd|my|me)\b"
    r"|\b(?:do|would) i (?:even |really |actually )?need (?:it|this|anything|something|treatment|(?:micro)?needling)\b",
    re.I,
)


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
        other: a second topic that it touches beside its own.
    """

    topic: str
    text: str
    entities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    people: tuple[Entity, ...] = ()
    personal: bool = False
    follows: bool = False
    other: str | None = None


def asks_of(turn: Turn, memory: Memory, needling: re.Pattern[str]) -> list[Ask]:
    """What the desk is asked in ``turn``, in order; empty when nothing is asked that could be told.

    Args:
        turn: the message as understood.
        memory: the conversation before it.
        needling: finds needling itself in a text.
    """
    asks: list[Ask] = []
    for question in turn.questions:
        ask = _ask(question, turn, memory, asks[-1] if asks else None, needling)
        if ask is not None and ask.topic not in {other.topic for other in asks}:
            asks.append(ask)
    return asks


def asks_a_judgement(ask: Ask) -> bool:
    """Whether ``ask`` wants to hear what the visitor's own skin needs, which only who sees it can say."""
    return _JUDGE_ME.search(with_straight_quotes(ask.text)) is not None


def held(people: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """Of ``people`` what somebody has or had; what is denied is left out."""
    return tuple(entity for entity in people if entity.state != "denied")


def _ask(question: Question, turn: Turn, memory: Memory, before: Ask | None, needling: re.Pattern[str]) -> Ask | None:
    named = by_type(question.entities)
    people = _people(question, turn)
    told = _recalled(question, memory) if before is None and not people else ()
    medicines = tuple(entity for entity in told if entity.entity == "medication")
    words = with_straight_quotes(question.text)
    topic: str | None
    if people and _is_of_a_case(question, turn, words):
        topic, follows = SUITABILITY, False
    elif told and _asks_on_of_a_case(words, memory):
        topic, follows, people = SUITABILITY, False, told
    else:
        topic, follows = _read(question, named, memory, before, needling)
        if medicines and fragments.asks_to_change_it(words):
            people = medicines
    if topic is None or topic in SET_THE_SCENE:
        return None
    if _changes_medicine(question, people):
        topic, follows = MEDICAL_ADVICE, False
    elif _is_of_another(topic, question, turn, memory, before, needling):
        topic, follows = OUT_OF_SCOPE, before is None
    if topic in CLEARANCE_TOPICS and not people:
        people = told
    # Whose health was told of before is a case, whatever the words are now.
    personal = _is_personal(question, turn, people) or (bool(people) and people == told)
    if topic in CLEARANCE_TOPICS and personal and held(people):
        topic = SUITABILITY
    of_a_case = topic == SUITABILITY and personal and bool(held(people))
    is_as_read = topic == question.topic or topic == question.intent in REQUESTS
    other = topic_of(question.also) if is_as_read and not of_a_case else None
    if topic == MEDICAL_ADVICE and not people and _AFTER_A_SESSION.search(turn.text):
        other = next((near for near in map(topic_of, _near(question)) if near in _WHAT_TO_EXPECT), None)
    if other is None and topic not in CLEARANCE_TOPICS and held(people) and question.confidence < DOUBTFUL:
        other = SUITABILITY
    return _with_setting(Ask(topic, question.text, named, people, personal, follows, other), memory)


def _recalled(question: Question, memory: Memory) -> tuple[Entity, ...]:
    """The health told of before, as far as the question can be asked of it: a sister's is not the visitor's own."""
    told = held(memory.told)
    if _FIRST_PERSON.search(with_straight_quotes(question.text)):
        return tuple(entity for entity in told if entity.state != "other")
    return told


def _is_of_a_case(question: Question, turn: Turn, words: str) -> bool:
    """Whether it asks, or only tells, of the health that is named with it."""
    own = any(entity.entity in ABOUT_THE_VISITOR for entity in question.entities)
    asks_leave = _CAN_I.search(words) is not None and (own or len(turn.questions) == 1)
    return question.intent in SET_THE_SCENE or fragments.judges_what_was_said(words) or asks_leave


def _asks_on_of_a_case(words: str, memory: Memory) -> bool:
    """Whether it asks what follows from the health that was told of before: "is that long enough?"."""
    if memory.topic not in (*CLEARANCE_TOPICS, None):
        return False
    return fragments.only_judges(words) or fragments.asks_how_long_to_wait(words) or fragments.asks_leave(words)


def _read(
    question: Question,
    named: Mapping[str, tuple[str, ...]],
    memory: Memory,
    before: Ask | None,
    needling: re.Pattern[str],
) -> tuple[str | None, bool]:
    """The topic of a question, and whether it leans on what was said before it."""
    if question.intent == FOLLOW_UP or _leans(question, memory, before):
        return _completed(question, named, memory, before, needling), True
    if before is not None:
        return question.topic or question.intent, False
    asks_on = fragments.points_at_what_was_said(question.text) and len(question.text.split()) <= _FRAGMENT_WORDS
    # "Are they permanent?" is asked of the effects that were told, and not of the results.
    if asks_on and question.topic == "results_longevity" and memory.topic in _EFFECTS:
        return memory.topic, True
    return question.topic or question.intent, asks_on and not named


def _near(question: Question) -> list[str]:
    return [intent for intent, _ in question.ranking if intent != question.intent]


def _leans(question: Question, memory: Memory, before: Ask | None) -> bool:
    """Whether a few words belong to what was just spoken of, though the model reads something else in them.

    They are a short, unsure question that points back ("do I need tablets for it?"), or a thing named alone that reads
    like a tale ("swimming", after the aftercare).
    """
    if question.intent in SMALL_TALK or (memory.topic is None and before is None):
        return False
    words = len(question.text.split())
    if question.intent in SET_THE_SCENE:
        readings = {topic_of(intent) for intent, confidence in question.ranking if confidence >= _HALF_READ}
        return words <= A_WORD_OR_TWO and before is None and memory.topic in readings
    if question.confidence >= _UNSURE or words > _FRAGMENT_WORDS or not fragments.points_back(question.text):
        return False
    others = [c for intent, c in question.ranking if topic_of(intent) and intent != question.intent]
    near = before.topic if before is not None else memory.topic
    is_its_own = question.topic is not None and question.confidence >= _CLEARLY * max(others, default=0.0)
    return not is_its_own or near in map(topic_of, _near(question))


def _changes_medicine(question: Question, people: tuple[Entity, ...]) -> bool:
    """Whether it asks for a change of a prescribed medicine, which only the prescriber answers (facts.md, C-ME)."""
    prescribed = [e for e in held(people) if e.entity == "medication" and e.value not in _NOT_PRESCRIBED]
    return bool(prescribed) and fragments.asks_for_change(question.text) and question.intent not in SET_THE_SCENE


def _is_of_another(
    topic: str, question: Question, turn: Turn, memory: Memory, before: Ask | None, needling: re.Pattern[str]
) -> bool:
    """Whether a question that is also asked of needling is asked of another treatment alone."""
    if topic == COMPARISON:
        return memory.topic is None and other_treatments.compares_others(question, turn, needling)
    return other_treatments.could_be_of_another(topic, question, turn, needling) and (
        other_treatments.is_of_another(question, turn) or _stays_elsewhere(question, memory, before)
    )


def _stays_elsewhere(question: Question, memory: Memory, before: Ask | None) -> bool:
    """Whether it asks on of another treatment: "does a laser hurt, and is it safe"."""
    if before is None:
        asks_on = fragments.points_back(question.text) or len(question.text.split()) <= A_WORD_OR_TWO
        return asks_on and memory.is_elsewhere and not question.entities
    return before.topic == OUT_OF_SCOPE and "treatment" in before.entities and fragments.points_back(question.text)


def _completed(
    question: Question,
    named: Mapping[str, tuple[str, ...]],
    memory: Memory,
    before: Ask | None,
    needling: re.Pattern[str],
) -> str | None:
    """The topic a fragment leans on: what was asked just before, else what it names itself."""
    if before is not None:
        return before.topic
    if memory.is_elsewhere and needling.search(question.text):
        return "what_is"
    if not named and (topic := fragments.time_named(question.text)) is not None:
        return topic
    if memory.topic in _OF_RESULTS and fragments.doubts_it(with_straight_quotes(question.text)):
        return "effectiveness"
    if memory.topic in _AROUND_A_SESSION and _names_only_products(question):
        return memory.topic
    if held(tuple(entity for entity in question.entities if entity.entity in ABOUT_THE_VISITOR)):
        return SUITABILITY
    treatments = named.get("treatment", ())
    if treatments and not other_treatments.GOES_WITH_NEEDLING.intersection(treatments):
        return OUT_OF_SCOPE if memory.is_elsewhere else _TOPIC_OF_ENTITY["treatment"]
    if memory.topic:
        return memory.topic
    if not named and held(memory.told):
        return SUITABILITY
    return next((_TOPIC_OF_ENTITY[kind] for kind in named if kind in _TOPIC_OF_ENTITY), None)


def _names_only_products(question: Question) -> bool:
    """Whether all of somebody's health that it names is put on the skin or eaten without a prescription."""
    named = held(tuple(entity for entity in question.entities if entity.entity in ABOUT_THE_VISITOR))
    return bool(named) and all(entity.value in _NOT_PRESCRIBED for entity in named)


def _with_setting(ask: Ask, memory: Memory) -> Ask:
    """A fragment keeps the concern and the area it was about, unless it names others."""
    if not ask.follows or memory.topic is None:
        return ask
    kept = {kind: ids for kind, ids in memory.entities.items() if kind in ("concern", "treatment", "device")}
    if "body_area" not in ask.entities and "body_area" in memory.entities:
        kept["body_area"] = memory.entities["body_area"]
    return replace(ask, entities={**kept, **ask.entities})


def _people(question: Question, turn: Turn) -> tuple[Entity, ...]:
    """Whose conditions the question is about: its own, and those of the story told with all the questions."""
    in_questions = {entity.value for other in turn.questions for entity in other.entities}
    told = tuple(entity for entity in turn.entities if entity.value not in in_questions)
    # What a question denies, the rest of the message may take back: "no cold sores. Well, once."
    taken_back = {entity.value: entity for entity in held(turn.entities)}
    own = (taken_back.get(each.value, each) if each.state == "denied" else each for each in question.entities)
    return tuple(entity for entity in (*own, *told) if entity.entity in ABOUT_THE_VISITOR)


def _is_personal(question: Question, turn: Turn, people: tuple[Entity, ...]) -> bool:
    text = with_straight_quotes(question.text)
    if held(people):
        someone_elses = any(entity.state in ("other", "past") for entity in people)
        return someone_elses or bool(_FIRST_PERSON.search(with_straight_quotes(turn.text)))
    return bool(_FOR_ME.search(text))
