"""Whole messages, with what they were made of."""

from __future__ import annotations

import pytest
from rasa.core.actions.action import create_bot_utterance
from rasa.shared.core.events import BotUttered
from rasa_sdk.executor import CollectingDispatcher
from stub_door import utterance

from channels.common.output import CollectedOutput


async def collected(*messages: dict) -> list[dict]:
    output = CollectedOutput()
    for message in messages:
        await output.send_response("website:x", message)
    return output.messages


async def test_metadata_given_to_the_dispatcher_arrives():
    dispatcher = CollectingDispatcher()
    buttons = [{"title": "Cost", "payload": "How much is it?"}]
    dispatcher.utter_message(
        text="One.\n\nTwo.", buttons=buttons, outcome="answer", topics=["pain", "cost"], facts=["pain.level"]
    )
    event = create_bot_utterance({key: value for key, value in dispatcher.messages[0].items() if value})

    assert await collected(event.message()) == [
        {
            "text": "One.\n\nTwo.",
            "buttons": buttons,
            "outcome": "answer",
            "topics": ["pain", "cost"],
            "facts": ["pain.level"],
        }
    ]
    assert event.metadata == {"outcome": "answer", "topics": ["pain", "cost"], "facts": ["pain.level"]}


async def test_card_of_a_booking_arrives_as_data():
    dispatcher = CollectingDispatcher()
    card = {"text": "When?", "days": [{"title": "Fri", "times": [{"title": "3 pm", "payload": "Friday at 3 pm"}]}]}
    dispatcher.utter_message(text="I have Friday at 3 pm.", outcome="booking", appointment=card)
    event = create_bot_utterance({key: value for key, value in dispatcher.messages[0].items() if value})

    (message,) = await collected(event.message())

    assert (message["text"], message["custom"]) == ("I have Friday at 3 pm.", {"appointment": card})
    # No rich part of the event itself: a door without cards would show that as a text of JSON.
    assert not event.data.get("custom")


async def test_metadata_of_a_domain_response_arrives():
    event = BotUttered(
        "Hello!", metadata={"utter_action": "utter_greet", "metadata": {"outcome": "smalltalk", "topics": []}}
    )

    (message,) = await collected(event.message())

    assert (message["outcome"], message["topics"], message["facts"]) == ("smalltalk", [], [])


@pytest.mark.parametrize(("facts", "outcome"), [([], "smalltalk"), (["pain.level"], "answer")])
async def test_outcome_is_never_missing(facts, outcome):
    (message,) = await collected(BotUttered(**utterance("Hm.", facts=facts)).message())

    assert message["outcome"] == outcome


async def test_buttons_are_titles_with_plain_text():
    buttons = [
        {"title": "Cost", "payload": "How much?", "type": "postback"},
        {"title": "Pain", "payload": "/ask_pain"},
        {"title": "Hours"},
        {"title": "", "payload": "nothing to read"},
    ]

    (message,) = await collected(BotUttered(**utterance("What?", buttons)).message())

    assert message["buttons"] == [
        {"title": "Cost", "payload": "How much?"},
        {"title": "Pain", "payload": "Pain"},
        {"title": "Hours", "payload": "Hours"},
    ]


async def test_utterance_without_content_is_left_out():
    assert await collected({"text": None}, {"text": "  "}, {}) == []


async def test_picture_without_text_is_kept():
    (message,) = await collected({"text": None, "image": "https://clinic.example/room.jpg"})

    assert (message["text"], message["image"]) == ("", "https://clinic.example/room.jpg")


async def test_texts_sent_directly_are_kept_whole():
    output = CollectedOutput()
    await output.send_text_message("website:x", "One.\n\nTwo.")
    await output.send_text_with_buttons("website:x", "Which?", [{"title": "A", "payload": "a"}])
    await output.send_quick_replies("website:x", "Which?", [{"title": "B", "payload": "b"}])

    assert [message["text"] for message in output.messages] == ["One.\n\nTwo.", "Which?", "Which?"]
    assert [len(message["buttons"]) for message in output.messages] == [0, 1, 1]
