"""A turn ends with words for the visitor, whatever becomes of it; words of danger do not wait for its end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from channels.common.turns import Turns

SORRY = {"text": "sorry", "buttons": [], "outcome": "handoff", "topics": [], "facts": []}


class Desk:
    def sources(self, fact_ids: Iterable[str], text: str) -> list[dict[str, Any]]:
        return []

    def apology(self) -> dict[str, Any]:
        return SORRY


class Assistant:
    """Says something, and is done once it is let go."""

    def __init__(self, *outcomes: str) -> None:
        self.outcomes, self.may_end, self.ended = outcomes, asyncio.Event(), ""

    async def handle(self, message: UserMessage) -> None:
        try:
            for outcome in self.outcomes:
                await message.output_channel.send_response("x", {"text": outcome, "outcome": outcome})
            await self.may_end.wait()
            self.ended = "well"
        except asyncio.CancelledError:
            self.ended = "cancelled"
            raise


def turns(assistant: Assistant, seconds: float = 20) -> Turns:
    return Turns("website", assistant.handle, Desk(), seconds)


@pytest.mark.parametrize("outcome", ["emergency", "urgent"])
async def test_words_of_danger_do_not_wait_until_they_are_stored(outcome: str) -> None:
    assistant = Assistant(outcome, "answer")
    said = await turns(assistant).run("x", "help")
    assert [message["text"] for message in said] == [outcome, "answer"]
    assert assistant.ended == ""
    # The turn is not broken off: what was said is still to be stored.
    assistant.may_end.set()
    await asyncio.sleep(0.01)
    assert assistant.ended == "well"


async def test_a_turn_that_takes_too_long_is_broken_off_with_an_apology() -> None:
    assistant = Assistant("answer")
    said = await turns(assistant, 0.05).run("x", "does it hurt?")
    await asyncio.sleep(0.01)
    assert [message["text"] for message in said] == ["sorry"]
    assert assistant.ended == "cancelled"


async def test_a_turn_ends_with_the_request_that_asked_for_it() -> None:
    assistant = Assistant("answer")
    asking = asyncio.create_task(turns(assistant).run("x", "does it hurt?"))
    await asyncio.sleep(0.01)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await asyncio.sleep(0.01)
    assert assistant.ended == "cancelled"
