"""The clinic's own profile, `clinic.yml`: who and where it is, when it is open, what it charges, how it books."""

from __future__ import annotations

import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale
from babel.numbers import is_currency
from pydantic import StrictBool, StrictInt, root_validator, validator

from frontdesk.facts.fields import ClockTime, Identifier, IsoDate, Number, Record, Text

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Interval(Record):
    """A stretch of one day, in the clinic's own time; closing time itself is outside."""

    open: ClockTime
    close: ClockTime

    @root_validator(skip_on_failure=True)
    def _opens_before_closing(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values["open"] >= values["close"]:
            raise ValueError("must close after it opens")
        return values


def _in_order(intervals: tuple[Interval, ...]) -> tuple[Interval, ...]:
    if any(later.open < earlier.close for earlier, later in pairwise(intervals)):
        raise ValueError("stretches of a day must follow each other")
    return intervals


class Week(Record):
    """The hours of each weekday; a day left out is a day off."""

    monday: tuple[Interval, ...] = ()
    tuesday: tuple[Interval, ...] = ()
    wednesday: tuple[Interval, ...] = ()
    thursday: tuple[Interval, ...] = ()
    friday: tuple[Interval, ...] = ()
    saturday: tuple[Interval, ...] = ()
    sunday: tuple[Interval, ...] = ()

    _is_in_order = validator("*", allow_reuse=True)(_in_order)

    def on(self, weekday: int) -> tuple[Interval, ...]:
        """The hours of a weekday, 0 being Monday."""
        intervals: tuple[Interval, ...] = getattr(self, WEEKDAYS[weekday])
        return intervals


class HoursException(Record):
    """A day, or days up to `until`, on which other hours hold than in the week."""

    date: IsoDate
    until: IsoDate | None = None
    closed: StrictBool = False
    open: ClockTime | None = None
    close: ClockTime | None = None
    reason: Text | None = None

    @root_validator(skip_on_failure=True)
    def _says_one_thing(cls, values: dict[str, Any]) -> dict[str, Any]:
        times = [values["open"], values["close"]]
        if values["closed"] == any(times) or (any(times) and not all(times)):
            raise ValueError("must have either closed: true, or open and close")
        if any(times) and times[0] >= times[1]:
            raise ValueError("must close after it opens")
        if values["until"] is not None and values["until"] < values["date"]:
            raise ValueError("until must not be before date")
        return values

    def covers(self, day: datetime.date) -> bool:
        """Whether the exception holds on a day."""
        return self.date <= day <= (self.until or self.date)

    @property
    def hours(self) -> tuple[Interval, ...]:
        """The hours on such a day; none when it is closed."""
        return () if self.open is None or self.close is None else (Interval(open=self.open, close=self.close),)


class Hours(Record):
    """When the clinic is open, in its own time."""

    weekly: Week
    exceptions: tuple[HoursException, ...] = ()


class Booking(Record):
    """The rules of the appointment book."""

    slot_minutes: StrictInt
    buffer_minutes: StrictInt
    notice_hours: StrictInt
    horizon_days: StrictInt
    hold_minutes: StrictInt

    @validator("*")
    def _is_not_negative(cls, number: int) -> int:
        if number < 0:
            raise ValueError("must not be below zero")
        return number


class Practitioner(Record):
    """Someone who treats, and when."""

    id: Identifier
    name: Text
    role: Text
    hours: Week


class Section(Record):
    """A part of the profile that facts quote by dotted path: sentences and numbers, under free names."""

    class Config:
        """Pydantic's settings."""

        extra = "allow"

    @root_validator
    def _holds_text_and_numbers(cls, values: dict[str, Any]) -> dict[str, Any]:
        for name, value in values.items():
            if name not in cls.__fields__ and not (isinstance(value, str | int | float) and str(value).strip()):
                raise ValueError(f"{name} must be text or a number")
        return values


class Practitioners(Section):
    """Who treats, and what the clinic says about them."""

    people: tuple[Practitioner, ...] = ()


class Address(Section):
    """Where the clinic is, as one text for visitors."""

    text: Text
    city: Text | None = None


Prices = dict[str, Number | dict[str, Number]]


class ClinicProfile(Record):
    """All of `clinic.yml`.

    Attributes:
        is_example: Whether this is an invented clinic, which must not go live.
        country: Two-letter code.
        language: Language tag of what visitors read, e.g. `en-GB`.
        phone: As people write it, e.g. `+44 20 7946 0018`, whatever way it stands in the file.
        urgent_line: The country's out-of-hours medical line.
        emergency_line: Only when it is not the usual number of the country.
        prices: Numbers in `currency`; a course also has its number of sessions.
    """

    name: Text
    is_example: StrictBool = False
    country: Text
    time_zone: Text
    currency: Text
    language: Text
    address: Address
    phone: Text
    email: Text
    whatsapp: Text | None = None
    website: Text | None = None
    urgent_line: Text | None = None
    emergency_line: Text | None = None
    prices: Prices
    hours: Hours
    policies: Section
    booking: Booking
    practitioners: Practitioners
    location: Section
    payment: Section
    contact: Section
    consultation: Section
    device: Section

    @validator("time_zone")
    def _is_time_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError("must be a time zone such as Europe/London") from None
        return name

    @validator("currency")
    def _is_currency(cls, code: str) -> str:
        if not is_currency(code):
            raise ValueError("must be a currency code such as GBP")
        return code

    @validator("language")
    def _is_language(cls, tag: str) -> str:
        try:
            Locale.parse(tag, sep="-")
        except (ValueError, LookupError):
            raise ValueError("must be a language tag such as en-GB") from None
        return tag

    @validator("phone", "whatsapp")
    def _is_phone_number(cls, number: str | None) -> str | None:
        if number is None:
            return None
        try:
            parsed = phonenumbers.parse(number)
        except phonenumbers.NumberParseException:
            raise ValueError("must be a phone number with its country, such as +442079460018") from None
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)

    @property
    def locale(self) -> str:
        """The language as babel names it, e.g. `en_GB`."""
        return self.language.replace("-", "_")

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the clinic."""
        return ZoneInfo(self.time_zone)

    @property
    def city(self) -> str:
        """The town, or nothing when the profile does not name it."""
        return self.address.city or ""
