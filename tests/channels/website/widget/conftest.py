"""A visitor's browser in front of a page that carries the widget."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from stub_door import Door, utterance

WIDGET = Path(__file__).resolve().parents[4] / "widget"
AXE = WIDGET / "node_modules" / "axe-core" / "axe.min.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# The pages of other websites come out of the test itself; to a browser, that looks like a site that reaches into this
# machine.
ARGUMENTS = ["--no-sandbox", "--disable-features=LocalNetworkAccessChecks"]
STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"

PAGE = """<!doctype html><html lang="{lang}" dir="{dir}"><head><meta charset="utf-8"><title>A clinic</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{head}
<script src="/webhooks/website/widget.js" async {attributes}></script></head>
<body><main><h1>A clinic</h1><p><a id="link" href="#chat">Chat with us</a></p>{body}</main></body></html>"""

BOOK = [{"title": "Ask to book", "payload": "I would like to book"}]
DAYS = [
    {"title": "Thu 26 Nov", "times": [{"title": "11 am", "payload": "Thursday 26 November at 11 am"}]},
    {"title": "Fri 27 Nov", "times": [{"title": "9 am", "payload": "Friday 27 November at 9 am"}]},
]
REPLIES = {
    "how much?": [utterance("A session costs money.", BOOK, outcome="answer", topics=["cost"], facts=["cost.session"])],
    "I would like to book": [
        utterance("Which day suits you?", custom={"appointment": {"days": DAYS}}, outcome="booking")
    ],
    "Thursday 26 November at 11 am": [
        utterance("You are booked.", custom={"appointment": {"calendar": "calendar/K7M4QX.ics"}}, outcome="booking")
    ],
    "i can't breathe": [utterance("Call 999 now. Do not wait 20 minutes.", outcome="emergency")],
    "it looks infected": [utterance("Please call us today on +44 20 7946 0018, or 111.", outcome="urgent")],
    "choose": [
        utterance(
            "Which one?", [{"title": each, "payload": f"{each} please"} for each in ("A", "B")], outcome="clarify"
        )
    ],
}


class Visit:
    """A page in a browser.

    Attributes:
        page: Playwright's page.
        said: what its console says.
        requests: addresses that it asks for, in order.
        door: the server behind the widget.
    """

    def __init__(self, page: Any, door: Door) -> None:
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


@pytest.fixture
def visit(open_door):
    """Opens a page: ``async with visit(attributes='data-theme="dark"') as visitor``."""

    @asynccontextmanager
    async def visited(
        *,
        door: Door | None = None,
        path: str = "/host",
        policy: str | None = STRICT,
        width: int = 1280,
        height: int = 800,
        lang: str = "en",
        dir: str = "ltr",
        head: str = "",
        body: str = "",
        attributes: str = "",
        **context: Any,
    ) -> AsyncIterator[Visit]:
        program = next(filter(None, map(shutil.which, BROWSERS)), None)
        if program is None:
            pytest.skip("Chromium is not installed")
        playwright = pytest.importorskip("playwright.async_api")
        html = PAGE.format(lang=lang, dir=dir, head=head, body=body, attributes=attributes)
        headers = {"Content-Security-Policy": policy} if policy else {}

        async def host(route: Any) -> None:
            await route.fulfill(body=html, content_type="text/html", headers=headers)

        async with open_door() as own_door, playwright.async_playwright() as engines:
            door = door or own_door
            door.agent.by_text.update(REPLIES)
            browser = await engines.chromium.launch(executable_path=program, args=ARGUMENTS)
            session = await browser.new_context(viewport={"width": width, "height": height}, **context)
            await session.route("**/host*", host)
            visitor = Visit(await session.new_page(), door)
            visitor.page.set_default_timeout(5000)
            await visitor.page.goto(f"{door.address}{path}")
            await visitor.page.locator("frontdesk-chat").wait_for(state="attached")
            yield visitor
            await browser.close()

    return visited
