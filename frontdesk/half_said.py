"""What a message leaves out, because the turn before it has said it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from frontdesk import fragments
from frontdesk.turn import (
    BOOK,
    CHANGE,
    OUT_OF_SCOPE,
    REQUESTS,
    SET_THE_SCENE,
    SMALL_TALK,
    TOPIC_PREFIX,
    Memory,
    Question,
    Turn,
    topic_of,
    with_straight_quotes,
)
from frontdesk.understanding import (
    A_WORD_OR_TWO,
    ABOUT_THE_VISITOR,
    CLEARANCE_TOPICS,
    DOUBTFUL,
    FOLLOW_UP,
    SUITABILITY,
)

_OF_THE_CASE = (*CLEARANCE_TOPICS, "skin_tone", "side_effects")
_FEW_WORDS = 5
_OPEN = 0.5
"""Below it, words by themselves leave open what they ask."""
_LIKELY = 0.4
"""So sure both messages together have to be that the second goes on with what was spoken of."""
_CLEARLY = 0.8
_SURE = 0.85
"""Who is that sure of the words alone does not ask the message before."""


def with_what_is_left_out(turn: Turn, memory: Memory, is_spoken_of: Callable[[str], bool]) -> Turn:
    """``turn`` with what is only half said as what it means here: "when can I?", "and wine?", "over how many months".

    Args:
        turn: the message as understood.
        memory: the conversation before it.
        is_spoken_of: whether the facts on the topic of the turn before speak of a thing that a text names.
    """
    if memory.topic is None:
        return turn
    short = len(turn.questions) == 1 and len(turn.text.split()) <= _FEW_WORDS and not turn.entities
    if short and _is_unsure(turn.questions[0]) and is_spoken_of(turn.text):
        return replace(turn, intent=FOLLOW_UP, questions=(Question(turn.text, FOLLOW_UP),))
    if len(turn.questions) == 1 and _is_of_the_case(turn.questions[0], memory):
        return _as(turn, f"{TOPIC_PREFIX}{SUITABILITY}")
    questions = tuple(replace(each, intent=FOLLOW_UP) if _is_half(each) else each for each in turn.questions)
    if questions == turn.questions:
        return _in_context(turn, memory) or turn
    return replace(turn, intent=FOLLOW_UP if len(questions) == 1 else turn.intent, questions=questions)


def _as(turn: Turn, intent: str, also: str | None = None) -> Turn:
    """``turn`` with its one question asking for ``intent``."""
    return replace(turn, intent=intent, questions=(replace(turn.questions[0], intent=intent, also=also),))


def _in_context(turn: Turn, memory: Memory) -> Turn | None:
    """``turn`` as it reads after the message before, where by itself it says too little; else None.

    That counts where the words alone leave open what is asked, and where they are less sure of another topic than both
    messages together are of the one that was just spoken of; what they may ask by themselves is answered besides.
    """
    if not turn.in_context or len(turn.questions) != 1 or memory.age:
        return None
    question = turn.questions[0]
    intent, confidence = turn.in_context[0]
    goes_on = topic_of(intent) == memory.topic or intent in memory.topics
    if any(entity.entity in ABOUT_THE_VISITOR for entity in question.entities) or not (topic_of(intent) or goes_on):
        return None
    if question.intent in SET_THE_SCENE or (question.confidence < _OPEN and question.intent != FOLLOW_UP):
        return _as(turn, intent) if confidence >= (_LIKELY if goes_on else _OPEN) else None
    if question.topic is None or not goes_on or question.confidence >= _SURE or confidence < _CLEARLY:
        return None
    return _as(turn, intent, question.intent if question.confidence < _CLEARLY else None)


def _is_of_the_case(question: Question, memory: Memory) -> bool:
    """Whether it tells more of the health that was just spoken of ("came off it in May"), or asks for leave."""
    words = with_straight_quotes(question.text)
    if memory.topic in _OF_THE_CASE and fragments.asks_leave(words):
        return question.intent in (*SET_THE_SCENE, *SMALL_TALK, *REQUESTS) or question.confidence < DOUBTFUL
    tells = question.intent in SET_THE_SCENE and len(question.text.split()) > 1
    return tells and memory.topic == SUITABILITY and memory.age == 0 and bool(memory.people)


def _is_unsure(question: Question) -> bool:
    """Whether it reads like nothing that could be answered by itself, or hardly."""
    if question.intent in SMALL_TALK or question.intent in REQUESTS:
        return False
    return question.confidence < DOUBTFUL or question.intent in (*SET_THE_SCENE, OUT_OF_SCOPE)


def _is_half(question: Question) -> bool:
    words = with_straight_quotes(question.text)
    begins = question.intent in (BOOK, CHANGE) and fragments.asks_about_another(words)
    is_area = question.topic == "body_areas" and len(words.split()) <= A_WORD_OR_TWO and bool(question.entities)
    told = question.intent in SET_THE_SCENE and fragments.supposes(words)
    return begins or is_area or told or fragments.stops_short(words) or fragments.doubts_it(words)
