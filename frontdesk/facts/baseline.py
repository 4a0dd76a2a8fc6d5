"""The baseline: the content of one facts folder, as it is kept in git."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from frontdesk.facts.clinic import ClinicProfile
from frontdesk.facts.red_flag_schema import Lines
from frontdesk.facts.schema import (
    CONDITION_KINDS,
    Aspect,
    Button,
    Condition,
    Fact,
    Reply,
    Source,
    Topic,
    VocabularyEntry,
)
from frontdesk.facts.words import Words

TOPICS_FOLDER = "topics"
SOURCES = "sources.yml"
ASPECTS = "aspects.yml"
VOCABULARY = "vocabulary.yml"
NEEDLING = "needling"
CONDITIONS = "conditions.yml"
CLINIC = "clinic.yml"
REPLIES = "replies.yml"
WORDS = "words.yml"


@dataclass(frozen=True, eq=False)
class Baseline:
    """All the files of one folder, before the clinic's own values are laid over them.

    Attributes:
        topics: Topics by name.
        sources: Sources by id.
        vocabulary: Entity type to its entries; conditions are not in it.
        needling: What a text that speaks of needling has in it.
        conditions: Conditions, medications and circumstances by id.
        aspects: What questions touch beside their own topic.
        clinic: The clinic's profile.
        replies: Desk wording by id.
        buttons: Next steps by id, those of `replies.yml` only.
        words: Small words for numbers and hours.
        lines: Numbers to call, by two-letter country code and `default`.
        files: In which file each topic stands, by its name.
    """

    topics: Mapping[str, Topic]
    sources: Mapping[str, Source]
    vocabulary: Mapping[str, tuple[VocabularyEntry, ...]]
    needling: tuple[str, ...]
    conditions: Mapping[str, Condition]
    aspects: tuple[Aspect, ...]
    clinic: ClinicProfile
    replies: Mapping[str, Reply]
    buttons: Mapping[str, Button]
    words: Words
    lines: Mapping[str, Lines]
    files: Mapping[str, str]

    def facts(self) -> Iterator[tuple[str, Fact]]:
        """Every fact of the topics, then every condition as a fact, each with the file it stands in."""
        for name, topic in self.topics.items():
            for fact in topic.facts:
                yield self.files[name], fact
        for condition in self.conditions.values():
            yield CONDITIONS, condition.as_fact()

    def names_needling(self) -> re.Pattern[str]:
        """Finds needling itself in a text, however it is called."""
        return re.compile("|".join(re.escape(word).replace(r"\ ", r"[\s-]?") for word in self.needling), re.I)

    def entity_ids(self) -> dict[str, frozenset[str]]:
        """The known ids of each entity type, conditions included."""
        ids = {type_: frozenset(entry.id for entry in entries) for type_, entries in self.vocabulary.items()}
        for kind in CONDITION_KINDS:
            ids[kind] = frozenset(each.id for each in self.conditions.values() if each.kind == kind)
        return ids
