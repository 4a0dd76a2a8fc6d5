"""Trains when the model is stale: when no file has the name that the present content asks for."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from deploy.processes import run_to_end
from frontdesk.model_name import current

TRAIN = (sys.executable, "-m", "engine.launch", "train")
MODELS_KEPT = 2


class TrainingFailed(Exception):
    """Training ended without a model; the message is one sentence that says where the log is."""


def train(root: Path, var_dir: Path, force: bool = False, command: Sequence[str] = TRAIN) -> Path:
    """Train if the model is stale, and throw away all but the last models.

    Args:
        root: Folder of the repository; training runs in it.
        var_dir: Folder for the model, in `models/`, and for `train.log`.
        force: Train even if the model is fresh.
        command: What trains; Rasa's options for the output are added to it.

    Returns:
        The model file.

    Raises:
        TrainingFailed: No model came out of it.
        deploy.processes.Interrupted: Ctrl-C or a signal ended the training.
    """
    model = current(root, var_dir)
    if force or not model.exists():
        _train(root, var_dir, model, command)
    # A model that is in use again after a change was taken back counts as new.
    os.utime(model)
    _prune(model)
    return model


def _train(root: Path, var_dir: Path, model: Path, command: Sequence[str]) -> None:
    model.parent.mkdir(parents=True, exist_ok=True)
    log = var_dir / "train.log"
    # Beside its final place, so that the last step is a rename and nobody ever loads half a model.
    with tempfile.TemporaryDirectory(dir=model.parent, prefix="training-") as draft:
        # Forced: Rasa must not decide a second time, by rules of its own, what has changed. Not validated: that reads
        # all examples once more, and `make check` has done it.
        options = [
            "--force",
            "--skip-validation",
            "--out",
            draft,
            "--fixed-model-name",
            model.name.removesuffix(".tar.gz"),
        ]
        status = run_to_end([*command, *options], cwd=root, log=log)
        made = Path(draft) / model.name
        if status != 0 or not made.is_file():
            raise TrainingFailed(f"The training failed; what went wrong is at the end of {_short(log, root)}.")
        os.replace(made, model)


def _prune(model: Path) -> None:
    others = [path for path in model.parent.glob("*.tar.gz") if path != model]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[MODELS_KEPT - 1 :]:
        path.unlink(missing_ok=True)


def _short(path: Path, root: Path) -> Path:
    return path.relative_to(root) if path.is_relative_to(root) else path
