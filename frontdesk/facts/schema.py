"""The shapes of the facts store's entries. What can be told from one entry alone is checked here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field, root_validator, validator

from frontdesk.facts.fields import FactId, Identifier, IsoDate, Number, Phrase, Record, Text

TOPICS = (
    "what_is",
    "how_it_works",
    "procedure_steps",
    "session_duration",
    "number_of_sessions",
    "cost",
    "payment_options",
    "pain",
    "downtime",
    "aftercare",
    "preparation",
    "side_effects",
    "safety",
    "suitability",
    "skin_tone",
    "concerns_treated",
    "body_areas",
    "results_timeline",
    "results_longevity",
    "effectiveness",
    "home_vs_professional",
    "devices",
    "comparison",
    "combination",
    "practitioner",
    "hygiene",
    "clinic_hours",
    "clinic_location",
    "clinic_contact",
    "consultation_info",
)

ENTITY_TYPES = ("concern", "body_area", "treatment", "device", "skin_tone")
CONDITION_KINDS = ("condition", "medication", "circumstance")
TITLE_LENGTH = 20

Outcome = Literal["answer", "clarify", "redirect", "urgent", "emergency", "booking", "handoff", "smalltalk"]
Role = Literal["lead", "detail"]


def _not_empty(items: tuple[str, ...]) -> tuple[str, ...]:
    if not items:
        raise ValueError("must name at least one")
    return items


class Value(Record):
    """What fills a placeholder: one number, a range, or a path into the clinic's profile.

    Attributes:
        value: The number, when it is one.
        min: Lower end of a range.
        max: Upper end of a range.
        unit: `hour`, `session`, … or a currency code such as `GBP`; belongs to a number or range.
        clinic: Dotted path into `clinic.yml`, e.g. `prices.session`; stands alone.
    """

    value: Number | None = None
    min: Number | None = None
    max: Number | None = None
    unit: Text | None = None
    clinic: Text | None = None

    @root_validator(skip_on_failure=True)
    def _is_one_kind(cls, values: dict[str, Any]) -> dict[str, Any]:
        given = {name for name, value in values.items() if value is not None}
        if given not in ({"clinic"}, {"value", "unit"}, {"min", "max", "unit"}):
            raise ValueError("must be {value, unit}, {min, max, unit} or {clinic}")
        for name in given - {"clinic", "unit"}:
            if not math.isfinite(values[name]) or values[name] < 0:
                raise ValueError(f"{name} must not be below zero")
        if "min" in given and values["min"] >= values["max"]:
            raise ValueError(f"range upside down: {values['min']} to {values['max']}")
        return values

    @property
    def low(self) -> float:
        """The number, or the lower end of the range. Only for values that are not a clinic path."""
        low = self.value if self.min is None else self.min
        assert low is not None
        return low

    @property
    def high(self) -> float:
        """The number, or the upper end of the range. Only for values that are not a clinic path."""
        return self.low if self.max is None else self.max


class Review(Record):
    """Who last looked at an entry; an approved one names its reviewer."""

    date: IsoDate
    reviewer: Text | None
    status: Literal["draft", "approved"]

    @root_validator(skip_on_failure=True)
    def _names_reviewer(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values["status"] == "approved" and values["reviewer"] is None:
            raise ValueError("approved, but by whom?")
        return values


class Claim(Record):
    """What one of several disagreeing sources says."""

    source: Text
    says: Text
    value: Value | None = None


Filter = dict[str, tuple[str, ...]]
Values = dict[str, Value]


class Variant(Record):
    """The same statement where another truth holds; what is not given is the fact's own."""

    when: Filter
    text: Text | None = None
    values: Values = Field(default={})
    sources: tuple[Text, ...] = ()

    @validator("when")
    def _is_not_empty(cls, when: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        if not when or not all(when.values()):
            raise ValueError("must name at least one entity")
        return when

    @property
    def name(self) -> str:
        """Short name made of the entities' ids, e.g. `neck` or `acne_scars+neck`."""
        return "+".join(",".join(ids) for ids in self.when.values())


class Fact(Record):
    """One or two sentences that are said as they stand, once their placeholders are filled.

    Attributes:
        only_for: Entities of which one must be in the question (`for` in the file); empty means always.
    """

    id: FactId
    role: Role
    text: Text
    values: Values = Field(default={})
    about: tuple[Phrase, ...] = ()
    only_for: Filter = Field(default={}, alias="for")
    variants: tuple[Variant, ...] = ()
    sources: tuple[Text, ...]
    claims: tuple[Claim, ...] = ()
    review: Review

    _has_source = validator("sources", allow_reuse=True)(_not_empty)

    @property
    def topic(self) -> str:
        """The topic, which is the first part of the id."""
        return self.id.split(".", 1)[0]

    def applies_to(self, entities: Mapping[str, Sequence[str]]) -> bool:
        """Whether the fact may be said to a question with these entities (type to ids)."""
        return matches(self.only_for, entities)


def matches(wanted: Mapping[str, Sequence[str]], entities: Mapping[str, Sequence[str]]) -> bool:
    """Whether the entities hold, for each wanted type, one of the wanted ids."""
    return all(any(id_ in ids for id_ in entities.get(type_, ())) for type_, ids in wanted.items())


class Topic(Record):
    """What belongs to one subject, with the words of the button that leads to it.

    Attributes:
        question: What a visitor would type to ask for it.
        next: Ids of the buttons offered after an answer.
    """

    topic: Identifier
    title: Text
    question: Text
    next: tuple[Text, ...] = ()
    facts: tuple[Fact, ...]

    @validator("title")
    def _fits_button(cls, title: str) -> str:
        if len(title) > TITLE_LENGTH:
            raise ValueError(f"longer than {TITLE_LENGTH} characters")
        return title


class Aspect(Record):
    """A topic that a question on another one touches, and by what that is recognised.

    Attributes:
        topic: What is told as well.
        beside: The topics whose own answers leave it open.
        words: Phrases of which one must stand in the question; none where `names` decides.
        names: Entity types of which one must be named.
        only: Ids of entities that count; empty means all.
        but: Ids of entities that do not count: named in passing in so many questions that it says nothing.
    """

    topic: Identifier
    beside: tuple[Identifier, ...]
    words: tuple[Phrase, ...] = ()
    names: tuple[Identifier, ...] = ()
    only: tuple[Identifier, ...] = ()
    but: tuple[Identifier, ...] = ()

    _has_beside = validator("beside", allow_reuse=True)(_not_empty)

    @root_validator(skip_on_failure=True)
    def _is_recognised_one_way(cls, values: dict[str, Any]) -> dict[str, Any]:
        if bool(values["words"]) == bool(values["names"]):
            raise ValueError("needs either words or names")
        if values["words"] and (values["only"] or values["but"]):
            raise ValueError("only and but belong to names")
        return values


class Source(Record):
    """Where a statement comes from, and how well that was verified."""

    id: Text
    organisation: Text
    title: Text
    url: Text | None
    date: Text | None
    verified: Literal["FULL", "OPEN", "COPY", "2ND", "LEAD", "JUDGE", "CLINIC", "SEED"]
    note: Text | None = None


class VocabularyEntry(Record):
    """A thing visitors speak of, and how they write it."""

    id: Identifier
    name: Text
    synonyms: tuple[Phrase, ...] = ()
    misspellings: tuple[Phrase, ...] = ()


class Condition(VocabularyEntry):
    """Something about the visitor that bears on treatment, and what a visitor who mentions it is told."""

    kind: Literal["condition", "medication", "circumstance"]
    handling: Literal["not_now", "clinician", "postpone"] = Field(alias="class")
    text: Text
    past_text: Text | None = None
    values: Values = Field(default={})
    wait: Value | None = None
    sources: tuple[Text, ...]
    review: Review

    _has_source = validator("sources", allow_reuse=True)(_not_empty)

    @root_validator(skip_on_failure=True)
    def _has_one_wait(cls, values: dict[str, Any]) -> dict[str, Any]:
        wait, placed = values["wait"], values["values"].get("wait")
        if wait and placed and wait != placed:
            raise ValueError("wait and values: wait differ")
        return values

    @property
    def fact_id(self) -> str:
        """Its id among the facts."""
        return f"suitability.{self.id}"

    def as_fact(self) -> Fact:
        """The condition as a detail fact of the topic suitability.

        Its variant for the entities `{"state": ["past"]}` is the past text; a wait fills the placeholder of that name.
        """
        past = (Variant(when={"state": ("past",)}, text=self.past_text),) if self.past_text else ()
        values = dict(self.values)
        if self.wait is not None and "{wait}" in self.text + (self.past_text or ""):
            values["wait"] = self.wait
        return Fact.parse_obj(
            {
                "id": self.fact_id,
                "role": "detail",
                "text": self.text,
                "values": values,
                "variants": past,
                "sources": self.sources,
                "review": self.review,
            }
        )


class Button(Record):
    """A next step: what the button says, and the plain text it sends."""

    title: Text
    payload: Text


class Reply(Record):
    """Desk wording that is not a fact."""

    texts: tuple[Text, ...] = Field(alias="text")
    outcome: Outcome
    buttons: tuple[Text, ...] = ()

    _has_text = validator("texts", allow_reuse=True)(_not_empty)

    @validator("texts", pre=True)
    def _as_list(cls, texts: object) -> object:
        return (texts,) if isinstance(texts, str) else texts
