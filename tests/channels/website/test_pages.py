"""The demo page and its files."""

from __future__ import annotations

import re

import pytest

from channels.website.pages import STATIC


async def test_demo_page_is_strict(open_door):
    async with open_door() as door:
        response = await door.http.get("/demo")

        policy = response.headers["content-security-policy"]
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        for rule in (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "img-src 'self'",
        ):
            assert rule in policy
        assert "unsafe" not in policy
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"


async def test_demo_page_shows_the_clinic_as_text(open_door):
    async with open_door() as door:
        page = (await door.http.get("/demo")).text

        assert "Linden Row &lt;Skin&gt; Clinic" in page
        assert "<Skin>" not in page
        assert 'href="tel:+442079460018"' in page
        assert "{{" not in page
        assert "£195" in page
        assert "Dr Amara Osei" in page


async def test_files_of_the_demo_page_are_there(open_door):
    async with open_door() as door:
        page = (await door.http.get("/demo")).text
        files = set(re.findall(r'(?:href|src)="((?:static/)?[^"/:#]+\.[a-z]+)"', page))

        assert {file.rpartition(".")[2] for file in files} == {"css", "js", "svg"}
        for file in files:
            response = await door.http.get(f"/{file}")
            assert response.status_code == 200
            assert response.headers["content-type"].split(";")[0] in ("text/css", "text/javascript", "image/svg+xml")
            assert response.headers["access-control-allow-origin"] == "*"


async def test_file_is_not_sent_twice(open_door):
    async with open_door() as door:
        first = await door.http.get("/static/demo.css")
        again = await door.http.get("/static/demo.css", headers={"If-None-Match": first.headers["etag"]})

        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["nothing.js", "demo.html", "..%2fchannel.py", "%2e%2e%2fchannel.py", ".", ""])
async def test_nothing_else_can_be_asked_for(open_door, name):
    async with open_door() as door:
        response = await door.http.get(f"/static/{name}")

        assert response.status_code == 404
        assert response.json()["error"]["code"] == "not_found"


async def test_no_inline_code_or_style():
    page = (STATIC / "demo.html").read_text(encoding="utf-8")

    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", page)
