"""The widget for everyone: axe finds nothing, the keyboard is enough, small and odd screens work."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

RTL = {"lang": "ar", "dir": "rtl"}


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"color_scheme": "dark"},
        RTL,
        {"width": 360, "height": 640},
        {"lang": "es", "attributes": 'data-color="#ffd400" data-privacy="/privacy"'},
        {"forced_colors": "active"},
    ],
    ids=["light", "dark", "rtl", "phone", "pale brand", "forced colours"],
)
async def test_axe_finds_nothing_in_any_state(visit, page):
    async with visit(**page) as visitor:
        assert await visitor.axe() == [], "closed"
        await visitor.open()
        await visitor.panel.locator(".choice").first.wait_for()
        assert await visitor.axe() == [], "open"
        for text in ("how much?", "I would like to book", "Thursday 26 November at 11 am", "choose"):
            await visitor.ask(text)
            assert await visitor.axe() == [], text
        await visitor.panel.get_by_role("button", name="A", exact=True).click()
        await visitor.panel.locator("summary").first.click()
        await visitor.replies.nth(4).wait_for()
        assert await visitor.axe() == [], "used button, open sources"
        for text in ("i can't breathe", "it looks infected"):
            await visitor.ask(text)
            assert await visitor.axe() == [], text
        await visitor.page.context.set_offline(True)
        await visitor.ask("are you there?", wait=False)
        await visitor.panel.locator(".problem").wait_for()
        await visitor.panel.locator(".delete").click()
        assert await visitor.axe() == [], "failed, offline, about to delete"


@pytest.mark.parametrize(
    "page", [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}], ids=["light", "dark", "forced"]
)
async def test_what_the_mouse_is_on_can_be_read(visit, page):
    async with visit(**page) as visitor:
        await visitor.open()
        await visitor.panel.locator(".choice").first.hover()
        assert await visitor.axe() == [], "a choice"
        for text in ("i can't breathe", "it looks infected"):
            await visitor.ask(text)
            await visitor.panel.locator(".call").last.hover()
            assert await visitor.axe() == [], text
        await visitor.panel.locator(".delete").click()
        await visitor.panel.locator(".danger").hover()
        assert await visitor.axe() == [], "about to delete"


async def test_keyboard_alone_is_enough(visit):
    async with visit() as visitor:
        keyboard = visitor.page.keyboard
        await visitor.tab_to("Ask the front desk")
        await keyboard.press("Enter")
        await visitor.panel.locator("textarea").wait_for()
        assert await visitor.focus() == "input"
        await keyboard.type("how much?")
        await keyboard.press("Enter")
        await visitor.replies.first.wait_for()
        assert await visitor.focus() == "input"

        await visitor.tab_to("Where this comes from", "Shift+Tab")
        await keyboard.press("Enter")
        assert await visitor.panel.locator("details a").is_visible()
        await visitor.tab_to("Ask to book")
        await keyboard.press("Enter")
        await visitor.replies.nth(1).wait_for()
        assert await visitor.focus() == "Ask to book"

        await visitor.tab_to("Fri 27 Nov")
        await keyboard.press("Enter")
        assert await visitor.focus() == "Fri 27 Nov"
        await visitor.tab_to("Thu 26 Nov", "Shift+Tab")
        await keyboard.press("Space")
        await visitor.tab_to("11 am")
        await keyboard.press("Enter")
        await visitor.replies.nth(2).wait_for()
        assert [message.text for message in visitor.door.agent.received] == [
            "how much?",
            "I would like to book",
            "Thursday 26 November at 11 am",
        ]

        await keyboard.press("Escape")
        assert not await visitor.panel.is_visible()
        assert "Ask the front desk" in await visitor.focus()
        for _ in range(6):
            await keyboard.press("Tab")
            assert await visitor.focus() != "input"


async def test_focus_never_falls_to_the_page(visit):
    async with visit() as visitor:
        await visitor.open()
        await visitor.panel.get_by_role("button", name="Prices").click()
        await visitor.replies.first.wait_for()
        assert await visitor.focus() == "input"
        await visitor.page.route("**/message", lambda route: route.abort())
        await visitor.ask("again", wait=False)
        await visitor.page.unroute("**/message")
        await visitor.panel.locator(".retry").click()
        await visitor.replies.nth(1).wait_for()
        assert await visitor.focus() == "input"
        await visitor.panel.locator(".delete").click()
        assert await visitor.focus() == "Keep it"
        await visitor.page.keyboard.press("Enter")
        assert await visitor.focus() == "input"
        await visitor.panel.locator(".delete").click()
        await visitor.panel.locator(".danger").click()
        assert await visitor.focus() == "input"
        await visitor.panel.locator(".close").click()
        assert "Ask the front desk" in await visitor.focus()


async def test_screen_readers_are_told(visit):
    async with visit() as visitor:
        await visitor.open()
        log = visitor.panel.get_by_role("log")
        assert "computer program, not a person" in await log.inner_text()
        assert await visitor.launcher.get_attribute("aria-expanded") == "true"
        assert await visitor.panel.get_by_role("dialog").get_attribute("aria-modal") is None

        await visitor.page.route("**/message", lambda route: None)
        await visitor.ask("how much?", wait=False)
        status = visitor.panel.locator("p.hidden[role=status]")
        await visitor.page.wait_for_function(
            "node => node.textContent === 'The assistant is writing'", arg=await status.element_handle()
        )


@pytest.mark.parametrize("size", [(320, 640), (320, 256), (360, 640), (1440, 900)])
async def test_everything_fits_and_can_be_pressed(visit, size):
    async with visit(width=size[0], height=size[1]) as visitor:
        await visitor.open()
        await visitor.ask("how much?")
        await visitor.ask("it looks infected")
        measured = await visitor.page.evaluate(
            """() => { const root = document.querySelector('frontdesk-chat').shadowRoot.querySelector('frontdesk-panel')
                .shadowRoot; const box = (node) => node.getBoundingClientRect();
              const controls = [...root.querySelectorAll('button, textarea, summary, a.icon, a.choice')];
              return { small: controls.filter((node) => box(node).height < 44 || box(node).width < 44)
                         .map((node) => node.outerHTML),
                       outside: [...root.querySelectorAll('*')].filter((node) => !node.closest('.hidden') &&
                         (box(node).right > innerWidth + 1 || box(node).left < -1)).map((node) => node.outerHTML),
                       font: getComputedStyle(root.querySelector('textarea')).fontSize,
                       page: document.documentElement.scrollWidth }; }"""
        )
        assert measured == {"small": [], "outside": [], "font": "16px", "page": size[0]}
        send = visitor.panel.locator(".send")
        await send.scroll_into_view_if_needed()
        box = await send.bounding_box()
        assert box["y"] + box["height"] <= size[1]


async def test_phone_is_filled_and_tab_stays_in_it(visit):
    async with visit(width=360, height=640) as visitor:
        await visitor.open()
        assert await visitor.panel.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 640}
        assert not await visitor.launcher.is_visible()
        for key in ("Tab", "Shift+Tab"):
            for _ in range(14):
                await visitor.page.keyboard.press(key)
                assert await visitor.page.evaluate("document.activeElement.localName") == "frontdesk-chat"


async def test_touch_screens_keep_the_greeting_in_sight(visit):
    async with visit(width=360, height=640, has_touch=True, is_mobile=True) as visitor:
        await visitor.open()
        assert await visitor.focus() == "Conversation"


async def test_nothing_moves_for_those_who_ask_for_it(visit):
    async with visit(reduced_motion="reduce") as visitor:
        await visitor.page.route("**/message", lambda route: None)
        await visitor.open()
        await visitor.ask("how much?", wait=False)
        await visitor.panel.locator(".typing").wait_for()
        assert await visitor.page.evaluate("document.getAnimations().length") == 0


async def test_right_to_left_pages_are_mirrored(visit):
    async with visit(**RTL) as visitor:
        assert (await visitor.launcher.bounding_box())["x"] < 40
        await visitor.open()
        close = await visitor.panel.locator(".close").bounding_box()
        mark = await visitor.panel.locator(".mark").bounding_box()
        assert close["x"] < mark["x"]


async def test_interface_speaks_the_language_of_the_page(visit):
    async with visit(lang="es-MX") as visitor:
        assert "Pregunte a recepción" in await visitor.launcher.inner_text()
        await visitor.open()
        await visitor.panel.get_by_role("button", name="Precios").click()
        await visitor.replies.first.wait_for()
        assert visitor.door.agent.received[0].text == "How much does it cost?"
        assert await visitor.replies.locator(".text").first.get_attribute("lang") == "en-GB"
