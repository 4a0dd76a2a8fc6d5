"""The threat model and the table of faults name tests; each of them is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from frontdesk.privacy.periods import Periods

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
THREATS = [line for line in TEXT.split("## What is kept")[0].splitlines() if line.startswith("| ")][1:]
FAULTS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").split("## Faults")[1].split("\n## ")[0]
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


@cache
def _tests_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


@pytest.mark.parametrize(
    "row",
    [*THREATS, *[line for line in FAULTS.splitlines() if line.startswith("| ")][1:]],
    ids=lambda line: "".join(line.split("|")[1:3])[:40],
)
def test_each_threat_and_each_fault_has_its_test(row: str) -> None:
    named = _TEST.findall(row)
    assert named
    assert [f"{file}::{name}" for file, name in named if name not in _tests_in(file)] == []


def test_there_are_threats() -> None:
    assert len(THREATS) >= 20


def test_the_document_tells_the_periods_that_hold() -> None:
    told = re.findall(r"^\| ([^|]+) \| (\d+) \|", TEXT, flags=re.M)
    names = {
        "conversations": "conversations",
        "bookings, with history and notices": "bookings",
        "notices": "notices",
        "turns with danger": "red_flag_turns",
        "ratings": "ratings",
        "messages of messengers that could not be answered or sent": "messages",
        "addresses on messengers, with long buttons": "messenger_addresses",
    }
    assert {names[what]: int(days) for what, days in told} == Periods.parse_obj({}).dict()
