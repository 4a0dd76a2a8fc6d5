"""Commands for staff about what is kept of people: show it, erase it, forget it in time."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from frontdesk.database import create_engine
from frontdesk.facts.store import FactsRepository
from frontdesk.migrations import upgrade
from frontdesk.privacy.keeping import Keeper, Unfinished
from frontdesk.privacy.people import NotAPerson, Person, named
from frontdesk.privacy.periods import load_periods
from frontdesk.settings import Settings
from frontdesk.terminal import FAILED, UNUSABLE, complaints, console, give_up, told_plainly

privacy_app = typer.Typer(no_args_is_help=True, help="What is kept of visitors.")

Phone = Annotated[str | None, typer.Option("--phone", help="A number with which they booked or write to the desk.")]
Email = Annotated[str | None, typer.Option("--email", help="An address with which they booked.")]
Conversation = Annotated[
    str | None, typer.Option("--conversation", help="The id of a conversation, such as website:4f…")
]


@privacy_app.command("export")
def export_person(
    phone: Phone = None,
    email: Email = None,
    conversation: Conversation = None,
    to: Annotated[Path | None, typer.Option("--to", help="A file; the terminal when left out.")] = None,
) -> None:
    """Write all that is stored of a person as JSON."""
    with told_plainly():
        settings = _prepared()
        data = Keeper.of(settings).export(_person(settings, phone, email, conversation))
        text = json.dumps(data, ensure_ascii=False, indent=2)
        if to is None:
            typer.echo(text)
            return
        try:
            to.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            give_up(f"{to} cannot be written: {error.strerror}", FAILED)
        complaints.print(f"{sum(map(len, data['tables'].values()))} rows written to {to}.", markup=False)


@privacy_app.command("erase")
def erase_person(
    phone: Phone = None,
    email: Email = None,
    conversation: Conversation = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Delete all that is stored of a person: their visits, too, those to come among them."""
    with told_plainly():
        settings = _prepared()
        person, keeper = _person(settings, phone, email, conversation), Keeper.of(settings)
        data = keeper.export(person)
        _tell({name: len(rows) for name, rows in data["tables"].items()}, "would go")
        if not any(data["tables"].values()):
            return
        if data["person"]["bookings"]:
            console.print(f"Their visits: {', '.join(data['person']['bookings'])}", markup=False)
        if not yes:
            typer.confirm("Erase all of it? It cannot be brought back.", abort=True)
        try:
            gone = keeper.erase(person)
        except Unfinished as error:
            give_up(str(error), FAILED)
        _tell(gone, "erased")
        complaints.print("E-mails that were sent, a CRM, an event broker's queue and your backups are not reached.")


@privacy_app.command("purge")
def purge() -> None:
    """Delete what has been kept for as long as `facts/privacy.yml` says; the notice worker does it once a day."""
    with told_plainly():
        settings = _prepared()
        periods = load_periods(settings.facts_dir)
        _tell(Keeper.of(settings).purge(periods, timedelta(hours=settings.session_hours)), "deleted")


def _prepared() -> Settings:
    settings = Settings.from_environment()
    upgrade(create_engine(settings))
    return settings


def _person(settings: Settings, phone: str | None, email: str | None, conversation: str | None) -> Person:
    try:
        return named(phone, email, conversation, FactsRepository(settings).current().clinic.country.upper())
    except NotAPerson as error:
        give_up(str(error), UNUSABLE)


def _tell(rows: dict[str, int], what: str) -> None:
    counted = [f"{name}: {number}" for name, number in rows.items() if number]
    console.print(f"{what}: {', '.join(counted)}" if counted else f"Nothing {what}.", markup=False)
