"""What the real servers write of a visitor, while they talk and after all of it was erased."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.running_desk import FrontDesk, Visitor, running_desk

pytestmark = [pytest.mark.service, pytest.mark.timeout(400)]

TURNS = (
    "I was born on 12/03/1987 and would like to book a consultation",
    "Siobhan O'Reilly-Quux",
    "07700 900123, or siobhan.quux@mail.com",
    "next Thursday at 3pm",
)
PERSON = ("siobhan", "quux", "900123", "900 123", "12/03/1987")
DANGER = "my throat is swelling and I cannot breathe, ring 07700 900123"


def traces(desk: FrontDesk, folder: Path) -> dict[str, list[str]]:
    """What is to be found of the person, by file."""
    found = {}
    for file in (file for place in (Path(desk.env["FRONTDESK_VAR"]), folder) for file in place.rglob("*")):
        if file.is_file() and "facts" not in file.parts:
            content = file.read_bytes().lower()
            found[str(file)] = [part for part in PERSON if part.encode() in content]
    return {name: parts for name, parts in found.items() if parts}


def test_the_real_servers_keep_what_a_booking_needs_and_lose_all_of_it_when_it_is_erased(tmp_path: Path) -> None:
    with running_desk(tmp_path) as desk:
        visitor, other = Visitor(desk.url), Visitor(desk.url)
        other.say("how much is a session?")
        for turn in TURNS:
            last = visitor.say(turn)[-1]
        for _ in range(3):
            if "reference is" in last["text"]:
                break
            choice = next((b["payload"] for b in last["buttons"] if re.search(r"\d", b["payload"])), "Yes, book it")
            last = visitor.say(choice)[-1]
        assert "reference is" in last["text"], last["text"]

        exported = json.loads(desk.command("privacy", "export", "--phone", "07700 900123"))
        (row,) = exported["tables"]["booking"]
        assert (row["name"], row["phone"]) == ("Siobhan O'Reilly-Quux", "+447700900123")
        assert "May I book it" in row["consent_words"]
        conversation = json.dumps(exported["tables"]["events"]).lower()
        assert exported["tables"]["events"]
        assert [part for part in PERSON if part in conversation] == []

        visitor.say(DANGER)
        assert traces(desk, tmp_path)
        # The servers run on and keep their connections open.
        assert "red_flag_turn: 1" in desk.command("privacy", "erase", "--email", "siobhan.quux@mail.com", "--yes")
        assert traces(desk, tmp_path) == {}
        assert Visitor(desk.url).say("how much is a session?")[0]["topics"] == ["cost"]
        assert other.say("does it hurt?")[0]["topics"] == ["pain"]
