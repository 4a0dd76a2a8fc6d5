"""The danger signs of `red_flags.yml` and `red_flag_words.yml`, and the numbers to call of `emergency_numbers.yml`.

Read as strictly as the rest of the store: what is wrong is listed as `file: entry: reason`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from frontdesk.facts.reading import Defect, FactsError, read_yaml
from frontdesk.facts.red_flag_schema import Category, Level, Lines, RedFlagReply, RedFlags, RedFlagWords, Rule
from frontdesk.facts.sentences import numbers_in
from frontdesk.facts.words import placeholders

__all__ = ["EMERGENCY_NUMBERS", "RED_FLAGS", "RED_FLAG_WORDS", "RedFlags", "load_red_flags", "red_flag_defects"]

RED_FLAGS = "red_flags.yml"
RED_FLAG_WORDS = "red_flag_words.yml"
EMERGENCY_NUMBERS = "emergency_numbers.yml"

CATEGORIES = ("E-SH E-LA E-AN E-CO E-EY E-BL E-SE E-SP D-IN D-FA D-HS D-AL D-LO D-PI D-RF D-BB D-PR D-WR D-HO").split()
"""The categories that must be there; those that only need a clinician (`C-…`) may be."""

REPLY_PLACEHOLDERS = frozenset({"emergency_number", "crisis_line", "poison_line", "urgent_line", "phone", "clinic"})
EXAMPLES_AT_LEAST = 3

_LEVELS: dict[str, Level] = {"E": "emergency", "D": "urgent", "C": "clinician"}

Model = TypeVar("Model", bound=BaseModel)


def load_red_flags(folder: Path) -> RedFlags:
    """Read the three files.

    Raises:
        FactsError: An entry or a file cannot be read; every such defect is listed.
    """
    defects: list[Defect] = []
    data = _mapping(folder, RED_FLAGS, defects)
    categories = data.get("red_flags")
    if not isinstance(categories, list):
        defects.append(Defect(RED_FLAGS, "red_flags", "must hold a list of entries"))
        categories = []
    words = _entry(RED_FLAG_WORDS, "file", _mapping(folder, RED_FLAG_WORDS, defects), RedFlagWords, defects)
    lines = _lines(folder, defects)
    parts = {
        "words": words,
        "categories": [_entry(RED_FLAGS, _name(entry), entry, Category, defects) for entry in categories],
        "replies": _named(RED_FLAGS, data.get("replies"), RedFlagReply, defects),
        "lines": lines,
    }
    if defects:
        raise FactsError(defects)
    return RedFlags.parse_obj(parts)


def load_lines(folder: Path) -> dict[str, Lines]:
    """Read the numbers to call, by two-letter country code and `default`.

    Raises:
        FactsError: The file cannot be read; every such defect is listed.
    """
    defects: list[Defect] = []
    lines = _lines(folder, defects)
    if defects:
        raise FactsError(defects)
    return {country: each for country, each in lines.items() if each is not None}


def red_flag_defects(red_flags: RedFlags, sources: Collection[str], desk_replies: Collection[str]) -> list[Defect]:
    """Everything wrong between the entries.

    Args:
        red_flags: the content.
        sources: known ids of sources.
        desk_replies: ids of the desk's own replies, which categories may name too.
    """
    return [
        *(Defect(RED_FLAG_WORDS, name, reason) for name, reason in _word_faults(red_flags)),
        *(Defect(RED_FLAGS, name, reason) for name, reason in _category_faults(red_flags, sources, desk_replies)),
        *(Defect(RED_FLAGS, name, reason) for name, reason in _reply_faults(red_flags)),
    ]


def _word_faults(red_flags: RedFlags) -> Iterator[tuple[str, str]]:
    words = red_flags.words
    used = {group for category in red_flags.categories for rule in category.rules for group in _groups(rule)}
    for name, phrases in words.groups.items():
        for phrase in phrases:
            if phrase.startswith("@") and phrase[1:] not in words.groups:
                yield name, f"unknown group {phrase}"
            elif phrase.startswith("..") or phrase.endswith(".."):
                yield name, f"{phrase!r} must not begin or end with a gap"
            elif phrase.startswith("@"):
                used.add(phrase[1:])
        if len(set(phrases)) < len(phrases):
            yield name, "a phrase is given twice"
    for name in words.groups:
        if name in words.numbers:
            yield name, "is a group and a number"
        if name not in used:
            yield name, "is used by no rule"


def _category_faults(
    red_flags: RedFlags, sources: Collection[str], desk_replies: Collection[str]
) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    known = {*red_flags.words.groups, *red_flags.words.numbers}
    replies = {*red_flags.replies, *desk_replies}
    for category in red_flags.categories:
        if category.id in seen:
            yield category.id, "duplicate id"
        seen.add(category.id)
        if category.level != _LEVELS[category.id[0]]:
            yield category.id, f"its letter says {_LEVELS[category.id[0]]}"
        if len(category.examples) < EXAMPLES_AT_LEAST:
            yield category.id, f"fewer than {EXAMPLES_AT_LEAST} examples"
        for source in category.sources:
            if source not in sources:
                yield category.id, f"unknown source {source}"
        rule_ids = [rule.id for rule in category.rules]
        for rule in category.rules:
            where = f"{category.id}.{rule.id}"
            if rule_ids.count(rule.id) > 1:
                yield where, "duplicate id"
            for group in _groups(rule):
                if group not in known:
                    yield where, f"unknown group {group}"
        for reply in {category.reply, *(rule.reply for rule in category.rules if rule.reply)}:
            if reply not in replies:
                yield category.id, f"unknown reply {reply}"
    for id_ in CATEGORIES:
        if id_ not in seen:
            yield id_, "missing category"


def _reply_faults(red_flags: RedFlags) -> Iterator[tuple[str, str]]:
    for name, reply in red_flags.replies.items():
        for number in numbers_in(reply.text):
            yield name, f"number in the text: {number}"
        if reply.instead is not None and reply.instead not in red_flags.replies:
            yield name, f"unknown reply {reply.instead}"
        try:
            named = set(placeholders(reply.text))
        except ValueError as error:
            yield name, str(error)
            continue
        if named - REPLY_PLACEHOLDERS:
            yield name, f"unknown placeholder {', '.join(sorted(named - REPLY_PLACEHOLDERS))}"
        if reply.outcome == "emergency" and not named & {"emergency_number", "crisis_line"}:
            yield name, "an emergency reply without a number to call"
        if named & {"crisis_line", "poison_line", "urgent_line"} and reply.instead is None:
            yield name, "needs a reply to give instead where a country has no such line"


def _groups(rule: Rule) -> tuple[str, ...]:
    return (*rule.all, *rule.among, *rule.unless)


def _name(entry: Any) -> str:
    return str((entry.get("id") if isinstance(entry, Mapping) else None) or "entry without id")


def _mapping(folder: Path, file: str, defects: list[Defect]) -> dict[str, Any]:
    try:
        data = read_yaml(folder / file, folder)
    except FactsError as error:
        defects += error.defects
        return {}
    if not isinstance(data, dict):
        defects.append(Defect(file, "file", "must hold names and entries"))
        return {}
    return data


def _named(file: str, items: object, model: type[Model], defects: list[Defect]) -> dict[str, Model | None]:
    if not isinstance(items, dict):
        defects.append(Defect(file, "file", "must hold names and entries"))
        return {}
    return {name: _entry(file, name, item, model, defects) for name, item in items.items()}


def _lines(folder: Path, defects: list[Defect]) -> dict[str, Lines | None]:
    before = len(defects)
    lines = _named(EMERGENCY_NUMBERS, _mapping(folder, EMERGENCY_NUMBERS, defects), Lines, defects)
    if "default" not in lines and len(defects) == before:
        defects.append(Defect(EMERGENCY_NUMBERS, "default", "missing"))
    return lines


def _entry(file: str, name: str, data: object, model: type[Model], defects: list[Defect]) -> Model | None:
    try:
        return model.parse_obj(data)
    except ValidationError as error:
        for fault in error.errors():
            field = ".".join(str(step) for step in fault["loc"] if step != "__root__")
            defects.append(Defect(file, name, f"{field}: {fault['msg']}" if field else fault["msg"]))
        return None
