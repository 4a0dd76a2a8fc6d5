from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = "pytester"

TESTS = """
import pytest

@pytest.mark.browser
def test_in_a_browser():
    pytest.skip("there is no browser")

def test_elsewhere():
    pytest.skip("not on this system")
"""


@pytest.fixture
def guarded(pytester: pytest.Pytester) -> pytest.Pytester:
    """A suite with the same conftest.py as ours."""
    pytester.makeconftest((Path(__file__).parent / "conftest.py").read_text())
    return pytester


def test_a_skipped_browser_test_fails_where_a_browser_is_required(
    guarded: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTDESK_REQUIRE_BROWSER", "1")
    guarded.makepyfile(TESTS)
    result = guarded.runpytest_subprocess()
    result.assert_outcomes(failed=1, skipped=1)
    result.stdout.fnmatch_lines(["*there is no browser*"])


def test_a_module_that_skips_itself_fails_where_a_browser_is_required(
    guarded: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTDESK_REQUIRE_BROWSER", "1")
    guarded.makepyfile("import pytest\npytest.importorskip('no_such_module')")
    guarded.runpytest_subprocess().assert_outcomes(errors=1)


def test_elsewhere_a_skipped_browser_test_is_just_skipped(
    guarded: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FRONTDESK_REQUIRE_BROWSER", raising=False)
    guarded.makepyfile(TESTS)
    guarded.runpytest_subprocess().assert_outcomes(skipped=2)
