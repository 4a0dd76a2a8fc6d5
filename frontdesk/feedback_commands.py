"""The command for staff about visitors' ratings: which answers helped, which did not, and what they were made of."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.markup import escape
from rich.table import Table

from frontdesk.booking.listing import when
from frontdesk.database import create_engine
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.facts.snapshot import FactsStore
from frontdesk.facts.store import FactsRepository
from frontdesk.feedback import Feedback, FeedbackLog
from frontdesk.migrations import upgrade
from frontdesk.settings import Settings
from frontdesk.terminal import FAILED, complaints, console, give_up, told_plainly

COLUMNS = ("given", "vote", "facts", "topics", "conversation")


def ratings(
    down: Annotated[bool, typer.Option("--down", help="Only of answers that did not help.")] = False,
    by_fact: Annotated[bool, typer.Option("--by-fact", help="Count them for each fact, worst first.")] = False,
    file: Annotated[
        Path | None, typer.Option("--csv", help="Write them to this file; - for the terminal.", dir_okay=False)
    ] = None,
) -> None:
    """List what visitors thought of answers, with the facts that the answers were made of."""
    with told_plainly():
        settings = Settings.from_environment()
        engine = create_engine(settings)
        upgrade(engine)
        store = FactsRepository(settings, engine).current()
        given = [rating for rating in FeedbackLog(engine).all() if not down or rating.vote == "down"]
        if file is not None:
            _export(given, store.clinic, file)
        elif not given:
            console.print("There are no such ratings." if down else "Nobody has rated an answer yet.")
        else:
            console.print(facts_table(given, store) if by_fact else ratings_table(given, store))


def ratings_table(given: Iterable[Feedback], store: FactsStore) -> Table:
    """Ratings, a row each, with what their facts say now."""
    table = _table("when", "rating", "facts", "what they say now")
    for rating in given:
        said = " ".join(_text(fact, store) for fact in rating.facts)
        table.add_row(when(rating.given_at, store.clinic), rating.vote, *map(escape, (", ".join(rating.facts), said)))
    return table


def facts_table(given: Iterable[Feedback], store: FactsStore) -> Table:
    """Facts with their ratings up and down, those with the most that did not help first."""
    votes = Counter((fact, rating.vote) for rating in given for fact in rating.facts)
    facts = sorted({fact for fact, _ in votes}, key=lambda fact: (-votes[fact, "down"], votes[fact, "up"], fact))
    table = _table("fact", "up", "down", "what it says now")
    for fact in facts:
        table.add_row(escape(fact), str(votes[fact, "up"]), str(votes[fact, "down"]), escape(_text(fact, store)))
    return table


def write_csv(given: Iterable[Feedback], clinic: ClinicProfile, file: TextIO) -> int:
    """Write ratings as CSV with a header, times as `2026-11-26 15:00` in the clinic's zone; how many."""
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    rows = [
        (
            f"{rating.given_at.astimezone(clinic.zone):%Y-%m-%d %H:%M}",
            rating.vote,
            " ".join(rating.facts),
            " ".join(rating.topics),
            rating.conversation,
        )
        for rating in given
    ]
    writer.writerows(rows)
    return len(rows)


def _export(given: Iterable[Feedback], clinic: ClinicProfile, path: Path) -> None:
    if str(path) == "-":
        write_csv(given, clinic, sys.stdout)
        return
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            number = write_csv(given, clinic, file)
    except OSError as error:
        give_up(f"{path} cannot be written: {error.strerror}.", FAILED)
    complaints.print(f"{number} ratings written to {path}.", markup=False)


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(name, overflow="fold")
    return table


def _text(fact: str, store: FactsStore) -> str:
    return store.render(fact).text if fact in store.facts else "(no longer there)"
