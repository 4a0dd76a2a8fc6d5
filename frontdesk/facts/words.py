"""The small words of `words.yml` that code needs to write numbers and opening hours."""

from __future__ import annotations

from string import Formatter

from pydantic import validator

from frontdesk.facts.fields import Record, Text


def placeholders(text: str) -> list[str]:
    """The names in braces of a text, in order of appearance, repeats included.

    Raises:
        ValueError: A brace is left open, or what stands in braces is no plain name.
    """
    names = []
    for _, name, spec, conversion in Formatter().parse(text):
        if name is None:
            continue
        if spec or conversion or not name.isidentifier():
            raise ValueError(f"what stands in braces must be a plain name, not {{{name}}}")
        names.append(name)
    return names


class UnitWords(Record):
    """A number with its unit, `{n}` being the number: for exactly one, and for all others."""

    one: Text
    other: Text

    @validator("one", "other")
    def _has_number(cls, template: str) -> str:
        if placeholders(template) != ["n"]:
            raise ValueError("must hold {n} once and nothing else in braces")
        return template


class HoursWords(Record):
    """How opening hours are written; `time_full`, `time` and `date` are CLDR patterns, the rest are templates."""

    time_full: Text
    time: Text
    date: Text
    span: Text
    days: Text
    last_of_list: Text
    line: Text
    closed_days: Text
    open_until: Text
    open_from: Text
    open_again: Text
    closed_now: Text
    closed_today: Text
    opens_tomorrow: Text
    opens_on: Text

    @validator("*")
    def _has_only_known_names(cls, template: str) -> str:
        known = {"open", "close", "first", "last", "rest", "days", "spans", "day"}
        unknown = set(placeholders(template)) - known
        if unknown:
            raise ValueError(f"unknown name in braces: {', '.join(sorted(unknown))}")
        return template


class Words(Record):
    """All of `words.yml`."""

    range: Text
    units: dict[str, UnitWords]
    hours: HoursWords

    @validator("range")
    def _has_both_ends(cls, template: str) -> str:
        if placeholders(template) != ["low", "high"]:
            raise ValueError("must hold {low} and then {high}")
        return template
