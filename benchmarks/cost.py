"""What understanding a message wrongly costs, and what thresholds cost least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

COSTS = Path(__file__).resolve().parent / "costs.yml"

NEVER = 1.0
"""A ``close`` that no second intent reaches."""


@dataclass(frozen=True)
class Costs:
    """The content of ``costs.yml``; what each entry means stands there."""

    wrong_care: float
    care: frozenset[str]
    wrong_answer: float
    missed_out_of_scope: float
    out_of_scope: frozenset[str]
    needless_redirect: float
    redirects: frozenset[str]
    false_emergency: float
    emergency: frozenset[str]
    wrong_smalltalk: float
    smalltalk: frozenset[str]
    clarify: float
    clarify_in_vain: float
    extra_topic: float

    @classmethod
    def read(cls, path: Path = COSTS) -> Costs:
        """The costs in a YAML file.

        Raises:
            TypeError: an entry is missing or unknown.
        """
        content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        content.update({key: frozenset(value) for key, value in content.items() if isinstance(value, list)})
        return cls(**content)

    def of(self, truth: str, answered: str) -> float:
        """The cost of taking ``truth`` for ``answered``."""
        if truth == answered:
            return 0.0
        sent_on = answered in self.redirects or answered in self.emergency
        if answered in self.emergency:
            # Sending a worry about health to help too soon is no more than a redirect.
            return self.needless_redirect if truth in self.care else self.false_emergency
        if truth in self.emergency or (truth in self.care and not sent_on):
            return self.wrong_care
        if truth in self.out_of_scope:
            return 0.0 if sent_on else self.missed_out_of_scope
        if sent_on:
            return self.needless_redirect
        return self.wrong_smalltalk if truth in self.smalltalk and answered in self.smalltalk else self.wrong_answer

    def matrix(self, labels: Sequence[str]) -> np.ndarray:
        """The cost of taking each label (rows) for each (columns), shape ``(labels, labels)``."""
        return np.array([[self.of(truth, answered) for answered in labels] for truth in labels])


@dataclass(frozen=True)
class Readings:
    """The two likeliest intents of each message and what it would cost to answer them.

    Attributes:
        first, second: their probabilities, shape ``(messages,)``.
        first_cost, second_cost: cost of answering each alone.
        both_possible: whether the second is a topic too, so that both can be answered in one turn.
    """

    first: np.ndarray
    second: np.ndarray
    first_cost: np.ndarray
    second_cost: np.ndarray
    both_possible: np.ndarray

    @classmethod
    def of(cls, probabilities: np.ndarray, truth: np.ndarray, labels: Sequence[str], costs: Costs) -> Readings:
        """The readings of ``probabilities``, shape ``(messages, labels)``; ``truth`` holds column numbers."""
        rows = np.arange(len(probabilities))
        order = np.argsort(-probabilities, axis=1)[:, :2]
        matrix = costs.matrix(labels)
        topics = np.array([label.startswith("ask_") for label in labels])
        return cls(
            probabilities[rows, order[:, 0]],
            probabilities[rows, order[:, 1]],
            matrix[truth, order[:, 0]],
            matrix[truth, order[:, 1]],
            topics[order].all(axis=1),
        )

    def mean_cost(self, threshold: float, close: float, costs: Costs) -> float:
        """What a message costs on average when these thresholds decide between answer, two answers and clarify."""
        return float(np.mean(self.each_cost(threshold, close, costs)))

    def each_cost(self, threshold: float, close: float, costs: Costs) -> np.ndarray:
        """The cost of each message, shape ``(messages,)``."""
        both = self.both_possible & (self.second >= close)
        two = np.minimum(self.first_cost, self.second_cost) + costs.extra_topic
        answered = np.where(both, two, self.first_cost)
        offered = np.minimum(self.first_cost, self.second_cost) == 0
        asked_back = np.where(offered, costs.clarify, costs.clarify_in_vain)
        return np.where(self.first < threshold, asked_back, answered)


def best(readings: Readings, costs: Costs, grid: Sequence[float]) -> tuple[float, float, float]:
    """The cheapest ``(threshold, close, mean cost)`` on ``grid``; of equals the lower threshold and higher close."""
    tried = [(readings.mean_cost(t, c, costs), t, -c) for t in grid for c in (*grid, NEVER)]
    cost, threshold, close = min(tried)
    return threshold, -close, cost


def log_loss(probabilities: np.ndarray, truth: np.ndarray) -> float:
    """Mean negative logarithm of the probability given to the truth."""
    return float(-np.mean(np.log(np.maximum(probabilities[np.arange(len(truth)), truth], 1e-12))))


def reliability(confidence: np.ndarray, right: np.ndarray, bins: int = 10) -> list[tuple[float, float, int]]:
    """For each tenth of the confidence that occurs: mean confidence, share right, number of messages."""
    number = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        (float(confidence[number == b].mean()), float(right[number == b].mean()), int((number == b).sum()))
        for b in range(bins)
        if (number == b).any()
    ]


def calibration_error(points: Sequence[tuple[float, float, int]]) -> float:
    """Mean distance between confidence and share right, weighed by the number of messages."""
    total = sum(count for _, _, count in points)
    return sum(abs(confidence - share) * count for confidence, share, count in points) / max(1, total)
