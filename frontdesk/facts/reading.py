"""Reading one YAML file of the facts store into plain data, strictly enough that a slip is found and not guessed at."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

# Far above any file of the store; below it, no file can exhaust the reader.
MAX_BYTES = 2_000_000
MAX_DEPTH = 50


class Defect(NamedTuple):
    """One thing wrong with the content: the file (relative to the folder), the entry in it, and why."""

    file: str
    entry: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.entry}: {self.reason}"


class FactsError(Exception):
    """The content cannot be used; the message lists every defect found, one `file: entry: reason` a line."""

    def __init__(self, defects: list[Defect]) -> None:
        self.defects = tuple(defects)
        super().__init__("\n".join(str(defect) for defect in self.defects))


class _ShapeError(Exception):
    """Valid YAML, but of a kind that is not read here."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line


class _Loader(yaml.CSafeLoader):
    """YAML whose plain words are what they look like: "no" is a word, 10:00 no number of seconds, a date stays text."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if key.tag != "tag:yaml.org,2002:str":
                raise yaml.constructor.ConstructorError(None, None, "a name must be plain text", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} is given twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {}
for _kind, _pattern, _first in (
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("bool", r"^(?:true|false)$", list("tf")),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", list("-0123456789")),
    ("float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", list("-0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(_pattern), _first)


def read_yaml(path: Path, folder: Path) -> Any:
    """Read a file into mappings, lists, text, numbers, booleans and None; dates and times of day stay text.

    Args:
        path: The file.
        folder: The facts folder, to name the file in a complaint.

    Raises:
        FactsError: The file cannot be read, is not valid YAML, or gives a name twice.
    """
    name = path.relative_to(folder).as_posix()
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FactsError([Defect(name, "file", f"larger than {MAX_BYTES} bytes")])
        text = path.read_text(encoding="utf-8-sig")
        _check_shape(text)
        return yaml.load(text, _Loader)  # noqa: S506 - the loader is a safe one
    except OSError as error:
        raise FactsError([Defect(name, "file", error.strerror or "cannot be read")]) from error
    except UnicodeDecodeError as error:
        raise FactsError([Defect(name, "file", "is not UTF-8 text")]) from error
    except _ShapeError as error:
        raise FactsError([Defect(name, f"line {error.line + 1}", error.problem)]) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}" if mark else "file"
        raise FactsError([Defect(name, where, error.problem or "is not valid YAML")]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise FactsError([Defect(name, "file", "is not valid YAML")]) from error


def _check_shape(text: str) -> None:
    # The compiled composer recurses and would end the process, not raise; events come without recursion.
    anchored: list[bool] = []
    for event in yaml.parse(text, _Loader):
        problem = None
        if isinstance(event, yaml.CollectionEndEvent):
            anchored.pop()
        elif isinstance(event, yaml.CollectionStartEvent):
            anchored.append(event.anchor is not None)
        elif isinstance(event, yaml.AliasEvent) and any(anchored):
            # What repeats can then hold neither itself nor other repeats, so it can neither loop nor explode.
            problem = "an alias (*) may not stand inside something that has an anchor (&) itself"
        if getattr(event, "tag", None):
            problem = "tags (!) are not used"
        if len(anchored) > MAX_DEPTH:
            problem = "nested too deeply"
        if problem:
            raise _ShapeError(problem, event.start_mark.line if event.start_mark else 0)
