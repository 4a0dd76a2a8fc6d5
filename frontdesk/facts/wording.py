"""Rules for what one fact says: placeholders and values belong together, numbers are values, sentences are short."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from frontdesk.facts.resolving import Resolver, UnknownPathError, is_live
from frontdesk.facts.schema import Fact, Value
from frontdesk.facts.sentences import LONGEST_SENTENCE, long_sentences, numbers_in
from frontdesk.facts.statements import Statement, statements_of
from frontdesk.facts.words import placeholders


def faults_of(fact: Fact, resolver: Resolver, names: Collection[str]) -> Iterator[str]:
    """Everything wrong with the words and values of a fact, each as a reason.

    Args:
        fact: The fact.
        resolver: What its values stand for.
        names: Words with a digit in them that are names, in lower case.
    """
    used: set[str] = set()
    for statement in statements_of(fact):
        where = f"variant {statement.variant}: " if statement.variant else ""
        yield from (where + reason for reason in _statement_faults(statement, resolver, names, used))
    for key in fact.values.keys() - used:
        yield f"value without placeholder: {key}"
    for variant in fact.variants:
        for key in variant.values.keys() - used:
            yield f"variant {variant.name}: value without placeholder: {key}"
    for claim in fact.claims:
        if claim.value is not None:
            yield from (f"claim of {claim.source}: {reason}" for reason in value_faults(claim.value, resolver))


def value_faults(value: Value, resolver: Resolver) -> Iterator[str]:
    """Why a value cannot be rendered, if it cannot."""
    if value.clinic is None:
        fault = resolver.format.fault(value)
        if fault:
            yield fault
    elif not is_live(value):
        try:
            resolver.text(value)
        except UnknownPathError as error:
            yield str(error)


def number_faults(text: str, names: Collection[str]) -> Iterator[str]:
    """Each number that is written into a text."""
    for number in numbers_in(text, names):
        yield f"number in the text: {number}"


def _statement_faults(
    statement: Statement, resolver: Resolver, names: Collection[str], used: set[str]
) -> Iterator[str]:
    yield from number_faults(statement.text, names)
    try:
        wanted = set(placeholders(statement.text))
    except ValueError as error:
        yield str(error)
        return
    used |= wanted
    missing = wanted - statement.values.keys()
    for key in sorted(missing):
        yield f"placeholder without value: {key}"
    faults = [f"{key}: {fault}" for key in wanted - missing for fault in value_faults(statement.values[key], resolver)]
    yield from faults
    if not missing and not faults:
        for length in long_sentences(_rendered(statement, wanted, resolver)):
            yield f"sentence of {length} words, more than {LONGEST_SENTENCE}"


def _rendered(statement: Statement, keys: Collection[str], resolver: Resolver) -> str:
    # What the clinic writes into its profile counts as one word: a longer address must not make a fact unusable.
    texts = {key: "{}" if statement.values[key].clinic else resolver.text(statement.values[key]) for key in keys}
    return statement.text.format(**texts)
