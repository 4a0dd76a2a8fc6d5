from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.danger import suite
from benchmarks.danger.run import listen, newest_model, score
from benchmarks.danger.suite import Message, build_suite, in_booking, misspell, misspell_word, write_suite

EMERGENCIES = {"E-AN", "E-LA", "E-SE", "E-SP", "E-EY", "E-BL", "E-CO", "E-SH"}
FOLDER = Path(suite.__file__).parent


def read(name: str) -> dict[str, list[dict[str, Any]]]:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def distance(one: str, other: str) -> int:
    """Edits between two words, with two neighbouring letters swapped as a single edit."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def test_every_category_has_enough_hand_written_messages() -> None:
    danger = read("danger.yml")
    assert set(danger) == EMERGENCIES
    assert all(len(bases) >= 14 for bases in danger.values())
    assert sum(len(bases) for bases in read("harmless.yml").values()) >= 150


def test_suite_is_large_enough_on_both_sides() -> None:
    messages = build_suite()
    assert sum(message.is_danger for message in messages) >= 600
    assert sum(not message.is_danger for message in messages) >= 600


def test_every_emergency_comes_in_every_kind() -> None:
    kinds = Counter((message.category, message.kind) for message in build_suite())
    for category in EMERGENCIES:
        for kind in ("plain", "third", "mid_booking"):
            assert kinds[category, kind] >= 10
            assert kinds[category, f"{kind}_typo"] >= 10


def test_suite_is_the_same_in_every_run() -> None:
    assert build_suite() == build_suite()


def test_no_two_messages_share_text_or_id() -> None:
    messages = build_suite()
    assert len({message.text.casefold() for message in messages}) == len(messages)
    assert len({message.id for message in messages}) == len(messages)


def test_every_placeholder_is_filled() -> None:
    assert not [message.text for message in build_suite() if "{" in message.text or "}" in message.text]


@pytest.mark.parametrize("seed", range(200))
def test_a_slip_is_one_edit_behind_the_first_letter(seed: int) -> None:
    changed = misspell_word("swollen", random.Random(seed))
    assert changed[0] == "s"
    assert distance("swollen", changed) == 1


def test_misspelling_leaves_short_words_alone_and_makes_at_most_two_edits() -> None:
    bases = [base["text"] for name in ("danger.yml", "harmless.yml") for bases in read(name).values() for base in bases]
    for number, text in enumerate(bases):
        pairs = list(zip(text.split(" "), misspell(text, random.Random(number)).split(" "), strict=True))
        changed = [(before, after) for before, after in pairs if before != after]
        assert len(changed) <= 2
        assert all(len(before.strip(".,!?;:'\"")) > 3 and distance(before, after) == 1 for before, after in changed)


def test_nothing_to_misspell_is_left_as_it_is() -> None:
    assert misspell("it is so hot", random.Random(1)) == "it is so hot"


def test_a_message_in_a_booking_keeps_its_capitals_where_they_mean_something() -> None:
    assert in_booking("My tongue is swelling", "yes 3pm, but {m}") == "yes 3pm, but my tongue is swelling"
    assert in_booking("I've got chest pain", "yes 3pm, but {m}") == "yes 3pm, but I've got chest pain"
    assert in_booking("COPD, by the way", "yes 3pm, but {m}") == "yes 3pm, but COPD, by the way"


def test_written_file_has_a_row_for_each_message(tmp_path: Path) -> None:
    messages = build_suite()
    write_suite(tmp_path / "suite.tsv", messages)
    header, *rows = (tmp_path / "suite.tsv").read_text(encoding="utf-8").splitlines()
    assert header == "id\ttext\tcategory\tkind"
    assert rows == ["\t".join((each.id, each.text, each.category, each.kind)) for each in messages]


async def test_misses_and_false_alarms_are_told_apart() -> None:
    messages = [
        Message("E-CO-001", "chest pain", "E-CO", "plain"),
        Message("E-BL-001", "bleeding wont stop", "E-BL", "plain"),
        Message("E-SH-001", "suicidal", "E-SH", "plain"),
        Message("fear-001", "scared of blood", "fear", "plain"),
        Message("past-001", "I had a stroke in 2018", "past", "plain"),
        Message("word-001", "which cream numbs best", "word", "plain"),
    ]
    parses: dict[str, Mapping[str, Any]] = {
        "chest pain": {
            "intent": {"name": "ask_pain"},
            "red_flag": {"level": "emergency", "category": "E-CO", "by": "x"},
        },
        "bleeding wont stop": {"intent": {"name": "ask_pain"}, "red_flag": {"level": "urgent", "category": "D-LO"}},
        "suicidal": {"intent": {"name": "emergency"}, "red_flag": None},
        "scared of blood": {"intent": {"name": "emergency"}},
        "I had a stroke in 2018": {"intent": {"name": "ask_suitability"}, "red_flag": None},
        "which cream numbs best": {"intent": {"name": None}, "red_flag": {"level": "urgent", "category": "D-AL"}},
    }

    async def parse(text: str) -> Mapping[str, Any]:
        return parses[text]

    results = score(await listen(messages, parse, seconds=30))
    assert results["danger"]["share"] == pytest.approx(2 / 3)
    assert results["danger"]["by_intent_only"] == 1
    assert results["harmless"]["share"] == pytest.approx(1 / 3)
    assert results["harmless"]["urgent"] == 1
    assert results["category_right"] == 1
    assert [each["message"]["id"] for each in results["misses"]] == ["E-BL-001"]
    assert [each["message"]["id"] for each in results["false_alarms"]] == ["fear-001"]


async def test_listening_ends_when_time_is_up() -> None:
    async def parse(text: str) -> Mapping[str, Any]:
        raise AssertionError(text)

    assert await listen(build_suite(), parse, seconds=-1) == []
    assert score([])["danger"]["share"] is None


def test_newest_model_needs_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="make train"):
        newest_model(tmp_path)
