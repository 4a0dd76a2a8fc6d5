from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from frontdesk.facts.booking_words import BOOKING, BookingWords, load_booking_words
from frontdesk.facts.readability import reading_grade
from frontdesk.facts.reading import FactsError
from frontdesk.settings import REPOSITORY

FACTS = REPOSITORY / "facts"


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[Callable[[dict[str, Any]], None]], BookingWords]:
    def load(change: Callable[[dict[str, Any]], None]) -> BookingWords:
        shutil.copy(FACTS / BOOKING, tmp_path)
        data = yaml.load((tmp_path / BOOKING).read_text(encoding="utf-8"), yaml.BaseLoader)
        change(data)
        (tmp_path / BOOKING).write_text(yaml.safe_dump(data), encoding="utf-8")
        return load_booking_words(tmp_path)

    return load


def test_the_wording_of_the_repository_is_good() -> None:
    words = load_booking_words(FACTS)
    texts = [saying.text for saying in words.says.values()]
    cards = [saying.card.text for saying in words.says.values() if saying.card]
    assert reading_grade(" ".join(texts)) <= 8
    assert {text: reading_grade(text) for text in (*texts, *cards) if reading_grade(text) > 8} == {}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda data: data["says"].pop("booked"), "booked: is missing"),
        (lambda data: data["says"].update(extra={"text": "Hello."}), "extra: is said nowhere"),
        (lambda data: data["says"]["full"].update(text="Call in 2 days."), "full: number in the text: 2"),
        (lambda data: data["says"]["full"].update(text="We have three rooms."), "full: number in the text: three"),
        (lambda data: data["says"]["full"].update(text="Hello {name}."), "full: unknown placeholder: name"),
        (lambda data: data["says"]["full"].update(text="Hello {name"), "full: "),
        (lambda data: data["says"]["full"].update(buttons=["nowhere"]), "full: unknown button: nowhere"),
        (lambda data: data["says"]["booked"]["card"].update(text="Hello {name}."), "booked: unknown placeholder: name"),
        (lambda data: data["says"]["booked"]["card"].update(buttons=["x"]), "booked: unknown button: x"),
        (lambda data: data["buttons"]["stop"].update(title="A title that is far too long"), "buttons.stop: title"),
        (lambda data: data["formats"].update(moment="{day}"), "formats.moment: must hold"),
        (lambda data: data["formats"].pop("day"), "formats.day: field required"),
    ],
)
def test_what_is_wrong_is_listed(changed: Any, change: Any, complaint: str) -> None:
    with pytest.raises(FactsError) as error:
        changed(change)
    assert f"booking.yml: {complaint}" in str(error.value)
