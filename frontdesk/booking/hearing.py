"""What a message holds for a booking: fields, corrections, yes, no, stop; and what is a question instead."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Literal

from frontdesk.booking.contact import (
    Email,
    Phone,
    Problem,
    are_two_names,
    email_in,
    name_beside,
    name_by_itself,
    name_in,
    phone_in,
)
from frontdesk.booking.cues import (
    ASKED_HOUR,
    ASKS_LEAVE,
    AVAILABILITY,
    CANCEL,
    CHANGE,
    CHOICE,
    CHOICES,
    CLAUSE_END,
    CONDITION,
    DOTTED,
    FIELD_OF,
    HAS_NONE,
    INNER_QUESTION,
    NO,
    NO_AVAILABILITY,
    NO_CONTACT,
    NO_EMAIL,
    NO_PHONE,
    NO_REFERENCE,
    NOT_A_WISH,
    NUMBERED,
    OPENS_QUESTION,
    OPTIONS,
    PARTS,
    RATHER_TALKS,
    SEVERAL,
    STOP,
    WHY,
    YES,
    with_apostrophes,
)
from frontdesk.booking.drafts import Draft
from frontdesk.booking.no_such_day import names_no_such_day
from frontdesk.booking.references import reference_in
from frontdesk.booking.time_words import bare_weekday
from frontdesk.booking.times import Wish, wish_in
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.turn import Question, Turn

_ELSEWHERE = frozenset(
    {"human_handoff", "medical_advice", "emergency", "bot_challenge", "help", "story", "thank", "greet", "goodbye"}
)
_SURE = 0.5
Asked = Literal["name", "contact", "reference", "proof"]
_REASONED: tuple[Asked, ...] = ("name", "contact", "reference", "proof")


@dataclass(frozen=True)
class Heard:
    """What one message holds.

    Attributes:
        name, phone, email, wish, reference: fields, each None when it is not there.
        problem: what is wrong with a number or an address.
        yes, no, stop: what the visitor says to the desk's own question, or that it should stop.
        rings: stops to talk to a person instead.
        refuses: ``phone``, ``email`` or ``all`` when the visitor does not want to give it, ``reference`` without one.
        change: the field that is to be changed: ``name``, ``contact``, ``time``, ``details`` (whichever), or
            ``move`` for a visit that is moved rather than cancelled, ``cancel`` for the other way round.
        choice: which of the offered times, from 0; -1 is the last.
        weekday: 0 for "monday" and no more about the day: which Monday, what was offered tells.
        options: whether other times are asked for.
        why: the field that the visitor wants to know the reason for.
        several: whether more than one person wants to come.
        rest: questions that are no part of the booking.
        is_question: whether there is nothing but a question, or talk of something else.
    """

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    wish: Wish | None = None
    reference: str | None = None
    problem: Problem | None = None
    yes: bool = False
    no: bool = False
    stop: bool = False
    rings: bool = False
    refuses: str | None = None
    change: str | None = None
    choice: int | None = None
    weekday: int | None = None
    options: bool = False
    why: Asked | None = None
    several: bool = False
    rest: tuple[Question, ...] = ()
    is_question: bool = False

    @property
    def has_field(self) -> bool:
        """Whether a field came with it."""
        return bool(self.name or self.phone or self.email or self.wish or self.reference)


def hear(draft: Draft, turn: Turn, now: datetime.datetime, clinic: ClinicProfile | None, first: bool = False) -> Heard:
    """What ``turn`` holds for ``draft``.

    Args:
        draft: with the field that is open.
        turn: the message as understood.
        now: the present, aware, in the clinic's zone.
        clinic: decides on morning or afternoon; without it, only whether there is a time is certain.
        first: whether this is the message that began it: nothing has been asked yet.
    """
    text = turn.text.replace("’", "'").replace("‘", "'")
    text = with_apostrophes(DOTTED.sub(r"\1", text))
    step = None if first else draft.step
    if step in ("time", "confirm"):
        text = ASKED_HOUR.sub("at ", text)
    if not first and (STOP.search(text) or (draft.mode == "book" and CANCEL.search(text))):
        return Heard(stop=True)
    clauses = [clause for part in CLAUSE_END.split(text) for clause in INNER_QUESTION.split(part) if clause.strip()]
    questions = [clause for clause in clauses if _is_question(clause, step, now, clinic)]
    said = " . ".join(clause.strip(" ,") for clause in clauses if clause not in questions)
    contact_open = step in ("contact", "proof")
    phone, email = phone_in(said, draft.country), email_in(said, asked=contact_open)
    problem = next((each for each in (email, phone) if isinstance(each, Problem)), None)
    reference = reference_in(said) if draft.mode != "book" else None
    if step == "time" and names_no_such_day(said):
        return Heard(problem=Problem("no_such_day"))
    wish = _wish(clauses if not questions else said.split(" . "), step, now, clinic) if draft.mode != "cancel" else None
    answers = step is not None
    heard = Heard(
        name=_name(said, turn, draft, step == "name") if draft.mode == "book" else None,
        phone=phone.e164 if isinstance(phone, Phone) else None,
        email=email.address if isinstance(email, Email) else None,
        wish=wish,
        reference=reference,
        problem=problem if contact_open or step == "name" or (problem and "@" in said) else None,
        yes=answers
        and YES.search(said) is not None
        and not (questions and CONDITION.search(text))
        and not (step in _REASONED and turn.intent == "thank"),
        no=answers and (NO.search(said) is not None or (contact_open and HAS_NONE.search(said) is not None)),
        refuses=_refusal(" . ".join([said, *(each for each in questions if ASKS_LEAVE.search(each))]), step),
        change=_change(said, draft) if answers else None,
        choice=_choice(said, draft) if step == "time" and (draft.offered or draft.offered_days) else None,
        weekday=bare_weekday(said) if step == "time" else None,
        why=_why(text, draft) if answers else None,
        several=SEVERAL.search(text) is not None if first else step == "name" and are_two_names(said),
        options=step in ("time", "confirm") and OPTIONS.search(text) is not None,
        rest=_rest(turn, questions),
    )
    if not first and not (heard.has_field or heard.options) and heard.choice is None:
        rings = RATHER_TALKS.search(text) is not None
        stops = (STOP, CANCEL) if draft.mode == "book" else (STOP,)
        if rings or any(stop.search(part) for part in PARTS.split(text) for stop in stops):
            return Heard(stop=True, rings=rings, rest=heard.rest)
    says_more = bool(said.strip()) and not YES.search(said)
    return _with_talk(heard, turn, bool(questions), says_more)


def _with_talk(heard: Heard, turn: Turn, has_question: bool, says_more: bool) -> Heard:
    """Decide whether the message is for somebody else: nothing of the booking in it, and something else in it."""
    meant = heard.has_field or heard.problem or heard.refuses or heard.change or heard.why or heard.several
    if meant or heard.choice is not None or heard.options or heard.yes or heard.no:
        return heard
    intents = {question.intent for question in turn.questions if question.confidence >= _SURE}
    elsewhere = bool(intents & _ELSEWHERE) or any(intent.startswith("ask_") for intent in intents)
    is_question = (has_question and not says_more) or (has_question and bool(heard.rest)) or elsewhere
    return Heard(rest=heard.rest, is_question=is_question)


def _is_question(clause: str, step: str | None, now: datetime.datetime, clinic: ClinicProfile | None) -> bool:
    opens, ends = OPENS_QUESTION.search(clause), clause.strip().endswith("?")
    if not (opens or ends) or not any(character.isalpha() for character in clause):
        return False
    if NO_AVAILABILITY.search(clause):
        return True
    if step in ("time", "confirm") and OPTIONS.search(clause):
        return False
    if isinstance(phone_in(clause, "GB"), Phone) or isinstance(email_in(clause), Email):
        return False
    if (not opens or AVAILABILITY.search(clause)) and wish_in(clause, now, clinic) is not None:
        return False
    if not opens:
        return name_in(clause.strip(" ?"), asked=step == "name") is None and not YES.search(clause)
    if step == "name" and re.match(r"\W*(?:will|may)\W", clause, re.I) and not ends:
        return name_in(clause, asked=True) is None
    return not re.match(r"\W*(?:can|could) (?:i|we|you) (?:please )?(?:change|move|cancel|book|stop)", clause, re.I)


def _wish(clauses: list[str], step: str | None, now: datetime.datetime, clinic: ClinicProfile | None) -> Wish | None:
    said = " , ".join(clause for clause in clauses if not NOT_A_WISH.search(clause))
    said = re.sub(r"\S*@\S*|\+?\d[\d\s().-]{8,}\d(?![:\d])", " ", said)
    wish = wish_in(said, now, clinic)
    if wish is None or step == "time":
        return wish
    if wish.asap and not (wish.names_day or wish.at or wish.after or wish.before):
        # "Any time" answers only the question after a time, or says so in the first message.
        return wish if step is None and re.search(r"\basap\b|soon", said, re.I) else None
    return wish


def _name(said: str, turn: Turn, draft: Draft, asked: bool) -> str | None:
    if asked and (are_two_names(said) or _names_a_topic(said, turn)):
        return None
    bare = _without_contact(said)
    name = name_in(bare, asked)
    if name is None and not asked and draft.name is None:
        name = name_beside(said) or name_by_itself(_without_contact(turn.text))
    if name is None:
        return None
    known = {entity.text.lower() for entity in turn.entities}
    return None if name.lower() in known else name


def _without_contact(text: str) -> str:
    return re.sub(r"\S*@\S*|[+(]?\d[\d\s().-]{5,}\d", " ", text)


def _names_a_topic(said: str, turn: Turn) -> bool:
    """Whether a word with a question mark asks something: "alcohol?", unlike "Sam?"."""
    return said.strip().endswith("?") and any(question.topic is not None for question in turn.questions)


def _why(text: str, draft: Draft) -> Asked | None:
    """The field that the message asks the reason for: the one it names, else the open one."""
    asked = WHY.search(text)
    if asked is None:
        return None
    named = re.search(r"\b(name|reference|number|phone|mobile|e-?mail|contact|details?)\b", text[asked.start() :], re.I)
    word = named[1].lower() if named else ""
    if word == "reference" or (word == "name" and draft.mode == "book"):
        return "reference" if word == "reference" else "name"
    if not word and draft.step in _REASONED:
        return next(field for field in _REASONED if field == draft.step)
    return "contact" if draft.mode == "book" else "proof"


def _refusal(said: str, step: str | None) -> str | None:
    if step == "reference":
        return "reference" if NO_REFERENCE.search(said) else None
    if step not in ("contact", "proof"):
        return None
    wants_none = NO_CONTACT.search(said) is not None
    if NO_EMAIL.search(said) and NO_PHONE.search(said):
        # "I'd rather give my email" names what is given, "no phone and no email" neither.
        return "all" if re.search(r"\b(?:or|nor|and|either)\b", said, re.I) else "phone"
    if NO_PHONE.search(said):
        return "phone"
    if NO_EMAIL.search(said):
        return "email"
    return "all" if wants_none else None


def _change(said: str, draft: Draft) -> str | None:
    if draft.mode == "change" and CANCEL.search(said):
        return "cancel"
    if draft.mode == "cancel":
        return "move" if re.search(r"\b(?:move|reschedule|another (?:day|time))\b", said, re.I) else None
    match = CHANGE.search(said)
    if match is None:
        return None
    word = next(group for group in match.groups() if group).lower()
    return FIELD_OF.get(word, "contact")


def _choice(said: str, draft: Draft) -> int | None:
    match = CHOICE.search(said)
    days = set(draft.offered_days) or {start[:10] for _, start, _ in draft.offered}
    if match is None or (len(days) > 1 and NUMBERED.search(said)):
        return None
    return CHOICES.get(match[1].lower(), -1)


def _rest(turn: Turn, clauses: list[str]) -> tuple[Question, ...]:
    """The pieces of the turn that are the questions found here, not those that are answers."""
    found = []
    wanted = [_words(clause) for clause in clauses]
    for question in turn.questions:
        words = _words(question.text)
        asks = question.topic is not None or question.intent in (
            "medical_advice",
            "human_handoff",
            "out_of_scope",
            "follow_up",
        )
        if asks and any(words and len(words & clause) * 2 >= min(len(words), len(clause)) > 0 for clause in wanted):
            found.append(question)
    return tuple(found)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
