"""Chooses the classifier's temperature and the joiner's thresholds: `python -m benchmarks.thresholds`.

The temperature is the one whose confidences are most honest (least log loss) on out-of-fold predictions of the training
data; `threshold` and `close` are those that cost visitors least at that temperature, by `costs.yml`. The held-out
questions take no part in the choice and show whether it holds for visitors who were not in the training data.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchmarks.cost import Costs, Readings, best, calibration_error, log_loss, reliability
from benchmarks.intents import HELD_OUT, RESULTS, Example, read_examples, right_intents, sample
from benchmarks.questions import read_questions
from benchmarks.report import write_json
from benchmarks.thresholds_plot import plot
from engine.launch import prepare, silence

SEED = 20
GRID = tuple(round(0.02 * step, 2) for step in range(46))
TEMPERATURES = tuple(round(0.4 + 0.05 * step, 2) for step in range(37))


def choose(ranked: Any, costs: Costs) -> dict[str, Any]:
    """The chosen values and their cost.

    Args:
        ranked: out-of-fold predictions, an `out_of_fold.Ranked`.
        costs: of mistakes.

    Returns:
        ``temperature``, ``threshold``, ``close`` and ``cost``.
    """
    temperature = min(TEMPERATURES, key=lambda each: log_loss(ranked.at(each), ranked.truth))
    readings = Readings.of(ranked.at(temperature), ranked.truth, ranked.labels, costs)
    threshold, close, cost = best(readings, costs, GRID)
    return {"temperature": temperature, "threshold": threshold, "close": close, "cost": cost}


def figures(ranked: Any, values: Mapping[str, float], costs: Costs) -> dict[str, Any]:
    """What ``values`` (temperature, threshold, close) lead to on predictions."""
    probabilities = ranked.at(values["temperature"])
    readings = Readings.of(probabilities, ranked.truth, ranked.labels, costs)
    right = probabilities.argmax(axis=1) == ranked.truth
    sure = readings.first >= values["threshold"]
    both = sure & readings.both_possible & (readings.second >= values["close"])
    points = reliability(readings.first, right)
    return {
        **{key: values[key] for key in ("temperature", "threshold", "close")},
        "mean_cost": readings.mean_cost(values["threshold"], values["close"], costs),
        "clarified": float(np.mean(~sure)),
        "two_answered": float(np.mean(both)),
        "wrong": float(
            np.mean(
                sure & (np.where(both, np.minimum(readings.first_cost, readings.second_cost), readings.first_cost) > 0)
            )
        ),
        "log_loss": log_loss(probabilities, ranked.truth),
        "calibration_error": calibration_error(points),
        "reliability": points,
    }


def curves(ranked: Any, values: Mapping[str, float], costs: Costs) -> dict[str, list[float]]:
    """Mean cost over the grid of each threshold, the other one at its value."""
    readings = Readings.of(ranked.at(values["temperature"]), ranked.truth, ranked.labels, costs)
    return {
        "threshold": [readings.mean_cost(each, values["close"], costs) for each in GRID],
        "close": [readings.mean_cost(values["threshold"], each, costs) for each in GRID],
    }


def confusions(ranked: Any, most: int = 20) -> list[tuple[str, str, int]]:
    """The most frequent mistakes: intent, what it was taken for, how often."""
    said = ranked.probabilities.argmax(axis=1)
    wrong = Counter((ranked.labels[t], ranked.labels[s]) for t, s in zip(ranked.truth, said, strict=True) if t != s)
    return [(truth, taken, count) for (truth, taken), count in wrong.most_common(most)]


def main(
    folds: Annotated[int, typer.Option(help="Folds of the cross-validation.")] = 5,
    most: Annotated[int, typer.Option("--sample", help="Examples per intent; 0 for all.")] = 0,
    questions: Annotated[Path, typer.Option(help="Labelled questions that take no part in the choice.")] = HELD_OUT,
    out: Annotated[Path, typer.Option(help="Folder for thresholds.json and thresholds.png.")] = RESULTS,
) -> None:
    """Chooses, and says how the choice differs from config.yml."""
    prepare(os.environ)
    silence()
    # Imported here: it takes seconds, and the warnings it gives are silenced before.
    from sklearn.metrics import accuracy_score, f1_score

    from benchmarks.out_of_fold import rank_out_of_fold, rank_unseen, settings_of
    from nlu.intent_classifier import IntentClassifier
    from nlu.question_joiner import QuestionJoiner

    console = Console()
    costs = Costs.read()
    examples = sample(read_examples(), most, SEED)
    known = {example.intent for example in examples}
    asked = [
        Example(question.text, right_intents(question)[0])
        for question in read_questions(questions)
        if not question.is_follow_up and not question.topic2 and right_intents(question)[0] in known
    ]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("folds, then all", total=folds + 1)
        ranked = rank_out_of_fold(examples, folds, SEED, lambda: progress.advance(bar))
        held_out = rank_unseen(examples, asked)
        progress.advance(bar)
    classifier, joiner = settings_of(IntentClassifier), settings_of(QuestionJoiner)
    configured = {key: (classifier | joiner)[key] for key in ("temperature", "threshold", "close")}
    chosen = choose(ranked, costs)
    said = ranked.probabilities.argmax(axis=1)
    results = {
        "examples": len(examples),
        "intents": len(known),
        "folds": folds,
        "weighted_f1": float(f1_score(ranked.truth, said, average="weighted")),
        "accuracy": float(accuracy_score(ranked.truth, said)),
        "confusions": confusions(ranked),
        "out_of_fold": {
            "raw": figures(ranked, {**chosen, "temperature": 1.0}, costs),
            "config.yml": figures(ranked, configured, costs),
            "chosen": figures(ranked, chosen, costs),
        },
        "held_out": {
            "questions": len(asked),
            "accuracy": float(np.mean(held_out.probabilities.argmax(axis=1) == held_out.truth)),
            "config.yml": figures(held_out, configured, costs),
            "chosen": figures(held_out, chosen, costs),
        },
        "held_out_would_choose": choose(held_out, costs),
        "grid": GRID,
        "curves": {"out_of_fold": curves(ranked, chosen, costs), "held_out": curves(held_out, chosen, costs)},
    }
    write_json(results, out / "thresholds.json")
    plot(results, out / "thresholds.png")
    print_results(results, console)


def print_results(results: Mapping[str, Any], console: Console) -> None:
    """Prints the figures and what to change in config.yml."""
    console.print(
        f"{results['examples']} examples, {results['intents']} intents, {results['folds']} folds: weighted F1 "
        f"{results['weighted_f1']:.3f}, accuracy {results['accuracy']:.3f}; "
        f"{results['held_out']['questions']} held-out questions: {results['held_out']['accuracy']:.3f}"
    )
    table = Table("", "temp.", "thr.", "close", "cost", "clarify", "two", "wrong", "off by")
    for source in ("out_of_fold", "held_out"):
        for name in ("config.yml", "chosen"):
            each = results[source][name]
            values = (f"{each[key]:.2f}" for key in ("temperature", "threshold", "close"))
            shares = (
                f"{each[key]:.3f}" for key in ("mean_cost", "clarified", "two_answered", "wrong", "calibration_error")
            )
            table.add_row(f"{source.replace('_', ' ')}: {name}", *values, *shares)
    console.print(table)
    mistakes = (f"{truth} → {taken} {count}" for truth, taken, count in results["confusions"])
    console.print(f"most frequent mistakes, out of fold: {', '.join(mistakes)}", soft_wrap=True)
    before, after = results["out_of_fold"]["config.yml"], results["out_of_fold"]["chosen"]
    for key in ("temperature", "threshold", "close"):
        change = "as in config.yml" if before[key] == after[key] else f"config.yml has {before[key]}"
        console.print(f"{key}: {after[key]} ({change})")
    wish = results["held_out_would_choose"]
    console.print(
        f"the held-out questions would choose temperature {wish['temperature']}, threshold {wish['threshold']}, "
        f"close {wish['close']}: a warning when it is far from the choice"
    )


if __name__ == "__main__":
    typer.run(main)
