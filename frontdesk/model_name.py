"""What a trained model is called: after the content of everything it was made from, `var/models/<hash>.tar.gz`."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from pathlib import Path

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
    "facts/red_flag_words.yml",
    "requirements.lock",
)


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
