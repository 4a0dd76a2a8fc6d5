"""The figures of the pipeline benchmark as a Markdown table and as a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure  # type: ignore[import-untyped]

from benchmarks.drawing import OTHER, OURS, THEIRS, bars, save

_Figure = Callable[[Mapping[str, Any]], float | None]


def _validated(key: str) -> _Figure:
    return lambda each: each.get("cross_validation", {}).get(key)


_ROWS: tuple[tuple[str, _Figure, str], ...] = (
    ("training examples", lambda each: each["examples"], "{:,.0f}"),
    ("cross-validation: weighted F1", _validated("weighted_f1"), "{:.3f}"),
    ("cross-validation: accuracy", _validated("accuracy"), "{:.3f}"),
    ("{questions} held-out questions: intent right", lambda each: each["held_out"]["accuracy"], "{:.3f}"),
    ("of these, out of scope: refused", lambda each: each["held_out"]["out_of_scope_refused"], "{:.3f}"),
    ("training", lambda each: each["train_seconds"], "{:.1f} s"),
    ("training, processor time", lambda each: each["train_cpu_seconds"], "{:.1f} s"),
    ("loading the model", lambda each: each["load_seconds"], "{:.1f} s"),
    ("parse, median", lambda each: each["parse_milliseconds"]["median"], "{:.1f} ms"),
    ("parse, 95th percentile", lambda each: each["parse_milliseconds"]["p95"], "{:.1f} ms"),
    ("parse, median processor time", lambda each: each["parse_cpu_milliseconds"]["median"], "{:.1f} ms"),
    ("peak memory, training", lambda each: each["train_megabytes"], "{:,.0f} MB"),
    ("peak memory, parsing", lambda each: each["parse_megabytes"], "{:,.0f} MB"),
)
_PANELS = (
    ("Cross-validation, weighted F1", _validated("weighted_f1"), "{:.2f}"),
    ("Held-out questions, intent right", lambda each: each["held_out"]["accuracy"], "{:.2f}"),
    ("Training, processor s", lambda each: each["train_cpu_seconds"], "{:.0f}"),
    ("Parse, median processor ms", lambda each: each["parse_cpu_milliseconds"]["median"], "{:.1f}"),
    ("Peak memory parsing, MB", lambda each: each["parse_megabytes"], "{:.0f}"),
)


def as_markdown(results: Mapping[str, Any]) -> str:
    """The table, a column for each pipeline, with the conditions under it."""
    pipelines = results["pipelines"]
    lines = [_line(["", *(each["name"] for each in pipelines)]), _line(["---", *("--:" for _ in pipelines)])]
    for label, figure, shape in _ROWS:
        values = [figure(each) for each in pipelines]
        if any(value is not None for value in values):
            label = label.format(questions=pipelines[0]["held_out"]["questions"])
            lines.append(_line([label, *("–" if value is None else shape.format(value) for value in values)]))
    return "\n".join([*lines, "", _conditions(results), ""])


def _conditions(results: Mapping[str, Any]) -> str:
    machine, first = results["machine"], results["pipelines"][0]
    most = results["sample_per_intent"]
    learnt = f"at most {most} random examples of each intent" if most else "all examples"
    folds = first.get("cross_validation", {}).get("folds")
    validated = f" {folds}-fold stratified cross-validation." if folds else ""
    return (
        f"Both learn {learnt} ({results['intents']} intents), the same for both.{validated} "
        f"Held out: `{results['question_file']}`, one intent a message; of a double question either counts. "
        f"A fallback counts as wrong. Parse times: {first['timed_messages']} messages, one a call, in one process. "
        "Processor time adds up all cores; a busy machine lengthens it too, but less than time on the clock. "
        f"{machine['cores']} cores ({machine['processor']}), Python {machine['python']}, "
        f"load {machine['load_at_end']:.1f} at the end."
    )


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def plot(results: Mapping[str, Any], path: Path) -> None:
    """Draws the figures that matter most, a panel each, to a PNG file; its folder is created."""
    pipelines = results["pipelines"]
    colours = [OURS, THEIRS, OTHER][: len(pipelines)]
    figure = Figure(figsize=(14, 2.6))
    for axes, (title, get, shape) in zip(figure.subplots(1, len(_PANELS)), _PANELS, strict=True):
        values = [(each["name"], get(each), colour) for each, colour in zip(pipelines, colours, strict=True)]
        bars(axes, title, [(name, value, colour) for name, value, colour in values if value is not None], shape)
    save(figure, path)
