from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator

import pytest

from engine import logs, turn

WORDS = "I'm Ann Dale, ann@example.org, £195?"


@pytest.fixture
def now() -> Iterator[turn.Turn]:
    begun = turn.begin("0123abcd")
    begun.words = WORDS
    yield begun
    turn._current.set(None)


def record(message: str, *arguments: object, error: bool = False) -> logging.LogRecord:
    made = logging.LogRecord("rasa.core", logging.ERROR, "x.py", 1, message, arguments, None)
    if error:
        made.exc_info = sys.exc_info()
    return made


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("form", [WORDS, repr(WORDS), json.dumps(WORDS), json.dumps(WORDS, ensure_ascii=False)])
def test_a_line_has_the_turn_and_not_a_word_of_the_visitor(now: turn.Turn, as_json: bool, form: str) -> None:
    line = logs.Formatter(as_json).format(record("could not handle %s", form))
    assert "0123abcd" in line
    assert "Ann" not in line
    assert logs.HIDDEN in line


def test_of_an_error_its_class_and_place_are_shown_and_not_its_message() -> None:
    try:
        try:
            raise ValueError("Ann Dale")
        except ValueError as error:
            raise RuntimeError("phone 020 7946 0000") from error
    except RuntimeError:
        line = logs.Formatter(as_json=False).format(record("failed", error=True))
    assert "RuntimeError at test_logs.py:" in line
    assert "after ValueError at test_logs.py:" in line
    assert "Ann" not in line
    assert "7946" not in line


def test_a_line_for_machines_is_one_json_object(now: turn.Turn) -> None:
    line = json.loads(logs.Formatter(as_json=True).format(record("two\nlines")))
    assert line == {
        "time": line["time"],
        "level": "ERROR",
        "logger": "rasa.core",
        "turn": "0123abcd",
        "message": "two\nlines",
    }


def test_short_words_take_nothing_out_of_a_line(now: turn.Turn) -> None:
    now.words = "no"
    assert "nothing" in logs.Formatter(as_json=False).format(record("nothing"))
