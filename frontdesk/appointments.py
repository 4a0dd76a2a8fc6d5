"""The desk's way into the appointment book: when a message begins a booking, and how one goes on between questions."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace

from frontdesk.booking import conversation
from frontdesk.booking.addresses import Addresses
from frontdesk.booking.contact import gives_details
from frontdesk.booking.drafts import DRAFT_LIVES, Draft, Mode, Step
from frontdesk.booking.offering import Calendar
from frontdesk.facts.booking_words import BookingWords
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.facts.snapshot import FactsStore
from frontdesk.turn import BOOK, CHANGE, HANDOFF, Memory, Question, Reply, Turn
from frontdesk.visit_rules import rules_asked

_AFFIRM = "affirm"
_INFORM = "inform"
_MAY_BE_REPEATED = datetime.timedelta(minutes=2)
_CANCEL = re.compile(r"\b(?:cancel\w*|call (?:it|the whole thing) off|not coming|won't be coming|scrap|drop)\b", re.I)


@dataclass(frozen=True)
class Visitor:
    """Who is talking, as far as a booking needs to know.

    Attributes:
        owner: sender id of the conversation; a time is held in its name.
        channel: the door the visitor came through.
    """

    owner: str
    channel: str


@dataclass(frozen=True)
class _Store:
    clinic: ClinicProfile
    booking: BookingWords
    addresses: Addresses

    def calendar_link(self, reference: str) -> str:
        return self.addresses.invitation(reference)


class Appointments:
    """One turn's access to the appointment book for one visitor."""

    def __init__(
        self,
        calendar: Calendar,
        words: BookingWords,
        addresses: Addresses,
        visitor: Visitor,
        store: FactsStore,
        now: datetime.datetime,
    ) -> None:
        """Take the book, its wording and addresses, the visitor, the store as it stands now, the present (aware)."""
        self._calendar = calendar
        self._visitor = visitor
        self._facts = store
        self._store = _Store(store.clinic, words, addresses)
        self._now = now

    def draft_of(self, memory: Memory) -> Draft | None:
        """The booking under way, unless it was left for too long."""
        draft = Draft.from_slot(memory.booking)
        if draft is None or self._now - datetime.datetime.fromisoformat(draft.began) > DRAFT_LIVES:
            return None
        return draft

    def begin(self, turn: Turn, memory: Memory, mode: Mode) -> Step:
        """Begin what the message asks for, with all that it already holds."""
        return conversation.begin(
            turn,
            self._store,
            self._calendar,
            self._now,
            self._about(turn, memory),
            owner=self._visitor.owner,
            channel=self._visitor.channel,
            mode=mode,
        )

    def repeated(self, turn: Turn) -> Reply | None:
        """The confirmation once more, when a visitor whom it has not reached says yes again; else None."""
        says_yes = turn.intent == _AFFIRM or turn.text.strip() == self._store.booking.buttons["yes"].payload
        booking = self._calendar.booked_by(self._visitor.owner) if says_yes else None
        if booking is None or self._now - booking.created_at > _MAY_BE_REPEATED:
            return None
        return conversation.again(booking, self._store, self._calendar, self._now)

    def wants_visit(self, turn: Turn) -> bool:
        """Whether the message, after a consultation was spoken of, can only mean that one is wanted."""
        return turn.intent == _INFORM and gives_details(turn.text, self._facts.clinic.country.upper())

    def takes(self, draft: Draft, turn: Turn) -> bool:
        """Whether the message is for the booking under way."""
        return conversation.takes(draft, turn)

    def proceed(self, draft: Draft, turn: Turn) -> Step:
        """Go on with what the message holds."""
        step = conversation.proceed(draft, turn, self._store, self._calendar, self._now)
        return replace(step, replies=tuple(_with_meaning(reply, step, turn) for reply in step.replies))

    def resume(self, draft: Draft) -> Reply:
        """The open field once more, after something else was answered."""
        return conversation.resume(draft, self._store, self._calendar, self._now)

    def _about(self, turn: Turn, memory: Memory) -> str:
        """What the visit is about, in the names of the store's vocabulary, from this message and the talk before."""
        named = {entity.entity: entity.value for entity in turn.entities if entity.state != "denied"}
        ids = {
            kind: named.get(kind) or next(iter(memory.entities.get(kind, ())), None)
            for kind in ("concern", "body_area")
        }
        return ", ".join(self._facts.entry(kind, id_).name for kind, id_ in ids.items() if id_)


def wanted_mode(question: Question) -> Mode | None:
    """What is to be done with an appointment, or None when only the rules are asked for."""
    if question.intent == BOOK:
        return "book"
    if rules_asked(question.text):
        return None
    return "cancel" if _CANCEL.search(question.text) else "change"


def _with_meaning(reply: Reply, step: Step, turn: Turn) -> Reply:
    """What a booking that is given up means: a person is wanted instead, or it is a cancellation."""
    if not step.done or step.booking is not None:
        return reply
    if turn.intent == HANDOFF:
        return replace(reply, outcome="handoff", topics=(HANDOFF, *reply.topics))
    return replace(reply, topics=tuple(dict.fromkeys((*reply.topics, CHANGE))))
