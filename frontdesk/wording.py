"""Desk wording that is not a fact: the sentences of ``replies.yml`` with the clinic's own details filled in."""

from __future__ import annotations

import datetime

from frontdesk.facts.snapshot import FactsStore
from frontdesk.turn import Reply, ReplyButton


def wording(
    store: FactsStore, reply_id: str, now: datetime.datetime, topics: tuple[str, ...] = (), **placeholders: str
) -> Reply:
    """The reply ``reply_id`` as a message.

    Args:
        store: where the wording and the clinic's details stand.
        reply_id: a key of ``replies.yml``.
        now: the present, with a time zone; "open today until" depends on it.
        topics: what of the visitor's message it deals with.
        placeholders: what the sentence names besides the clinic's details.

    Raises:
        KeyError: for a reply that does not exist.
    """
    reply = store.replies[reply_id]
    return Reply(
        text=store.reply_text(reply_id, now=now, **placeholders),
        outcome=reply.outcome,
        topics=topics,
        buttons=tuple(
            ReplyButton(store.buttons[button].title, store.buttons[button].payload) for button in reply.buttons
        ),
    )
