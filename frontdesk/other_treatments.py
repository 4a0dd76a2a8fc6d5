"""Whether a question is asked of another treatment than needling, which the assistant does not speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable

from frontdesk.entities import Entity
from frontdesk.turn import Question, Turn

GOES_WITH_NEEDLING = frozenset({"prp", "exosomes", "serum", "mesotherapy", "led"})
"""Treatments that are asked for together with needling; the others are asked for instead of it."""

_IS_NEEDLING = frozenset({"rf_microneedling", "morpheus8"})
_ALSO_ASKED_OF_OTHERS = frozenset(
    "what_is how_it_works procedure_steps session_duration number_of_sessions cost pain downtime side_effects safety"
    " skin_tone concerns_treated body_areas results_timeline results_longevity effectiveness practitioner hygiene"
    " devices combination".split()
)
"""Topics whose questions are asked of botox or a laser in the same words."""

_WEIGHS = re.compile(
    r"\b(?:than|versus|vs|or|instead|compare[ds]?|differ\w*|similar|like|same|between|together|combine[ds]?"
    r"|alongside|on top)\b",
    re.I,
)
_RANKS = re.compile(r"\b(?:better|best|worse|worst|rather|prefer|cheaper|safer|gentler|milder|\w+ as)\b", re.I)
_JOIN = r"\b(?:and|with|after|before|since|over|plus|on)"
_JOINS_WHAT_FOLLOWS = re.compile(
    rf"{_JOIN}(?:\W+(?:my|a|an|the|some|any|having|getting|doing|i|had|got|been)){{0,3}}\W+$", re.I
)
_JOINS_WHAT_STANDS_BEFORE = re.compile(rf"^(?:\W+\w+)?\W+{_JOIN}\W+(?:it|this|that|these|you|yours?|one)\b", re.I)
"""Beside a treatment's name they set it beside needling; in "can botox spread and do harm" they join other things."""
_TIME = r"(?:week\w*|morning|afternoon|evening|month|year|summer|winter|time|mon|tue|wed|thu|fri|sat|sun)"
_THIS_ONE = re.compile(rf"\b(?:this(?! {_TIME})|yours)\b", re.I)
_IT = re.compile(r"\b(?:it|that|these|you)\b", re.I)
_OURS = re.compile(r"\b(?:you|your|yours|this|here)\b", re.I)
_IS_HAVING = re.compile(
    r"\b(?:voucher|booked|having|getting|had|got|done|appointment|going (?:for|to have)|signed up|paid for)\b", re.I
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def could_be_of_another(topic: str, question: Question, turn: Turn, needling: re.Pattern[str]) -> bool:
    """Whether ``topic`` is also asked of other treatments, and needling is not named anywhere.

    Args:
        topic: what is asked.
        question: as understood.
        turn: the whole message.
        needling: finds needling itself in a text.
    """
    return topic in _ALSO_ASKED_OF_OTHERS and not _names_needling(turn, needling)


def is_of_another(question: Question, turn: Turn) -> bool:
    """Whether a question that could be is asked of another treatment alone, by what it or the story before it names."""
    return _is_elsewhere(question) or _tells_of_another(question, turn)


def compares_others(question: Question, turn: Turn, needling: re.Pattern[str]) -> bool:
    """Whether needling is no side of a comparison: two other treatments are weighed, or one with nothing."""
    if _names_needling(turn, needling) or _THIS_ONE.search(turn.text):
        return False
    others = _others(question.entities)
    weighs = _WEIGHS.search(question.text) or _RANKS.search(question.text)
    # "Is it better than laser or peels?"
    beside_it = weighs and _IT.search(question.text)
    return (len(others) > 1 and not beside_it) or (len(others) == 1 and not weighs)


def _names_needling(turn: Turn, needling: re.Pattern[str]) -> bool:
    return bool(needling.search(turn.text)) or any(entity.value in _IS_NEEDLING for entity in turn.entities)


def _others(entities: Iterable[Entity]) -> set[str]:
    named = {entity.value for entity in entities if entity.entity == "treatment"}
    return named - GOES_WITH_NEEDLING - _IS_NEEDLING


def _is_elsewhere(question: Question) -> bool:
    """Whether it names another treatment without weighing it against needling."""
    concerns = [entity for entity in question.entities if entity.entity == "concern"]
    # The surgery of a surgery scar is none.
    others = [
        entity
        for entity in question.entities
        if _others([entity])
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


def _weighs(text: str, others: Iterable[Entity]) -> bool:
    """Whether a sentence of ``text`` that names one of ``others`` sets it against something, or the text is one."""
    sentences = _SENTENCE_END.split(text)
    names = [other.text.lower() for other in others]
    naming = [sentence for sentence in sentences if any(name in sentence.lower() for name in names)]
    return any(_WEIGHS.search(sentence) for sentence in naming or sentences)


def _tells_of_another(question: Question, turn: Turn) -> bool:
    """Whether it is asked after a story of another treatment that somebody has or had, and of nothing of ours."""
    story = turn.text.replace(question.text, "")
    told = _others(entity for entity in turn.entities if entity not in question.entities)
    elsewhere = told and not _others(question.entities) and _IS_HAVING.search(story)
    return bool(elsewhere) and not (_OURS.search(question.text) or _WEIGHS.search(question.text))
