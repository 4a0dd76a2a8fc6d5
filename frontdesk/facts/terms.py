"""The store's vocabulary as terms to look for in a visitor's text."""

from __future__ import annotations

from pathlib import Path

from frontdesk.facts.baseline import Baseline
from frontdesk.facts.loading import read_folder
from frontdesk.facts.schema import VocabularyEntry
from frontdesk.vocabulary import Term


def vocabulary_terms(folder: Path) -> list[Term]:
    """Concerns, areas, treatments, devices, skin tones, conditions, medications and circumstances of ``folder``.

    Raises:
        FactsError: an entry of the folder cannot be read.
    """
    return terms_of(read_folder(folder))


def terms_of(baseline: Baseline) -> list[Term]:
    """The same of content that has been read."""
    terms = [_term(kind, entry) for kind, entries in baseline.vocabulary.items() for entry in entries]
    return terms + [_term(condition.kind, condition) for condition in baseline.conditions.values()]


def _term(kind: str, entry: VocabularyEntry) -> Term:
    return Term(kind, entry.id, (*entry.synonyms, *entry.misspellings))
