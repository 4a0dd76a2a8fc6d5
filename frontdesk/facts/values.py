"""Values as a visitor reads them ("3 to 6 sessions", "£240", "SPF 30"), and back again from what staff type."""

from __future__ import annotations

import math
import re

from babel import Locale
from babel.numbers import NumberFormatError, format_currency, format_decimal, get_currency_symbol, parse_decimal
from pydantic import ValidationError

from frontdesk.facts.schema import Value
from frontdesk.facts.words import Words

HIGHEST = 1_000_000
DECIMALS = 2
WHOLE_UNITS = frozenset({"session", "person", "count"})
# How many minutes each lasts, near enough to compare two values.
TIME_UNITS = {"minute": 1, "hour": 60, "day": 1440, "week": 10_080, "month": 43_800, "year": 525_600}

# Between the digits may stand whatever a locale groups or points with, its narrow blanks included.
_NUMBER_AND_UNIT = re.compile(
    r"(?P<before>[^0-9]*?)(?P<number>[0-9](?:[0-9.,'’\u00a0\u202f]*[0-9])?)(?P<after>[^0-9]*)"
)


class ValueMistake(ValueError):
    """What was typed is not a value this placeholder can take; the message says why, for people."""


def same_dimension(unit: str | None, other: str | None) -> bool:
    """Whether values in these units can take each other's place: units of time can, any other unit must be the same."""
    return unit == other or (unit in TIME_UNITS and other in TIME_UNITS)


def ratio(value: Value, other: Value) -> float:
    """How many times as high a value is as another of the same dimension; infinite when the other is zero."""
    highs = [each.high * TIME_UNITS.get(each.unit or "", 1) for each in (value, other)]
    if highs[0] == highs[1]:
        return 1.0
    return highs[0] / highs[1] if highs[1] else math.inf


class ValueFormat:
    """Writes and reads values in one clinic's language and currency."""

    def __init__(self, locale: str, currency: str, words: Words) -> None:
        """Take the clinic's locale (`en_GB`), currency (`GBP`) and words.

        Raises:
            ValueError: The locale is not known.
        """
        self._locale = Locale.parse(locale)
        self._currency = currency
        self._words = words
        self._units = self._unit_names()
        between = words.range.replace("{low}", "").replace("{high}", "").strip()
        self._range = re.compile(rf"\s*[-–—]\s*|\s+{re.escape(between)}\s+")

    def _unit_names(self) -> dict[str, str]:
        names = {self._currency.lower(): self._currency}
        names[get_currency_symbol(self._currency, locale=self._locale).lower()] = self._currency
        for unit, words in self._words.units.items():
            for name in (unit, words.one.replace("{n}", ""), words.other.replace("{n}", "")):
                if name.strip():
                    names[name.strip().lower()] = unit
        return names

    @property
    def units(self) -> frozenset[str]:
        """Every unit a value may have: those of the words, and the currency."""
        return frozenset(self._words.units) | {self._currency}

    def render(self, value: Value) -> str:
        """Write a number or range, e.g. "24 hours"; not for clinic paths.

        Raises:
            KeyError: The unit is unknown.
        """
        low, high = value.low, value.high
        if value.unit == self._currency:
            numbers = [self._money(number) for number in (low, high)]
        else:
            numbers = [format_decimal(number, locale=self._locale) for number in (low, high)]
        number = numbers[0] if low == high else self._words.range.format(low=numbers[0], high=numbers[1])
        if value.unit == self._currency:
            return number
        unit = self._words.units[value.unit or ""]
        return (unit.one if low == high == 1 else unit.other).format(n=number)

    def _money(self, amount: float) -> str:
        if float(amount).is_integer():
            pattern = re.sub(r"[.,]0+", "", self._locale.currency_formats["standard"].pattern)
            return format_currency(amount, self._currency, pattern, locale=self._locale, currency_digits=False)
        return format_currency(amount, self._currency, locale=self._locale)

    def fault(self, value: Value) -> str | None:
        """Why a number or range cannot be used with its unit, or None when it can."""
        if value.unit not in self.units:
            return f"unknown unit {value.unit!r}"
        if value.high > HIGHEST:
            return f"higher than {HIGHEST}"
        if any(round(number, DECIMALS) != number for number in (value.low, value.high)):
            return f"more than {DECIMALS} digits after the point"
        if value.unit in WHOLE_UNITS and not (float(value.low).is_integer() and float(value.high).is_integer()):
            return f"{value.unit} is counted in whole numbers"
        if value.unit == "percent" and value.high > 100:
            return "more than 100 percent"
        return None

    def parse(self, text: str, like: Value) -> Value:
        """Read "250", "3-6", "24 hours", "£240 to £300".

        Args:
            text: What was typed. A missing unit is the one of `like`.
            like: The value it replaces: units of time may take each other's place, any other unit must stay.

        Raises:
            ValueMistake: It cannot be read, or does not fit in the place of `like`.
        """
        parts = [self._number_and_unit(part) for part in self._range.split(text.strip(), maxsplit=1)]
        units = {unit for _, unit in parts if unit}
        unit = units.pop() if units else str(like.unit)
        if units:
            raise ValueMistake(f"{text!r} names two different units")
        if not same_dimension(unit, like.unit):
            raise ValueMistake(f"{text!r} is in {unit}, and this value is in {like.unit}")
        numbers = [number for number, _ in parts]
        named = {"value": numbers[0]} if len(numbers) == 1 else {"min": numbers[0], "max": numbers[1]}
        try:
            value = Value.parse_obj({**named, "unit": unit})
        except ValidationError as error:
            raise ValueMistake(str(error.errors()[0]["msg"])) from error
        fault = self.fault(value)
        if fault:
            raise ValueMistake(fault)
        return value

    def _number_and_unit(self, text: str) -> tuple[int | float, str | None]:
        match = _NUMBER_AND_UNIT.fullmatch(text.strip())
        if match is None:
            raise ValueMistake(f"{text!r} is not a number or a range such as 3-6")
        try:
            number = float(parse_decimal(match["number"], locale=self._locale, strict=True))
        except NumberFormatError as error:
            raise ValueMistake(f"{match['number']!r} is not a number") from error
        names = [name.strip().lower() for name in (match["before"], match["after"]) if name.strip()]
        unknown = [name for name in names if name not in self._units]
        if unknown or len(names) > 1:
            raise ValueMistake(f"{' '.join(names)!r} is not a unit known here")
        return int(number) if number.is_integer() else number, self._units[names[0]] if names else None
