"""The statements a fact can come out as: its own and one for each variant, filled up with what is the fact's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from frontdesk.facts.schema import Fact, Value


@dataclass(frozen=True)
class Statement:
    """One wording of a fact.

    Attributes:
        variant: Name of the variant, or None for the fact's own statement.
        when: The entities it is for; empty for the fact's own.
    """

    variant: str | None
    when: Mapping[str, tuple[str, ...]]
    text: str
    values: Mapping[str, Value]
    sources: tuple[str, ...]


def statements_of(fact: Fact) -> list[Statement]:
    """All statements of a fact, in the order in which the first that matches is the one to say.

    Variants that name more kinds of entity come first, otherwise the file's order holds; the fact's own is last.
    """
    statements = [
        Statement(
            variant=variant.name,
            when=variant.when,
            text=variant.text or fact.text,
            values={**fact.values, **variant.values},
            sources=variant.sources or fact.sources,
        )
        for variant in sorted(fact.variants, key=lambda variant: -len(variant.when))
    ]
    return [*statements, Statement(None, {}, fact.text, fact.values, fact.sources)]
