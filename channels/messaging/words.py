"""The words that the messaging doors say by themselves, from `words.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("words.yml")


class Words:
    """Sentences by name, with what is filled in."""

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        """Take the texts; without any, those of `words.yml`."""
        self._texts: Mapping[str, str] = texts or yaml.safe_load(_FILE.read_text(encoding="utf-8"))

    def say(self, name: str, **values: object) -> str:
        """A sentence.

        Raises:
            KeyError: there is none of that name, or it names something that is not given.
        """
        return self._texts[name].format(**values)

    @property
    def choose(self) -> str:
        """The line above numbered choices."""
        return self.say("choose")

    def choice(self, number: int, title: str) -> str:
        """The line of one choice."""
        return self.say("choice", number=number, title=title)

    def source(self, source: Mapping[str, Any], link: bool) -> str:
        """The line of one source, with its address or without."""
        name = "source_with_link" if link and source.get("url") else "source"
        return self.say(name, **{key: source.get(key) or "" for key in ("organisation", "title", "url")})
