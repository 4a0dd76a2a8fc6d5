"""How much a sentence is like an emergency, from its embedding alone: the red-flag screen's second, independent ear.

Two views of one vector are added up: a logistic regression, and how much nearer the sentence is to known emergencies
than to everything else that visitors write. Their threshold is set by cross-validation, so that of the training data's
other messages no more than an agreed share would count as an emergency.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

_NEIGHBOURS = 3
_MOST_OTHERS = 8_000
"""Other messages kept for comparison: those most like an emergency; the rest are never a danger's neighbours."""
_FOLDS = 5
_FEWEST = 10
"""With fewer emergencies there is nothing to learn a score from."""


@dataclass(frozen=True)
class Scored:
    """How a sentence scored.

    Attributes:
        score: above 0 it counts as an emergency.
        category: the emergency category whose examples it is most like.
    """

    score: float
    category: str


class DangerScore:
    """The trained score; all of it is plain arrays."""

    def __init__(self, arrays: dict[str, np.ndarray], categories: Sequence[str]) -> None:
        """Take what `fit` made.

        Args:
            arrays: ``weights`` (width), ``dangers`` (n, width), ``others`` (m, width), ``examples`` (k, width) and
                ``numbers``: intercept, mean and deviation of both views, threshold.
            categories: the category of each example.
        """
        self.arrays = arrays
        self.categories = list(categories)
        self._dangers, self._others, self._examples = (
            np.asarray(arrays[name], dtype=np.float32) for name in ("dangers", "others", "examples")
        )
        self._numbers = [float(number) for number in arrays["numbers"]]

    @classmethod
    def fit(
        cls,
        vectors: np.ndarray,
        dangerous: np.ndarray,
        excused: Callable[[int], bool],
        examples: np.ndarray,
        categories: Sequence[str],
        false_alarms: float,
        strength: float,
    ) -> DangerScore | None:
        """Learn from the training data, or None when it holds too few emergencies.

        Args:
            vectors: unit vectors of the training messages, shape ``(n, width)``.
            dangerous: which of them are emergencies, shape ``(n,)``.
            excused: whether the message in this row would never count by its score, as its own words say that it is
                harmless; asked of the highest-scoring rows only.
            examples: unit vectors of the categories' own examples, shape ``(k, width)``.
            categories: the category of each of those.
            false_alarms: which share of the other training messages may count as an emergency.
            strength: the regression's inverse regularisation.
        """
        if int(dangerous.sum()) < _FEWEST or int((~dangerous).sum()) < _FEWEST:
            return None
        views = np.zeros((2, len(vectors)))
        folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=1)
        for known, unknown in folds.split(vectors, dangerous):
            views[:, unknown] = _views(
                _regression(vectors[known], dangerous[known], examples, strength),
                _neighbours(vectors[known], dangerous[known], examples),
                vectors[unknown],
            )
        mean, deviation = views.mean(axis=1), np.maximum(views.std(axis=1), 1e-6)
        scores = ((views - mean[:, None]) / deviation[:, None]).sum(axis=0)
        allowed = int(false_alarms * int((~dangerous).sum()))
        threshold = next(islice(_false_alarms(scores, dangerous, excused), allowed, None), float(scores.min()))
        weights, intercept = _regression(vectors, dangerous, examples, strength)
        dangers, others = _neighbours(vectors, dangerous, examples)
        arrays: dict[str, np.ndarray] = {
            "weights": weights.astype(np.float32),
            "dangers": dangers.astype(np.float16),
            "others": others.astype(np.float16),
            "examples": examples.astype(np.float16),
            "numbers": np.array([intercept, *mean, *deviation, threshold]),
        }
        return cls(arrays, categories)

    def __call__(self, vectors: np.ndarray) -> list[Scored]:
        """The score of each of ``vectors``, shape ``(n, width)``."""
        intercept, *scale, threshold = self._numbers
        mean, deviation = np.array(scale[:2]), np.array(scale[2:])
        views = _views((self.arrays["weights"], intercept), (self._dangers, self._others), vectors)
        scores = ((views - mean[:, None]) / deviation[:, None]).sum(axis=0) - threshold
        nearest = (vectors @ self._examples.T).argmax(axis=1)
        return [Scored(float(score), self.categories[index]) for score, index in zip(scores, nearest, strict=True)]


def _false_alarms(scores: np.ndarray, dangerous: np.ndarray, excused: Callable[[int], bool]) -> Iterator[float]:
    """The scores of harmless messages that nothing but the score could tell from an emergency, highest first."""
    for row in np.argsort(-scores, kind="stable"):
        if not dangerous[row] and not excused(int(row)):
            yield float(scores[row])


def _regression(
    vectors: np.ndarray, dangerous: np.ndarray, examples: np.ndarray, strength: float
) -> tuple[np.ndarray, float]:
    """Weights and intercept; the categories' examples count as emergencies too."""
    regression = LogisticRegression(C=strength, max_iter=300, class_weight="balanced")
    regression.fit(np.vstack([vectors, examples]), np.append(dangerous, np.ones(len(examples), dtype=bool)))
    return regression.coef_[0], float(regression.intercept_[0])


def _neighbours(vectors: np.ndarray, dangerous: np.ndarray, examples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The emergencies, and those other messages that are most like one."""
    dangers, others = np.vstack([vectors[dangerous], examples]), vectors[~dangerous]
    return dangers, others[np.argsort(-_likeness(others, dangers), kind="stable")[:_MOST_OTHERS]]


def _views(
    regression: tuple[np.ndarray, float], known: tuple[np.ndarray, np.ndarray], vectors: np.ndarray
) -> np.ndarray:
    """Both views of each vector, shape ``(2, n)``."""
    weights, intercept = regression
    dangers, others = known
    return np.stack([vectors @ weights + intercept, _likeness(vectors, dangers) - _likeness(vectors, others)])


def _likeness(vectors: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Mean cosine of each vector with its nearest of ``known``."""
    cosines = vectors @ known.T
    count = min(_NEIGHBOURS, cosines.shape[1])
    return np.partition(cosines, -count, axis=1)[:, -count:].mean(axis=1)
