"""A visitor in front of a page that carries the widget: Chromium, its keyboard, and axe."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from frontdesk.settings import REPOSITORY

WIDGET = REPOSITORY / "widget"
AXE = WIDGET / "node_modules" / "axe-core" / "axe.min.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# The pages of other websites come out of the tests themselves; to a browser, that looks like a site that reaches into
# this machine.
ARGUMENTS = ["--no-sandbox", "--disable-features=LocalNetworkAccessChecks"]


class Visit:
    """A page in a browser.

    Attributes:
        page: Playwright's page.
        said: what its console says.
        requests: addresses that it asks for, in order.
        door: the server behind the widget, where a test has one to hand.
    """

    def __init__(self, page: Any, door: Any = None) -> None:
        self.page = page
        self.door = door
        self.said: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    @property
    def panel(self) -> Any:
        return self.page.locator("frontdesk-panel")

    @property
    def launcher(self) -> Any:
        return self.page.locator("frontdesk-chat .launcher")

    async def open(self) -> None:
        await self.launcher.click()
        await self.panel.locator("[role=dialog]").wait_for()
        await self.settled()

    async def settled(self) -> None:
        """Wait until the opening has been drawn to its end."""
        frame = await self.page.locator("frontdesk-chat .frame").element_handle()
        await self.page.wait_for_function("frame => frame.getAnimations().length === 0", arg=frame)

    async def ask(self, text: str, wait: bool = True) -> None:
        before = await self.replies.count()
        await self.panel.locator("textarea").fill(text)
        await self.panel.locator("textarea").press("Enter")
        if wait:
            await self.replies.nth(before).wait_for()

    @property
    def replies(self) -> Any:
        return self.panel.locator("[data-outcome]")

    async def focus(self) -> str:
        """Where the keyboard is: name or text of the innermost element."""
        return await self.page.evaluate(
            """() => { let at = document.activeElement;
            while (at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
            return at.ariaLabel || at.id || at.textContent.trim() || at.localName; }"""
        )

    async def kept(self) -> list[str]:
        return await self.page.evaluate(
            "[...Object.keys(localStorage), ...Object.keys(sessionStorage), ...(document.cookie ? ['cookie'] : [])]"
        )

    async def tab_to(self, name: str, key: str = "Tab") -> None:
        seen = []
        for _ in range(25):
            await self.page.keyboard.press(key)
            seen.append(await self.focus())
            if name in seen[-1]:
                return
        raise AssertionError(f"{name!r} cannot be reached by keyboard, only {seen}")

    async def axe(self) -> list[str]:
        """Findings of axe, all rules; needs the widget's development packages."""
        await self.page.evaluate(axe_source())
        found = await self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{each['id']}: {node['target']} {node['failureSummary']}"
            for each in found["violations"]
            for node in each["nodes"]
        ]


def axe_source() -> str:
    if not AXE.exists():
        if shutil.which("npm") is None:
            pytest.skip("npm is not installed, so axe-core is not there")
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=WIDGET, check=True, capture_output=True)
    return AXE.read_text(encoding="utf-8")


@asynccontextmanager
async def browser() -> AsyncIterator[Any]:
    """Chromium within the block; skips where there is none."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("Chromium is not installed")
    playwright = pytest.importorskip("playwright.async_api")
    async with playwright.async_playwright() as engines:
        chromium = await engines.chromium.launch(executable_path=program, args=ARGUMENTS)
        try:
            yield chromium
        finally:
            await chromium.close()
