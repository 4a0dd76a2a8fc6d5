"""Finds what the store has a word for: concerns, body areas, treatments, conditions, medications."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from frontdesk.assertion import state_of
from frontdesk.entities import Entity
from frontdesk.language import english, read


@dataclass(frozen=True)
class Term:
    """A thing the store knows and every way to write it."""

    entity: str
    value: str
    phrases: tuple[str, ...]


class Vocabulary:
    """A phrase matcher over terms; spelling is expected to be corrected before."""

    def __init__(self, terms: Iterable[Term]) -> None:
        """Index ``terms``; a phrase of several terms counts for each of them."""
        self._terms: list[Term] = list(terms)
        self._matcher = PhraseMatcher(english().vocab, attr="NORM")
        for index, term in enumerate(self._terms):
            self._matcher.add(str(index), [read(phrase) for phrase in term.phrases])

    @property
    def phrases(self) -> list[str]:
        """Every way to write a term, in the order of the terms."""
        return [phrase for term in self._terms for phrase in term.phrases]

    @property
    def words(self) -> set[str]:
        """Every single word that stands in a phrase, in lower case."""
        return {token.lower() for term in self._terms for phrase in term.phrases for token in phrase.split()}

    def find(self, text: str) -> list[Entity]:
        """The terms in ``text`` in order, each with its state.

        Of overlapping phrases of one entity type the longest counts; types do not hide each other ("back acne" names
        an area and a concern).
        """
        doc = read(text)
        by_type: dict[str, dict[tuple[int, int], list[Term]]] = {}
        for key, start, end in self._matcher(doc):
            term = self._terms[int(english().vocab.strings[key])]
            by_type.setdefault(term.entity, {}).setdefault((start, end), []).append(term)
        kept = [
            (span, found[(span.start, span.end)])
            for found in by_type.values()
            for span in filter_spans([doc[start:end] for start, end in found])
        ]
        listed = [span for span, _ in kept]
        entities = [self._entity(doc, span, term, listed, text) for span, terms in kept for term in terms]
        return sorted(entities, key=lambda entity: (entity.start, entity.end))

    def _entity(self, doc: Doc, span: Span, term: Term, listed: Sequence[Span], text: str) -> Entity:
        return Entity(
            entity=term.entity,
            value=term.value,
            start=span.start_char,
            end=span.end_char,
            text=text[span.start_char : span.end_char],
            state=state_of(doc, span, listed),
        )


def moved(entity: Entity, start: int, end: int, text: str) -> Entity:
    """``entity`` at another place, as when a corrected text is led back to the original."""
    return replace(entity, start=start, end=end, text=text)
