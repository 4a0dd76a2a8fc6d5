"""The demo page with the real servers behind it: what a visitor presses, from the first word to the calendar."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.browser import Visit, browser
from tests.frontdesk.booking.calendar_files import read
from tests.running_desk import FrontDesk, running_desk

pytestmark = [pytest.mark.service, pytest.mark.browser, pytest.mark.timeout(300)]

PATIENCE_MS = 20_000
PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontDesk]:
    folder = tmp_path_factory.mktemp("desk")
    with running_desk(folder) as front_desk:
        yield front_desk


@asynccontextmanager
async def visiting(desk: FrontDesk, **context: Any) -> AsyncIterator[Visit]:
    """A visitor on the demo page; nothing may have gone wrong there in the end."""
    async with browser() as chromium:
        session = await chromium.new_context(**context)
        visitor = Visit(await session.new_page())
        visitor.page.set_default_timeout(PATIENCE_MS)
        await visitor.page.goto(f"{desk.url}/webhooks/website/demo")
        await visitor.launcher.wait_for()
        yield visitor
        assert visitor.said == []


async def to_the_card(visitor: Visit, email: str) -> None:
    for text in ("I'd like to book a consultation", "Zoë Müller", email):
        await visitor.ask(text)
    await visitor.panel.locator(".times button").first.wait_for()


async def last_reply(visitor: Visit) -> str:
    return str(await visitor.replies.last.inner_text())


async def press(visitor: Visit, name: str, key: str = "Tab") -> None:
    """Reach a button by keyboard, press it, and see that the focus stays where the visitor left it."""
    before = await visitor.replies.count()
    await visitor.tab_to(name, key)
    await visitor.page.keyboard.press("Enter")
    await visitor.replies.nth(before).wait_for()
    assert name in await visitor.focus()


async def test_the_keyboard_alone_is_enough_to_ask_and_to_book(desk: FrontDesk, tmp_path: Path) -> None:
    async with visiting(desk, **DESKTOP) as visitor:
        keyboard = visitor.page.keyboard

        async def write(text: str) -> None:
            before = await visitor.replies.count()
            if await visitor.focus() != "input":
                await visitor.tab_to("input")
            await keyboard.type(text)
            await keyboard.press("Enter")
            await visitor.replies.nth(before).wait_for()

        await visitor.tab_to("Ask the front desk")
        await keyboard.press("Enter")
        await visitor.panel.locator("textarea").wait_for()
        assert await visitor.focus() == "input"
        await write("how much is a session?")
        assert "£195" in await last_reply(visitor)
        await visitor.tab_to("Where this comes from", "Shift+Tab")
        await keyboard.press("Enter")
        assert await visitor.panel.locator("details li").first.is_visible()

        choices = (
            await visitor.panel.get_by_role("group", name="Suggested replies").get_by_role("button").all_inner_texts()
        )
        await press(visitor, choices[0].strip())
        await write("I'd like to book a consultation")
        await write("Zoë Müller")
        await write("keyboard@visitor.example")
        days = await visitor.panel.locator(".days button").all_inner_texts()
        await visitor.tab_to(days[1].strip(), "Shift+Tab")
        await keyboard.press("Space")
        assert await visitor.focus() == days[1].strip()
        time = (await visitor.panel.locator(".times button").nth(1).inner_text()).strip()
        await press(visitor, time)
        assert f"at {time} for Zoë Müller" in await last_reply(visitor)
        await press(visitor, "Yes, book it")
        assert "You are booked in" in await last_reply(visitor)
        await visitor.tab_to("Add to calendar")
        async with visitor.page.expect_download() as download:
            await keyboard.press("Enter")
        path = tmp_path / "visit.ics"
        await (await download.value).save_as(path)
        assert time.split(" ")[0].split(":")[0] in f"{read(path.read_bytes())['events'][0]['DTSTART']:%-I}"

        await keyboard.press("Escape")
        assert not await visitor.panel.is_visible()
        assert "Ask the front desk" in await visitor.focus()
    assert "keyboard@visitor.example" in desk.command("bookings", "list")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_visit_is_picked_from_the_card(desk: FrontDesk, screen: dict[str, Any], scheme: Any) -> None:
    async with visiting(desk, color_scheme=scheme, **screen) as visitor:
        await visitor.open()
        await to_the_card(visitor, f"{scheme}-{screen['viewport']['width']}@visitor.example")
        assert await visitor.axe() == [], "the card"
        assert await visitor.panel.locator(".days button").count() == 4
        await visitor.panel.locator(".days button").nth(2).click()
        day = (await visitor.panel.locator(".days button").nth(2).inner_text()).strip()
        last = visitor.panel.locator(".times button").last
        title = (await last.inner_text()).strip()
        await last.click()
        await visitor.panel.get_by_role("button", name="Yes, book it").wait_for()
        # What was picked is said with its day, and nothing else on the card can be pressed now.
        assert f"{day}, {title}" in await visitor.panel.locator(".visitor").last.inner_text()
        assert f"at {title}" in await last_reply(visitor)
        assert await last.get_attribute("aria-pressed") == "true"
        assert await visitor.panel.locator(".times button[aria-disabled=false]").count() == 0
        assert await visitor.axe() == [], "the last question"

        await visitor.panel.get_by_role("button", name="Yes, book it").click()
        link = visitor.panel.get_by_role("link", name="Add to calendar")
        await link.wait_for()
        assert re.fullmatch(rf"{desk.url}/webhooks/website/invitation/\w+-\w+\.ics", await link.get_attribute("href"))
        # The address is behind the button only.
        assert "http" not in await last_reply(visitor)
        assert await visitor.axe() == [], "the confirmation"
        overflow = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert await visitor.page.evaluate(overflow) is False

        await visitor.page.reload()
        if screen is PHONE:
            # Where it covers the page, it does not open by itself.
            await visitor.open()
        await visitor.panel.locator(".times button[aria-pressed=true]").wait_for()
        assert await visitor.panel.locator(".days button[aria-pressed=true]").inner_text() == day


async def test_the_card_and_free_text_are_one_conversation(desk: FrontDesk) -> None:
    async with visiting(desk, **DESKTOP) as visitor:
        await visitor.open()
        await to_the_card(visitor, "both@visitor.example")
        first = await visitor.panel.locator(".days button").all_inner_texts()
        await visitor.panel.get_by_role("button", name="Other times").click()
        await visitor.panel.locator(".days").nth(1).wait_for()
        assert not set(first) & set(await visitor.panel.locator(".days").nth(1).locator("button").all_inner_texts())
        await visitor.ask("does it hurt?")
        # The answer, and the card once more.
        await visitor.panel.locator(".days").nth(2).wait_for()
        await visitor.ask("the second one, in the morning")
        await visitor.ask("actually, do you have other times?")
        await visitor.panel.locator(".times button:not([aria-disabled=true])").last.click()
        await visitor.panel.get_by_role("button", name="Yes, book it").last.wait_for()
        await visitor.ask("yes please")
        await visitor.panel.get_by_role("link", name="Add to calendar").wait_for()
    assert desk.command("bookings", "list").count("both@visitor.example") == 1
