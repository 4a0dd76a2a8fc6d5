"""Composes the answer to one question from facts: the right ones, in the store's order, short enough for a phone."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from spacy.matcher import PhraseMatcher
from spacy.util import filter_spans

from frontdesk.facts.schema import Fact, matches
from frontdesk.facts.snapshot import FactsStore, RenderedFact
from frontdesk.language import english, read
from frontdesk.turn import Reply
from frontdesk.understanding import SUITABILITY, Ask

WORDS_FOR_ONE = 60
"""Most words of an answer before its buttons."""
WORDS_FOR_SEVERAL = 40
"""The same for each answer when a message asks several things."""
WORDS_FOR_ASPECT = 20
"""The same for what is said in passing about an area or a product that the question names."""

MOST_FACTS = 3


class Answers:
    """Chooses and renders the facts of one snapshot of the store."""

    def __init__(self, store: FactsStore) -> None:
        """Index the phrases that make a fact the answer."""
        self._store = store
        self._matcher = PhraseMatcher(english().vocab, attr="NORM")
        for topic in store.topics.values():
            for fact in topic.facts:
                if fact.about:
                    self._matcher.add(fact.id, [read(phrase) for phrase in fact.about])

    def answer(
        self, ask: Ask, now: datetime.datetime, words: int = WORDS_FOR_ONE, most: int = MOST_FACTS
    ) -> Reply | None:
        """The answer to ``ask``, or None when the store has nothing on its topic.

        Args:
            ask: what is asked for; its topic is one of the store's.
            now: the present, with a time zone; opening hours depend on it.
            words: most words of the answer; the first fact is said whole in any case.
            most: most facts of the answer.
        """
        entities = dict(ask.entities)
        told: list[RenderedFact] = []
        length = 0
        for fact_id, setting in self._chosen(ask, entities)[:most]:
            rendered = self._store.render(fact_id, setting, now)
            length += len(rendered.text.split())
            if told and length > words:
                break
            told.append(rendered)
        return _answer(told, (ask.topic,)) if told else None

    def state(self, fact_ids: Sequence[str], topics: Sequence[str], now: datetime.datetime) -> Reply:
        """An answer to ``topics`` made of certain facts, whatever topic they belong to."""
        return _answer([self._store.render(fact_id, {}, now) for fact_id in fact_ids], topics)

    def speaks_of(self, topic: str, text: str) -> bool:
        """Whether ``text`` names something that a fact of ``topic`` is about."""
        known = self._store.topics.get(topic)
        return known is not None and bool(self._asked_by_name(text, {fact.id for fact in known.facts}))

    def tells(self, reply: Reply, named: Mapping[str, Sequence[str]]) -> bool:
        """Whether a fact of ``reply`` speaks of one of the entities in ``named`` (type to ids)."""
        facts = [self._store.facts[fact_id] for fact_id in reply.facts if fact_id in self._store.facts]
        words = {word for kind, ids in named.items() for id_ in ids for word in self._store.entry(kind, id_).synonyms}
        return any(_is_special(fact, named) or not words.isdisjoint(fact.about) for fact in facts)

    def _chosen(self, ask: Ask, entities: Mapping[str, Sequence[str]]) -> list[tuple[str, Mapping[str, Sequence[str]]]]:
        """Ids of the facts to say, most wanted first, each with the entities it is rendered for."""
        topic = self._store.topics.get(ask.topic)
        if topic is None:
            return []
        chosen: list[tuple[str, Mapping[str, Sequence[str]]]] = []
        if ask.topic == SUITABILITY:
            chosen += self._conditions(ask)
        usable = [fact for fact in topic.facts if fact.applies_to(entities)]
        named = self._asked_by_name(ask.text, {fact.id for fact in usable})
        specific = [fact for fact in usable if fact.id in named]
        # By id: to compare two facts as a whole took two thirds of an action's time.
        special = [fact for fact in usable if fact.id not in named and _is_special(fact, entities)]
        leads = [fact for fact in usable if fact.role == "lead" and not fact.only_for]
        wanted: Iterable[Fact] = [*specific, *special] or ([] if chosen else leads)
        chosen += [(fact.id, entities) for fact in wanted]
        return chosen

    def _conditions(self, ask: Ask) -> list[tuple[str, Mapping[str, Sequence[str]]]]:
        chosen: dict[str, Mapping[str, Sequence[str]]] = {}
        for entity in ask.people:
            if entity.state != "denied" and entity.value in self._store.conditions:
                chosen.setdefault(f"{SUITABILITY}.{entity.value}", {"state": (entity.state,)})
        return list(chosen.items())

    def _asked_by_name(self, text: str, candidates: set[str]) -> set[str]:
        """Of ``candidates`` the facts whose phrases stand in ``text``; a longer phrase hides what lies in it."""
        doc = read(text)
        found: dict[tuple[int, int], set[str]] = {}
        for key, start, end in self._matcher(doc):
            fact_id = english().vocab.strings[key]
            if fact_id in candidates:
                found.setdefault((start, end), set()).add(fact_id)
        spans = filter_spans([doc[start:end] for start, end in found])
        return {fact_id for span in spans for fact_id in found[(span.start, span.end)]}


def _answer(told: Sequence[RenderedFact], topics: Sequence[str]) -> Reply:
    return Reply(
        text=" ".join(fact.text for fact in told),
        outcome="answer",
        topics=tuple(topics),
        facts=tuple(fact.id for fact in told),
        versions={fact.id: fact.version for fact in told},
    )


def _is_special(fact: Fact, entities: Mapping[str, Sequence[str]]) -> bool:
    """Whether the fact is said because of what the question names, or says something else there."""
    return bool(fact.only_for) or any(matches(variant.when, entities) for variant in fact.variants)


@lru_cache(maxsize=2)
def answers_of(store: FactsStore) -> Answers:
    """The answers of a snapshot, indexed once."""
    return Answers(store)
