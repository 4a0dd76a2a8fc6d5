"""Rules between entries: every id that is named exists, nothing is claimed twice, no topic is missing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from frontdesk.facts.baseline import ASPECTS, CONDITIONS, REPLIES, TOPICS_FOLDER, VOCABULARY, Baseline
from frontdesk.facts.reading import Defect
from frontdesk.facts.resolving import Resolver
from frontdesk.facts.schema import CONDITION_KINDS, ENTITY_TYPES, TOPICS, Fact, VocabularyEntry
from frontdesk.facts.wording import faults_of, number_faults
from frontdesk.facts.words import placeholders

# What the desk's replies may hold in braces: the first are filled from the clinic's profile, the others by the caller.
DESK_PLACEHOLDERS = frozenset({"clinic", "phone", "email", "hours_today", "emergency_number"})
TURN_PLACEHOLDERS = frozenset({"topic_a", "topic_b", "condition", "treatment"})

# The one filter that is no entity: whether what the visitor told of is past.
STATES = {"state": ("past",)}


def defects_of(baseline: Baseline) -> list[Defect]:
    """Everything wrong between the entries of a baseline, file by file."""
    names = names_with_digits(baseline)
    return [
        *_topic_defects(baseline),
        *_fact_defects(baseline, names),
        *_vocabulary_defects(baseline),
        *_aspect_defects(baseline),
        *_reply_defects(baseline, names),
    ]


def names_with_digits(baseline: Baseline) -> frozenset[str]:
    """Words of the vocabulary that have a digit as part of a name, such as `morpheus8`, in lower case."""
    entries = [entry for entries in baseline.vocabulary.values() for entry in entries]
    words = {
        word.lower()
        for entry in [*entries, *baseline.conditions.values()]
        for phrase in (entry.name, *entry.synonyms)
        for word in phrase.split()
    }
    return frozenset(word for word in words if re.search(r"[a-z]\W?\d|\d[a-z]", word))


def _topic_defects(baseline: Baseline) -> Iterator[Defect]:
    for name in TOPICS:
        if name not in baseline.topics:
            yield Defect(f"{TOPICS_FOLDER}/{name}.yml", name, "missing topic")
    questions: dict[str, str] = {}
    for name, topic in baseline.topics.items():
        file = baseline.files[name]
        if name not in TOPICS:
            yield Defect(file, name, "unknown topic")
        elif PurePosixPath(file).stem != name:
            yield Defect(file, name, f"belongs into {name}.yml")
        question = topic.question.casefold()
        if question in questions:
            yield Defect(file, name, f"same question as topic {questions[question]}")
        questions.setdefault(question, name)
        for button in topic.next:
            if button not in baseline.buttons and button not in baseline.topics:
                yield Defect(file, name, f"next: unknown button {button}")


def _fact_defects(baseline: Baseline, names: Collection[str]) -> Iterator[Defect]:
    resolver = Resolver(baseline.clinic, baseline.words)
    known = {**baseline.entity_ids(), **STATES}
    seen: dict[str, str] = {}
    for file, fact in baseline.facts():
        if fact.id in seen:
            yield Defect(file, fact.id, f"duplicate id, see {seen[fact.id]}")
        seen.setdefault(fact.id, file)
        for reason in _reference_faults(fact, baseline, known):
            yield Defect(file, fact.id, reason)
        for reason in faults_of(fact, resolver, names):
            yield Defect(file, fact.id, reason)
    for name, topic in baseline.topics.items():
        for fact in topic.facts:
            if fact.topic != name:
                yield Defect(baseline.files[name], fact.id, f"must begin with {name}.")


def _reference_faults(fact: Fact, baseline: Baseline, known: Mapping[str, Collection[str]]) -> Iterator[str]:
    named = [*fact.sources, *(claim.source for claim in fact.claims)]
    named += [source for variant in fact.variants for source in variant.sources]
    for source in dict.fromkeys(named):
        if source not in baseline.sources:
            yield f"unknown source {source}"
    filters = [("for", fact.only_for), *((f"variant {each.name}", each.when) for each in fact.variants)]
    for where, wanted in filters:
        for type_, ids in wanted.items():
            if type_ not in known:
                yield f"{where}: unknown entity type {type_}"
            for id_ in ids:
                if type_ in known and id_ not in known[type_]:
                    yield f"{where}: unknown {type_} {id_}"


def _vocabulary_defects(baseline: Baseline) -> Iterator[Defect]:
    for type_ in ENTITY_TYPES:
        if type_ not in baseline.vocabulary:
            yield Defect(VOCABULARY, type_, "missing entity type")
    for type_, entries in baseline.vocabulary.items():
        if type_ not in ENTITY_TYPES:
            yield Defect(VOCABULARY, type_, "unknown entity type")
        yield from _shared_phrases(VOCABULARY, entries)
    for kind in CONDITION_KINDS:
        yield from _shared_phrases(CONDITIONS, [each for each in baseline.conditions.values() if each.kind == kind])


def _aspect_defects(baseline: Baseline) -> Iterator[Defect]:
    known = baseline.entity_ids()
    for number, aspect in enumerate(baseline.aspects, start=1):
        ids = {id_ for type_ in aspect.names for id_ in known.get(type_, ())}
        faults = [f"unknown topic {name}" for name in (aspect.topic, *aspect.beside) if name not in TOPICS]
        faults += [f"unknown entity type {type_}" for type_ in aspect.names if type_ not in known]
        faults += [f"unknown entity {id_}" for id_ in (*aspect.only, *aspect.but) if id_ not in ids]
        if aspect.topic in aspect.beside:
            faults.append(f"{aspect.topic} cannot stand beside itself")
        for fault in faults:
            yield Defect(ASPECTS, f"entry {number}", fault)


def _shared_phrases(file: str, entries: Sequence[VocabularyEntry]) -> Iterator[Defect]:
    owners: dict[str, str] = {}
    for entry in entries:
        for phrase in (*entry.synonyms, *entry.misspellings):
            if owners.setdefault(phrase, entry.id) != entry.id:
                yield Defect(file, entry.id, f"{phrase!r} is claimed by {owners[phrase]} too")


def _reply_defects(baseline: Baseline, names: Collection[str]) -> Iterator[Defect]:
    for name, reply in baseline.replies.items():
        for button in reply.buttons:
            if button not in baseline.buttons and button not in baseline.topics:
                yield Defect(REPLIES, name, f"unknown button {button}")
        for text in reply.texts:
            for reason in number_faults(text, names):
                yield Defect(REPLIES, name, reason)
            try:
                unknown = set(placeholders(text)) - DESK_PLACEHOLDERS - TURN_PLACEHOLDERS
            except ValueError as error:
                yield Defect(REPLIES, name, str(error))
                continue
            if unknown:
                yield Defect(REPLIES, name, f"unknown placeholder {', '.join(sorted(unknown))}")
