"""Commands for staff about bookings, and the one that delivers their notices."""

from __future__ import annotations

import signal
import sys
import threading
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from frontdesk.booking import listing, outbox
from frontdesk.booking.addresses import Addresses
from frontdesk.booking.calendar import Calendar
from frontdesk.booking.mail_words import load_mail_words
from frontdesk.booking.records import Booking
from frontdesk.booking.worker import POSTPONED, Worker
from frontdesk.channel_settings import MESSENGERS
from frontdesk.database import create_engine
from frontdesk.facts.store import FactsRepository
from frontdesk.migrations import upgrade
from frontdesk.privacy.keeping import daily_purge
from frontdesk.settings import Settings
from frontdesk.terminal import FAILED, UNUSABLE, complaints, console, give_up, told_plainly

bookings_app = typer.Typer(no_args_is_help=True, help="The appointment book.")

Reference = Annotated[str, typer.Argument(help="Such as K7M4QX.")]
From = Annotated[str | None, typer.Option("--from", help="First day, such as 2026-11-26; today when left out.")]
Days = Annotated[int, typer.Option("--days", min=1, max=3660, help="How many days.")]
Everything = Annotated[bool, typer.Option("--all", help="Cancelled ones, too.")]


@bookings_app.command("list")
def list_bookings(first: From = None, days: Days = 60, everything: Everything = False) -> None:
    """List who comes when."""
    with told_plainly():
        book = _Book()
        found = book.between(first, days, everything)
        console.print(listing.bookings_table(found, book.clinic) if found else "There are no bookings then.")


@bookings_app.command("show")
def show_booking(reference: Reference) -> None:
    """Show all of a booking: who and when, what happened to it, and which notices have gone out."""
    with told_plainly():
        book = _Book()
        found = book.get(reference)
        history, notices = book.calendar.history(found), outbox.states(book.engine, found.reference)
        console.print(listing.booking_table(found, history, notices, book.clinic))


@bookings_app.command("cancel")
def cancel_booking(
    reference: Reference, by: Annotated[str, typer.Option("--by", help="Who cancels; kept in the history.")]
) -> None:
    """Cancel a booking; the visitor is told by e-mail, and on the messenger on which they booked."""
    with told_plainly():
        book = _Book()
        found = book.get(reference)
        if not found.stands:
            console.print(f"{found.reference} is cancelled already.", markup=False)
            return
        book.calendar.cancel(found, by)
        start = listing.when(found.slot.start, book.clinic)
        console.print(f"{found.reference} on {start} is cancelled.", markup=False)
        if found.details.email is None and found.details.channel not in MESSENGERS:
            complaints.print(f"There is no e-mail address: please call {found.details.phone}.", markup=False)


@bookings_app.command("export")
def export_bookings(
    first: From = None,
    days: Days = 60,
    everything: Everything = False,
    to: Annotated[Path | None, typer.Option("--to", help="A file; the terminal when left out.")] = None,
) -> None:
    """Write bookings as CSV."""
    with told_plainly():
        book = _Book()
        found = book.between(first, days, everything)
        if to is None:
            listing.write_csv(found, book.clinic, sys.stdout)
            return
        try:
            # The mark at the beginning is how a spreadsheet knows that it is UTF-8.
            with to.open("w", encoding="utf-8-sig", newline="") as file:
                number = listing.write_csv(found, book.clinic, file)
        except OSError as error:
            give_up(f"{to} cannot be written: {error.strerror}", FAILED)
        complaints.print(f"{number} bookings written to {to}.", markup=False)


@bookings_app.command("feed")
def show_feed() -> None:
    """Show the secret address at which the clinic's calendar program finds the bookings."""
    with told_plainly():
        settings = Settings.from_environment()
        typer.echo(Addresses(settings.public_address, settings.feed_secret).feed())


def notify(
    once: Annotated[bool, typer.Option("--once", help="Deliver what is due now, then end.")] = False,
) -> None:
    """Deliver e-mails, webhooks, messages and reminders; runs until it is stopped, and any number may run at once."""
    with told_plainly():
        book = _Book()
        words = load_mail_words(book.settings.facts_dir)
        worker = Worker(
            book.engine,
            book.settings,
            lambda: book.repository.current().clinic,
            words,
            _now,
            daily_purge(book.settings),
        )
        if not worker.media:
            complaints.print("There is no SMTP_HOST, WEBHOOK_URL or messenger: notices wait in the database.")
        if once:
            done = worker.run_once()
            console.print(
                ", ".join(f"{state}: {number}" for state, number in sorted(done.items())) or "Nothing is due."
            )
            if done[POSTPONED]:
                raise typer.Exit(FAILED)
            return
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        worker.run(stop)


class _Book:
    """The appointment book on an up-to-date database, by the clinic's profile as it is now."""

    def __init__(self) -> None:
        self.settings = Settings.from_environment()
        self.engine = create_engine(self.settings)
        upgrade(self.engine)
        self.repository = FactsRepository(self.settings, self.engine)
        self.clinic = self.repository.current().clinic
        self.calendar = Calendar(self.engine, self.clinic, _now)

    def get(self, reference: str) -> Booking:
        found = self.calendar.get(reference)
        return found if found is not None else _unknown(reference)

    def between(self, first: str | None, days: int, everything: bool) -> list[Booking]:
        day = _day(first) if first else _now().astimezone(self.clinic.zone).date()
        try:
            last = day + timedelta(days=days)
            start, end = (datetime.combine(each, time(), self.clinic.zone) for each in (day, last))
            return self.calendar.bookings(start, end, everything)
        except OverflowError:
            give_up("That is too far away.", UNUSABLE)


def _unknown(reference: str) -> NoReturn:
    give_up(f"There is no booking {reference[:40]}.", UNUSABLE)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        give_up(f"{text[:40]} is no day such as 2026-11-26.", UNUSABLE)


def _now() -> datetime:
    return datetime.now(timezone.utc)
