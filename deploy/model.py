"""The trained model and whether it is stale.

A model is named after the content of everything it was made from, `var/models/<hash>.tar.gz`. It is stale when no
file has the name that the present content asks for.
"""

from __future__ import annotations

import ast
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from deploy.processes import run_to_end

# What training reads. The modules of `frontdesk` that nlu/ imports are found by themselves.
INPUTS = (
    "config.yml",
    "domain.yml",
    "domain/**/*.yml",
    "data/**/*",
    "nlu/**/*.py",
    "facts/vocabulary.yml",
    "facts/conditions.yml",
    "facts/red_flags.yml",
    "requirements.lock",
)
TRAIN = (sys.executable, "-m", "engine.launch", "train")
MODELS_KEPT = 2


class TrainingFailed(Exception):
    """Training ended without a model; the message is one sentence that says where the log is."""


def fingerprint(root: Path) -> str:
    """The content hash of all that a model is made from: 16 hexadecimal digits.

    Args:
        root: Folder of the repository.
    """
    digest = hashlib.sha256()
    for path in sorted(_inputs(root)):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(root).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()[:16]


def current(root: Path, var_dir: Path) -> Path:
    """Where the model for the present content is, or would be."""
    return var_dir / "models" / f"{fingerprint(root)}.tar.gz"


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


def _inputs(root: Path) -> set[Path]:
    found = {path for pattern in INPUTS for path in root.glob(pattern) if path.is_file()}
    found |= _desk_modules(root, (path for path in found if path.suffix == ".py"))
    # Editors and Python leave files of their own beside the content.
    return {path for path in found if not any(part.startswith((".", "__pycache__")) for part in _parts(path, root))}


def _parts(path: Path, root: Path) -> tuple[str, ...]:
    return path.relative_to(root).parts


def _desk_modules(root: Path, sources: Iterator[Path]) -> set[Path]:
    """The files of `frontdesk` that these sources import, and those that they import in turn."""
    found: set[Path] = set()
    waiting = list(sources)
    while waiting:
        for name in _imports(waiting.pop()):
            module = root / name.replace(".", "/")
            for path in (module.with_suffix(".py"), module / "__init__.py"):
                if name.split(".")[0] == "frontdesk" and path.is_file() and path not in found:
                    found.add(path)
                    waiting.append(path)
    return found


def _imports(path: Path) -> Iterator[str]:
    try:
        tree = ast.parse(path.read_bytes())
    except SyntaxError:
        # Its content still counts, and training is where the mistake is reported.
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            # `from package import module` names a file as well.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
