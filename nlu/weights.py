"""How what a component has learned lies in a model: plain arrays, and the names of what they stand for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

_ARRAYS = "weights.npz"
_NAMES = "names.json"


def write_weights(folder: Path, arrays: Mapping[str, np.ndarray], names: Any) -> None:
    """Write ``arrays`` and ``names``, plain JSON values, into a component's folder of the model."""
    np.savez(folder / _ARRAYS, **arrays)
    (folder / _NAMES).write_text(json.dumps(names), encoding="utf-8")


def read_weights(folder: Path) -> tuple[dict[str, np.ndarray], Any]:
    """What `write_weights` wrote; no object is ever unpickled."""
    with np.load(folder / _ARRAYS, allow_pickle=False) as file:
        arrays = dict(file)
    return arrays, json.loads((folder / _NAMES).read_text(encoding="utf-8"))
