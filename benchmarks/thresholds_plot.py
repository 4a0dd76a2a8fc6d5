"""The picture of how honest the confidences are and what the thresholds cost."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure  # type: ignore[import-untyped]

_SOURCES = {"out_of_fold": ("training data, out of fold", "#2a6f6b"), "held_out": ("held-out questions", "#c9a66b")}


def plot(results: Mapping[str, Any], path: Path) -> None:
    """Draws the reliability diagram and a cost curve for each threshold to a PNG file; its folder is created."""
    figure = Figure(figsize=(13, 4))
    first, *others = figure.subplots(1, 3)
    _draw_reliability(results, first)
    for axes, name in zip(others, ("threshold", "close"), strict=True):
        _draw_costs(results, name, axes)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def _draw_reliability(results: Mapping[str, Any], axes: Any) -> None:
    lines = [
        ("out of fold, temperature 1", results["out_of_fold"]["raw"], "#aaaaaa"),
        (
            f"out of fold, {results['out_of_fold']['chosen']['temperature']}",
            results["out_of_fold"]["chosen"],
            "#2a6f6b",
        ),
        ("held-out questions, the same", results["held_out"]["chosen"], "#c9a66b"),
    ]
    axes.plot([0, 1], [0, 1], color="#dddddd", linewidth=1)
    for label, values, colour in lines:
        points = values["reliability"]
        label = f"{label} (off by {values['calibration_error']:.3f})"
        axes.plot([point[0] for point in points], [point[1] for point in points], "o-", color=colour, label=label)
    axes.set(title="How often a confidence is right", xlabel="confidence", ylabel="share right", ylim=(0, 1.02))
    axes.legend(fontsize=7)


def _draw_costs(results: Mapping[str, Any], name: str, axes: Any) -> None:
    chosen, configured = results["out_of_fold"]["chosen"][name], results["out_of_fold"]["config.yml"][name]
    for source, (label, colour) in _SOURCES.items():
        axes.plot(results["grid"], results["curves"][source][name], color=colour, label=label)
    axes.axvline(chosen, color="#2a6f6b", linestyle="--", linewidth=1, label=f"chosen {chosen}")
    axes.axvline(configured, color="#aaaaaa", linestyle=":", linewidth=1.5, label=f"config.yml {configured}")
    axes.set(title=f"Cost of a message by {name}", xlabel=name, ylabel="mean cost", ylim=(0, None))
    axes.legend(fontsize=7)
