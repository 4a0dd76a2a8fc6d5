"""A visitor's browser in front of a page that carries the widget."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from stub_door import Door, utterance

from tests.browser import Visit, browser

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
        html = PAGE.format(lang=lang, dir=dir, head=head, body=body, attributes=attributes)
        headers = {"Content-Security-Policy": policy} if policy else {}

        async def host(route: Any) -> None:
            await route.fulfill(body=html, content_type="text/html", headers=headers)

        async with open_door() as own_door, browser() as chromium:
            door = door or own_door
            door.agent.by_text.update(REPLIES)
            session = await chromium.new_context(viewport={"width": width, "height": height}, **context)
            await session.route("**/host*", host)
            visitor = Visit(await session.new_page(), door)
            visitor.page.set_default_timeout(5000)
            await visitor.page.goto(f"{door.address}{path}")
            await visitor.page.locator("frontdesk-chat").wait_for(state="attached")
            yield visitor

    return visited
