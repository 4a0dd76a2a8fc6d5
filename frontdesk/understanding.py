"""From the questions of a turn to what the desk is asked: fragments completed, personal cases recognised."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from frontdesk.entities import Entity
from frontdesk.turn import Memory, Question, Turn, by_type, topic_of, with_straight_quotes

ABOUT_THE_VISITOR = ("condition", "medication", "circumstance")
"""Entity types that speak of a person and bear on whether treatment is possible."""

FOLLOW_UP = "follow_up"
SUITABILITY = "suitability"
MEDICAL_ADVICE = "medical_advice"
OUT_OF_SCOPE = "out_of_scope"
COMPARISON = "comparison"

_SET_THE_SCENE = ("story", "inform")
_TOPIC_OF_ENTITY = {
    "concern": "concerns_treated",
    "body_area": "body_areas",
    "skin_tone": "skin_tone",
    "device": "devices",
    "treatment": COMPARISON,
}
_GOES_WITH_NEEDLING = frozenset({"prp", "exosomes", "serum", "mesotherapy", "led"})
"""Treatments that are asked for together with needling; the others are asked for instead of it."""

_IS_NEEDLING = frozenset({"rf_microneedling", "morpheus8"})
_ALSO_ASKED_OF_OTHERS = frozenset(
    "what_is how_it_works procedure_steps session_duration number_of_sessions cost pain downtime side_effects safety"
    " skin_tone concerns_treated body_areas results_timeline results_longevity effectiveness practitioner hygiene"
    " devices combination".split()
)
"""Topics whose questions are asked of botox or a laser in the same words."""

_NOT_PRESCRIBED = frozenset({"supplements", "retinoid_topical", "minoxidil"})
_CHANGE = re.compile(
    r"\b(?:stop|stopping|come off|coming off|go off|skip|skipping|pause|pausing|halve|start|starting|double|miss|quit"
    r"|restart|wean|cut down|take a break|hold off|reduce|increase|switch)\b",
    re.I,
)
_WEIGHS = re.compile(
    r"\b(?:than|versus|vs|or|instead|compare[ds]?|differ\w*|similar|like|same|between|together|combine[ds]?"
    r"|alongside|on top)\b",
    re.I,
)
_JOIN = r"\b(?:and|with|after|before|since|over|plus|on)"
_JOINS_WHAT_FOLLOWS = re.compile(
    rf"{_JOIN}(?:\W+(?:my|a|an|the|some|any|having|getting|doing|i|had|got|been)){{0,3}}\W+$", re.I
)
_JOINS_WHAT_STANDS_BEFORE = re.compile(rf"^(?:\W+\w+)?\W+{_JOIN}\W+(?:it|this|that|these|you|yours?|one)\b", re.I)
"""Beside a treatment's name they set it beside needling; in "can botox spread and do harm" they join other things."""
_TIME = r"(?:week\w*|morning|afternoon|evening|month|year|summer|winter|time|mon|tue|wed|thu|fri|sat|sun)"
_THIS_ONE = re.compile(rf"\b(?:this(?! {_TIME})|yours)\b", re.I)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_RANKS = re.compile(r"\b(?:better|best|worse|worst|rather|instead|prefer|cheaper|safer|gentler|milder|\w+ as)\b", re.I)
_OURS = re.compile(r"\b(?:you|your|yours|this|here)\b", re.I)
_IS_HAVING = re.compile(
    r"\b(?:voucher|booked|having|getting|had|got|done|appointment|going (?:for|to have)|signed up|paid for)\b", re.I
)
_CLEARANCE_TOPICS = ("safety", SUITABILITY)
_AFTER_A_SESSION = re.compile(r"\b(?:since|after|following|session|treatment|needl\w*|day \w+|days|yesterday)\b", re.I)
_WHAT_TO_EXPECT = ("side_effects", "downtime")
"""Told in general beside "a clinician has to look at that", when a worry sounds like them."""
_UNSURE = 0.5
_DOUBTFUL = 0.7
_FRAGMENT_WORDS = 9
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
_POINTS_BACK = re.compile(r"\b(?:it|that|this|them|those|these|one)\b", re.I)
_JUDGED = r"(?:enough|ok|okay|alright|all right|fine|safe|problem|issue|matter|count|too|bad|exclude|rule|stop|mean)"
_JUDGES_THAT = re.compile(
    r"\b(?:is|was|will|would|does|do|should|are)(?:n't)? (?:that|this|it|they|those) "
    rf"(?:be |still |really |all )?(?:long |a |an )?{_JUDGED}\b"
    r"|\b(?:that|this|it|they|those) (?:is|was|will|would|does|do|should|are)(?:n't| not) "
    rf"(?:be |really |all )?(?:long |a |an )?{_JUDGED}\b",
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
        other: a second topic that it may be about, nearly as likely, or that it touches beside its own.
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
    follows = question.intent == FOLLOW_UP or _leans(question, memory, before)
    topic: str | None = question.topic or question.intent
    words = with_straight_quotes(question.text)
    own = any(entity.entity in ABOUT_THE_VISITOR for entity in question.entities)
    asks_leave = _CAN_I.search(words) and (own or len(turn.questions) == 1)
    if people and (question.intent in _SET_THE_SCENE or _JUDGES_THAT.search(words) or asks_leave):
        topic, follows = SUITABILITY, False
    elif follows:
        topic = _completed(question, named, memory, before)
    if topic is None or topic in _SET_THE_SCENE:
        return None
    if _changes_medicine(question, people):
        topic, follows = MEDICAL_ADVICE, False
    elif _is_of_another(topic, question, turn, memory, before, needling):
        topic, follows = OUT_OF_SCOPE, False
    personal = _is_personal(question, turn, people)
    if topic in _CLEARANCE_TOPICS and not people:
        people = _told_before(memory)
        personal = personal or bool(people)
    if topic in _CLEARANCE_TOPICS and personal and held(people):
        topic = SUITABILITY
    of_a_case = topic == SUITABILITY and personal and bool(held(people))
    other = topic_of(question.other or question.also) if question.topic == topic and not of_a_case else None
    if topic == MEDICAL_ADVICE and not people and _AFTER_A_SESSION.search(turn.text):
        other = next((near for near in map(topic_of, _near(question)) if near in _WHAT_TO_EXPECT), None)
    if other is None and topic not in _CLEARANCE_TOPICS and held(people) and question.confidence < _DOUBTFUL:
        other = SUITABILITY
    return _with_setting(Ask(topic, question.text, named, people, personal, follows, other), memory)


def _near(question: Question) -> list[str]:
    return [intent for intent, _ in question.ranking if intent != question.intent]


def _leans(question: Question, memory: Memory, before: Ask | None) -> bool:
    """A short, unsure question that points back ("do I need tablets for it?") belongs to what was just spoken of."""
    return (
        question.confidence < _UNSURE
        and (memory.topic is not None or before is not None)
        and len(question.text.split()) <= _FRAGMENT_WORDS
        and bool(_POINTS_BACK.search(question.text))
    )


def _changes_medicine(question: Question, people: tuple[Entity, ...]) -> bool:
    """Whether it asks for a change of a prescribed medicine, which only the prescriber answers (facts.md, C-ME)."""
    prescribed = [e for e in held(people) if e.entity == "medication" and e.value not in _NOT_PRESCRIBED]
    return bool(prescribed) and bool(_CHANGE.search(question.text)) and question.intent not in _SET_THE_SCENE


def _is_of_another(
    topic: str, question: Question, turn: Turn, memory: Memory, before: Ask | None, needling: re.Pattern[str]
) -> bool:
    """Whether a question that is also asked of needling is asked of another treatment alone."""
    if needling.search(turn.text) or any(entity.value in _IS_NEEDLING for entity in turn.entities):
        return False
    if topic == COMPARISON:
        return memory.topic is None and _compares_others(question, turn)
    return topic in _ALSO_ASKED_OF_OTHERS and (
        _is_elsewhere(question) or _stays_elsewhere(question, before) or _tells_of_another(question, turn)
    )


def _other_treatments(entities: tuple[Entity, ...]) -> set[str]:
    named = {entity.value for entity in entities if entity.entity == "treatment"}
    return named - _GOES_WITH_NEEDLING - _IS_NEEDLING


def _compares_others(question: Question, turn: Turn) -> bool:
    """Whether needling is no side of a comparison: two other treatments are weighed, or one with nothing."""
    if _THIS_ONE.search(turn.text):
        return False
    others = _other_treatments(question.entities)
    weighs = _WEIGHS.search(question.text) or _RANKS.search(question.text)
    return len(others) > 1 or (len(others) == 1 and not weighs)


def _tells_of_another(question: Question, turn: Turn) -> bool:
    """Whether it is asked after a story of another treatment that somebody has or had, and of nothing of ours."""
    story = turn.text.replace(question.text, "")
    told = _other_treatments(tuple(entity for entity in turn.entities if entity not in question.entities))
    elsewhere = told and not _other_treatments(question.entities) and _IS_HAVING.search(story)
    return bool(elsewhere) and not (_OURS.search(question.text) or _WEIGHS.search(question.text))


def _is_elsewhere(question: Question) -> bool:
    """Whether it names another treatment without weighing it against needling."""
    concerns = [entity for entity in question.entities if entity.entity == "concern"]
    # The surgery of a surgery scar is none.
    others = [
        entity
        for entity in question.entities
        if entity.entity == "treatment"
        and entity.value not in _GOES_WITH_NEEDLING | _IS_NEEDLING
        and not any(concern.start <= entity.start and entity.end <= concern.end for concern in concerns)
    ]
    if not others or _weighs(question.text, others):
        return False
    # Who tells of a treatment they have had asks about the one to come.
    if any(entity.entity == "circumstance" for entity in question.entities) or _THIS_ONE.search(question.text):
        return False
    return not any(
        _JOINS_WHAT_FOLLOWS.search(question.text[: entity.start])
        or _JOINS_WHAT_STANDS_BEFORE.search(question.text[entity.end :])
        for entity in others
    )


def _weighs(text: str, others: list[Entity]) -> bool:
    """Whether a sentence of ``text`` that names one of ``others`` sets it against something, or the text is one."""
    sentences = _SENTENCE_END.split(text)
    naming = [each for each in sentences if any(other.text.lower() in each.lower() for other in others)]
    return any(_WEIGHS.search(each) for each in naming or sentences)


def _stays_elsewhere(question: Question, before: Ask | None) -> bool:
    """Whether it asks on of another treatment: "does a laser hurt, and is it safe"."""
    of_another = before is not None and before.topic == OUT_OF_SCOPE and "treatment" in before.entities
    return of_another and bool(_POINTS_BACK.search(question.text))


def _completed(
    question: Question, named: Mapping[str, tuple[str, ...]], memory: Memory, before: Ask | None
) -> str | None:
    """The topic a fragment leans on: what was asked just before, else what it names itself."""
    if before is not None:
        return before.topic
    if held(tuple(entity for entity in question.entities if entity.entity in ABOUT_THE_VISITOR)):
        return SUITABILITY
    treatments = named.get("treatment", ())
    if treatments and not _GOES_WITH_NEEDLING.intersection(treatments):
        return _TOPIC_OF_ENTITY["treatment"]
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
    """Whose conditions the question is about: its own, and those of the story told with all the questions."""
    in_questions = {entity.value for other in turn.questions for entity in other.entities}
    told = tuple(entity for entity in turn.entities if entity.value not in in_questions)
    return tuple(entity for entity in (*question.entities, *told) if entity.entity in ABOUT_THE_VISITOR)


def _told_before(memory: Memory) -> tuple[Entity, ...]:
    """What the visitor said of somebody's health a turn ago: "is it safe?" after "I'm pregnant" is asked with it."""
    if memory.topic is None:
        return ()
    told = [(kind, value) for kind in ABOUT_THE_VISITOR for value in memory.entities.get(kind, ())]
    return tuple(Entity(kind, value, 0, 0, value, "present") for kind, value in told)


def _is_personal(question: Question, turn: Turn, people: tuple[Entity, ...]) -> bool:
    text = with_straight_quotes(question.text)
    if held(people):
        someone_elses = any(entity.state in ("other", "past") for entity in people)
        return someone_elses or bool(_FIRST_PERSON.search(with_straight_quotes(turn.text)))
    return bool(_FOR_ME.search(text))
