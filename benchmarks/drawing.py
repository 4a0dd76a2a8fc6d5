"""What the pictures of the benchmarks have in common."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure  # type: ignore[import-untyped]

OURS, THEIRS, OTHER = "#2a6f6b", "#c9a66b", "#8fb8b5"


def bars(axes: Any, title: str, shown: Sequence[tuple[str, float, str]], shape: str) -> None:
    """Draw a panel of bars, the first on top, each with its value.

    Args:
        axes: The panel.
        title: What the bars measure.
        shown: Name, value and colour of each.
        shape: How a value is written.
    """
    for name, value, colour in reversed(shown):
        (bar,) = axes.barh([name], [value], color=colour)
        axes.text(0, bar.get_y() + bar.get_height() / 2, f" {shape.format(value)}", va="center", fontsize=9)
    axes.set_title(title, fontsize=9)
    axes.tick_params(axis="y", labelsize=8, length=0)
    axes.set_xticks([])
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)


def plain(axes: Any) -> None:
    """Make a panel of lines that begin at nought as quiet as the bars."""
    axes.set_ylim(bottom=0)
    axes.tick_params(labelsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def save(figure: Figure, path: Path) -> None:
    """Write a picture as a PNG file; its folder is created."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
