from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.danger import run, suite
from benchmarks.danger.suite import Message, Suite, build_suite
from frontdesk.settings import REPOSITORY
from nlu.danger_examples import load_danger_examples

EMERGENCIES = {"E-AN", "E-LA", "E-SE", "E-SP", "E-EY", "E-BL", "E-CO", "E-SH"}
SAME_DAY = {"D-IN", "D-FA", "D-HS", "D-AL", "D-LO", "D-PI", "D-RF", "D-BB", "D-PR", "D-WR", "D-HO"}
FOLDER = Path(suite.__file__).parent


def written(name: str) -> dict[str, int]:
    content = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return {category: len(bases) for category, bases in content.items()}


def test_the_blind_suite_has_enough_hand_written_messages() -> None:
    danger, urgent = written("blind_danger.yml"), written("blind_urgent.yml")
    assert set(danger) == EMERGENCIES
    assert set(urgent) == SAME_DAY
    assert sum(danger.values()) >= 220
    assert min(danger.values()) >= 26
    assert sum(written("blind_harmless.yml").values()) >= 240
    assert sum(urgent.values()) >= 88


def test_every_hand_written_blind_message_is_in_the_suite() -> None:
    plain = Counter(message.category for message in build_suite(Suite.BLIND) if message.kind == "plain")
    names = ("blind_danger.yml", "blind_harmless.yml", "blind_urgent.yml")
    assert plain == Counter({category: count for name in names for category, count in written(name).items()})


def test_the_blind_suite_is_large_enough_to_see_one_in_a_hundred() -> None:
    messages = build_suite(Suite.BLIND)
    assert sum(message.is_danger for message in messages) >= 650
    assert sum(not (message.is_danger or message.is_same_day) for message in messages) >= 650


def test_no_blind_message_stands_in_the_suite_that_may_be_looked_at() -> None:
    texts = {message.text.casefold() for message in build_suite(Suite.FIRST)}
    shared = [message.id for message in build_suite(Suite.BLIND) if message.text.casefold() in texts]
    assert not shared


@pytest.mark.parametrize("which", list(Suite))
def test_no_message_of_a_suite_is_learned_from(which: Suite) -> None:
    learned = {example.text.casefold() for example in load_danger_examples(REPOSITORY / "data" / "danger")}
    assert learned
    assert not [message.id for message in build_suite(which) if message.text.casefold() in learned]


@pytest.mark.parametrize("which", list(Suite))
def test_every_template_of_a_suite_is_filled_in(which: Suite) -> None:
    assert not [message.id for message in build_suite(which) if "{" in message.text or "}" in message.text]


MISSED = Message("E-CO-001", "a missed sentence", "E-CO", "plain")
FALSE_ALARM = Message("story-001", "a false alarm", "story", "plain")


def measured(which: Suite, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What is written of a suite of two messages, both misheard."""

    async def parse(text: str) -> Mapping[str, Any]:
        return {"intent": {"name": "emergency" if text == FALSE_ALARM.text else "ask_pain"}}

    monkeypatch.setenv("FRONTDESK_VAR", str(folder))
    monkeypatch.setattr(run, "prepare", lambda environment: None)
    monkeypatch.setattr(run, "silence", lambda: None)
    monkeypatch.setattr(run, "load_parse", lambda model: parse)
    monkeypatch.setattr(run, "build_suite", lambda which: [MISSED, FALSE_ALARM])
    run.main(model=folder / "some.tar.gz", seconds=30, out=folder / "figures.json", suite=which)
    results: dict[str, Any] = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    return results


def test_of_the_blind_suite_only_figures_are_shown_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    results = measured(Suite.BLIND, tmp_path, monkeypatch)
    told = capsys.readouterr().out + json.dumps(results)
    assert results["danger"]["share"] == 0
    assert results["harmless"]["share"] == 1
    for message in (MISSED, FALSE_ALARM):
        assert message.text not in told
        assert message.id not in told


def test_of_the_first_suite_what_was_misheard_is_shown_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    results = measured(Suite.FIRST, tmp_path, monkeypatch)
    shown = capsys.readouterr().out
    assert [each["message"]["id"] for each in results["misses"]] == [MISSED.id]
    assert [each["message"]["id"] for each in results["false_alarms"]] == [FALSE_ALARM.id]
    assert MISSED.text in shown
    assert FALSE_ALARM.text in shown
