"""Rasa's server without TensorFlow.

Rasa imports TensorFlow, with Keras and JAX behind it, at every start, whatever the pipeline holds: its registry of
components imports every component there is. None of ours needs it. Measured on two cores: 2.1 s of the import and
380 MB of the server.

Within a server of ours `tensorflow` and its kin are therefore placeholders that can be imported, inherited from and
named in annotations, which is all that Rasa's modules do with them while they are imported. Whatever goes further
gets `TensorFlowMissing`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

PACKAGES = frozenset({"tensorflow", "keras"})


class TensorFlowMissing(RuntimeError):
    """A component wanted to compute with TensorFlow in a process that goes without."""


class _Placeholder(type):
    """The class of all names found in the placeholder packages; a name found in one of them is another."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _placeholder(f"{cls.__qualname__}.{name}")

    def __call__(cls, *arguments: Any, **options: Any) -> Any:
        # What is left to allow is a bare decorator.
        if len(arguments) == 1 and not options and callable(arguments[0]):
            return arguments[0]
        raise TensorFlowMissing(
            f"{cls.__qualname__} was asked for, but the servers of this project run without TensorFlow "
            "(engine/without_tensorflow.py). Take the component that needs it out of config.yml, or that module out "
            "of engine/launch.py."
        )


def _placeholder(name: str) -> _Placeholder:
    return _Placeholder(name, (), {"__module__": name.partition(".")[0]})


class _Module(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = _placeholder(f"{self.__name__}.{name}")
        setattr(self, name, found)
        return found


class _Finder(MetaPathFinder, Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self, is_package=True) if fullname.partition(".")[0] in PACKAGES else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


def do_without() -> None:
    """Put the placeholders in front, for the rest of this process.

    Raises:
        RuntimeError: TensorFlow has been imported already.
    """
    early = sorted(PACKAGES & set(sys.modules))
    if early:
        raise RuntimeError(f"{', '.join(early)} cannot be left out any more: imported already.")
    sys.meta_path.insert(0, _Finder())
