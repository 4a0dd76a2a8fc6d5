"""The command line for staff: what the assistant says, the clinic's own values, the checks of the content, bookings."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from typing import Annotated

import typer

from frontdesk import dotenv
from frontdesk.booking.commands import bookings_app, notify
from frontdesk.channel_commands import channels
from frontdesk.database import create_engine
from frontdesk.doctor_commands import doctor
from frontdesk.facts import tables
from frontdesk.facts.checks import check as check_content
from frontdesk.facts.editing import affected_facts, find_shown, reset_value, set_value
from frontdesk.facts.overlay import CLINIC, Target
from frontdesk.facts.overrides import Override, OverrideLog
from frontdesk.facts.store import FactsRepository, FactsStore
from frontdesk.feedback_commands import ratings
from frontdesk.migrations import upgrade
from frontdesk.privacy_commands import privacy_app
from frontdesk.review_commands import review_app
from frontdesk.settings import REPOSITORY, Settings
from frontdesk.terminal import FAILED, complaints, console, told_plainly

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The clinic's front desk.")
facts_app = typer.Typer(no_args_is_help=True, help="What the assistant says, and the clinic's own values.")
app.add_typer(facts_app, name="facts")
app.add_typer(bookings_app, name="bookings")
app.add_typer(review_app, name="review")
app.add_typer(privacy_app, name="privacy")
app.command("notify")(notify)
app.command("channels")(channels)
app.command("ratings")(ratings)
app.command("doctor")(doctor)

Name = Annotated[str, typer.Argument(help="Such as cost.session, aftercare.first_day.wait or clinic.prices.session.")]
By = Annotated[str, typer.Option("--by", help="Who sets it; kept in the history.")]
Note = Annotated[str | None, typer.Option("--note", help="Why; kept in the history.")]
Strict = Annotated[bool, typer.Option("--strict", help="Fail on what is not signed off, too.")]


@app.callback()
def read_dotenv() -> None:
    """Read the same settings as the servers do."""
    dotenv.load(REPOSITORY / ".env", os.environ)


@app.command()
def migrate() -> None:
    """Bring the database's tables up to date."""
    with told_plainly():
        upgrade(create_engine(Settings.from_environment()))
        console.print("The database is up to date.")


@facts_app.command("set")
def set_fact(
    name: Name,
    value: Annotated[str, typer.Argument(help="Such as 250, 3-6, '24 hours'; for hours 9:00-18:00 or closed.")],
    by: By,
    note: Note = None,
    force: Annotated[bool, typer.Option("--force", help="Take a value that is far from the usual one.")] = False,
) -> None:
    """Set a value of the clinic's own; running servers say it from the next message on."""
    with told_plainly():
        desk = _Desk()
        change = set_value(desk.repository.current(), desk.log, name, value, by, note, force)
        desk.tell(change)


@facts_app.command("reset")
def reset_fact(name: Name, by: By, note: Note = None) -> None:
    """Go back to the value the store came with."""
    with told_plainly():
        desk = _Desk()
        change = reset_value(desk.repository.current(), desk.log, name, by, note)
        if change is None:
            console.print(f"{name} has no value of the clinic's own.", markup=False)
        else:
            desk.tell(change)


@facts_app.command("history")
def history(name: Annotated[str | None, typer.Argument(help="A fact or value; all when left out.")] = None) -> None:
    """Show who changed what, and when."""
    with told_plainly():
        desk = _Desk()
        store = desk.repository.current()
        changes = desk.log.history()
        if name is not None:
            changes = [change for change in changes if _concerns(change.target, name, store)]
        console.print(tables.history_table(changes, store) if changes else "No value was ever changed.")


@facts_app.command("show")
def show(
    name: Annotated[str | None, typer.Argument(help="A fact, or a topic; all topics when left out.")] = None,
) -> None:
    """Show what a visitor is told, with values, sources and sign-off."""
    with told_plainly():
        desk = _Desk()
        store = desk.repository.current()
        for target, reason in store.unused.items():
            complaints.print(f"The clinic's own value of {target} is not used: {reason}.", markup=False)
        if name is None:
            console.print(tables.topics_table(store))
        elif name in store.topics:
            console.print(tables.topic_table(store, name))
        else:
            console.print(tables.fact_table(store, find_shown(store, name), desk.log.active()))


@facts_app.command("check")
@app.command("check")
def check(strict: Strict = False) -> None:
    """Check the content: everything the loader refuses, how it reads, who has signed it off."""
    with told_plainly():
        report = check_content(Settings.from_environment().facts_dir, datetime.now(timezone.utc).date())
        for title, defects in (
            ("Problems", report.problems),
            ("Not signed off", report.unsigned if strict else []),
            ("Not reviewed for a year", report.stale),
            ("Notes", report.notes),
        ):
            if defects:
                console.print(f"[bold]{title}[/bold]")
                console.print(tables.defects_table(defects))
        console.print(tables.summary(report))
        if not report.passed(strict):
            raise typer.Exit(FAILED)


class _Desk:
    """The store and the log of changes, on an up-to-date database."""

    def __init__(self) -> None:
        settings = Settings.from_environment()
        engine = create_engine(settings)
        upgrade(engine)
        self.log = OverrideLog(engine)
        self.repository = FactsRepository(settings, engine)

    def tell(self, change: Override) -> None:
        """Show what visitors are told from now on."""
        data = "reset" if change.data is None else f"set to {tables.data_text(change.data)}"
        console.print(f"{change.target} is {data}. Visitors now read:", markup=False)
        store = self.repository.current()
        for fact_id in affected_facts(store, change.target):
            _, _, entity = change.target.key.partition("@")
            said = store.render(fact_id, {type_: [entity] for type_ in store.vocabulary} if entity else {})
            console.print(f"  {fact_id}: {said.text}", markup=False)


def _concerns(target: Target, name: str, store: FactsStore) -> bool:
    """Whether a change of a value is one of a named value or fact, or of what the fact takes from the profile."""
    if name in (str(target), target.fact_id):
        return True
    return target.fact_id == CLINIC and name in affected_facts(store, target)
