"""Numbers that are a danger sign from a certain height on: a temperature, how long it has lasted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from frontdesk.facts.red_flag_schema import Duration, Temperature
from frontdesk.language import stem
from frontdesk.screening.phrases import Hit
from frontdesk.screening.reading import Word

_COUNTS: dict[str, float] = {
    "zero": 0,
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "couple": 2,
    "three": 3,
    "few": 3,
    "four": 4,
    "five": 5,
    "six": 6,
}
_COUNTS |= {"seven": 7, "several": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20}
_COUNTS |= {"thirty": 30, "forty": 40, "fifty": 50, "half": 0.5, "quarter": 0.25}
_MINUTES = {"min": 1, "mins": 1, "minute": 1, "minutes": 1, "hour": 60, "hours": 60, "hr": 60, "hrs": 60}
_MINUTES |= {"day": 1440, "days": 1440, "week": 10_080, "weeks": 10_080, "wk": 10_080, "wks": 10_080}
_MINUTES |= {"month": 43_800, "months": 43_800}
_NUMBER = r"\d{1,3}(?:[.,]\d{1,2})?"
_DEGREES = re.compile(rf"(?<![\d.£$€])({_NUMBER})\s?(?:(?:°|º|deg\w*)\s?([cf])?|([cf])\b)", re.I)
_BARE = re.compile(rf"(?<![\d.£$€])({_NUMBER})(?![\d%])")
_ONES = "zero|one|two|three|four|five|six|seven|eight|nine"
_SPELT = re.compile(rf"\b(thirty|forty)(?:[\s-]({_ONES}))?(?:\s(?:point|dot)\s({_ONES}))?\b", re.I)
_READ_OFF = re.compile(r"(?:3[89]|4[01])[.,]\d")
_FEVER_STEMS = {stem(word) for word in ("temp", "temperature", "fever", "feverish", "thermometer", "degrees")}
_NEAR = 28
"""Characters between a bare number and the word that makes it a temperature."""
_DURATION = re.compile(rf"\b({_NUMBER}|{'|'.join(_COUNTS)})\s?(?:of\s)?(?:an?\s)?({'|'.join(_MINUTES)})\b", re.I)
_DAY_NUMBER = re.compile(rf"\bday\s({_NUMBER}|{'|'.join(_COUNTS)})\b", re.I)
_A_MOMENT = re.compile(r"\s?(?:later|ago|after|before|earlier|old|from now)\b", re.I)
_ON = re.compile(r"\bon\s$", re.I)
"""Before a day's number it tells when, not for how long: "on day one it bled"."""
_HIGHEST_CELSIUS = 45.0
_LOWEST_CELSIUS = 34.0
_FAHRENHEIT_FROM = 93.0
_HIGHEST_FAHRENHEIT = 113.0

Numbers = Mapping[str, "Temperature | Duration"]


def number_hits(text: str, words: Sequence[Word], numbers: Numbers) -> list[Hit]:
    """A hit for each number that reaches the limit of its kind."""
    hits = []
    for name, number in numbers.items():
        found = _hot(text, words, number) if isinstance(number, Temperature) else _long(text, number)
        hits += [_hit(name, start, end, words) for start, end in found]
    return [hit for hit in hits if hit.start < hit.end]


def temperatures(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int, float]]:
    """Body temperatures in ``text``: first and last character and degrees Celsius.

    A bare number is one beside a word for fever; with one digit after the point it needs none ("38.5"). It may be
    spelt out ("thirty eight point five").
    """
    seen = set()
    for match in _DEGREES.finditer(text):
        unit = (match.group(2) or match.group(3) or "").lower()
        celsius = _celsius(match.group(1), unit)
        if celsius is not None:
            seen.add(match.start())
            yield match.start(), match.end(), celsius
    spoken_of = [word for word in words if _FEVER_STEMS & set(word.forms)]
    bare = ((match, match.group(1)) for match in _BARE.finditer(text))
    spelt = ((match, _in_digits(match)) for match in _SPELT.finditer(text))
    for match, written in chain(bare, spelt):
        celsius = _celsius(written, "")
        if match.start() in seen or celsius is None:
            continue
        near = any(word.start < match.end() + _NEAR and match.start() - _NEAR < word.end for word in spoken_of)
        if near or _READ_OFF.fullmatch(written):
            yield match.start(), match.end(), celsius


def _in_digits(spelt: re.Match[str]) -> str:
    tens, ones, tenths = (_count(part or "zero") for part in spelt.groups())
    return f"{tens + ones:.0f}.{tenths:.0f}" if spelt.group(3) else f"{tens + ones:.0f}"


def _hot(text: str, words: Sequence[Word], limit: Temperature) -> Iterator[tuple[int, int]]:
    for start, end, celsius in temperatures(text, words):
        if celsius >= limit.celsius:
            yield start, end


def _celsius(written: str, unit: str) -> float | None:
    degrees = float(written.replace(",", "."))
    if _HIGHEST_CELSIUS * 10 > degrees >= _LOWEST_CELSIUS * 10:
        degrees /= 10  # 385 is 38.5 to someone in a hurry
    if unit == "f" or (not unit and degrees >= _FAHRENHEIT_FROM):
        # To the tenth, as thermometers show it: 100.4 F is 38.0 C.
        degrees = round((degrees - 32) / 1.8, 1) if degrees <= _HIGHEST_FAHRENHEIT else 0.0
    return degrees if _LOWEST_CELSIUS <= degrees <= _HIGHEST_CELSIUS else None


def _long(text: str, limit: Duration) -> Iterator[tuple[int, int]]:
    least = limit.at_least * _MINUTES[limit.unit]
    for match in _DURATION.finditer(text):
        if limit.lasting and _A_MOMENT.match(text, match.end()):
            continue
        if _count(match.group(1)) * _MINUTES[match.group(2).lower()] >= least:
            yield match.start(), match.end()
    for match in _DAY_NUMBER.finditer(text):
        if limit.lasting and _ON.search(text, 0, match.start()):
            continue
        if _count(match.group(1)) * _MINUTES["day"] >= least:
            yield match.start(), match.end()


def _count(written: str) -> float:
    return _COUNTS[written.lower()] if written.lower() in _COUNTS else float(written.replace(",", "."))


def _hit(name: str, start: int, end: int, words: Sequence[Word]) -> Hit:
    inside = [index for index, word in enumerate(words) if word.start < end and start < word.end]
    return Hit(name, inside[0], inside[-1] + 1) if inside else Hit(name, 0, 0)
