"""Each refusal has a status, and a sentence of its own."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
import yaml

from channels.common import errors
from channels.common.errors import Refusal
from channels.common.failures import log_failure

CATALOGUE = yaml.safe_load(Path(errors.__file__).with_name("errors.yml").read_text(encoding="utf-8"))


def test_sentences_differ_and_end():
    messages = [entry["message"] for entry in CATALOGUE.values()]

    assert len(set(messages)) == len(messages)
    assert all(message.strip().endswith(".") for message in messages)


def test_every_code_in_use_is_in_the_catalogue_and_the_other_way_round():
    folder = Path(errors.__file__).parents[1]
    code = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    used = set(re.findall(r'\b(?:Refusal|sentence)\(\s*"(\w+)"', code))

    assert used == set(CATALOGUE)


def test_unknown_code_is_a_mistake():
    with pytest.raises(KeyError):
        Refusal("no_such_code")


def test_failure_is_logged_with_its_place_but_not_its_words(caplog):
    try:
        raise ValueError("my secret words")
    except ValueError as error:
        with caplog.at_level(logging.ERROR):
            error_id = log_failure("it failed", error)

    assert error_id in caplog.text
    assert "ValueError" in caplog.text
    assert "test_errors.py" in caplog.text
    assert "secret" not in caplog.text
