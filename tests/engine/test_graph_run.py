from __future__ import annotations

from typing import Any

import pytest
from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner

from engine import graph_run


class Add(GraphComponent):
    """Adds what comes in."""

    @classmethod
    def create(cls, *_: Any, **__: Any) -> Add:
        return cls()

    def add(self, left: int, right: int) -> int:
        return left + right

    def fail(self, left: int) -> None:
        raise ValueError("no")


def node(function: str, **needs: str) -> SchemaNode:
    return SchemaNode(needs=needs, uses=Add, constructor_name="create", fn=function, config={}, eager=True)


@pytest.fixture
def runner() -> DaskGraphRunner:
    schema = GraphSchema(
        {
            "last": node("add", left="middle", right="first"),
            "first": node("add", left="input", right="input"),
            "middle": node("add", left="first", right="input"),
            "broken": node("fail", left="input"),
        }
    )
    return DaskGraphRunner(schema, None, ExecutionContext(schema))


@pytest.mark.parametrize("targets", [["last"], ["first"], ["first", "last"]])
def test_it_gives_what_dask_gives(runner: DaskGraphRunner, targets: list[str]) -> None:
    for number in (1, 5):
        assert graph_run.run(runner, {"input": number}, targets) == runner.run({"input": number}, targets)


def test_nodes_that_nobody_asks_for_do_not_run(runner: DaskGraphRunner) -> None:
    assert graph_run.run(runner, {"input": 2}, ["last"]) == {"last": 10}
    with pytest.raises(GraphComponentException):
        graph_run.run(runner, {"input": 2}, ["broken"])


def test_an_input_that_is_missing_is_an_error(runner: DaskGraphRunner) -> None:
    with pytest.raises(GraphRunError):
        graph_run.run(runner, {}, ["first"])
