from __future__ import annotations

import pytest

from frontdesk import fragments


@pytest.mark.parametrize(
    "text", ["is that long enough?", "does it matter", "ok is it safe for me then", "is that normal"]
)
def test_a_judgement_may_stand_alone(text):
    assert fragments.only_judges(text)


@pytest.mark.parametrize("text", ["is it ok to swim after", "is it too late to cancel", "is it bad for the skin"])
def test_a_judgement_of_something_named_does_not_stand_alone(text):
    assert fragments.judges_what_was_said(text)
    assert not fragments.only_judges(text)


@pytest.mark.parametrize("text", ["when can i", "so could she then?", "ok why can't we", "and how soon could I"])
def test_a_question_without_its_verb_stops_short(text):
    assert fragments.stops_short(text)


@pytest.mark.parametrize("text", ["can i book", "when can i come", "can you help", "when is it", "how much is it"])
def test_a_whole_question_does_not_stop_short(text):
    assert not fragments.stops_short(text)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("ok and after?", "aftercare"),
        ("what about afterwards", "aftercare"),
        ("and the day after", "aftercare"),
        ("and beforehand?", "preparation"),
        ("what about before", "preparation"),
        ("after what?", None),
        ("after one session", None),
    ],
)
def test_a_time_named_alone_is_a_topic(text, topic):
    assert fragments.time_named(text) == topic


@pytest.mark.parametrize(
    "text", ["should i stop it for a few days", "what if I skip the morning one", "can I pause them"]
)
def test_what_would_be_changed_may_have_been_named_before(text):
    assert fragments.asks_to_change_it(text)


@pytest.mark.parametrize("text", ["can I stop after one session", "when do I start", "do you miss the nose"])
def test_a_change_of_something_else_is_not_of_what_was_named_before(text):
    assert not fragments.asks_to_change_it(text)


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("for how long though", True),
        ("really?", True),
        ("when can i", True),
        ("why", False),
        ("how come?", False),
        ("and sex lol", False),
    ],
)
def test_a_fragment_may_name_nothing_new(text, nothing):
    assert fragments.names_nothing(text) is nothing


@pytest.mark.parametrize(
    "text", ["what if I only sat at a till", "even if it was just an hour?", "but if I wear a hat"]
)
def test_a_supposition_leans_on_what_was_asked(text):
    assert fragments.supposes(text)


@pytest.mark.parametrize("text", ["I wonder if it hurts", "tell me if you are open", "how often if I'm fifty"])
def test_a_question_with_an_if_in_it_supposes_nothing(text):
    assert not fragments.supposes(text)


@pytest.mark.parametrize("text", ["and if they don't?", "what if it doesn't work", "if it isn't any better then"])
def test_what_follows_if_it_does_nothing(text):
    assert fragments.doubts_it(text)


@pytest.mark.parametrize("text", ["what if it hurts", "if I don't come", "and if it doesn't stop bleeding"])
def test_another_if_doubts_nothing(text):
    assert not fragments.doubts_it(text)
