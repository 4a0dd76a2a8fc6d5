"""The command that looks for what an operator forgets."""

from __future__ import annotations

import typer
from rich.markup import escape
from rich.table import Table

from frontdesk.database import utc_now
from frontdesk.doctor.examination import examine
from frontdesk.doctor.findings import LOOK, WELL, WRONG
from frontdesk.model_name import current
from frontdesk.settings import REPOSITORY, Settings
from frontdesk.terminal import FAILED, console, told_plainly

_COLOURS = {WELL: "green", LOOK: "yellow", WRONG: "red"}


def doctor() -> None:
    """Look at all that an operator forgets, and say what to do; fails while something is not fit for visitors."""
    with told_plainly():
        settings = Settings.from_environment()
        model = current(REPOSITORY, settings.var_dir)
        findings = examine(settings, model, REPOSITORY / ".env", utc_now())
        table = Table("What", "State", "Found", "What to do", box=None, pad_edge=False)
        for each in findings:
            state = f"[{_COLOURS[each.state]}]{each.state}[/]"
            table.add_row(each.what, state, escape(each.found), escape(each.advice))
        console.print(table)
        if any(each.state == WRONG for each in findings):
            raise typer.Exit(FAILED)
