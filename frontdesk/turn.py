"""What a visitor said in one turn, what the desk remembers between turns, and what it replies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, cast

from frontdesk.entities import Entity, State

TOPIC_PREFIX = "ask_"
"""An intent ``ask_<topic>`` asks for a topic of the facts store."""

OUT_OF_SCOPE = "out_of_scope"
"""The intent of what is none of the store's topics."""

BOOK = "book_consultation"
CHANGE = "reschedule_or_cancel"
HANDOFF = "human_handoff"
REQUESTS = (BOOK, CHANGE, HANDOFF)
"""Intents of requests: a visit, a change of one, a person."""

SET_THE_SCENE = ("story", "inform")
"""Intents of what is told and asks nothing."""

SMALL_TALK = frozenset({"greet", "goodbye", "thank", "affirm", "deny"})
"""Intents of words that by themselves ask for nothing."""

EMERGENCY = "emergency"
URGENT = "urgent"
"""Levels of a red flag: something has to happen now, or today."""

_EMERGENCIES = "E-"
_FRESH_TURNS = 2
_FRESH_TURNS_OF_HEALTH = 4
"""Longer than a topic: who has said that she is pregnant still is, a few questions later."""
_CURLY = str.maketrans("’‘", "''")


def with_straight_quotes(text: str) -> str:
    """``text`` with the apostrophes that a pattern of words expects."""
    return text.translate(_CURLY)


@dataclass(frozen=True)
class Question:
    """One question of a message.

    Attributes:
        text: its words, spelling corrected.
        intent: what it asks.
        confidence: how sure that is, 0 to 1.
        ranking: the likeliest intents with their confidences.
        entities: what is named in it.
        also: an intent that it touches beside its own, or None.
    """

    text: str
    intent: str
    confidence: float = 1.0
    ranking: tuple[tuple[str, float], ...] = ()
    entities: tuple[Entity, ...] = ()
    also: str | None = None

    @property
    def topic(self) -> str | None:
        """The facts topic that it asks for, if it asks for one."""
        return topic_of(self.intent)


@dataclass(frozen=True)
class Turn:
    """A visitor's message as understood by ``nlu``.

    Attributes:
        text: as written.
        intent: the first question's, or what outweighs it.
        questions: what it asks, in order.
        entities: what is named in it.
        fallback_reason: why it was not understood, or None.
        red_flag: the danger heard in it, or None.
        in_context: the likeliest intents with their confidences, read after the visitor's message before; empty where
            it asks a whole question by itself.
    """

    text: str
    intent: str
    questions: tuple[Question, ...]
    entities: tuple[Entity, ...] = ()
    fallback_reason: str | None = None
    red_flag: Mapping[str, Any] | None = None
    in_context: tuple[tuple[str, float], ...] = ()

    @classmethod
    def from_parse(cls, parse: Mapping[str, Any]) -> Turn:
        """The turn in a parse output of ``nlu`` (``tracker.latest_message``).

        A message that came as an intent (a slash command typed in ``rasa shell``) has no questions of its own; its
        intent stands for one.
        """
        intent = str((parse.get("intent") or {}).get("name") or "")
        text = str(parse.get("text") or "")
        questions = tuple(_question(entry) for entry in parse.get("questions") or ())
        if not questions and intent:
            questions = (Question(text, intent),)
        return cls(
            text=text,
            intent=intent,
            questions=questions,
            entities=_entities(parse.get("entities") or ()),
            fallback_reason=parse.get("fallback_reason"),
            red_flag=parse.get("red_flag"),
            in_context=_ranking(parse.get("in_context")),
        )

    @classmethod
    def of_danger(cls, parse: Mapping[str, Any]) -> Turn:
        """What of a parse output tells of danger, and no more; for where the rest of it cannot be used."""
        return cls(str(parse.get("text") or ""), "", (), red_flag=parse.get("red_flag"))

    @property
    def is_pressing(self) -> bool:
        """Whether a danger is heard for which something has to happen now or today."""
        return self.red_flag is not None and self.red_flag["level"] in (EMERGENCY, URGENT)


@dataclass(frozen=True)
class Memory:
    """What the desk carries from turn to turn of a conversation.

    Attributes:
        topics: topics answered last.
        entities: what was named with them, type to ids.
        age: turns since then; a topic does not stick for ever.
        people: what was last told of somebody's health: type, id and state of each.
        people_age: turns since then.
        misses: how many turns in a row were not understood.
        alert: category of an emergency that has not been declared over, or ``urgent`` after a sign of the turn before.
        booking: the draft of a booking that is under way, as plain JSON values.
        offers_visit: whether the last reply asked if a consultation is wanted, so that a yes is the answer.
        facts: ids of the facts told last, which "why?" and "for how long?" are asked of.
    """

    topics: tuple[str, ...] = ()
    entities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    age: int = 0
    people: tuple[tuple[str, str, str], ...] = ()
    people_age: int = 0
    misses: int = 0
    alert: str | None = None
    booking: Mapping[str, Any] | None = None
    offers_visit: bool = False
    facts: tuple[str, ...] = ()

    @classmethod
    def from_slot(cls, value: Mapping[str, Any] | None) -> Memory:
        """The memory kept in a Rasa slot; anything unreadable is an empty memory."""
        if not isinstance(value, Mapping):
            return cls()
        try:
            return cls(
                topics=tuple(value.get("topics") or ()),
                entities={kind: tuple(ids) for kind, ids in (value.get("entities") or {}).items()},
                age=int(value.get("age") or 0),
                people=tuple((str(kind), str(id_), str(state)) for kind, id_, state in value.get("people") or ()),
                people_age=int(value.get("people_age") or 0),
                misses=int(value.get("misses") or 0),
                alert=value.get("alert"),
                booking=value.get("booking"),
                offers_visit=bool(value.get("offers_visit")),
                facts=tuple(str(id_) for id_ in value.get("facts") or ()),
            )
        except (AttributeError, TypeError, ValueError):
            return cls()

    def to_slot(self) -> dict[str, Any]:
        """The memory as plain JSON values."""
        return {
            **asdict(self),
            "topics": list(self.topics),
            "entities": {kind: list(ids) for kind, ids in self.entities.items()},
            "people": [list(each) for each in self.people],
            "facts": list(self.facts),
        }

    @property
    def in_emergency(self) -> bool:
        """Whether an emergency has been heard and nobody has said that it is over."""
        return self.alert is not None and self.alert.startswith(_EMERGENCIES)

    @property
    def topic(self) -> str | None:
        """The topic a fragment without one leans on, while it is fresh."""
        return self.topics[-1] if self.topics and self.age < _FRESH_TURNS else None

    @property
    def is_elsewhere(self) -> bool:
        """Whether the turn just before was about another treatment than ours, and about nothing else."""
        return self.topics == (OUT_OF_SCOPE,) and self.age == 0

    @property
    def told(self) -> tuple[Entity, ...]:
        """Whose health was spoken of, while it is fresh: "is it safe?" after "I'm pregnant" is asked with it."""
        if self.people_age >= _FRESH_TURNS_OF_HEALTH:
            return ()
        return tuple(Entity(kind, id_, 0, 0, id_, cast(State, state)) for kind, id_, state in self.people)

    def after(
        self,
        topics: Sequence[str],
        entities: Mapping[str, tuple[str, ...]],
        missed: bool,
        people: Sequence[Entity] = (),
    ) -> Memory:
        """The memory after a turn that answered ``topics`` with ``entities`` named and ``people`` told of."""
        told = tuple((entity.entity, entity.value, entity.state) for entity in people)
        memory = replace(
            self,
            misses=self.misses + 1 if missed else 0,
            people=told or self.people,
            people_age=0 if told else self.people_age + 1,
        )
        if topics:
            return replace(memory, topics=tuple(topics), entities=dict(entities), age=0)
        return replace(memory, age=self.age + 1)


@dataclass(frozen=True)
class ReplyButton:
    """A next step: what the button says, and the plain text that pressing it sends."""

    title: str
    payload: str


@dataclass(frozen=True)
class CardDay:
    """A day on a card: what it is called, and its free times."""

    title: str
    times: tuple[ReplyButton, ...]


@dataclass(frozen=True)
class AppointmentCard:
    """What a door that can show cards shows in place of a reply's text and buttons; the others show those.

    Attributes:
        text: what the visitor reads above it.
        days: free times by day, in order.
        buttons: next steps besides.
        calendar: address of the calendar file of a visit that stands.
    """

    text: str
    days: tuple[CardDay, ...] = ()
    buttons: tuple[ReplyButton, ...] = ()
    calendar: str | None = None


@dataclass(frozen=True)
class Reply:
    """One message of the desk.

    Attributes:
        text: what the visitor reads.
        outcome: ``answer``, ``clarify``, ``redirect``, ``urgent``, ``emergency``, ``booking``, ``handoff`` or
            ``smalltalk``.
        topics: what of the visitor's message it deals with.
        facts: ids of the facts it states, in order.
        versions: which version of each of them was told.
        buttons: at most four next steps.
        card: free times to pick from, or a visit to put into a calendar.
    """

    text: str
    outcome: str
    topics: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    buttons: tuple[ReplyButton, ...] = ()
    card: AppointmentCard | None = None

    def to_message(self) -> dict[str, Any]:
        """The reply as a response of Rasa's action server, of plain JSON values."""
        return {
            "text": self.text,
            "buttons": [asdict(button) for button in self.buttons],
            "outcome": self.outcome,
            "topics": list(self.topics),
            "facts": list(self.facts),
            "versions": dict(self.versions),
            **({"appointment": asdict(self.card)} if self.card else {}),
        }


def without_buttons(replies: Iterable[Reply]) -> tuple[Reply, ...]:
    """``replies`` for a place where something else follows: next steps stand under the last message only."""
    return tuple(replace(reply, buttons=()) for reply in replies)


@dataclass(frozen=True)
class Response:
    """What the desk says to one turn, and what it remembers of it."""

    replies: tuple[Reply, ...]
    memory: Memory


def topic_of(intent: str | None) -> str | None:
    """The facts topic that ``intent`` asks for, or None."""
    return intent[len(TOPIC_PREFIX) :] if intent and intent.startswith(TOPIC_PREFIX) else None


def by_type(entities: Sequence[Entity]) -> dict[str, tuple[str, ...]]:
    """Ids of ``entities`` by type, in order and without repeats; what the visitor denied is left out."""
    found: dict[str, list[str]] = {}
    for entity in entities:
        if entity.state != "denied" and entity.value not in found.setdefault(entity.entity, []):
            found[entity.entity].append(entity.value)
    return {kind: tuple(values) for kind, values in found.items()}


def _question(entry: Mapping[str, Any]) -> Question:
    return Question(
        text=str(entry["text"]),
        intent=str(entry["intent"]),
        confidence=float(entry.get("confidence", 1.0)),
        also=entry.get("also"),
        ranking=_ranking(entry.get("ranking")),
        entities=_entities(entry.get("entities") or ()),
    )


def _ranking(entries: Sequence[Sequence[Any]] | None) -> tuple[tuple[str, float], ...]:
    return tuple((str(name), float(confidence)) for name, confidence in entries or ())


def _entities(entries: Sequence[Mapping[str, Any]]) -> tuple[Entity, ...]:
    return tuple(
        Entity(
            entity=str(entry["entity"]),
            value=str(entry["value"]),
            start=int(entry.get("start", 0)),
            end=int(entry.get("end", 0)),
            text=str(entry.get("text", entry["value"])),
            state=entry.get("state", "present"),
        )
        for entry in entries
    )
