from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from engine.without_tensorflow import do_without\n" + textwrap.dedent(program)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.timeout(120)
def test_all_that_a_server_imports_of_rasa_works_without_tensorflow() -> None:
    ended = run(
        """
        do_without()
        import sys
        import rasa.__main__, rasa.core.run, rasa.server, rasa.engine.recipes.default_recipe
        from rasa.core.policies.ted_policy import TEDPolicy
        real = [name for name in sys.modules if name.startswith(("tensorflow.python.eager", "jax", "keras.engine"))]
        assert not real, real
        """
    )
    assert ended.returncode == 0, ended.stderr


@pytest.mark.timeout(120)
def test_what_would_compute_with_tensorflow_says_what_to_do() -> None:
    ended = run("do_without()\nimport tensorflow as tf\ntf.constant([1.0, 2.0])")
    assert "tensorflow.constant was asked for" in ended.stderr
    assert "config.yml" in ended.stderr


def test_what_is_imported_already_cannot_be_left_out() -> None:
    ended = run("import sys, types\nsys.modules['tensorflow'] = types.ModuleType('tensorflow')\ndo_without()")
    assert "imported already" in ended.stderr


def test_packages_of_other_names_are_left_alone() -> None:
    assert run("do_without()\nimport json\nimport sklearn\nassert sklearn.__version__").returncode == 0
