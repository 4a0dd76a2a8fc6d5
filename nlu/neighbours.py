"""How much a sentence is like the nearest training examples of each intent.

A regression draws one straight border between intents and stays confident far away from anything it has seen;
likeness does not. Together they put a number on "nobody has ever asked us that".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_NEAREST = 3
_FEW = 5
_TAKEN = -2.0  # lower than any cosine
_AXES = 128
"""Of the vectors' own numbers, as many main axes are kept: a third of the time, and no held-out answer was worse.

The regressions learn on them as well, in half the time."""


class Neighbours:
    """The training examples' vectors, intent by intent; all of it is plain arrays."""

    def __init__(self, arrays: dict[str, np.ndarray]) -> None:
        """Take what `fit` made.

        Args:
            arrays: ``axes`` (width, axes), ``examples`` (n, axes) sorted by intent, ``bounds`` (intents + 1), where
                each intent's examples begin.
        """
        self.arrays = arrays
        self._axes = arrays["axes"].astype(np.float32)
        self._examples = side_by_side(arrays["examples"])
        self._starts = arrays["bounds"][:-1]
        self._groups = np.repeat(np.arange(len(self._starts)), np.diff(arrays["bounds"]))

    @classmethod
    def fit(cls, vectors: np.ndarray, labels: Sequence[str], names: Sequence[str]) -> Neighbours:
        """Index the examples.

        Args:
            vectors: their vectors, shape ``(n, width)``.
            labels: the intent of each.
            names: the intents in the order in which likeness is given out; each has at least one example.
        """
        positions = {name: position for position, name in enumerate(names)}
        intents = np.array([positions[label] for label in labels])
        order = np.argsort(intents, kind="stable")
        axes = main_axes(vectors)
        arrays = {
            "axes": axes,
            "examples": on_axes(vectors[order], axes).astype(np.float16),
            "bounds": np.searchsorted(intents[order], np.arange(len(names) + 1)),
        }
        return cls(arrays)

    def likeness(self, vectors: np.ndarray) -> np.ndarray:
        """Mean cosine of each vector with its nearest examples of each intent, less the mean over the intents.

        Args:
            vectors: shape ``(n, width)``.

        Returns:
            Shape ``(n, intents)``; each row sums to 0.
        """
        cosines = cosines_of(on_axes(vectors, self._axes), self._examples)
        likeness = _mean_of_nearest_each(cosines, self._starts, self._groups)
        centred: np.ndarray = likeness - likeness.mean(axis=1, keepdims=True)
        return centred


def main_axes(vectors: np.ndarray) -> np.ndarray:
    """The axes on which ``vectors`` (n, width) differ most, shape ``(width, axes)``; all where there are few."""
    # The eigenvectors of the second moments are the main axes; the last ones are the largest.
    axes: np.ndarray = np.linalg.eigh(vectors.T.astype(np.float64) @ vectors)[1][:, -_AXES:].astype(np.float32)
    return axes


def side_by_side(vectors: np.ndarray) -> np.ndarray:
    """``vectors`` (n, axes) as columns, float32: a single vector is multiplied with them in half the time."""
    return np.ascontiguousarray(vectors.T, dtype=np.float32)


def cosines_of(vectors: np.ndarray, known: np.ndarray) -> np.ndarray:
    """``vectors`` (n, axes) times ``known``, which lie `side_by_side`; shape ``(n, known)``.

    A few go one by one: together they cost 3 ms on one thread, as all that is known is copied first, and 0.5 ms each.
    """
    if not 0 < len(vectors) <= _FEW:
        return vectors @ known
    return np.stack([vector @ known for vector in vectors])


def mean_of_nearest(cosines: np.ndarray) -> np.ndarray:
    """The mean of each row's highest cosines, of all where there are few; from shape ``(n, known)`` to ``(n,)``.

    ``cosines`` are used up: taking out the highest thrice is ten times as fast as sorting them around the third.
    """
    rows, count = np.arange(len(cosines)), min(_NEAREST, cosines.shape[1])
    total = np.zeros(len(cosines), dtype=cosines.dtype)
    for _ in range(count):
        highest = cosines.argmax(axis=1)
        total += cosines[rows, highest]
        cosines[rows, highest] = _TAKEN
    return total / count


def _mean_of_nearest_each(cosines: np.ndarray, starts: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """`mean_of_nearest` of each of the groups that lie side by side in ``cosines``, which is used up.

    Round by round the highest of all groups at once, a third of the time of group by group. Equal cosines of a group
    count once.

    Args:
        cosines: shape ``(n, known)``.
        starts: where each group begins, ascending; the first is 0.
        groups: which one each column belongs to; each has at least one.

    Returns:
        Shape ``(n, groups)``.
    """
    highest = np.maximum.reduceat(cosines, starts, axis=1)
    total, count = highest.copy(), np.ones_like(highest)
    for _ in range(_NEAREST - 1):
        cosines[cosines == highest[:, groups]] = _TAKEN
        highest = np.maximum.reduceat(cosines, starts, axis=1)
        is_there = highest > _TAKEN
        total += np.where(is_there, highest, 0)
        count += is_there
    mean: np.ndarray = total / count
    return mean


def on_axes(vectors: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """``vectors`` (n, width) seen on ``axes`` (width, axes), each of length 1, float32."""
    seen = vectors @ axes
    units: np.ndarray = seen / np.maximum(np.linalg.norm(seen, axis=1, keepdims=True), 1e-9)
    return units.astype(np.float32)
