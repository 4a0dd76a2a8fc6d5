from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from deploy import model
from frontdesk.model_name import current

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
    """A repository with something to train from."""
    (tmp_path / "config.yml").write_text("pipeline: []")
    return tmp_path


def test_training_happens_once_for_the_same_content(project: Path, tmp_path: Path) -> None:
    var = tmp_path / "var"
    first = model.train(project, var, command=WORKING)
    assert first == model.train(project, var, command=WORKING) == current(project, var)
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
