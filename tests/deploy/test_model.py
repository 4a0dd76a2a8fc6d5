from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from deploy import model

ROOT = Path(__file__).resolve().parents[2]
# Stands in for Rasa: says something, leaves a model where it was told to and counts how often it was called.
TRAINER = """
import pathlib, sys
out, name = sys.argv[sys.argv.index("--out") + 1], sys.argv[sys.argv.index("--fixed-model-name") + 1]
print("learning")
with open("calls", "a") as calls:
    calls.write(name + "\\n")
(pathlib.Path(out) / (name + ".tar.gz")).write_text("model")
"""
WORKING = [sys.executable, "-c", TRAINER]


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
    before = model.fingerprint(project)
    (project / changed).write_text("something else")
    assert model.fingerprint(project) != before


def test_a_module_that_nlu_reaches_through_another_counts(project: Path) -> None:
    before = model.fingerprint(project)
    (project / "frontdesk/vocabulary.py").write_text("words = 2")
    assert model.fingerprint(project) != before


@pytest.mark.parametrize("changed", ["frontdesk/booking.py", "facts/topics/cost.yml", "data/nlu/.greet.yml.swp"])
def test_a_change_that_training_does_not_see_leaves_the_model_fresh(project: Path, changed: str) -> None:
    before = model.fingerprint(project)
    (project / changed).write_text("something else")
    assert model.fingerprint(project) == before


def test_a_renamed_or_new_file_makes_the_model_stale(project: Path) -> None:
    before = model.fingerprint(project)
    (project / "data/nlu/greet.yml").rename(project / "data/nlu/hello.yml")
    renamed = model.fingerprint(project)
    (project / "data/rules.yml").write_text("")
    assert len({before, renamed, model.fingerprint(project)}) == 3


def test_a_module_with_a_syntax_error_still_counts(project: Path) -> None:
    (project / "nlu/screen.py").write_text("def broken(")
    before = model.fingerprint(project)
    (project / "nlu/screen.py").write_text("def broken((")
    assert model.fingerprint(project) != before


def test_every_module_of_nlu_and_the_training_data_of_this_repository_count() -> None:
    inputs = model._inputs(ROOT)
    assert set((ROOT / "nlu").rglob("*.py")) <= inputs
    assert set((ROOT / "data").rglob("*.yml")) <= inputs


def test_training_happens_once_for_the_same_content(project: Path, tmp_path: Path) -> None:
    var = tmp_path / "var"
    first = model.train(project, var, command=WORKING)
    assert first == model.train(project, var, command=WORKING) == model.current(project, var)
    assert first.read_text() == "model"
    assert (project / "calls").read_text().count("\n") == 1
    assert (var / "train.log").read_text() == "learning\n"


def test_force_trains_a_fresh_model_again(project: Path, tmp_path: Path) -> None:
    model.train(project, tmp_path / "var", command=WORKING)
    model.train(project, tmp_path / "var", force=True, command=WORKING)
    assert (project / "calls").read_text().count("\n") == 2


def test_only_the_current_model_and_the_one_before_are_kept(project: Path, tmp_path: Path) -> None:
    made = []
    for age, content in enumerate("abcd"):
        (project / "config.yml").write_text(content)
        made.append(model.train(project, tmp_path / "var", command=WORKING))
        os.utime(made[-1], (age, age))
    assert [path.exists() for path in made] == [False, False, True, True]
    assert {path.name for path in made[0].parent.iterdir()} == {made[2].name, made[3].name}


@pytest.mark.parametrize("program", ["raise SystemExit('no such component')", "print('nothing to train')"])
def test_a_failed_training_says_where_the_log_is_and_leaves_no_model(project: Path, program: str) -> None:
    var = project / "var"
    with pytest.raises(model.TrainingFailed, match=r"var/train\.log"):
        model.train(project, var, command=[sys.executable, "-c", program])
    assert list((var / "models").iterdir()) == []
    assert (var / "train.log").read_text()
