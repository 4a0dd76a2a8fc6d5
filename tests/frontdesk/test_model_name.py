from __future__ import annotations

from pathlib import Path

import pytest

from frontdesk import model_name

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small repository with everything a model is made from."""
    files = {
        "config.yml": "pipeline: []",
        "data/nlu/greet.yml": "hi",
        "nlu/screen.py": "from frontdesk import screening\nimport frontdesk.facts.store",
        "frontdesk/__init__.py": "",
        "frontdesk/screening.py": "from frontdesk.vocabulary import words",
        "frontdesk/vocabulary.py": "words = 1",
        "frontdesk/facts/__init__.py": "",
        "frontdesk/facts/store.py": "",
        "frontdesk/booking.py": "",
        "facts/vocabulary.yml": "[]",
        "facts/topics/cost.yml": "text",
        "requirements.lock": "rasa==3.6.21",
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path


@pytest.mark.parametrize(
    "changed",
    [
        "config.yml",
        "data/nlu/greet.yml",
        "nlu/screen.py",
        "facts/vocabulary.yml",
        "requirements.lock",
        "frontdesk/screening.py",
        "frontdesk/facts/store.py",
    ],
)
def test_a_change_of_what_training_reads_makes_the_model_stale(project: Path, changed: str) -> None:
    before = model_name.fingerprint(project)
    (project / changed).write_text("something else")
    assert model_name.fingerprint(project) != before


def test_a_module_that_nlu_reaches_through_another_counts(project: Path) -> None:
    before = model_name.fingerprint(project)
    (project / "frontdesk/vocabulary.py").write_text("words = 2")
    assert model_name.fingerprint(project) != before


@pytest.mark.parametrize("changed", ["frontdesk/booking.py", "facts/topics/cost.yml", "data/nlu/.greet.yml.swp"])
def test_a_change_that_training_does_not_see_leaves_the_model_fresh(project: Path, changed: str) -> None:
    before = model_name.fingerprint(project)
    (project / changed).write_text("something else")
    assert model_name.fingerprint(project) == before


def test_a_renamed_or_new_file_makes_the_model_stale(project: Path) -> None:
    before = model_name.fingerprint(project)
    (project / "data/nlu/greet.yml").rename(project / "data/nlu/hello.yml")
    renamed = model_name.fingerprint(project)
    (project / "data/rules.yml").write_text("")
    assert len({before, renamed, model_name.fingerprint(project)}) == 3


def test_a_module_with_a_syntax_error_still_counts(project: Path) -> None:
    (project / "nlu/screen.py").write_text("def broken(")
    before = model_name.fingerprint(project)
    (project / "nlu/screen.py").write_text("def broken((")
    assert model_name.fingerprint(project) != before


def test_every_module_of_nlu_and_the_training_data_of_this_repository_count() -> None:
    inputs = model_name._inputs(ROOT)
    assert set((ROOT / "nlu").rglob("*.py")) <= inputs
    assert set((ROOT / "data").rglob("*.yml")) <= inputs
