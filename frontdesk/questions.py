"""Answers what a turn asks: facts for its topics, the clinic's people for what no fact may answer."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

from frontdesk.answers import WORDS_FOR_ASPECT, WORDS_FOR_ONE, WORDS_FOR_SEVERAL, answers_of
from frontdesk.aspects import aspects_of
from frontdesk.facts.snapshot import FactsStore
from frontdesk.fragments import names_nothing
from frontdesk.reactions import tells_of_reaction
from frontdesk.turn import (
    BOOK,
    CHANGE,
    HANDOFF,
    OUT_OF_SCOPE,
    SET_THE_SCENE,
    SMALL_TALK,
    Memory,
    Reply,
    ReplyButton,
    Response,
    Turn,
    topic_of,
    with_straight_quotes,
    without_buttons,
)
from frontdesk.understanding import MEDICAL_ADVICE, SUITABILITY, Ask, asks_a_judgement, asks_of, held
from frontdesk.visit_rules import rules_asked
from frontdesk.wording import wording

MOST_BUTTONS = 4

_MOST_ANSWERS = 3
FALLBACK_INTENT = "nlu_fallback"
_READ_NOTHING = ("emoji_only", "other_language", "gibberish")
_PLAIN = {
    "greet": "greet",
    "goodbye": "goodbye",
    "thank": "thank",
    "affirm": "affirm",
    "deny": "deny",
    "help": "help",
    "bot_challenge": "bot_challenge",
    HANDOFF: "handoff",
    BOOK: "book",
    CHANGE: "reschedule",
}
"""Requests that are served by one desk wording each, by the reply's id."""
_OF_A_PERSON = frozenset(
    {
        "safety",
        "preparation",
        "aftercare",
        "side_effects",
        "downtime",
        "body_areas",
        "concerns_treated",
        "combination",
        "skin_tone",
    }
)
"""Topics whose general answer could be taken for a clearance by somebody who has just named a condition."""
_AROUND_A_SESSION = ("preparation", "aftercare")
"""Topics under which a medicine is asked about to take it or leave it, which a clinician decides (facts.md, C-ME)."""
_SHORT = 20
"""A message of so many words with one question is all about it; a longer one tells a story too."""
_ASKS_NO_FACT = SMALL_TALK | {"help", "bot_challenge"}


def respond(turn: Turn, memory: Memory, store: FactsStore, now: datetime.datetime) -> Response:
    """Answer ``turn``; there is always at least one reply.

    Args:
        turn: the message as understood.
        memory: of the conversation so far.
        store: the facts as they stand now.
        now: the present, with a time zone.
    """
    if turn.intent == FALLBACK_INTENT:
        return _not_understood(turn, memory, store, now)
    asks = asks_of(turn, memory, store.needling)
    if not asks:
        missed = turn.intent not in SET_THE_SCENE
        reply_id = "clarify_open" if missed else "empty_story"
        if missed and memory.misses:
            reply_id = "clarify_again"
        reply = wording(store, reply_id, now)
        return Response((reply,), memory.after((), {}, missed=missed))
    replies = _replies(asks, turn, store, now, memory.facts)
    # What was asked, and not the aspects told with it: a fragment that follows leans on the question.
    answered = [topic for ask in asks if (topic := _remembered(ask, store)) is not None]
    named = {kind: ids for ask in asks for kind, ids in ask.entities.items()}
    people = tuple(entity for ask in asks for entity in ask.people)
    after = memory.after(answered, named, missed=False, people=people)
    told = tuple(fact for reply in replies for fact in reply.facts) or memory.facts
    return Response(tuple(replies), replace(after, offers_visit=_offers_visit(replies[-1]), facts=told))


def _offers_visit(reply: Reply) -> bool:
    """Whether the reply asks if a consultation is wanted, rather than only naming it."""
    return reply.outcome == "redirect" and reply.text.endswith("?")


def _remembered(ask: Ask, store: FactsStore) -> str | None:
    """The topic that a fragment of the next turn may lean on."""
    if ask.topic in store.topics:
        return ask.topic
    if ask.topic == OUT_OF_SCOPE and "treatment" in ask.entities:
        return ask.topic
    return ask.other if ask.other in store.topics else None


def _replies(
    asks: Sequence[Ask], turn: Turn, store: FactsStore, now: datetime.datetime, told_before: Sequence[str]
) -> list[Reply]:
    reaction = tells_of_reaction(turn.text)
    all_of_it = turn.text if len(asks) == 1 and len(turn.text.split()) <= _SHORT else None
    wanted = [ask for ask in asks if ask.topic not in _ASKS_NO_FACT] or list(asks)
    words = WORDS_FOR_ONE if len(wanted) == 1 else WORDS_FOR_SEVERAL
    replies: list[Reply] = []
    for ask in wanted[:_MOST_ANSWERS]:
        replies.append(_with_aspects(ask, all_of_it or ask.text, store, now, words, told_before))
        if ask.other in store.topics and ask.other not in {topic for reply in replies for topic in reply.topics}:
            replies.append(_reply(replace(ask, topic=str(ask.other)), store, now, WORDS_FOR_SEVERAL))
    if is_minor(turn):
        # Next steps of other replies may lead to a booking.
        told = without_buttons(reply for reply in replies if reply.outcome != "booking")
        replies = [*told, wording(store, "minor", now)]
    elif (reaction or any(map(_needs_clinician, wanted))) and not _sent_on(replies):
        judged = reaction or any(_is_of_medicine(ask) or asks_a_judgement(ask) for ask in wanted)
        topics = (MEDICAL_ADVICE,) if judged else ()
        replies.append(wording(store, "redirect_personal", now, topics=topics))
    return _with_buttons_last(replies, store)


def _with_aspects(
    ask: Ask, said: str, store: FactsStore, now: datetime.datetime, words: int, told_before: Sequence[str]
) -> Reply:
    """The reply to ``ask``, with a sentence on what the question touches beside its topic as far as there is room."""
    reply = _reply(ask, store, now, words, told_before)
    if reply.outcome != "answer":
        return reply
    answers, touched = answers_of(store), aspects_of(store).of(ask, said)
    told = tuple(each.ask.topic for each in touched if each.named and answers.tells(reply, each.named))
    # A fragment says again what it leans on: what it names is answered, or it is nothing new.
    left_open = [] if ask.follows else [each.ask for each in touched if each.ask.topic not in told]
    answered = [answers.answer(aspect, now, WORDS_FOR_ASPECT, most=1) for aspect in left_open]
    asides = [aside for aside in answered if aside is not None]
    if asides and _length(reply) + _length(asides[0]) > WORDS_FOR_ONE:
        # What is asked besides matters more than the last sentence on the topic itself.
        reply = _reply(ask, store, now, WORDS_FOR_ONE - _length(asides[0]), told_before)
    reply = replace(reply, topics=(*reply.topics, *told))
    for aside in asides:
        if _length(reply) + _length(aside) <= WORDS_FOR_ONE:
            reply = replace(
                reply,
                text=f"{reply.text} {aside.text}",
                topics=(*reply.topics, *aside.topics),
                facts=(*reply.facts, *aside.facts),
                versions={**reply.versions, **aside.versions},
            )
    return reply


def _length(reply: Reply) -> int:
    return len(reply.text.split())


def _reply(ask: Ask, store: FactsStore, now: datetime.datetime, words: int, told_before: Sequence[str] = ()) -> Reply:
    if ask.topic == SUITABILITY and ask.people and not held(ask.people):
        return wording(store, "noted_denied", now, topics=(ask.topic,))
    if ask.topic in store.topics:
        answer = answers_of(store).answer(ask, now, words)
        details = _details_again(ask, answer, store, told_before)
        if details:
            return answers_of(store).state(details, (ask.topic,), now)
        return answer or wording(store, "redirect_unknown", now)
    if ask.topic == MEDICAL_ADVICE:
        about_medicine = any(entity.entity == "medication" for entity in ask.people)
        reply_id = "redirect_medicine" if about_medicine else "redirect_medical"
        return wording(store, reply_id, now, topics=(ask.topic,))
    if ask.topic == CHANGE and (rules := rules_asked(ask.text)):
        besides = [str(ask.other)] if any(rule.startswith(f"{ask.other}.") for rule in rules) else []
        return answers_of(store).state(rules, (ask.topic, *besides), now)
    if ask.topic in _PLAIN:
        return wording(store, _PLAIN[ask.topic], now, topics=(ask.topic,))
    treatments = ask.entities.get("treatment", ())
    if treatments:
        name = store.entry("treatment", treatments[0]).name
        return wording(store, "redirect_other_treatment", now, topics=(OUT_OF_SCOPE,), treatment=name)
    return wording(store, "redirect_general", now, topics=(OUT_OF_SCOPE,))


def _details_again(ask: Ask, answer: Reply | None, store: FactsStore, told_before: Sequence[str]) -> list[str]:
    """Of what was told before the details, where a fragment names nothing new: "for how long?" is asked of them."""
    roles = {fact.id: fact.role for fact in store.topics[ask.topic].facts}
    bare = ask.follows and not ask.entities and names_nothing(with_straight_quotes(ask.text))
    if not bare or answer is None or any(roles.get(id_) != "lead" for id_ in answer.facts):
        return []
    return [id_ for id_ in told_before if roles.get(id_) == "detail"]


def _sent_on(replies: Sequence[Reply]) -> bool:
    return any(reply.outcome in ("redirect", "booking", "handoff") for reply in replies)


def _is_of_medicine(ask: Ask) -> bool:
    named = any(entity.entity == "medication" for entity in held(ask.people))
    return ask.topic in _AROUND_A_SESSION and named


def _needs_clinician(ask: Ask) -> bool:
    if _is_of_medicine(ask) or asks_a_judgement(ask):
        return True
    return ask.personal and (ask.topic == SUITABILITY or (ask.topic in _OF_A_PERSON and bool(held(ask.people))))


def is_minor(turn: Turn) -> bool:
    """Whether an age below 18 is named anywhere in the message, also beside its questions."""
    named = (*turn.entities, *(entity for question in turn.questions for entity in question.entities))
    return any(entity.value == "under_18" for entity in held(named))


def _not_understood(turn: Turn, memory: Memory, store: FactsStore, now: datetime.datetime) -> Response:
    """Two readings as buttons; what cannot be read at all gets its own sentence; the second miss leads to a person."""
    after = memory.after((), {}, missed=True)
    if turn.fallback_reason in _READ_NOTHING:
        reply_id = str(turn.fallback_reason)
        return Response((wording(store, "clarify_again" if memory.misses else reply_id, now),), after)
    if memory.misses:
        return Response((wording(store, "clarify_again", now),), after)
    ranking = turn.questions[0].ranking if turn.questions else ()
    likely = [topic for topic in (topic_of(name) for name, _ in ranking) if topic in store.topics][:2]
    if len(likely) < 2:
        return Response((wording(store, "clarify_open", now),), after)
    first, second = (store.topics[str(topic)] for topic in likely)
    reply = wording(store, "clarify", now, topic_a=first.title, topic_b=second.title)
    choices = tuple(ReplyButton(topic.title, topic.question) for topic in (first, second))
    return Response((replace(reply, buttons=choices + reply.buttons),), after)


def _with_buttons_last(replies: Sequence[Reply], store: FactsStore) -> list[Reply]:
    """Next steps stand once, under the last message; an answer without any gets those of its topic."""
    buttons: dict[str, ReplyButton] = {}
    for reply in reversed(replies):
        for button in reply.buttons:
            buttons.setdefault(button.payload, button)
    if not buttons:
        answered = [topic for reply in replies for topic in reply.topics if topic in store.topics]
        steps = [step for topic in answered for step in store.topics[topic].next]
        for step in steps:
            next_step = store.buttons[step]
            buttons.setdefault(next_step.payload, ReplyButton(next_step.title, next_step.payload))
    last = replace(replies[-1], buttons=tuple(buttons.values())[:MOST_BUTTONS])
    return [*without_buttons(replies[:-1]), last]
