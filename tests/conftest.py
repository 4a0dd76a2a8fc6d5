"""What the tests of all rooms share."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

# Set where everything the tests need has been installed, so that a skipped test can only mean a broken set-up.
_REQUIRED = os.environ.get("FRONTDESK_REQUIRE_BROWSER") == "1"
_MARKERS = {
    "browser": "needs Chromium",
    "service": "needs the running servers and a trained model",
}


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known."""
    for name, why in _MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {why}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where a browser is required, a skipped browser or service test is a failed one."""
    report = yield
    expected = getattr(report, "wasxfail", None) is not None
    if _REQUIRED and report.skipped and not expected and any(item.get_closest_marker(name) for name in _MARKERS):
        report.outcome = "failed"
        report.longrepr = f"Skipped although FRONTDESK_REQUIRE_BROWSER=1: {_reason(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Where a browser is required, no module may skip itself as a whole."""
    report = yield
    if _REQUIRED and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"Skipped although FRONTDESK_REQUIRE_BROWSER=1: {_reason(report)}"
    return report


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
