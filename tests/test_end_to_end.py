"""The real servers, asked through the website door as a visitor's browser would."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from engine.conversation_database import connect
from frontdesk.settings import Settings
from tests.running_desk import FrontDesk, Visitor, running_desk

# Files are looked at once a second.
LOOKED_AGAIN_SECONDS = 1.2

pytestmark = [pytest.mark.service, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontDesk]:
    folder = tmp_path_factory.mktemp("desk")
    with running_desk(folder) as front_desk:
        yield front_desk


@pytest.fixture
def visitor(desk: FrontDesk) -> Visitor:
    return Visitor(desk.url)


def test_an_answer_has_facts_and_sources(visitor):
    (message,) = visitor.say("how much is a session?")
    assert (message["outcome"], message["topics"]) == ("answer", ["cost"])
    assert "£" in message["text"]
    assert message["facts"]
    assert all(source["title"] for source in message["sources"])
    assert message["sources"]
    assert 0 < len(message["buttons"]) <= 4


def test_two_questions_get_two_answers_in_order(visitor):
    messages = visitor.say("does it hurt and how much does it cost?")
    assert [message["topics"][0] for message in messages] == ["pain", "cost"]
    assert all(message["sources"] for message in messages)


def test_a_fragment_is_answered_from_the_turn_before(visitor):
    visitor.say("how many sessions do I need for acne scars?")
    messages = visitor.say("and for stretch marks?")
    assert messages[0]["topics"][0] == "number_of_sessions"


def test_two_visitors_do_not_share_a_conversation(visitor, desk):
    visitor.say("how many sessions do I need for acne scars?")
    assert Visitor(desk.url).say("and on the neck?")[0]["topics"] != ["number_of_sessions"]


def test_a_button_leads_where_it_says(visitor):
    (message,) = visitor.say("how much is a session?")
    for button in message["buttons"]:
        assert visitor.say(button["payload"])[0]["outcome"] != "clarify", button


def test_what_is_out_of_scope_is_redirected(visitor):
    (message,) = visitor.say("what's the capital of France?")
    assert message["outcome"] == "redirect"
    assert message["facts"] == message["sources"] == []


def test_a_condition_is_told_and_nobody_is_cleared(visitor):
    messages = visitor.say("I take eliquis, can I have it?")
    assert "suitability.blood_thinner" in messages[0]["facts"]
    assert messages[-1]["outcome"] == "redirect"


def test_a_slash_is_read_as_words(visitor):
    for text in ("/ask_cost", "/restart", "/action_answer"):
        assert all("/" not in button["payload"] for button in visitor.say(text)[-1]["buttons"])


@pytest.mark.parametrize("text", ["🙂", "asdf qwer", "wie viel kostet das denn", "¿?", "a" * 1000, "price " * 150])
def test_anything_gets_a_reply(visitor, text):
    assert all(message["text"] for message in visitor.say(text))


def test_a_price_is_said_as_soon_as_it_is_set(visitor, desk):
    question = "how much is a session?"
    before = visitor.say(question)[0]["text"]
    desk.command("facts", "set", "cost.session", "250", "--by", "test")
    try:
        after = visitor.say(question)[0]["text"]
        assert "£250" in after
        assert "£250" not in before
        assert "test" in desk.command("facts", "history", "cost.session")
    finally:
        desk.command("facts", "reset", "cost.session", "--by", "test")
    assert visitor.say(question)[0]["text"] == before


def test_a_bad_file_keeps_the_last_good_facts(visitor, desk):
    question = "how much is a session?"
    before = visitor.say(question)[0]["text"]
    path = desk.facts / "topics" / "cost.yml"
    good = path.read_text(encoding="utf-8")
    try:
        path.write_text(good.replace("cost.course", "cost.session"), encoding="utf-8")
        time.sleep(LOOKED_AGAIN_SECONDS)
        assert visitor.say(question)[0]["text"] == before
        path.write_text("topic: [", encoding="utf-8")
        time.sleep(LOOKED_AGAIN_SECONDS)
        assert visitor.say(question)[0]["text"] == before
    finally:
        path.write_text(good, encoding="utf-8")


def test_a_corrected_file_is_read_without_a_restart(visitor, desk):
    path = desk.facts / "topics" / "hygiene.yml"
    good = path.read_text(encoding="utf-8")
    question = re.search(r'question: "(.*)"', good)
    assert question is not None
    try:
        path.write_text(re.sub(r'(?m)^    text: "', '    text: "Rest assured. ', good), encoding="utf-8")
        time.sleep(LOOKED_AGAIN_SECONDS)
        assert "Rest assured." in visitor.say(question.group(1))[0]["text"]
    finally:
        path.write_text(good, encoding="utf-8")
        time.sleep(LOOKED_AGAIN_SECONDS)


def test_a_deleted_conversation_is_erased_and_over(visitor, desk):
    secret = "I have had rosacea since the moon landing, how much is it?"
    visitor.say(secret)
    settings = Settings.from_environment(desk.env)
    stored = sa.text("SELECT count(*) FROM events WHERE data LIKE '%moon landing%'")
    engine = connect(settings)
    with engine.connect() as connection:
        assert connection.execute(stored).scalar() > 0
    visitor.delete()
    with engine.connect() as connection:
        assert connection.execute(stored).scalar() == 0
    engine.dispose()
    assert visitor.refused("and then?") == "session_ended"
    assert Visitor(desk.url).say("how much is a session?")[0]["topics"] == ["cost"]


def test_the_log_holds_no_word_of_a_visitor(visitor, desk):
    visitor.say("my name is Zebulon Quux and I have lupus, is it safe?")
    logs = [path.read_text(encoding="utf-8", errors="replace") for path in desk.facts.parent.glob("*.log")]
    assert logs
    assert not any("Zebulon" in log or "lupus" in log for log in logs)
