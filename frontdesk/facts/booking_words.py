"""What the desk says while it books: `booking.yml`, read as strictly as the rest of the store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError, validator

from frontdesk.facts.fields import Identifier, Record, Text
from frontdesk.facts.reading import Defect, FactsError, read_yaml
from frontdesk.facts.schema import Button
from frontdesk.facts.sentences import long_sentences, numbers_in
from frontdesk.facts.words import placeholders

BOOKING = "booking.yml"
LONGEST_TITLE = 20
MOST_BUTTONS = 4

_ANYWHERE = {"clinic", "phone", "email", "clinic_address"}
_NAMES_OF: dict[str, str] = {
    "": "ask_name ask_name_again ask_name_help resume_name ask_contact_again ask_contact_help ask_email_instead "
    "ask_phone_instead phone_short phone_long phone_wrong email_no_at email_no_domain email_no_ending email_wrong "
    "resume_contact refused_contact full what_to_change ask_new_name ask_new_contact stopped stopped_to_call gave_up "
    "ask_reference ask_reference_again ask_reference_help resume_reference no_reference ask_proof resume_proof "
    "refused_proof no_such_day not_found not_found_again kept one_at_a_time why_proof",
    "name": "ask_contact",
    "options": "ask_day ask_slot nothing_then ask_time_again ask_time_help resume_time",
    "day options": "ask_time",
    "moment options": "taken closed past too_soon too_far lost",
    "moment name contact": "confirm confirm_again",
    "moment name contact about": "confirm_about",
    "moment": "resume_confirm confirm_move confirm_cancel visit_cancelled",
    "moment reference calendar_link": "booked moved",
}
_MAY_HOLD = {saying: set(names.split()) for names, sayings in _NAMES_OF.items() for saying in sayings.split()}
"""Every text there must be, and the placeholders of its own that it may hold."""


class Formats(Record):
    """How days and times are written: CLDR patterns, and templates that put them together."""

    day: Text
    day_short: Text
    time_full: Text
    time: Text
    moment: Text
    moment_short: Text
    last_of_list: Text

    @validator("moment", "moment_short", "last_of_list")
    def _has_its_parts(cls, template: str) -> str:
        if sorted(placeholders(template)) not in (["day", "time"], ["last", "rest"]):
            raise ValueError("must hold {day} and {time}, or {rest} and {last}")
        return template


class CardSaying(Record):
    """What is said beside a card, and the next steps under it."""

    text: Text
    buttons: tuple[Identifier, ...] = ()


class Saying(Record):
    """One text, the next steps under it, and what takes their place where a card can be shown."""

    text: Text
    buttons: tuple[Identifier, ...] = ()
    card: CardSaying | None = None

    @property
    def on_card(self) -> CardSaying:
        """What is said beside a card; the text itself where nothing else is given."""
        return self.card or CardSaying(text=self.text)


class BookingWords(Record):
    """All of `booking.yml`."""

    formats: Formats
    says: dict[Identifier, Saying]
    buttons: dict[Identifier, Button]


def load_booking_words(folder: Path) -> BookingWords:
    """Read and check the wording of the booking.

    Args:
        folder: The facts folder.

    Raises:
        FactsError: Anything at all is wrong; every defect found is listed.
    """
    data = read_yaml(folder / BOOKING, folder)
    try:
        words = BookingWords.parse_obj(data)
    except ValidationError as error:
        raise FactsError([Defect(BOOKING, *_place(fault)) for fault in error.errors()]) from error
    defects = [Defect(BOOKING, entry, reason) for entry, reason in _defects(words)]
    if defects:
        raise FactsError(defects)
    return words


def _place(fault: Any) -> tuple[str, str]:
    steps = [str(step) for step in fault["loc"] if step != "__root__"]
    return ".".join(steps) or "file", fault["msg"]


def _defects(words: BookingWords) -> Iterator[tuple[str, str]]:
    for missing in sorted(_MAY_HOLD.keys() - words.says.keys()):
        yield missing, "is missing"
    for name, saying in words.says.items():
        if name not in _MAY_HOLD:
            yield name, "is said nowhere"
            continue
        for part in (saying, saying.card):
            if part is not None:
                yield from ((name, reason) for reason in _part_defects(part, name, words))
    for name, button in words.buttons.items():
        if len(button.title) > LONGEST_TITLE:
            yield f"buttons.{name}", f"title of more than {LONGEST_TITLE} characters"


def _part_defects(part: Saying | CardSaying, name: str, words: BookingWords) -> Iterator[str]:
    yield from _text_defects(part.text, _MAY_HOLD[name] | _ANYWHERE)
    yield from (f"unknown button: {button}" for button in part.buttons if button not in words.buttons)
    if len(part.buttons) > MOST_BUTTONS:
        yield f"more than {MOST_BUTTONS} buttons"


def _text_defects(text: str, known: set[str]) -> Iterator[str]:
    for number in numbers_in(text):
        yield f"number in the text: {number}"
    try:
        unknown = sorted(set(placeholders(text)) - known)
    except ValueError as error:
        yield str(error)
        return
    yield from (f"unknown placeholder: {name}" for name in unknown)
    yield from (f"sentence of {length} words" for length in long_sentences(text))
