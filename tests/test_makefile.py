from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MAKEFILE = (ROOT / "Makefile").read_text()


def test_help_lists_every_target_with_what_it_does() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = re.findall(r"^([a-z]+):", MAKEFILE, flags=re.MULTILINE)
    assert len(targets) > 10
    assert re.findall(r"^  make ([a-z]+) +\S", listed, flags=re.MULTILINE) == targets


def test_help_is_what_make_alone_says() -> None:
    said = [
        subprocess.run(["make", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for words in ([], ["help"])
    ]
    assert said[0] == said[1]


def test_no_target_can_be_hidden_by_a_file_of_its_name() -> None:
    targets = re.findall(r"^([a-z]+):", MAKEFILE, flags=re.MULTILINE)
    assert re.findall(r"^\.PHONY: ([a-z]+)$", MAKEFILE, flags=re.MULTILINE) == targets
