"""The words of a booking: days and times as people write them, and the texts of `booking.yml` as replies."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Protocol

import phonenumbers
from babel.dates import format_date, format_time

from frontdesk.booking.drafts import Draft, Mode
from frontdesk.booking.records import Booking
from frontdesk.booking.slots import Slot
from frontdesk.facts.booking_words import MOST_BUTTONS, BookingWords
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.turn import AppointmentCard, CardDay, Reply, ReplyButton

_CONTACT = "clinic_contact"
"""What a text that names the clinic's phone deals with, too."""
_TOPIC = {"book": "book_consultation", "change": "reschedule_or_cancel", "cancel": "reschedule_or_cancel"}


class Store(Protocol):
    """What the conversation reads of the facts store."""

    @property
    def clinic(self) -> ClinicProfile:
        """The clinic's profile."""

    @property
    def booking(self) -> BookingWords:
        """The wording."""

    def calendar_link(self, reference: str) -> str:
        """Address of the calendar file of a booking."""


class Sayer:
    """Says things in the clinic's words."""

    def __init__(self, store: Store) -> None:
        """Take the store as it stands now."""
        self._clinic = store.clinic
        self._words = store.booking
        self._calendar_link = store.calendar_link

    def say(
        self, said: str, mode: Mode, buttons: Sequence[ReplyButton] = (), options: Sequence[str] = (), /, **words: str
    ) -> Reply:
        """The text ``said`` as a reply.

        Args:
            said: a key of the wording.
            mode: decides on the topic.
            buttons: what is to be chosen; the text's own buttons follow as far as there is room.
            options: what is offered, for the placeholder of that name.
            words: the other placeholders.
        """
        saying = self._words.says[said]
        text = self._filled(saying.text, options=self.listed(options), **words)
        shown = (*buttons, *self._buttons(saying.buttons))[:MOST_BUTTONS]
        topics = (_TOPIC[mode], _CONTACT) if "{phone}" in saying.text else (_TOPIC[mode],)
        return Reply(text, "booking", topics, buttons=shown)

    def template(self, said: str) -> str:
        """The text ``said`` as it is written, with its placeholders."""
        return self._words.says[said].text

    def offer(
        self,
        said: str,
        mode: Mode,
        buttons: Sequence[ReplyButton],
        options: Sequence[str],
        choices: Sequence[Slot],
        /,
        **words: str,
    ) -> Reply:
        """The text ``said`` with times to pick: a few as buttons, and ``choices``, which may be more, as a card."""
        reply = self.say(said, mode, buttons, options, **words)
        if not choices:
            return reply
        card = self._card(said, options=self.listed(options), **words)
        return replace(reply, card=replace(card, days=self._days(choices)))

    def standing(self, said: str, mode: Mode, booking: Booking) -> Reply:
        """The text ``said`` of a booking that stands now, with its time, its reference and its calendar file."""
        link = self._calendar_link(booking.reference)
        words = {
            "moment": self.moment(booking.slot.start.astimezone(self._clinic.zone)),
            "reference": booking.reference,
            "calendar_link": link,
        }
        return replace(self.say(said, mode, **words), card=replace(self._card(said, **words), calendar=link))

    def day(self, day: datetime.date) -> str:
        """A day, e.g. "Thursday 26 November"."""
        return str(format_date(day, self._words.formats.day, locale=self._clinic.locale))

    def time(self, moment: datetime.datetime) -> str:
        """A time of day, e.g. "3 pm"."""
        formats = self._words.formats
        pattern = formats.time if moment.minute else formats.time_full
        return str(format_time(moment.time(), pattern, locale=self._clinic.locale))

    def moment(self, moment: datetime.datetime) -> str:
        """A day with a time, e.g. "Thursday 26 November at 3 pm"; reads back as the same."""
        return self._words.formats.moment.format(day=self.day(moment.date()), time=self.time(moment))

    def slot_buttons(self, slots: Sequence[Slot]) -> list[ReplyButton]:
        """A button for each slot; those of one day need not repeat it."""
        one_day = len({slot.start.date() for slot in slots}) == 1
        return [
            ReplyButton(self.time(slot.start) if one_day else self._short(slot.start), self.moment(slot.start))
            for slot in slots
        ]

    def day_buttons(self, days: Sequence[datetime.date]) -> list[ReplyButton]:
        """A button for each day."""
        return [ReplyButton(self._short_day(day), self.day(day)) for day in days]

    def options(self, slots: Sequence[Slot]) -> list[str]:
        """The slots as a list for a text; those of one day need not repeat it."""
        one_day = len({slot.start.date() for slot in slots}) == 1
        return [self.time(slot.start) if one_day else self.moment(slot.start) for slot in slots]

    def listed(self, options: Sequence[str]) -> str:
        """Options as "a, b or c"."""
        if len(options) < 2:
            return "".join(options)
        return self._words.formats.last_of_list.format(rest=", ".join(options[:-1]), last=options[-1])

    def contact(self, draft: Draft) -> str:
        """How the visitor can be reached, as they would write it."""
        return ", ".join(each for each in (self._number(draft.phone), draft.email) if each)

    def _filled(self, template: str, **words: str) -> str:
        text = template.format(
            clinic=self._clinic.name,
            phone=self._clinic.phone,
            email=self._clinic.email,
            clinic_address=self._clinic.address.text,
            **words,
        )
        return text[:1].upper() + text[1:]

    def _buttons(self, names: Sequence[str]) -> list[ReplyButton]:
        return [ReplyButton(self._words.buttons[name].title, self._words.buttons[name].payload) for name in names]

    def _card(self, said: str, **words: str) -> AppointmentCard:
        saying = self._words.says[said].on_card
        return AppointmentCard(self._filled(saying.text, **words), buttons=tuple(self._buttons(saying.buttons)))

    def _days(self, slots: Sequence[Slot]) -> tuple[CardDay, ...]:
        days = groupby(slots, key=lambda slot: slot.start.date())
        return tuple(CardDay(self._short_day(day), tuple(self.slot_buttons(list(group)))) for day, group in days)

    def _number(self, e164: str | None) -> str | None:
        if e164 is None:
            return None
        number = phonenumbers.parse(e164)
        home = phonenumbers.country_code_for_region(self._clinic.country.upper()) == number.country_code
        style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
        return str(phonenumbers.format_number(number, style))

    def _short_day(self, day: datetime.date) -> str:
        return str(format_date(day, self._words.formats.day_short, locale=self._clinic.locale))

    def _short(self, moment: datetime.datetime) -> str:
        return self._words.formats.moment_short.format(day=self._short_day(moment.date()), time=self.time(moment))
