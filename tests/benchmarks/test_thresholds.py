"""What mistakes cost, and which thresholds cost least."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import yaml

from benchmarks import cost, thresholds
from benchmarks.cost import NEVER, Costs, Readings, best, calibration_error, log_loss, reliability
from benchmarks.thresholds import choose, figures
from benchmarks.thresholds_plot import plot

COSTS = Costs.read()
LABELS = ["ask_cost", "ask_pain", "ask_suitability", "emergency", "greet", "medical_advice", "out_of_scope", "thank"]


def readings(rows, truth):
    return Readings.of(np.array(rows), np.array([LABELS.index(label) for label in truth]), LABELS, COSTS)


def row(**shares):
    return [shares.get(label, 0.0) for label in LABELS]


@pytest.mark.parametrize(
    ("truth", "answered", "entry"),
    [
        ("medical_advice", "ask_pain", "wrong_care"),
        ("ask_suitability", "ask_cost", "wrong_care"),
        ("ask_suitability", "medical_advice", "needless_redirect"),
        ("emergency", "medical_advice", "wrong_care"),
        ("medical_advice", "emergency", "needless_redirect"),
        ("ask_cost", "emergency", "false_emergency"),
        ("ask_cost", "ask_pain", "wrong_answer"),
        ("ask_cost", "out_of_scope", "needless_redirect"),
        ("out_of_scope", "ask_cost", "missed_out_of_scope"),
        ("greet", "thank", "wrong_smalltalk"),
    ],
)
def test_a_mistake_costs_what_the_file_says(truth, answered, entry):
    assert COSTS.of(truth, answered) == getattr(COSTS, entry)


@pytest.mark.parametrize(("truth", "answered"), [("ask_cost", "ask_cost"), ("out_of_scope", "medical_advice")])
def test_what_a_visitor_is_served_by_costs_nothing(truth, answered):
    assert COSTS.of(truth, answered) == 0


def test_every_intent_with_a_price_of_its_own_is_one_that_is_taught():
    from benchmarks.intents import read_examples

    named = COSTS.care | COSTS.out_of_scope | COSTS.redirects | COSTS.emergency | COSTS.smalltalk
    assert named <= {example.intent for example in read_examples()}


def test_costs_with_a_missing_entry_are_refused(tmp_path):
    content = yaml.safe_load(cost.COSTS.read_text())
    del content["clarify"]
    path = tmp_path / "costs.yml"
    path.write_text(yaml.safe_dump(content))
    with pytest.raises(TypeError, match="clarify"):
        Costs.read(path)


def test_each_way_to_reply_has_its_cost():
    asked = readings(
        [
            row(ask_cost=0.9, ask_pain=0.1),  # right
            row(ask_cost=0.5, ask_pain=0.4),  # both, the second is right
            row(ask_cost=0.3, ask_pain=0.25),  # asked back, the second is right
            row(ask_cost=0.3, ask_pain=0.25),  # asked back in vain
            row(ask_pain=0.6, greet=0.4),  # small talk is no second answer
        ],
        ["ask_cost", "ask_pain", "ask_pain", "out_of_scope", "greet"],
    )
    expected = [0, COSTS.extra_topic, COSTS.clarify, COSTS.clarify_in_vain, COSTS.wrong_answer]
    assert asked.each_cost(0.4, 0.3, COSTS).tolist() == expected
    assert asked.mean_cost(0.4, 0.3, COSTS) == pytest.approx(sum(expected) / 5)


def test_thresholds_that_change_nothing_stay_out_of_the_way():
    asked = readings([row(ask_cost=0.9, ask_pain=0.1)] * 3, ["ask_cost"] * 3)
    assert best(asked, COSTS, [0.0, 0.2, 0.4]) == (0.0, NEVER, 0.0)


def test_the_threshold_rises_above_confident_mistakes():
    rows = [row(ask_cost=0.9, ask_pain=0.1)] * 2 + [row(ask_cost=0.5, ask_pain=0.1)] * 2
    threshold, _, _ = best(
        readings(rows, ["ask_cost", "ask_cost", "medical_advice", "medical_advice"]), COSTS, [0, 0.6]
    )
    assert threshold == 0.6


def test_honest_confidences_have_no_calibration_error():
    confidence = np.full(10, 0.8)
    right = np.array([True] * 8 + [False] * 2)
    points = reliability(confidence, right)
    assert points == [(pytest.approx(0.8), pytest.approx(0.8), 10)]
    assert calibration_error(points) == pytest.approx(0)


def test_log_loss_of_certainty_is_nothing():
    assert log_loss(np.eye(3), np.arange(3)) == 0


class Ranked(SimpleNamespace):
    def at(self, temperature):
        scores = np.log(self.probabilities) / temperature
        shares = np.exp(scores)
        return shares / shares.sum(axis=1, keepdims=True)


def overconfident():
    """Right in seven of ten messages, and 0.99 sure of all of them."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, len(LABELS), 400)
    taken = np.where(rng.random(400) < 0.7, truth, (truth + 1) % len(LABELS))
    probabilities = np.full((400, len(LABELS)), 0.01 / (len(LABELS) - 1))
    probabilities[np.arange(400), taken] = 0.99
    return Ranked(labels=LABELS, truth=truth, probabilities=probabilities)


def test_overconfident_predictions_are_cooled_down():
    ranked = overconfident()
    chosen = choose(ranked, COSTS)
    assert chosen["temperature"] > 1.3
    raw = figures(ranked, {**chosen, "temperature": 1.0}, COSTS)
    cooled = figures(ranked, chosen, COSTS)
    assert cooled["calibration_error"] < raw["calibration_error"] / 2
    assert chosen["cost"] == pytest.approx(cooled["mean_cost"])


def test_the_most_frequent_mistakes_are_named_first():
    ranked = Ranked(labels=["a", "b"], truth=np.array([0, 1, 1, 0]), probabilities=np.eye(2)[[1, 0, 0, 0]])
    assert thresholds.confusions(ranked) == [("b", "a", 2), ("a", "b", 1)]


def test_the_picture_is_drawn(tmp_path):
    ranked = overconfident()
    chosen = choose(ranked, COSTS)
    shown = {name: figures(ranked, chosen, COSTS) for name in ("raw", "config.yml", "chosen")}
    drawn = thresholds.curves(ranked, chosen, COSTS)
    results = {
        "out_of_fold": shown,
        "held_out": shown,
        "grid": thresholds.GRID,
        "curves": {"out_of_fold": drawn, "held_out": drawn},
    }
    plot(results, tmp_path / "new" / "thresholds.png")
    assert (tmp_path / "new" / "thresholds.png").stat().st_size > 1000
