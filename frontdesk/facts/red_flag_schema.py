"""The shapes of the red-flag content: what can be told from one entry alone is checked here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field, validator

from frontdesk.facts.fields import Identifier, Number, Phrase, Record, Text
from frontdesk.facts.schema import Review

Level = Literal["emergency", "urgent", "clinician"]
Doubt = Literal["figure", "denied", "past", "habit", "asked", "general", "normal", "over"]
ALL_DOUBTS: tuple[Doubt, ...] = ("figure", "denied", "past", "habit", "asked", "normal", "over")
SOFTENING: tuple[Doubt, ...] = ("normal", "over")
"""Doubts that make an emergency one for today; the others make it none."""


class CategoryId(Text):
    """`E-AN`: its letter is its level."""

    regex = re.compile(r"^[EDC]-[A-Z0-9]+$")


class RuleId(Text):
    """A name within its category."""

    regex = re.compile(r"^[a-z][a-z0-9-]*$")


class Temperature(Record):
    """Body temperatures from `celsius` on."""

    celsius: Number


class Duration(Record):
    """Times from `at_least` `unit`s on; "day 9" counts as nine days.

    Attributes:
        lasting: Whether only how long something lasts counts ("for an hour") and not when it was ("an hour later").
    """

    at_least: Number
    unit: Literal["minute", "hour", "day", "week"]
    lasting: bool = False


class RedFlagWords(Record):
    """All of `red_flag_words.yml`.

    Attributes:
        groups: Phrases by the name that rules use. Compared by word stems; `a|b` is either word, `=word` exactly this
            form, `..` up to three words, `@name` all phrases of another group.
        numbers: Numbers that count as a group of their own.
        figures: Phrases that sound like danger and never are, whatever rule they touch.
        over: Phrases by which a visitor says that help is there or the danger is over.
        as_written: Danger words that no misspelt word is taken for; each is nearer to what everybody says every day.
    """

    groups: dict[Identifier, tuple[Phrase, ...]]
    numbers: dict[Identifier, Temperature | Duration]
    figures: tuple[Phrase, ...]
    over: tuple[Phrase, ...]
    as_written: tuple[Phrase, ...]

    def phrases(self) -> dict[str, tuple[str, ...]]:
        """The groups with every `@name` replaced by that group's own phrases."""
        return {name: tuple(self._expanded(name, ())) for name in self.groups}

    def _expanded(self, name: str, path: tuple[str, ...]) -> Iterator[str]:
        for phrase in self.groups[name]:
            inner = phrase[1:]
            if not phrase.startswith("@"):
                yield phrase
            elif inner in self.groups and inner not in path:
                yield from self._expanded(inner, (*path, name))


class Rule(Record):
    """Words that are a danger sign together.

    Attributes:
        all: Groups that all have to be there, next to each other.
        among: Groups of which one has to be anywhere in the message as well (`with` in the file).
        unless: Groups of which none may stand in the same sentence.
        within: How many words may at most lie between two neighbouring groups of `all`.
        ordered: Whether the groups have to stand in the order given.
        anywhere: Whether the groups of `all` may stand anywhere in the message.
        alone: Whether its sentence has to be nothing but a short cry.
        level: Its level, when it is not the category's.
        reply: Its reply, when it is not the category's.
        doubts: What makes it not count, when that is not what the category says.
    """

    id: RuleId
    all: tuple[Identifier, ...]
    among: tuple[Identifier, ...] = Field((), alias="with")
    unless: tuple[Identifier, ...] = ()
    within: int = 6
    ordered: bool = False
    anywhere: bool = False
    alone: bool = False
    level: Level | None = None
    reply: Identifier | None = None
    doubts: tuple[Doubt, ...] | None = None

    @validator("all")
    def _names_a_group(cls, groups: tuple[str, ...]) -> tuple[str, ...]:
        if not groups:
            raise ValueError("must name at least one group")
        return groups


class Category(Record):
    """A danger sign, from what the sources say to the words that are its rules.

    Attributes:
        id: As in the content research, e.g. `E-AN`.
        criteria: What counts, for the clinician who signs it off.
        doubts: What makes a phrase not count: a figure of speech, denied, long past, a habit, asked about in general
            (with `general` only when the question speaks of nobody). What makes it less grave: asked as "is it normal",
            over by now.
        examples: Messages that must be recognised.
        harmless: Messages that come near and must not be taken for an emergency.
        reply: Id of the reply, here or among the desk's.
    """

    id: CategoryId
    level: Level
    name: Text
    criteria: Text
    rules: tuple[Rule, ...]
    doubts: tuple[Doubt, ...] = ALL_DOUBTS
    examples: tuple[Text, ...]
    harmless: tuple[Text, ...] = ()
    reply: Identifier
    sources: tuple[Text, ...]
    review: Review


class RedFlagReply(Record):
    """What a visitor reads.

    Attributes:
        instead: The reply to give where a number that it needs does not exist in the clinic's country.
    """

    text: Text
    outcome: Literal["emergency", "urgent", "redirect", "handoff"]
    buttons: tuple[Text, ...] = ()
    instead: Identifier | None = None


class Lines(Record):
    """Numbers to call in one country.

    Attributes:
        emergency: The number for an ambulance.
        crisis: Who to call when life feels unbearable, with the number, e.g. `Samaritans on 116 123`.
        poison: The poison line for the public, likewise; None where the emergency number is the one to call.
        urgent: Medical advice by phone outside opening hours, likewise.
    """

    emergency: Text
    crisis: Text | None = Field(...)
    poison: Text | None = Field(...)
    urgent: Text | None = Field(...)
    sources: tuple[Text, ...]
    verified: Literal["OPEN", "COPY", "2ND", "JUDGE"]


def lines_of(lines: Mapping[str, Lines], country: str) -> Lines:
    """The numbers of a country (two-letter code), or the default ones."""
    return lines.get(country.upper(), lines["default"])


class RedFlags(Record):
    """The content of the red-flag screen.

    Attributes:
        words: The groups of words that the rules are made of.
        categories: In the order in which they win when several of one level match.
        replies: By id.
        lines: By two-letter country code, and `default`.
    """

    words: RedFlagWords
    categories: tuple[Category, ...]
    replies: dict[str, RedFlagReply]
    lines: dict[str, Lines]

    def category(self, id_: str) -> Category:
        """A category.

        Raises:
            KeyError: There is none of this id.
        """
        for category in self.categories:
            if category.id == id_:
                return category
        raise KeyError(id_)

    def lines_of(self, country: str) -> Lines:
        """The numbers of a country (two-letter code), or the default ones."""
        return lines_of(self.lines, country)
