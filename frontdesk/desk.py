"""The front desk itself: one turn of a visitor in, the replies and the desk's memory out. Danger comes first."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace

from frontdesk import questions
from frontdesk.answers import answers_of
from frontdesk.appointments import Appointments, wanted_mode
from frontdesk.booking.drafts import Draft, Step
from frontdesk.danger import Danger
from frontdesk.facts.snapshot import FactsStore
from frontdesk.fragments import only_judges
from frontdesk.half_said import with_what_is_left_out
from frontdesk.turn import (
    BOOK,
    CHANGE,
    EMERGENCY,
    SMALL_TALK,
    URGENT,
    Memory,
    Question,
    Reply,
    Response,
    Turn,
    with_straight_quotes,
    without_buttons,
)
from frontdesk.understanding import FOLLOW_UP, MEDICAL_ADVICE
from frontdesk.wording import wording

_YES = "affirm"
_OF_VISITS = "consultation_info"
_SERVED_IN_AN_EMERGENCY = frozenset(
    {"clinic_contact", "clinic_location", "clinic_hours", "human_handoff", "reschedule_or_cancel"}
)
"""What may be answered beside the safety message: all of it leads to a person, or away from an appointment."""
_ABOUT_THE_SKIN = frozenset(
    {"aftercare", "downtime", "side_effects", "pain", "safety", "suitability", "preparation", "consultation_info"}
)
"""What is asked of these right after an urgent sign may be asked because of it ("so no make-up?")."""


class Desk:
    """Serves turns with one safety content; what changes from turn to turn is handed in."""

    def __init__(self, danger: Danger) -> None:
        """Serve with the replies of ``danger``."""
        self._danger = danger

    def respond(
        self, turn: Turn, memory: Memory, store: FactsStore, now: datetime.datetime, appointments: Appointments
    ) -> Response:
        """Answer ``turn``; there is always at least one reply.

        Args:
            turn: the message as understood.
            memory: of the conversation so far.
            store: the facts as they stand now.
            now: the present, with a time zone.
            appointments: the way into the appointment book.
        """
        danger = self._in_danger(turn, memory, store)
        if danger is not None:
            return danger
        flag, in_danger = turn.red_flag, memory.in_emergency
        if flag is not None and not turn.is_pressing and not in_danger:
            return self._for_a_clinician(self._danger.reply(flag, store), flag, turn, memory, store, now)
        if memory.alert is not None and in_danger:
            return self._careful(turn, memory, memory.alert, store, now)
        if memory.alert is not None and memory.booking is None and _leads_nowhere(turn):
            # As long as nothing else is asked, "is that normal?" is asked of the sign.
            alert = None if turn.intent in SMALL_TALK else memory.alert
            return Response((self._danger.afterwards(store),), replace(memory, alert=alert))
        calm = replace(memory, alert=None)
        draft = appointments.draft_of(calm)
        if draft is not None:
            return _go_on(draft, turn, calm, store, now, appointments)
        # After a question of ours, a yes is the answer to that.
        repeated = appointments.repeated(turn) if calm.misses == 0 else None
        if repeated is not None:
            return Response((repeated,), calm)
        response = _serve(turn, calm, store, now, appointments)
        if memory.alert is None or _ABOUT_THE_SKIN.isdisjoint(
            topic for reply in response.replies for topic in reply.topics
        ):
            return response
        return replace(response, replies=(*without_buttons(response.replies), self._danger.afterwards(store)))

    def fall_back(self, turn: Turn, memory: Memory, store: FactsStore) -> Response | None:
        """What is said of danger where a turn cannot be served; None where there is none, and an apology will do.

        Args:
            turn: the message; its words and its red flag are enough.
            memory: of the conversation so far.
            store: for the clinic's phone and country.
        """
        danger = self._in_danger(turn, memory, store)
        if danger is None and memory.alert is not None and memory.in_emergency:
            return Response((self._danger.careful(memory.alert, store),), memory)
        return danger

    def _in_danger(self, turn: Turn, memory: Memory, store: FactsStore) -> Response | None:
        """The response to a danger that is heard now or has passed; None where there is none."""
        flag, in_danger = turn.red_flag, memory.in_emergency
        if in_danger and self._danger.is_over(turn):
            return Response((self._danger.over(store),), replace(memory, alert=None, misses=0))
        if flag is None or not turn.is_pressing or (in_danger and flag["level"] != EMERGENCY):
            return None
        reply = self._danger.reply(flag, store)
        if reply is None:
            return None
        # A category of emergencies that is told to call today (the score contradicts its rule) is no emergency.
        alert = flag["category"] if flag["level"] == EMERGENCY else memory.alert or URGENT
        return Response((reply,), replace(memory, alert=alert, misses=0))

    def _for_a_clinician(
        self,
        reply: Reply | None,
        flag: Mapping[str, str],
        turn: Turn,
        memory: Memory,
        store: FactsStore,
        now: datetime.datetime,
    ) -> Response:
        """What no chat may answer is led to a person; other questions of the message are answered all the same."""
        own = reply or wording(store, self._danger.reply_id(flag), now, topics=(MEDICAL_ADVICE,))
        others = tuple(each for each in turn.questions if each.topic and not self._danger.tells_of(each.text))
        if len(turn.questions) < 2 or not others:
            # "Why not?" is asked of what could not be answered.
            return Response(
                (own,), memory.after([each.topic for each in turn.questions if each.topic], {}, missed=False)
            )
        response = questions.respond(replace(turn, intent=others[0].intent, questions=others), memory, store, now)
        return replace(response, replies=(*without_buttons(response.replies), own))

    def _careful(
        self, turn: Turn, memory: Memory, category: str, store: FactsStore, now: datetime.datetime
    ) -> Response:
        """After an emergency every reply keeps the safety message, until the visitor says that it is over."""
        safety = self._danger.careful(category, store)
        response = questions.respond(turn, memory, store, now)
        served = [reply for reply in response.replies if _SERVED_IN_AN_EMERGENCY.issuperset(reply.topics or ("",))]
        return Response((safety, *without_buttons(served)), replace(response.memory, alert=category, misses=0))


def _leads_nowhere(turn: Turn) -> bool:
    """Whether a turn by itself asks for nothing: small talk, or words that lean on the turn before."""
    if turn.intent in SMALL_TALK or turn.intent == FOLLOW_UP:
        return True
    return len(turn.questions) == 1 and only_judges(with_straight_quotes(turn.text))


def _go_on(
    draft: Draft,
    turn: Turn,
    memory: Memory,
    store: FactsStore,
    now: datetime.datetime,
    appointments: Appointments,
) -> Response:
    """Take what is for the booking under way; answer what is not, and come back to the open field."""
    if not appointments.takes(draft, turn):
        response = questions.respond(turn, memory, store, now)
        again = appointments.resume(draft)
        return replace(response, replies=(*without_buttons(response.replies), again))
    return _with_answers(appointments.proceed(draft, turn), turn, memory, store, now)


def _serve(
    turn: Turn, memory: Memory, store: FactsStore, now: datetime.datetime, appointments: Appointments
) -> Response:
    """Answer what is asked, then begin what is asked to be done."""
    answers = answers_of(store)
    turn = with_what_is_left_out(turn, memory, lambda text: answers.speaks_of(memory.topic or "", text))
    accepts = memory.offers_visit and turn.intent == _YES and len(turn.questions) == 1
    speaks_of_visits = memory.offers_visit or memory.topic == _OF_VISITS
    if accepts or (speaks_of_visits and appointments.wants_visit(turn)):
        return _with_answers(appointments.begin(turn, memory, "book"), turn, memory, store, now)
    memory = replace(memory, offers_visit=False)
    wanted = next((question for question in turn.questions if question.intent in (BOOK, CHANGE)), None)
    if wanted is None or turn.intent == questions.FALLBACK_INTENT:
        return questions.respond(turn, replace(memory, booking=None), store, now)
    mode = wanted_mode(wanted)
    if mode is None or questions.is_minor(turn):
        return questions.respond(turn, replace(memory, booking=None), store, now)
    others = replace(turn, questions=tuple(filter(None, map(_beside_the_request, turn.questions))))
    step = appointments.begin(turn, memory, mode)
    return _with_answers(step, turn, memory, store, now, others)


def _beside_the_request(question: Question) -> Question | None:
    """What of ``question`` is to be answered beside the visit it may ask for; None where there is nothing."""
    if question.intent not in (BOOK, CHANGE):
        return question
    return replace(question, intent=question.also, also=None) if question.also else None


def _with_answers(
    step: Step,
    turn: Turn,
    memory: Memory,
    store: FactsStore,
    now: datetime.datetime,
    others: Turn | None = None,
) -> Response:
    """A step of a booking, after the answers to the questions that came in the same message."""
    rest = others if others is not None else replace(turn, questions=step.rest)
    booking = step.draft.to_slot() if step.draft is not None else None
    response = _after_answers(step.replies, rest, replace(memory, misses=0), store, now)
    return replace(response, memory=replace(response.memory, booking=booking))


def _after_answers(
    replies: tuple[Reply, ...], rest: Turn, memory: Memory, store: FactsStore, now: datetime.datetime
) -> Response:
    asked = tuple(question for question in rest.questions if question.topic is not None)
    if not asked:
        return Response(replies, memory)
    rest = replace(rest, intent=asked[0].intent, questions=asked)
    response = questions.respond(rest, memory, store, now)
    return replace(response, replies=(*without_buttons(response.replies), *replies))
