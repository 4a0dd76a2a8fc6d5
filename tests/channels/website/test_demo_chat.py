"""The chat form of the demo page in a real browser."""

from __future__ import annotations

import shutil
from contextlib import asynccontextmanager

import pytest
from stub_door import utterance

pytestmark = pytest.mark.browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@asynccontextmanager
async def opened_page(door, width=360, height=640):
    """The demo page in Chromium, with what its console says."""
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        pytest.skip("Chromium is not installed")
    playwright = pytest.importorskip("playwright.async_api")
    async with playwright.async_playwright() as engines:
        browser = await engines.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(5000)
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        await page.goto(f"{door.address}/webhooks/website/demo")
        yield page, said
        await browser.close()


async def kept(page) -> int:
    return await page.evaluate("sessionStorage.length + localStorage.length + document.cookie.length")


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1440, 900)])
async def test_page_fits_and_keeps_nothing_until_somebody_writes(open_door, width, height):
    async with open_door() as door, opened_page(door, width, height) as (page, said):
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        assert await kept(page) == 0

        await page.fill("#chat-input", "hello")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".chat-desk[data-outcome]")

        assert await kept(page) == 1
        assert said == []


async def test_reply_shows_text_sources_and_buttons(open_door):
    async with open_door() as door, opened_page(door) as (page, _):
        door.agent.utterances = [
            utterance(
                "It costs <b>money</b>.",
                [{"title": "Pain", "payload": "Does it hurt?"}],
                outcome="answer",
                topics=["cost"],
                facts=["cost.session"],
            )
        ]
        await page.fill("#chat-input", "how much?")
        await page.click("#chat-form button")
        reply = page.locator(".chat-desk[data-outcome=answer]").first
        await reply.wait_for()

        assert "It costs <b>money</b>." in await reply.locator(".chat-text").text_content()
        assert not await reply.locator("li").first.is_visible()
        await reply.locator("summary").click()
        assert await reply.locator("li").all_inner_texts() == [
            "Clinic: Prices, checked on 20 November 2026",
            "NHS: Cosmetic procedures (2024), checked on 20 November 2026",
        ]
        assert await reply.locator("a").get_attribute("href") == "https://www.nhs.uk/"

        await reply.locator("button").focus()
        await page.keyboard.press("Enter")
        await page.locator(".chat-desk[data-outcome]").nth(1).wait_for()
        assert door.agent.received[1].text == "Does it hurt?"
        assert await reply.locator("button").is_disabled()
        assert await page.evaluate("document.activeElement.id") == "chat-input"


async def test_message_that_could_not_be_sent_can_be_sent_again(open_door):
    async with open_door() as door, opened_page(door) as (page, _):
        await page.context.set_offline(True)
        await page.fill("#chat-input", "are you there?")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#chat-problem:not([hidden])")
        assert door.agent.received == []

        await page.context.set_offline(False)
        await page.click("#chat-retry")
        await page.wait_for_selector(".chat-desk[data-outcome]")

        assert [message.text for message in door.agent.received] == ["are you there?"]
        assert await page.locator(".chat-visitor").count() == 1
        assert await page.locator("#chat-problem").is_hidden()


async def test_closed_conversation_is_replaced_by_a_new_one(open_door):
    async with open_door() as door, opened_page(door) as (page, _):
        await page.evaluate("sessionStorage.setItem('frontdesk.session', 'out of date')")
        await page.fill("#chat-input", "hello")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".chat-desk[data-outcome]")

        assert len(door.agent.received) == 1
