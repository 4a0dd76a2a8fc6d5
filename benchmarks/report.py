"""Shows the figures of an evaluation: on the terminal, as JSON and as a picture."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure  # type: ignore[import-untyped]
from rich.console import Console
from rich.markup import escape
from rich.table import Table

_INCHES_PER_LABEL = 0.3
_MARGIN_INCHES = 3.0

_QUESTION_SHARES = {
    "primary_answered": "our questions: primary topic answered",
    "primary_stated": "our questions: primary topic answered with a fact",
    "both_answered": "double questions: both topics answered",
    "sent_on": "out of scope, medical advice, emergency: sent on",
    "emergencies_recognised": "emergencies recognised",
    "false_emergencies": "false emergencies elsewhere",
    "wrong_redirects": "our questions: redirected instead of answered",
    "clarifies": "all questions: answered with a 'did you mean'",
    "clarifies_in_scope": "our questions: answered with a 'did you mean'",
    "follow_ups_answered": "follow-ups asked alone: topic answered",
    "unproven_statements": "answers without a fact or its source",
}
_DIALOGUE_SHARES = {
    "right": "turns right: first topic and outcome",
    "strictly_right": "turns right: all topics and outcome",
    "whole_dialogues_right": "dialogues right in every turn",
}


def write_json(results: Mapping[str, Any], path: Path) -> None:
    """Writes all figures; the folder is created."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def print_questions(scores: Mapping[str, Any], console: Console) -> None:
    """Prints the figures on single questions, then the misses in full."""
    rows = [(label, _share_text(scores[key])) for key, label in _QUESTION_SHARES.items()]
    rows[4:4] = [(f"  {label}: sent on", _share_text(share)) for label, share in scores["sent_on_by_label"].items()]
    rows += [
        ("topics answered per question of ours", _number_text(scores["topics_per_question"])),
        ("the same, questions on one topic only", _number_text(scores["topics_per_single_question"])),
        _latency_row(scores["latency_seconds"]),
        ("requests refused", str(len(scores["refused"]))),
    ]
    console.print(_table(f"{scores['questions']} questions", ("figure", ""), rows))
    topics = [
        (topic, _share_text(share), ", ".join(f"{other} {count}" for other, count in share["instead"].items()))
        for topic, share in scores["topics"].items()
    ]
    console.print(_table("By topic", ("topic", "answered", "instead"), topics))
    _print_misses(scores["misses"], lambda miss: f"{miss['id']} ({miss['kind']})", console)


def print_dialogues(scores: Mapping[str, Any], console: Console) -> None:
    """Prints the figures on dialogues, then the misses in full."""
    rows = [(label, _share_text(scores[key])) for key, label in _DIALOGUE_SHARES.items()]
    rows += [(f"  {name}: right", _share_text(share)) for name, share in scores["right_by_expectation"].items()]
    rows.append(_latency_row(scores["latency_seconds"]))
    console.print(_table(f"{scores['turns']} turns of dialogues", ("figure", ""), rows))
    _print_misses(scores["misses"], lambda miss: f"{miss['dialogue']}.{miss['turn']} ({miss['note']})", console)


def plot_confusion(rows: Sequence[str], columns: Sequence[str], counts: Sequence[Sequence[int]], path: Path) -> None:
    """Draws what was asked against what was answered.

    Args:
        rows: labels of what was asked.
        columns: labels of what was answered.
        counts: number of questions for each row and column.
        path: PNG file to write; its folder is created.
    """
    size = (len(columns) * _INCHES_PER_LABEL + _MARGIN_INCHES, len(rows) * _INCHES_PER_LABEL + _MARGIN_INCHES)
    figure = Figure(figsize=size)
    axes = figure.subplots()
    # Each row by its own sum, so that a rare topic shows as clearly as a frequent one.
    shares = [[count / max(1, sum(row)) for count in row] for row in counts]
    if shares:
        axes.imshow(shares, cmap="Greens", vmin=0, vmax=1, aspect="auto")
    for y, row in enumerate(counts):
        for x, count in enumerate(row):
            if count:
                axes.text(x, y, str(count), ha="center", va="center", fontsize=7)
    axes.set_xticks(range(len(columns)))
    axes.set_xticklabels(columns, rotation=90, fontsize=8)
    axes.set_yticks(range(len(rows)))
    axes.set_yticklabels(rows, fontsize=8)
    axes.set_xlabel("answered")
    axes.set_ylabel("asked")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150, bbox_inches="tight")


def _print_misses(misses: Sequence[Mapping[str, Any]], name: Any, console: Console) -> None:
    console.print(f"\n[bold]{len(misses)} misses[/bold]")
    for miss in misses:
        got = ", ".join([*miss["topics"], *(f"({outcome})" for outcome in miss["outcomes"])])
        console.print(f"[bold]{escape(name(miss))}[/bold]: {', '.join(miss['faults'])}")
        console.print(escape(f"  asked:    {miss['text']}"))
        console.print(escape(f"  expected: {', '.join(miss['expected'])}"))
        console.print(escape(f"  got:      {got or '(nothing)'}: {miss['said']}"))


def _table(title: str, columns: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Table:
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    return table


def _share_text(share: Mapping[str, Any]) -> str:
    if share["share"] is None:
        return "none asked"
    return f"{share['share']:.1%} ({share['hits']} of {share['of']})"


def _number_text(number: float | None) -> str:
    return "none asked" if number is None else f"{number:.2f}"


def _latency_row(seconds: Mapping[str, float | None]) -> tuple[str, str]:
    figures = [f"{name} {value * 1000:.0f} ms" for name, value in seconds.items() if value is not None]
    return "time to the whole reply", ", ".join(figures) or "none asked"
