"""The facts store as one unchanging snapshot: the baseline with the clinic's own values over it, ready to be said."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from types import MappingProxyType

from frontdesk.facts.baseline import Baseline
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.facts.overlay import Own, overlaid
from frontdesk.facts.red_flag_schema import lines_of
from frontdesk.facts.resolving import Resolver, is_live
from frontdesk.facts.schema import Aspect, Button, Condition, Fact, Reply, Source, Topic, VocabularyEntry, matches
from frontdesk.facts.statements import Statement, statements_of
from frontdesk.facts.words import placeholders

CLINIC_SOURCE = "CLINIC"

Choose = Callable[[Sequence[str]], str]


@dataclass(frozen=True)
class RenderedFact:
    """A fact as a visitor reads it.

    Attributes:
        id: The fact's id.
        text: The sentence or two, complete.
        sources: Ids of the sources behind it, the clinic among them when it gave a value.
        version: Short hash of all that the fact can say; changes with the text, the values and the sources.
        variant: Name of the variant that was said, or None.
    """

    id: str
    text: str
    sources: tuple[str, ...]
    version: str
    variant: str | None


@dataclass(frozen=True)
class _Prepared:
    """A statement ready to be said; one that depends on the time keeps what it is to be filled with anew."""

    when: Mapping[str, tuple[str, ...]]
    rendered: RenderedFact
    template: str
    texts: Mapping[str, str]
    live: tuple[str, ...]


class FactsStore:
    """What the assistant may say, at one moment of the content.

    Attributes:
        baseline: The content as it is in the files.
        topics: Topics by name, with the clinic's own values in their facts, as everything below.
        sources: Sources by id.
        conditions: Conditions, medications and circumstances by id; each is also the fact `suitability.<id>`.
        vocabulary: Entity type to its entries.
        needling: Finds needling itself in a text.
        aspects: What questions touch beside their own topic.
        clinic: The clinic's profile.
        replies: Desk wording by id.
        buttons: Next steps by id; every topic is one.
        unused: Values of the clinic's own that have no place in the content any more, with the reason.
    """

    def __init__(self, baseline: Baseline, own: Own = MappingProxyType({}), choose: Choose = random.choice) -> None:
        """Prepare everything that can be said.

        Args:
            baseline: Checked content.
            own: The clinic's own values.
            choose: Picks one of several wordings of a reply.
        """
        current, self.unused = overlaid(baseline, own)
        self.baseline = baseline
        self.topics: Mapping[str, Topic] = MappingProxyType(dict(current.topics))
        self.sources: Mapping[str, Source] = MappingProxyType(dict(current.sources))
        self.conditions: Mapping[str, Condition] = MappingProxyType(dict(current.conditions))
        self.vocabulary: Mapping[str, tuple[VocabularyEntry, ...]] = MappingProxyType(dict(current.vocabulary))
        self.needling: re.Pattern[str] = baseline.names_needling()
        self.aspects: tuple[Aspect, ...] = baseline.aspects
        self.clinic: ClinicProfile = current.clinic
        self.replies: Mapping[str, Reply] = MappingProxyType(dict(current.replies))
        steps = {name: Button(title=topic.title, payload=topic.question) for name, topic in self.topics.items()}
        self.buttons: Mapping[str, Button] = MappingProxyType({**steps, **current.buttons})
        self.resolver = Resolver(current.clinic, current.words)
        self._choose = choose
        self._desk_words = {
            "clinic": self.clinic.name,
            "phone": self.clinic.phone,
            "email": self.clinic.email,
            "emergency_number": self.emergency_number,
        }
        words = [(type_, entry) for type_, entries in self.vocabulary.items() for entry in entries]
        conditions = [(condition.kind, condition) for condition in self.conditions.values()]
        self._entries = {(type_, entry.id): entry for type_, entry in [*words, *conditions]}
        self._facts = {fact.id: fact for _, fact in current.facts()}
        own_facts = {target.fact_id for target in own if target not in self.unused}
        self._prepared = {fact.id: self._prepare(fact, changed=fact.id in own_facts) for fact in self._facts.values()}

    def fact(self, id_: str) -> Fact:
        """A fact or condition (`suitability.<id>`), with the clinic's own values in it.

        Raises:
            KeyError: There is none of this id.
        """
        return self._facts[id_]

    @property
    def emergency_number(self) -> str:
        """The clinic's own emergency number, or its country's; a single number, so that it can be dialled."""
        return self.clinic.emergency_line or lines_of(self.baseline.lines, self.clinic.country).emergency

    @property
    def facts(self) -> Mapping[str, Fact]:
        """All facts by id, conditions included."""
        return MappingProxyType(self._facts)

    def entry(self, type_: str, id_: str) -> VocabularyEntry:
        """The word of an entity: of the vocabulary, or a condition where the type is one of their kinds.

        Raises:
            KeyError: There is none of this type and id.
        """
        return self._entries[type_, id_]

    def topic(self, name: str) -> Topic:
        """A topic.

        Raises:
            KeyError: There is none of this name.
        """
        return self.topics[name]

    def render(
        self,
        fact_id: str,
        entities: Mapping[str, Sequence[str]] = MappingProxyType({}),
        now: datetime | None = None,
    ) -> RenderedFact:
        """A fact as it is said to a question.

        Args:
            fact_id: The fact's id.
            entities: What the question names, type to ids; decides on the variant. `{"state": ["past"]}` asks for the
                past text of a condition.
            now: The moment (aware) for opening hours; the present when left out.

        Raises:
            KeyError: There is no fact of this id.
        """
        for prepared in self._prepared[fact_id]:
            if not prepared.when or matches(prepared.when, entities):
                break
        if not prepared.live:
            return prepared.rendered
        today = self.resolver.today(now or datetime.now(timezone.utc))
        texts = {**prepared.texts, **dict.fromkeys(prepared.live, today)}
        return replace(prepared.rendered, text=prepared.template.format(**texts))

    def reply_text(self, id_: str, now: datetime | None = None, **words: str) -> str:
        """A wording of the desk, one of several where there are.

        Args:
            id_: The reply's id.
            now: The moment (aware) for opening hours; the present when left out.
            words: What fills the placeholders that belong to the turn, such as `topic_a`.

        Raises:
            KeyError: There is no such reply, or a placeholder of the turn was not given.
        """
        text = self._choose(self.replies[id_].texts)
        if "{hours_today}" in text:
            words.setdefault("hours_today", self.resolver.today(now or datetime.now(timezone.utc)))
        return text.format(**{**self._desk_words, **words})

    def _prepare(self, fact: Fact, changed: bool) -> tuple[_Prepared, ...]:
        drafts = [self._draft(fact.id, statement, changed) for statement in statements_of(fact)]
        said = [[dict(draft.when), draft.rendered.text, draft.rendered.sources] for draft in drafts]
        version = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:10]
        return tuple(replace(draft, rendered=replace(draft.rendered, version=version)) for draft in drafts)

    def _draft(self, fact_id: str, statement: Statement, changed: bool) -> _Prepared:
        values = {key: statement.values[key] for key in placeholders(statement.text)}
        live = tuple(key for key, value in values.items() if is_live(value))
        # For the version, a live value is all that it is made from.
        texts = {key: self.clinic.hours.json() if key in live else self.resolver.text(values[key]) for key in values}
        sources = statement.sources
        if (changed or any(value.clinic for value in values.values())) and CLINIC_SOURCE in self.sources:
            sources = tuple(dict.fromkeys([*sources, CLINIC_SOURCE]))
        text = statement.text.format(**texts)
        return _Prepared(
            when=statement.when,
            rendered=RenderedFact(fact_id, text, sources, version="", variant=statement.variant),
            template=statement.text,
            texts=texts,
            live=live,
        )
