"""The facts store as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from rich.markup import escape
from rich.table import Table

from frontdesk.facts.checks import Report
from frontdesk.facts.overlay import Target
from frontdesk.facts.overrides import Override
from frontdesk.facts.reading import Defect
from frontdesk.facts.resolving import is_live
from frontdesk.facts.schema import Fact
from frontdesk.facts.snapshot import FactsStore
from frontdesk.facts.statements import statements_of

OwnValues = Mapping[Target, Override]


def topics_table(store: FactsStore) -> Table:
    """All topics: how many facts each has, and how many of them are drafts."""
    table = _table("topic", "title", "facts", "drafts")
    for name, topic in store.topics.items():
        drafts = sum(fact.review.status == "draft" for fact in topic.facts)
        table.add_row(name, escape(topic.title), str(len(topic.facts)), str(drafts))
    return table


def topic_table(store: FactsStore, name: str) -> Table:
    """The facts of a topic as a visitor reads them."""
    table = _table("fact", "role", "text", "sources", "status")
    for fact in store.topic(name).facts:
        said = store.render(fact.id)
        table.add_row(fact.id, fact.role, escape(said.text), ", ".join(said.sources), fact.review.status)
    return table


def fact_table(store: FactsStore, fact: Fact, own: OwnValues) -> Table:
    """All there is to know of a fact: each statement, each value with the clinic's own, the sources, the review."""
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for statement in statements_of(fact):
        entities = {type_: ids[:1] for type_, ids in statement.when.items()}
        said = store.render(fact.id, entities)
        table.add_row(escape(statement.variant or "text"), escape(said.text))
    for key, value in fact.values.items():
        target = Target("clinic", value.clinic) if value.clinic else Target(fact.id, key)
        row = "" if is_live(value) else store.resolver.text(value)
        row += f" [{value.clinic} of the clinic's profile]" if value.clinic else ""
        table.add_row(f"{fact.id}.{key}", escape(row + _own(own.get(target), store)))
    for target, change in own.items():
        if target.fact_id == fact.id and "@" in target.key:
            table.add_row(str(target), escape(_own(change, store).strip()))
    for id_ in store.render(fact.id).sources:
        source = store.sources[id_]
        table.add_row(id_, escape(f"{source.organisation}: {source.title} ({source.verified}) {source.url or ''}"))
    for claim in fact.claims:
        table.add_row("claim", escape(f"{claim.source} says {claim.says}"))
    review = fact.review
    table.add_row("review", f"{review.status}, {review.date.isoformat()}, {review.reviewer or 'nobody yet'}")
    table.add_row("version", store.render(fact.id).version)
    return table


def history_table(changes: Iterable[Override], store: FactsStore) -> Table:
    """Changes of values, oldest first, in the clinic's time."""
    table = _table("when", "value", "set to", "by", "note")
    for change in changes:
        data = "reset" if change.data is None else data_text(change.data)
        when = _when(change.set_at, store)
        table.add_row(when, escape(str(change.target)), escape(data), escape(change.set_by), escape(change.note or ""))
    return table


def defects_table(defects: Iterable[Defect]) -> Table:
    """Defects by file and entry."""
    table = _table("file", "entry", "reason")
    for defect in defects:
        table.add_row(*(escape(part) for part in defect))
    return table


def summary(report: Report) -> str:
    """A report in one line."""
    parts = {
        "problem": report.problems,
        "not signed off": report.unsigned,
        "stale review": report.stale,
        "note": report.notes,
    }
    return ", ".join(f"{name}: {len(found)}" for name, found in parts.items())


def data_text(data: object) -> str:
    """A value as it is kept, in short."""
    if isinstance(data, Mapping):
        number = data["value"] if "value" in data else f"{data['min']}-{data['max']}"
        return f"{number} {data['unit']}"
    if isinstance(data, list):
        return ", ".join(f"{each['open']}-{each['close']}" for each in data) or "closed"
    return str(data)


def _own(change: Override | None, store: FactsStore) -> str:
    if change is None:
        return ""
    return f" (own value {data_text(change.data)}, set by {change.set_by} on {_when(change.set_at, store)})"


def _when(moment: datetime, store: FactsStore) -> str:
    return moment.astimezone(store.clinic.zone).strftime("%Y-%m-%d %H:%M")


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        # A cut-off id cannot be copied into the next command.
        table.add_column(name, overflow="fold")
    return table
