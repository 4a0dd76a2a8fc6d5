"""What staff do to values: find the one they mean by its name, and set it after every check it has to pass."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import Any

from frontdesk.facts.clinic import WEEKDAYS
from frontdesk.facts.overlay import CLINIC, Target, overlaid
from frontdesk.facts.overrides import Override, OverrideLog
from frontdesk.facts.resolving import HOURS_TEXT, HOURS_TODAY, Resolver, UnknownPathError
from frontdesk.facts.schema import Fact, Value
from frontdesk.facts.snapshot import FactsStore
from frontdesk.facts.values import ValueMistake, ratio

CLOSED = "closed"
FAR_OFF = 10
LONGEST_TEXT = 300


class UnknownNameError(ValueError):
    """No value has this name.

    Attributes:
        suggestions: Names that look like it, best first.
    """

    def __init__(self, message: str, suggestions: Collection[str] = ()) -> None:
        super().__init__(message)
        self.suggestions = tuple(suggestions)


class FarOffError(ValueMistake):
    """The value is so far from the baseline that it is probably a slip; it can be forced."""


def find_target(store: FactsStore, name: str) -> Target:
    """The value that a name such as `cost.session`, `aftercare.first_day.wait` or `clinic.prices.session` means.

    A fact's id is enough when the fact has one value; `@<entity>` picks that of a variant. A value that a fact takes
    from the clinic's profile is the profile's, so that every fact that shows it changes with it.

    Raises:
        UnknownNameError: There is no such value, or the fact has several.
    """
    bare, _, entity = name.strip().partition("@")
    if bare.startswith(f"{CLINIC}."):
        return Target(CLINIC, bare.removeprefix(f"{CLINIC}."))
    fact, key = _fact_and_key(store, bare)
    values = _values(fact, entity)
    if key is None and len(values) > 1:
        raise UnknownNameError(f"{fact.id} has several values", sorted(f"{fact.id}.{each}" for each in values))
    if not values:
        raise UnknownNameError(f"{fact.id} has no value")
    key = key or next(iter(values))
    if key not in values:
        raise UnknownNameError(f"{fact.id} has no value {key}", sorted(f"{fact.id}.{each}" for each in values))
    path = values[key].clinic
    if path in (HOURS_TEXT, HOURS_TODAY):
        raise UnknownNameError(
            f"{fact.id} shows the opening hours", [f"{CLINIC}.hours.weekly.{weekday}" for weekday in WEEKDAYS]
        )
    if path is not None:
        return Target(CLINIC, path)
    return Target(fact.id, f"{key}@{entity}" if entity else key)


def set_value(
    store: FactsStore, log: OverrideLog, name: str, text: str, by: str, note: str | None = None, force: bool = False
) -> Override:
    """Set a value as typed ("250", "3-6", "24 hours"; for opening hours "9:00-18:00" or "closed").

    Raises:
        UnknownNameError: See `find_target`.
        FarOffError: The value is ten times the baseline or a tenth of it, and not forced.
        ValueMistake: It cannot be read or does not fit.
    """
    if not by.strip():
        raise ValueMistake("who sets a value has to be named")
    target = find_target(store, name)
    data = _parsed(store, target, text, force)
    _, unused = overlaid(store.baseline, {target: data})
    if target in unused:
        raise ValueMistake(f"{target}: {unused[target]}")
    return log.add(target, data, by.strip(), note)


def reset_value(store: FactsStore, log: OverrideLog, name: str, by: str, note: str | None = None) -> Override | None:
    """Go back to the baseline; None when the value is the baseline's already.

    Raises:
        UnknownNameError: See `find_target`; a value that only the database still knows can be reset too.
    """
    active = log.active()
    try:
        target = find_target(store, name)
    except UnknownNameError:
        # Its fact may have left the content since: what was set must still be possible to take back.
        found = [each for each in active if str(each) == name]
        if not found:
            raise
        target = found[0]
    return log.add(target, None, by.strip(), note) if target in active else None


def _fact_and_key(store: FactsStore, name: str) -> tuple[Fact, str | None]:
    if name in store.facts:
        return store.facts[name], None
    fact_id, _, key = name.rpartition(".")
    if fact_id in store.facts:
        return store.facts[fact_id], key
    raise UnknownNameError(f"there is no fact {name}", suggestions_for(name, store.facts))


def find_shown(store: FactsStore, name: str) -> Fact:
    """The fact that a fact's id or a value's name means.

    Raises:
        UnknownNameError: There is no such fact; topics are among the suggestions.
    """
    bare = name.partition("@")[0]
    for fact_id in (bare, bare.rpartition(".")[0]):
        if fact_id in store.facts:
            return store.facts[fact_id]
    raise UnknownNameError(f"there is no fact or topic {name}", suggestions_for(name, [*store.topics, *store.facts]))


def affected_facts(store: FactsStore, target: Target) -> list[str]:
    """Ids of the facts that show a value."""
    if target.fact_id != CLINIC:
        return [target.fact_id] if target.fact_id in store.facts else []
    paths = {target.key}
    if target.key.startswith("hours."):
        paths |= {HOURS_TEXT, HOURS_TODAY}
    return [fact_id for fact_id, fact in store.facts.items() if paths & _clinic_paths(fact)]


def _clinic_paths(fact: Fact) -> set[str]:
    values = [*fact.values.values(), *(value for variant in fact.variants for value in variant.values.values())]
    return {value.clinic for value in values if value.clinic}


def suggestions_for(name: str, known: Collection[str]) -> list[str]:
    """Up to three known names that look like one, best first."""
    return get_close_matches(name, list(known), n=3, cutoff=0.5)


def _values(fact: Fact, entity: str) -> dict[str, Value]:
    if not entity:
        return dict(fact.values)
    for variant in fact.variants:
        if any(entity in ids for ids in variant.when.values()):
            return {**fact.values, **variant.values}
    raise UnknownNameError(
        f"{fact.id} says nothing special for {entity}", [f"{fact.id}@{variant.name}" for variant in fact.variants]
    )


def _parsed(store: FactsStore, target: Target, text: str, force: bool) -> Any:
    baseline = store.baseline
    resolver = Resolver(baseline.clinic, baseline.words)
    if target.fact_id != CLINIC:
        fact = next(fact for _, fact in baseline.facts() if fact.id == target.fact_id)
        key, _, entity = target.key.partition("@")
        like = _values(fact, entity)[key]
        value = resolver.format.parse(text, like)
        _refuse_far_off(value, like, force, text)
        return value.dict(exclude_none=True)
    if target.key.rpartition(".")[0] == "hours.weekly":
        return _hours(text)
    try:
        found = resolver.at_path(target.key)
    except UnknownPathError as error:
        raise UnknownNameError(str(error), suggestions_for(str(target), _paths(baseline.clinic.dict()))) from error
    if isinstance(found, str):
        if not text.strip() or len(text) > LONGEST_TEXT:
            raise ValueMistake(f"must be a text of at most {LONGEST_TEXT} characters")
        return text.strip()
    value = resolver.format.parse(text, found)
    if value.value is None or value.unit != found.unit:
        raise ValueMistake(f"{text!r} must be one number in {found.unit}")
    _refuse_far_off(value, found, force, text)
    return value.value


def _refuse_far_off(value: Value, like: Value, force: bool, text: str) -> None:
    if not force and not 1 / FAR_OFF < ratio(value, like) < FAR_OFF:
        raise FarOffError(f"{text!r} is far from the usual value")


def _hours(text: str) -> list[dict[str, str]]:
    if text.strip().lower() == CLOSED:
        return []
    stretches = [re.split(r"\s*(?:-|–|to)\s*", part.strip()) for part in text.split(",")]
    if any(len(stretch) != 2 for stretch in stretches):
        raise ValueMistake(f"{text!r} must read like 9:00-18:00, or 9:00-13:00, 14:00-18:00, or {CLOSED}")
    return [{"open": opens, "close": closes} for opens, closes in stretches]


def _paths(data: Any, path: str = CLINIC) -> list[str]:
    if not isinstance(data, dict):
        return [path]
    return [found for name, inner in data.items() for found in _paths(inner, f"{path}.{name}")]
