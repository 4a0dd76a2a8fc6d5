"""What the tests of `nlu` share: the trained model."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from benchmarks.danger.run import Parse, load_parse, newest_model
from engine.launch import ENVIRONMENT
from frontdesk.settings import Settings


@pytest.fixture(scope="session")
def parse() -> Parse:
    """The newest trained model's way to parse a text; `make test` trains before the tests run."""
    try:
        model: Path = newest_model(Settings.from_environment().var_dir / "models")
    except FileNotFoundError as error:
        pytest.skip(str(error))
    # What Rasa says while it is imported is judged in engine.launch.
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        return load_parse(model)
