"""Talking through the widget: replies, buttons, sources, ratings, failures, and what is kept."""

from __future__ import annotations

import json

import pytest
from stub_door import utterance

from frontdesk.database import create_engine
from frontdesk.feedback import FeedbackLog
from frontdesk.migrations import upgrade

pytestmark = pytest.mark.browser

EVIL = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> javascript:alert(1) {{7*7}} ${7*7} \u202e'


async def test_buttons_send_their_payload_show_their_title_and_lock(visit):
    async with visit() as visitor:
        await visitor.open()
        await visitor.ask("choose")
        buttons = visitor.panel.get_by_role("group", name="Suggested replies").get_by_role("button")
        await buttons.nth(1).click()
        await visitor.replies.nth(1).wait_for()
        await buttons.nth(0).click(force=True)

        assert [message.text for message in visitor.door.agent.received] == ["choose", "B please"]
        assert "B" in await visitor.panel.locator(".visitor").nth(1).inner_text()
        assert "please" not in await visitor.panel.locator(".visitor").nth(1).inner_text()
        assert await buttons.nth(1).get_attribute("aria-pressed") == "true"
        assert [await buttons.nth(n).get_attribute("aria-disabled") for n in (0, 1)] == ["true", "true"]


async def test_source_is_there_on_demand(visit):
    async with visit() as visitor:
        await visitor.open()
        await visitor.ask("how much?")
        items = visitor.panel.locator("details li")
        assert not await items.first.is_visible()
        await visitor.panel.locator("summary").click()

        assert [" ".join(text.split()) for text in await items.all_inner_texts()] == [
            "Clinic: Prices, checked 20 November 2026",
            "NHS: Cosmetic procedures (opens in a new tab) (2024), checked 20 November 2026",
        ]
        assert await items.locator("a").get_attribute("href") == "https://www.nhs.uk/"
        assert await items.locator("a").get_attribute("rel") == "noopener noreferrer"


@pytest.mark.parametrize(
    ("text", "links", "colour"),
    [
        ("i can't breathe", ["tel:999"], "rgb(253, 236, 235)"),
        ("it looks infected", ["tel:+442079460018", "tel:111"], "rgb(255, 243, 223)"),
    ],
)
async def test_danger_is_set_apart_with_numbers_to_call(visit, text, links, colour):
    async with visit() as visitor:
        await visitor.open()
        await visitor.ask(text)
        calls = visitor.panel.locator(".alarm .calls a")

        assert [await calls.nth(n).get_attribute("href") for n in range(await calls.count())] == links
        ground = await visitor.panel.locator(".alarm .bubble").evaluate(
            "node => getComputedStyle(node).backgroundColor"
        )
        assert ground == colour


async def test_a_way_to_call_is_always_there(visit):
    async with visit(attributes='data-phone="+44 20 0000 0000"') as visitor:
        await visitor.page.route("**/about", lambda route: route.abort())
        await visitor.open()
        assert await visitor.panel.locator(".head a").get_attribute("href") == "tel:+442000000000"


async def test_appointment_is_picked_by_day_and_time(visit):
    async with visit() as visitor:
        await visitor.open()
        await visitor.ask("I would like to book")
        await visitor.panel.get_by_role("button", name="Fri 27 Nov").click()
        await visitor.panel.get_by_role("button", name="9 am").click()
        await visitor.replies.nth(1).wait_for()
        assert visitor.door.agent.received[-1].text == "Friday 27 November at 9 am"
        await visitor.ask("Thursday 26 November at 11 am")
        link = visitor.panel.get_by_role("link", name="Add to calendar")
        assert await link.get_attribute("href") == f"{visitor.door.address}/webhooks/website/calendar/K7M4QX.ics"


async def test_rating_is_kept_for_the_clinic(visit, settings):
    engine = create_engine(settings)
    upgrade(engine)
    log = FeedbackLog(engine)
    async with visit() as visitor:
        await visitor.open()
        await visitor.ask("how much?")
        for name, votes in (("This helped", ["up"]), ("This did not help", ["down"]), ("This did not help", [])):
            async with visitor.page.expect_response("**/feedback") as answer:
                await visitor.panel.get_by_role("button", name=name).click()
            assert (await answer.value).status == 200
            assert [each.vote for each in log.all()] == votes
            if votes:
                assert log.all()[0].facts == ("cost.session",)
                assert log.all()[0].conversation == visitor.door.agent.received[0].sender_id


async def test_failed_message_is_kept_and_can_be_sent_again(visit):
    async with visit() as visitor:
        await visitor.open()
        await visitor.page.context.set_offline(True)
        await visitor.ask("how much?", wait=False)
        problem = visitor.panel.locator(".problem")
        await problem.wait_for()
        assert "you are offline" in await problem.inner_text()
        assert await visitor.panel.locator(".banner").is_visible()

        await visitor.page.context.set_offline(False)
        await visitor.panel.locator(".banner").wait_for(state="detached")
        await visitor.panel.locator(".retry").click()
        await visitor.replies.first.wait_for()
        assert [message.text for message in visitor.door.agent.received] == ["how much?"]
        assert await visitor.panel.locator(".visitor").count() == 1
        assert await problem.count() == 0


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 200, "json": {"messages": []}}, "Something went wrong on our side"),
        ({"status": 200, "body": "<html>"}, "Something went wrong on our side"),
        ({"status": 500, "json": {"error": {}}}, "Something went wrong on our side"),
        ({"status": 503, "body": "down"}, "cannot be reached right now"),
        ({"status": 429, "json": {"error": {}}}, "Please wait a moment"),
        ({"status": 413, "json": {"error": {}}}, "Please use fewer words"),
        ({"status": 403, "json": {"error": {}}}, "may not use the clinic's chat"),
    ],
)
async def test_no_failure_is_silent(visit, answer, words):
    async with visit() as visitor:
        await visitor.page.route("**/message", lambda route: route.fulfill(**answer))
        await visitor.open()
        await visitor.ask("how much?", wait=False)
        await visitor.panel.locator(".problem").wait_for()
        shown = await visitor.panel.locator(".problem").inner_text()
        assert words in shown
        assert "+44 20 7946 0018" in shown


async def test_server_that_is_down_before_the_first_opening_is_not_a_dead_button(visit):
    async with visit(attributes='data-phone="+44 20 0000 0000"') as visitor:
        await visitor.page.route("**/widget/*", lambda route: route.abort())
        await visitor.launcher.click()
        note = visitor.page.locator("frontdesk-chat .note")
        await note.get_by_text("cannot be reached").wait_for()
        assert await note.locator("a").get_attribute("href") == "tel:+442000000000"

        await visitor.page.unroute("**/widget/*")
        await visitor.open()
        assert await note.inner_text() == ""


async def test_panel_of_another_version_is_still_found(visit):
    async with visit() as visitor:
        await visitor.page.route("**/widget/panel-*", lambda route: route.fulfill(status=404, body="gone"))
        await visitor.open()
        assert await visitor.panel.is_visible()


async def test_expired_session_is_replaced(visit):
    async with visit() as visitor:
        await visitor.open()
        await visitor.ask("how much?")
        await visitor.page.evaluate(
            """() => { const key = Object.keys(localStorage)[0]; const kept = JSON.parse(localStorage[key]);
            kept.token = 'out of date'; localStorage[key] = JSON.stringify(kept); }"""
        )
        await visitor.ask("and again?")
        assert len({message.sender_id for message in visitor.door.agent.received}) == 2


async def test_conversation_survives_a_reload_and_a_second_tab(visit):
    async with visit() as visitor:
        await visitor.open()
        await visitor.ask("how much?")
        await visitor.page.reload()
        await visitor.replies.first.wait_for()
        assert await visitor.panel.locator(".visitor").count() == 1

        second = type(visitor)(await visitor.page.context.new_page(), visitor.door)
        await second.page.goto(f"{visitor.door.address}/host")
        await second.open()
        assert await second.panel.locator(".visitor").count() == 1
        await second.ask("choose")
        await visitor.replies.nth(1).wait_for()
        assert len({message.sender_id for message in visitor.door.agent.received}) == 1

        await second.panel.locator(".delete").click()
        async with second.page.expect_response(lambda answer: answer.request.method == "DELETE") as ended:
            await second.panel.locator(".danger").click()
        assert (await ended.value).status == 204
        await visitor.panel.locator(".visitor").first.wait_for(state="detached")
        assert [name for name in await visitor.kept() if name != "frontdesk:open"] == []
        await second.ask("how much?")
        assert visitor.door.agent.received[-1].sender_id != visitor.door.agent.received[0].sender_id
        assert visitor.door.agent.erased == [visitor.door.agent.received[0].sender_id]


async def test_deletion_that_did_not_reach_the_server_is_told(visit):
    async with visit() as visitor:
        await visitor.open()
        await visitor.ask("how much?")
        await visitor.page.route("**/session", lambda route: route.abort())
        await visitor.panel.locator(".delete").click()
        await visitor.panel.locator(".danger").click()
        await visitor.panel.get_by_text("Deleted on this device only").wait_for()
        assert [name for name in await visitor.kept() if name != "frontdesk:open"] == []
        await visitor.page.unroute("**/session")
        await visitor.ask("how much?")
        assert await visitor.panel.get_by_text("Deleted on this device only").count() == 0


async def test_old_conversation_is_forgotten(visit):
    async with visit() as visitor:
        await visitor.open()
        await visitor.ask("how much?")
        await visitor.page.evaluate(
            """() => { const key = Object.keys(localStorage)[0]; const kept = JSON.parse(localStorage[key]);
            kept.until = Date.now() - 1; localStorage[key] = JSON.stringify(kept); }"""
        )
        await visitor.page.reload()
        await visitor.panel.locator(".choice").first.wait_for()
        assert await visitor.replies.count() == 0


async def test_conversation_works_without_storage(visit):
    async with visit() as visitor:
        await visitor.page.add_init_script(
            "for (const name of ['localStorage', 'sessionStorage'])"
            " Object.defineProperty(window, name, { get() { throw new Error('off'); } });"
        )
        await visitor.page.reload()
        await visitor.open()
        await visitor.ask("how much?")
        await visitor.ask("choose")
        assert len({message.sender_id for message in visitor.door.agent.received}) == 1


async def test_markup_is_text_wherever_it_comes_from(visit):
    async with visit() as visitor:
        visitor.door.agent.utterances = [
            utterance(
                EVIL + " see https://example.org/a?b=1. or javascript:void(0)",
                [{"title": EVIL, "payload": EVIL}],
                custom={"appointment": {"days": [], "calendar": "javascript:alert(1)"}},
                outcome='"><script>',
                facts=[],
            )
        ]
        await visitor.open()
        await visitor.ask(EVIL)
        await visitor.page.reload()
        await visitor.replies.first.wait_for()

        assert await visitor.page.evaluate("window.hacked") is None
        assert await visitor.panel.locator("img, script, iframe").count() == 0
        links = visitor.panel.locator(".log a")
        assert [await links.nth(n).get_attribute("href") for n in range(await links.count())] == [
            "https://example.org/a?b=1"
        ]
        assert EVIL[:40] in await visitor.replies.first.inner_text()


async def test_reply_of_the_wrong_shape_breaks_nothing(visit):
    odd = {"messages": [{"text": 7}, None, "x", {"text": "Fine", "buttons": [1, {"title": ""}], "sources": {"a": 1}}]}
    async with visit() as visitor:
        await visitor.page.route("**/message", lambda route: route.fulfill(status=200, body=json.dumps(odd)))
        await visitor.open()
        await visitor.ask("how much?")
        assert await visitor.replies.count() == 1
        assert visitor.said == []
