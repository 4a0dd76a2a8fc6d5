"""The widget's scripts: small, compressed, cached as long as they may be, and what the sources say."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from channels.website.scripts import WIDGET

ROOT = Path(__file__).resolve().parents[3] / "widget"
NAMES = ("widget.js", "panel.js")


def version(name: str) -> str:
    return hashlib.sha256((WIDGET / name).read_bytes()).hexdigest()[:16]


async def test_alias_is_short_lived_and_versions_last(open_door):
    async with open_door() as door:
        alias = await door.http.get("/widget.js")
        pinned = await door.http.get(f"/widget/widget-{version('widget.js')}.js")

        assert alias.content == pinned.content == (WIDGET / "widget.js").read_bytes()
        assert alias.headers["cache-control"] == "public, max-age=600"
        assert pinned.headers["cache-control"] == "public, max-age=31536000, immutable"
        for response in (alias, pinned):
            assert response.headers["content-type"] == "text/javascript; charset=utf-8"
            assert response.headers["content-encoding"] == "gzip"
            assert response.headers["vary"] == "Accept-Encoding"
            assert response.headers["x-content-type-options"] == "nosniff"
            assert response.headers["cross-origin-resource-policy"] == "cross-origin"
            assert response.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("accepted", ["identity", "br", "gzip;q=0", ""])
async def test_browser_without_gzip_gets_the_plain_script(open_door, accepted):
    async with open_door() as door:
        response = await door.http.get("/widget.js", headers={"Accept-Encoding": accepted})

        assert "content-encoding" not in response.headers
        assert len(response.content) == int(response.headers["content-length"]) == (WIDGET / "widget.js").stat().st_size


async def test_script_is_not_sent_twice(open_door):
    async with open_door() as door:
        first = await door.http.get("/widget.js")
        again = await door.http.get("/widget.js", headers={"If-None-Match": first.headers["etag"]})

        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["widget-0000000000000000.js", "..%2fdemo.html", "index.html", ""])
async def test_nothing_else_is_there(open_door, name):
    async with open_door() as door:
        assert (await door.http.get(f"/widget/{name}")).status_code == 404


def test_launcher_names_the_panel_it_was_built_with():
    widget = (WIDGET / "widget.js").read_text(encoding="utf-8")
    integrity = base64.b64encode(hashlib.sha384((WIDGET / "panel.js").read_bytes()).digest()).decode()

    assert f"panel-{version('panel.js')}.js" in widget
    assert f"sha384-{integrity}" in widget


def test_readme_pins_the_script_that_is_served():
    integrity = base64.b64encode(hashlib.sha384((WIDGET / "widget.js").read_bytes()).digest()).decode()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert f"/widget/widget-{version('widget.js')}.js" in readme
    assert f"sha384-{integrity}" in readme


def test_scripts_stay_small_and_run_nothing_they_are_told():
    packed = {name: len(gzip.compress((WIDGET / name).read_bytes(), 9, mtime=0)) for name in NAMES}

    assert packed["widget.js"] <= 15_000
    assert sum(packed.values()) <= 40_000
    for source in (ROOT / "src").rglob("*.ts"):
        text = source.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|unsafeHTML", text), source


def test_catalogues_say_the_same_things():
    def shape(value):
        if isinstance(value, dict):
            return {name: shape(each) for name, each in value.items() if name != "payload"}
        if isinstance(value, list):
            return [shape(each) for each in value]
        return sorted(re.findall(r"\{\w+\}", value))

    en, es = (json.loads((ROOT / "src" / "texts" / f"{name}.json").read_text("utf-8")) for name in ("en", "es"))
    assert shape(en) == shape(es)


@pytest.mark.browser
def test_sources_build_to_the_same_bytes(tmp_path):
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    if not (ROOT / "node_modules").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=ROOT, check=True, capture_output=True)
    subprocess.run(["node", "build.mjs", str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    subprocess.run(["npx", "--no-install", "tsc", "--noEmit"], cwd=ROOT, check=True, capture_output=True)

    for name in NAMES:
        assert (tmp_path / name).read_bytes() == (WIDGET / name).read_bytes(), f"{name} is out of date: npm run build"


def test_lock_names_no_registry():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
