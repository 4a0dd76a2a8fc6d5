"""The widget on somebody else's page: what it costs, what it keeps, what the page can and cannot do to it."""

from __future__ import annotations

import asyncio
import gzip

import pytest
from stub_door import SITE

from channels.website.scripts import WIDGET

pytestmark = pytest.mark.browser

HOSTILE = """body *, body *::before { font: 28px/3 cursive !important; letter-spacing: 9px !important;
color: lime !important;
text-transform: uppercase !important; display: inline !important; position: static !important; margin: 30px !important;
opacity: .3 !important; visibility: hidden !important; pointer-events: none !important;
transform: rotate(9deg) !important; } frontdesk-chat { z-index: -1 !important; width: 0 !important; }
body { visibility: visible !important; }"""

LAYOUT = """() => { const host = document.querySelector('frontdesk-chat'); const chat = host.shadowRoot;
const panel = chat.querySelector('frontdesk-panel').shadowRoot;
return [chat.querySelector('.launcher'), panel.querySelector('.panel'), panel.querySelector('textarea'),
  panel.querySelector('.choice')].map((node) => { const box = node.getBoundingClientRect(); const style =
  getComputedStyle(node); return [box.x, box.y, box.width, box.height].map(Math.round).join() + style.font + style.color
  + style.letterSpacing + style.visibility + style.textTransform; }).concat(getComputedStyle(host).opacity,
  getComputedStyle(host).position, getComputedStyle(host).pointerEvents); }"""


async def test_nothing_is_asked_for_or_kept_before_the_first_opening(visit):
    async with visit() as visitor:
        await visitor.page.wait_for_load_state("networkidle")
        shifts = await visitor.page.evaluate(
            """() => new Promise((done) => { let sum = 0; new PerformanceObserver((list) => { for (const shift of
            list.getEntries()) sum += shift.value; }).observe({ type: 'layout-shift', buffered: true });
            setTimeout(() => done(sum), 300); })"""
        )
        assert [url.rpartition("/")[2] for url in visitor.requests] == ["host", "widget.js"]
        assert await visitor.kept() == []
        assert shifts == 0

        await visitor.open()
        assert await visitor.kept() != []
        assert all(url.startswith(visitor.door.address) for url in visitor.requests)


async def test_strict_policy_is_kept(visit):
    async with visit() as visitor:
        await visitor.open()
        for text in ("how much?", "I would like to book", "i can't breathe"):
            await visitor.ask(text)
        assert visitor.said == []


async def test_nonce_is_handed_on(visit):
    policy = "default-src 'none'; script-src 'nonce-abc'; style-src 'nonce-abc'; connect-src 'self'"
    async with visit(policy=policy, attributes='nonce="abc"') as visitor:
        await visitor.open()
        assert visitor.said == []


async def test_hostile_styles_change_nothing(visit):
    async with visit(policy=None) as visitor:
        await visitor.open()
        await visitor.panel.locator(".choice").first.wait_for()
        # Without the opening animation, which is still on its way.
        await visitor.page.wait_for_timeout(400)
        before = await visitor.page.evaluate(LAYOUT)
        await visitor.page.add_style_tag(content=HOSTILE)
        assert await visitor.page.evaluate(LAYOUT) == before


async def test_script_that_is_included_twice_makes_one_widget(visit):
    again = '<script src="/webhooks/website/widget.js?again" async></script>'
    async with visit(body=again) as visitor:
        await visitor.page.wait_for_load_state("networkidle")
        assert await visitor.page.locator("frontdesk-chat").count() == 1
        assert await visitor.page.evaluate("Object.keys(window).filter((name) => /frontdesk/i.test(name))") == [
            "Frontdesk"
        ]
        assert visitor.said == []


async def test_calls_before_the_script_is_there_are_made_once(visit):
    async with visit(
        policy=None,
        head="""<script>window.heard = []; window.Frontdesk = window.Frontdesk || [];
        Frontdesk.push(["on", "ready", () => heard.push("ready")]);
        Frontdesk.push(["on", "open", () => heard.push("open")]);
        Frontdesk.push(["set", {label: "Questions?"}], ["open"]);</script>""",
    ) as visitor:
        await visitor.panel.wait_for()
        assert await visitor.page.evaluate("heard") == ["ready", "open"]
        await visitor.panel.locator(".close").click()
        assert "Questions?" in await visitor.launcher.inner_text()


async def test_site_can_steer_it_and_hears_no_words_of_visitors(visit):
    async with visit(policy=None) as visitor:
        page = visitor.page
        await page.evaluate(
            """() => { window.heard = []; for (const name of ['open', 'close', 'message', 'reply', 'unread', 'error',
            'delete']) Frontdesk.on(name, (detail) => heard.push([name, JSON.stringify(detail)]));
            window.off = Frontdesk.on('open', () => heard.push(['removed', ''])); off();
            Frontdesk.on('open', () => { throw new Error('mistake of the site'); }); }"""
        )
        await page.evaluate("Frontdesk.ask('how much?')")
        await visitor.replies.first.wait_for()
        assert await page.evaluate("Frontdesk.isOpen")
        await page.evaluate("Frontdesk.toggle()")
        assert not await visitor.panel.is_visible()
        await page.evaluate("Frontdesk.hide()")
        assert not await visitor.launcher.is_visible()
        await page.evaluate("Frontdesk.show()")
        await page.evaluate("Frontdesk.reset()")
        heard = await page.evaluate("heard")
        assert [name for name, _ in heard] == ["open", "message", "reply", "close", "delete"]
        assert json_of(heard, "reply") == '{"outcome":"answer","topics":["cost"]}'
        assert "how much" not in str(heard)

        await page.evaluate("Frontdesk.destroy()")
        assert await page.locator("frontdesk-chat").count() == 0
        assert await page.evaluate("'Frontdesk' in window") is False
        await page.locator("#link").click()


async def test_reply_that_arrives_while_closed_raises_the_badge(visit):
    async with visit() as visitor:
        await visitor.open()
        closed = asyncio.Event()

        async def late(route):
            answer = await route.fetch()
            await closed.wait()
            await route.fulfill(response=answer)

        await visitor.page.route("**/message", late)
        await visitor.ask("how much?", wait=False)
        await visitor.panel.locator(".close").click()
        closed.set()
        await visitor.page.locator("frontdesk-chat .badge").get_by_text("1 new").wait_for()
        assert "1 new" in await visitor.launcher.inner_text()
        await visitor.open()
        assert not await visitor.page.locator("frontdesk-chat .badge").is_visible()


async def test_link_of_the_page_opens_it(visit):
    async with visit() as visitor:
        await visitor.page.locator("#link").click()
        await visitor.panel.wait_for()
        assert await visitor.page.evaluate("location.hash") == ""

    async with visit(path="/host#chat") as visitor:
        await visitor.panel.wait_for()


async def test_stays_open_from_page_to_page_but_not_on_a_phone(visit):
    async with visit() as visitor:
        await visitor.open()
        await visitor.page.goto(f"{visitor.door.address}/host?next")
        await visitor.panel.wait_for()
        assert await visitor.focus() != "input"
        await visitor.page.set_viewport_size({"width": 360, "height": 640})
        await visitor.page.reload()
        await visitor.launcher.wait_for()
        assert not await visitor.panel.is_visible()


async def test_looks_are_set_by_attributes_and_properties(visit):
    style = "<style>:root { --frontdesk-color: rgb(120, 30, 90); }</style>"
    attributes = 'data-theme="dark" data-position="left" data-greeting="Good day" data-name="Skin & Co"'
    async with visit(policy=None, head=style, attributes=attributes) as visitor:
        ground = await visitor.launcher.evaluate("node => getComputedStyle(node).backgroundColor")
        assert ground == "rgb(120, 30, 90)"
        assert (await visitor.launcher.bounding_box())["x"] == 20
        await visitor.open()
        assert "Good day" in await visitor.panel.locator(".panel").inner_text()
        assert "computer program, not a person" in await visitor.panel.locator(".panel").inner_text()
        assert "Skin & Co" in await visitor.panel.locator(".head").inner_text()
        surface = await visitor.panel.locator(".panel").evaluate("node => getComputedStyle(node).backgroundColor")
        assert surface == "rgb(23, 29, 31)"


async def test_works_on_another_website_that_is_allowed(visit):
    async with visit(policy=None) as visitor:
        html = (
            f'<!doctype html><title>x</title><script src="{visitor.door.address}/webhooks/website/widget.js"></script>'
        )

        async def other(route):
            await route.fulfill(body=html, content_type="text/html")

        await visitor.page.context.route(f"{SITE}/**", other)
        await visitor.page.context.route("https://evil.example/**", other)
        await visitor.page.goto(f"{SITE}/")
        await visitor.open()
        await visitor.ask("how much?")
        assert len(visitor.door.agent.received) == 1

        await visitor.page.goto("https://evil.example/")
        await visitor.open()
        await visitor.ask("how much?", wait=False)
        await visitor.panel.locator(".problem").wait_for()
        assert len(visitor.door.agent.received) == 1


async def test_demo_page_is_a_page_of_the_clinic(visit):
    async with visit(path="/webhooks/website/demo") as visitor:
        assert await visitor.axe() == []
        await visitor.page.get_by_role("link", name="Ask us anything").click()
        await visitor.panel.locator("[role=dialog]").wait_for()
        await visitor.settled()
        assert await visitor.axe() == []
        assert visitor.said == []
        assert await visitor.page.evaluate("[...document.images].every((image) => image.naturalWidth > 0)")
        for width in (320, 768):
            await visitor.page.set_viewport_size({"width": width, "height": 640})
            assert await visitor.page.evaluate("document.documentElement.scrollWidth") <= width


def test_scripts_stay_small():
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9, mtime=0)) for path in WIDGET.glob("*.js")}
    assert sizes["widget.js"] <= 15_000
    assert sum(sizes.values()) <= 40_000


def json_of(heard, name):
    return next(detail for each, detail in heard if each == name)
