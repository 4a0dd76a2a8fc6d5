from __future__ import annotations

import ast
import copy
import inspect
import logging
from types import ModuleType

import pytest

from engine import debug_copies


@pytest.mark.parametrize("module", debug_copies.MODULES, ids=lambda module: module.__name__)
def test_rasa_copies_there_for_debug_lines_only(module: ModuleType) -> None:
    tree = ast.parse(inspect.getsource(module))
    lines = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".debug")
    ]
    shown = {id(node) for line in lines for node in ast.walk(line)}
    uses = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "copy"]
    assert uses
    assert all(id(node) in shown for node in uses)


def test_what_is_shown_is_copied_and_what_is_not_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in debug_copies.MODULES:
        monkeypatch.setattr(module, "copy", copy)
    debug_copies.spare()
    thing = [["words"]]
    for level, copied in ((logging.INFO, False), (logging.DEBUG, True)):
        monkeypatch.setattr(logging.getLogger(), "level", level)
        logging.getLogger().manager._clear_cache()  # type: ignore[attr-defined]
        for module in debug_copies.MODULES:
            shown = module.copy.deepcopy(thing)
            assert shown == thing
            assert (shown[0] is not thing[0]) is copied
    monkeypatch.undo()
    logging.getLogger().manager._clear_cache()  # type: ignore[attr-defined]
