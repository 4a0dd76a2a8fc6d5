"""What a question touches besides its topic: an area, a concern or a product that it names, or a word that weighs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from spacy.matcher import PhraseMatcher

from frontdesk.facts.schema import Aspect
from frontdesk.facts.snapshot import FactsStore
from frontdesk.language import english, read
from frontdesk.understanding import Ask


class Touched(NamedTuple):
    """What a question touches beside its own topic.

    Attributes:
        ask: The topic of it as an ask.
        named: What the question names for it, entity type to ids; empty where its words decided.
    """

    ask: Ask
    named: Mapping[str, tuple[str, ...]]


class Aspects:
    """The aspects of one snapshot of the store, indexed by their words."""

    def __init__(self, aspects: tuple[Aspect, ...]) -> None:
        """Index ``aspects``; where several fit a question, they are told in this order."""
        self._aspects = aspects
        self._matcher = PhraseMatcher(english().vocab, attr="NORM")
        for number, aspect in enumerate(aspects):
            if aspect.words:
                self._matcher.add(str(number), [read(phrase) for phrase in aspect.words])

    def of(self, ask: Ask, said: str) -> list[Touched]:
        """Each thing that ``ask`` touches and its own topic leaves open.

        A question about pain that names PRP is about pain and about the combination; the answer to the first says
        nothing of the second.

        Args:
            ask: what is asked for.
            said: where its words are looked for: its own text, or that of the whole message.
        """
        plain = replace(ask, people=(), personal=False, other=None)
        found: dict[str, Touched] = {}
        for touched in self._touched(plain, said):
            found.setdefault(touched.ask.topic, touched)
        return list(found.values())

    def _touched(self, ask: Ask, said: str) -> Iterator[Touched]:
        strings = english().vocab.strings
        worded = {int(strings[key]) for key, _, _ in self._matcher(read(said))}
        for number, aspect in enumerate(self._aspects):
            if ask.topic not in aspect.beside:
                continue
            if number in worded:
                yield Touched(replace(ask, topic=aspect.topic), {})
            named = {kind: ids for kind in aspect.names if (ids := _counted(ask, aspect, kind))}
            if named:
                yield Touched(replace(ask, topic=aspect.topic, entities=named), named)


def _counted(ask: Ask, aspect: Aspect, kind: str) -> tuple[str, ...]:
    """What ``ask`` names of an entity type, as far as it counts for ``aspect``."""
    named = ask.entities.get(kind, ())
    return tuple(id_ for id_ in named if id_ not in aspect.but and (not aspect.only or id_ in aspect.only))


@lru_cache(maxsize=2)
def aspects_of(store: FactsStore) -> Aspects:
    """The aspects of a snapshot, indexed once."""
    return Aspects(store.aspects)
