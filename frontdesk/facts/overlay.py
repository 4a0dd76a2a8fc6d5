"""Laying the clinic's own values over a baseline; nothing here knows of the database they are kept in."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from frontdesk.facts.baseline import Baseline
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.facts.resolving import Resolver, UnknownPathError
from frontdesk.facts.schema import Condition, Fact, Value
from frontdesk.facts.values import same_dimension

CLINIC = "clinic"
WAIT = "wait"


@dataclass(frozen=True)
class Target:
    """A value that the clinic may set.

    Attributes:
        fact_id: Id of the fact, or `clinic` for a value of the profile.
        key: Name of the value, followed by `@<entity id>` for that of a variant; in the profile the dotted path.
    """

    fact_id: str
    key: str

    def __str__(self) -> str:
        return f"{self.fact_id}.{self.key}"


Own = Mapping[Target, Any]
"""The clinic's own values: for a fact `{value, unit}` or `{min, max, unit}`, for the profile what its file may hold."""


class OverlayError(ValueError):
    """A value of the clinic's own that has no place in the baseline; the message says why."""


def overlaid(baseline: Baseline, own: Own) -> tuple[Baseline, dict[Target, str]]:
    """Lay values over a baseline.

    Returns:
        The changed baseline, and those values that could not be used with the reason; they are left out.
    """
    unused: dict[Target, str] = {}
    clinic = baseline.clinic
    facts: dict[str, list[tuple[Target, Any]]] = {}
    for target, data in own.items():
        if target.fact_id != CLINIC:
            facts.setdefault(target.fact_id, []).append((target, data))
            continue
        try:
            clinic = _with_own(clinic, target.key, data)
        except OverlayError as error:
            unused[target] = str(error)
    changer = _FactChanger(Resolver(clinic, baseline.words), facts, unused)
    topics = {
        name: topic.copy(update={"facts": tuple(changer.fact(fact) for fact in topic.facts)})
        for name, topic in baseline.topics.items()
    }
    conditions = {name: changer.condition(condition) for name, condition in baseline.conditions.items()}
    for left in facts.values():
        unused.update((target, "there is no such fact") for target, _ in left)
    return replace(baseline, clinic=clinic, topics=topics, conditions=conditions), unused


def _with_own(clinic: ClinicProfile, path: str, data: Any) -> ClinicProfile:
    profile = copy.deepcopy(clinic.dict())
    *parents, last = path.split(".")
    place: Any = profile
    for name in parents:
        place = place.get(name) if isinstance(place, dict) else None
    if not isinstance(place, dict) or last not in place:
        raise OverlayError(f"unknown clinic path {path!r}")
    place[last] = data
    try:
        return ClinicProfile.parse_obj(profile)
    except ValidationError as error:
        raise OverlayError(str(error.errors()[0]["msg"])) from error


class _FactChanger:
    """Puts values into facts and conditions; each value it has found a place for is taken off the list."""

    def __init__(
        self, resolver: Resolver, values: dict[str, list[tuple[Target, Any]]], unused: dict[Target, str]
    ) -> None:
        self._resolver = resolver
        self._values = values
        self._unused = unused

    def fact(self, fact: Fact) -> Fact:
        for target, data in self._values.pop(fact.id, ()):
            try:
                fact = self._changed(fact, target.key, data)
            except OverlayError as error:
                self._unused[target] = str(error)
        return fact

    def condition(self, condition: Condition) -> Condition:
        before = condition.as_fact()
        after = self.fact(before)
        if after is before:
            return condition
        # The wait is kept twice, once for the sentence and once for whoever reckons with it.
        wait = after.values.get(WAIT, condition.wait)
        return condition.copy(update={"values": dict(after.values), WAIT: wait if condition.wait else None})

    def _changed(self, fact: Fact, name: str, data: Any) -> Fact:
        key, _, entity = name.partition("@")
        if not entity:
            return fact.copy(update={"values": {**fact.values, key: self._checked(fact.values.get(key), data)}})
        variants = list(fact.variants)
        for number, variant in enumerate(variants):
            if any(entity in ids for ids in variant.when.values()):
                old = variant.values.get(key, fact.values.get(key))
                values = {**variant.values, key: self._checked(old, data)}
                variants[number] = variant.copy(update={"values": values})
                return fact.copy(update={"variants": tuple(variants)})
        raise OverlayError(f"there is no variant for {entity}")

    def _checked(self, old: Value | None, data: Any) -> Value:
        if old is None:
            raise OverlayError("there is no such value")
        try:
            value = Value.parse_obj(data)
        except ValidationError as error:
            raise OverlayError("is not a number or a range with a unit") from error
        try:
            now = old if old.clinic is None else self._resolver.at_path(old.clinic)
        except UnknownPathError as error:
            raise OverlayError("shows the opening hours") from error
        if isinstance(now, str) or value.clinic is not None:
            raise OverlayError("belongs to the clinic's profile")
        if not same_dimension(value.unit, now.unit):
            raise OverlayError(f"is in {value.unit}, and the value is in {now.unit}")
        fault = self._resolver.format.fault(value)
        if fault:
            raise OverlayError(fault)
        return value
