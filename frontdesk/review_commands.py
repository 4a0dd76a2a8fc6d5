"""Commands for staff about the turns in which danger was heard."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from frontdesk.database import create_engine
from frontdesk.facts.store import FactsRepository
from frontdesk.migrations import upgrade
from frontdesk.review import RedFlagLog
from frontdesk.settings import Settings
from frontdesk.terminal import FAILED, complaints, console, told_plainly

review_app = typer.Typer(no_args_is_help=True, help="Turns that a clinician should look at.")


@review_app.command("urgent")
def review_urgent(
    everything: Annotated[bool, typer.Option("--all", help="Those that were seen, too.")] = False,
    seen: Annotated[int | None, typer.Option("--seen", help="Mark the turn of this number as seen.")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who has seen it.")] = None,
) -> None:
    """List emergency and urgent turns, or mark one as seen."""
    with told_plainly():
        settings = Settings.from_environment()
        engine = create_engine(settings)
        upgrade(engine)
        log = RedFlagLog(engine)
        if seen is not None:
            _mark(log, seen, by)
            return
        turns = log.all() if everything else log.unseen()
        if not turns:
            console.print("Nothing is waiting to be seen.")
            return
        zone = FactsRepository(settings).current().clinic.zone
        table = Table("no.", "when", "level", "category", "heard by", "conversation", "message", "seen", box=None)
        for turn in turns:
            when = turn.happened_at.astimezone(zone).strftime("%a %d %b %Y %H:%M")
            who = escape(turn.seen_by or "")
            cells = (turn.level, turn.category, turn.heard_by, turn.conversation, turn.message)
            table.add_row(str(turn.id), when, *(escape(cell) for cell in cells), who)
        console.print(table)


def _mark(log: RedFlagLog, number: int, by: str | None) -> None:
    if not by:
        complaints.print("Say who has seen it: --by NAME.")
        raise typer.Exit(FAILED)
    if not log.mark_seen(number, by):
        complaints.print(f"There is no unseen turn of number {number}.")
        raise typer.Exit(FAILED)
    console.print(f"Turn {number} is marked as seen by {by}.")
