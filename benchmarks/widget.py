"""Measures the widget in Chromium against a running desk: what it costs a page, and how soon it replies.

    python -m benchmarks.widget --url http://127.0.0.1:5005 [--images docs/images]

With --images, also takes the screenshots of the README.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import os
import shutil
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

WIDGET = Path(__file__).resolve().parent.parent / "channels" / "website" / "static" / "widget"
SLOW = {"offline": False, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8, "latency": 150}
THROTTLE = 4
RUNS = 3
# How often each question is asked, in one conversation.
ROUNDS = 4
QUESTIONS = (
    "how much is it?",
    "Does it hurt?",
    "how long does it take to heal?",
    "where are you?",
    "are you open today?",
)
SIZES = {"phone": (360, 640), "desktop": (1440, 900)}
SHOWN = {
    "phone": ("I'd like to book a consultation", "Zoë Müller", "zoe@visitor.example"),
    "desktop": (QUESTIONS[1],),
}
PAGE = """<!doctype html><html lang=en><title>A page</title><link rel=icon href=data:,>
<body><h1>A page</h1><script src={} async></script></body>"""
READY = "performance.getEntriesByName('launcher')[0]?.startTime"
# Marks the moment at which the launcher is in the page and has been laid out.
WATCH = """new MutationObserver(() => { if (document.querySelector('frontdesk-chat')?.offsetHeight)
performance.mark('launcher'); }).observe(document, { childList: true, subtree: true });"""
SHIFT = """() => new Promise((done) => { let sum = 0; new PerformanceObserver((list) => { for (const each of
list.getEntries()) sum += each.value; }).observe({ type: 'layout-shift', buffered: true });
setTimeout(() => done(sum), 500); })"""
# Measured inside the page, so that the way from and to the test program does not count.
REPLY = """(text) => new Promise((done) => { const root = document.querySelector('frontdesk-chat').shadowRoot
.querySelector('frontdesk-panel').shadowRoot; const input = root.querySelector('textarea'); const before =
root.querySelectorAll('[data-outcome]').length; const start = performance.now(); input.value = text;
input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })); const look = () => {
if (root.querySelectorAll('[data-outcome]').length > before) done(performance.now() - start);
else requestAnimationFrame(look); }; look(); })"""


async def ready(browser: Any, site: str) -> tuple[float, float, int]:
    """Milliseconds until the launcher is there on a slow phone, layout shift, and requests besides the page."""
    context = await browser.new_context(viewport={"width": 360, "height": 640})
    page = await context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.add_init_script(WATCH)
    devtools = await context.new_cdp_session(page)
    await devtools.send("Network.enable")
    await devtools.send("Network.emulateNetworkConditions", SLOW)
    await devtools.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    await page.goto(site)
    await page.wait_for_function(READY)
    moment = await page.evaluate(READY)
    shift = await page.evaluate(SHIFT)
    await context.close()
    return moment, shift, len(asked) - 1


@contextmanager
def other_site(url: str) -> Iterator[str]:
    """Serves a page that includes the widget of a desk, from an address of its own."""
    page = PAGE.format(f"{url}/webhooks/website/widget.js").encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Keeps quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


async def replies(browser: Any, url: str) -> list[float]:
    """Milliseconds from Enter until each reply is in the page."""
    page = await browser.new_page()
    await page.goto(f"{url}/webhooks/website/demo")
    await page.locator("frontdesk-chat .launcher").click()
    await page.locator("frontdesk-panel textarea").wait_for()
    times = [await page.evaluate(REPLY, question) for question in QUESTIONS * ROUNDS]
    await page.close()
    return times


async def pictures(browser: Any, url: str, folder: Path) -> None:
    """Takes the four screenshots."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            page = await browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            await page.goto(f"{url}/webhooks/website/demo")
            await page.locator("frontdesk-chat .launcher").click()
            await page.locator("frontdesk-panel textarea").wait_for()
            for text in SHOWN[name]:
                await page.evaluate(REPLY, text)
            await page.wait_for_timeout(500)
            await page.screenshot(path=folder / f"widget-{name}-{scheme}.png")
            await page.close()


async def measure(url: str, images: Path | None) -> None:
    """Prints all figures."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    async with async_playwright() as engines:
        browser = await engines.chromium.launch(executable_path=program, args=["--no-sandbox"])
        with other_site(url) as site:
            runs = [await ready(browser, site) for _ in range(RUNS)]
        times = await replies(browser, url)
        if images:
            await pictures(browser, url, images)
        await browser.close()
    packed = {path.name: len(gzip.compress(path.read_bytes(), 9, mtime=0)) for path in WIDGET.glob("*.js")}
    print(f"gzipped: closed {packed['widget.js']} bytes, everything {sum(packed.values())} bytes")
    print(f"launcher ready: {statistics.median(run[0] for run in runs):.0f} ms (median of {RUNS})")
    print(f"layout shift: {max(run[1] for run in runs)}; requests besides the page: {max(run[2] for run in runs)}")
    print(f"reply after Enter: {statistics.median(times):.0f} ms (median of {len(times)}), slowest {max(times):.0f} ms")
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--images", type=Path)
    given = parser.parse_args()
    asyncio.run(measure(given.url, given.images))
