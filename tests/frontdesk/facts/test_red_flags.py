"""The red-flag content: whole, well written, and strict about what is wrong in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from frontdesk.facts.baseline import REPLIES, SOURCES
from frontdesk.facts.readability import reading_grade
from frontdesk.facts.reading import FactsError, read_yaml
from frontdesk.facts.red_flags import (
    CATEGORIES,
    EMERGENCY_NUMBERS,
    RED_FLAG_WORDS,
    RED_FLAGS,
    load_red_flags,
    red_flag_defects,
)
from frontdesk.settings import REPOSITORY

FACTS = REPOSITORY / "facts"
CONTENT = load_red_flags(FACTS)
SOURCE_IDS = {source["id"] for source in read_yaml(FACTS / SOURCES, FACTS)}
DESK_REPLIES = set(read_yaml(FACTS / REPLIES, FACTS))
FILLED = {
    "emergency_number": "999",
    "crisis_line": "Samaritans on 116 123",
    "poison_line": "the poison line",
    "urgent_line": "111",
    "phone": "020 7946 0018",
    "clinic": "the clinic",
}


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """A copy of the content with one passage of a file replaced."""

    def change(file: str, old: str, new: str) -> Path:
        for name in (RED_FLAGS, RED_FLAG_WORDS, EMERGENCY_NUMBERS):
            shutil.copy(FACTS / name, tmp_path / name)
        text = (tmp_path / file).read_text(encoding="utf-8")
        assert old in text
        (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return tmp_path

    return change


def defects(folder: Path) -> list[str]:
    return [str(defect) for defect in red_flag_defects(load_red_flags(folder), SOURCE_IDS, DESK_REPLIES)]


def test_the_content_has_no_defect() -> None:
    assert defects(FACTS) == []


def test_every_category_of_the_research_is_there() -> None:
    assert {category.id for category in CONTENT.categories} >= set(CATEGORIES)


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        (RED_FLAGS, "sources: [NHS-5]", "sources: [NHS-99]", "E-SE: unknown source NHS-99"),
        (RED_FLAGS, "reply: emergency_eye", "reply: nothing", "E-EY: unknown reply nothing"),
        (RED_FLAGS, "all: [tongue, swelling]", "all: [tong, swelling]", "E-AN.tongue: unknown group tong"),
        (RED_FLAGS, "Call {emergency_number} now", "Call {ambulance} now", "unknown placeholder ambulance"),
        (RED_FLAGS, "Call {emergency_number} now, and", "Call 999 now, and", "number in the text: 999"),
        (RED_FLAGS, "    instead: urgent_no_line\n", "", "needs a reply to give instead"),
        (RED_FLAGS, "id: E-SP", "id: E-SE", "duplicate id"),
        (RED_FLAGS, "id: D-HO", "id: D-HOX", "D-HO: missing category"),
        (RED_FLAGS, "{id: tongue,", "{id: throat,", "E-AN.throat: duplicate id"),
        (
            RED_FLAGS,
            "level: urgent\n    name: Blisters",
            "level: clinician\n    name: Blisters",
            "its letter says urgent",
        ),
        (RED_FLAG_WORDS, "  tongue: [tongue", "  tongue: [tongue, tongue", "tongue: a phrase is given twice"),
        (RED_FLAG_WORDS, '"@hot_skin"', '"@cold_skin"', "unknown group @cold_skin"),
        (RED_FLAG_WORDS, "groups:\n", "groups:\n  unused_words: [word]\n", "unused_words: is used by no rule"),
        (RED_FLAG_WORDS, "  tongue: [tongue", "  tongue: [.. tongue", "must not begin or end with a gap"),
    ],
)
def test_wrong_content_is_told_with_file_and_entry(
    changed: Callable[[str, str, str], Path], file: str, old: str, new: str, complaint: str
) -> None:
    found = defects(changed(file, old, new))
    assert any(complaint in defect and defect.startswith(file) for defect in found), found


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        (RED_FLAGS, "    level: emergency", "    level: loud", "red_flags.yml: E-SH: level:"),
        (RED_FLAGS, "all: [wants_to_die]", "all: []", "red_flags.yml: E-SH: rules.0.all: must name at least one group"),
        (RED_FLAG_WORDS, "  tongue: [tongue", "  tongue: [Tongue", "must be in lower case"),
        (EMERGENCY_NUMBERS, "default:", "XX:", "emergency_numbers.yml: default: missing"),
        (
            EMERGENCY_NUMBERS,
            "  crisis: Samaritans on 116 123\n",
            "",
            "emergency_numbers.yml: GB: crisis: field required",
        ),
        (RED_FLAGS, "red_flags:\n", "red_flags: none\nothers:\n", "red_flags.yml: red_flags: must hold a list"),
    ],
)
def test_unreadable_content_is_refused(
    changed: Callable[[str, str, str], Path], file: str, old: str, new: str, complaint: str
) -> None:
    with pytest.raises(FactsError, match=complaint.replace(".", r"\.")):
        load_red_flags(changed(file, old, new))


def test_replies_read_easily() -> None:
    grades = {name: reading_grade(reply.text.format(**FILLED)) for name, reply in CONTENT.replies.items()}
    assert {name: grade for name, grade in grades.items() if grade > 8} == {}


def test_an_emergency_reply_begins_with_the_call_and_offers_nothing_but_the_phone() -> None:
    first = {reply for each in CONTENT.categories for reply in (each.reply, *(rule.reply for rule in each.rules))}
    for name, reply in CONTENT.replies.items():
        if reply.outcome != "emergency":
            continue
        assert reply.buttons == ("call",), name
        if name in first and not name.startswith("self_harm"):
            assert reply.text.startswith("Call {emergency_number} now"), name


def test_every_country_has_a_reply_without_a_missing_line() -> None:
    for country, lines in CONTENT.lines.items():
        missing = {
            name
            for name, value in (
                ("crisis_line", lines.crisis),
                ("poison_line", lines.poison),
                ("urgent_line", lines.urgent),
            )
            if value is None
        }
        for name, reply in CONTENT.replies.items():
            while any(f"{{{line}}}" in reply.text for line in missing):
                assert reply.instead is not None, (country, name)
                reply = CONTENT.replies[reply.instead]


def test_numbers_are_those_of_the_country_or_the_default() -> None:
    assert CONTENT.lines_of("gb").emergency == "999"
    assert CONTENT.lines_of("US").crisis == "the Suicide and Crisis Lifeline on 988"
    assert CONTENT.lines_of("FR").emergency == "112"
    assert CONTENT.lines_of("ES").crisis == "the helpline on 024"
