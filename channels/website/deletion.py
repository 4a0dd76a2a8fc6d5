"""Deleting a conversation at the visitor's wish: nobody can go on with it, and nothing that was said in it stays."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from channels.common.errors import Refusal
from channels.common.failures import log_failure
from channels.common.sessions import Sessions
from frontdesk.endings import Endings


class Conversations:
    """The conversations of the door, each known by its token."""

    def __init__(self, sessions: Sessions, engine: Engine, session_hours: int) -> None:
        """Sets up.

        Args:
            sessions: reads tokens.
            engine: the database; used in threads.
            session_hours: how long a token is valid.
        """
        self._sessions = sessions
        self._endings = Endings(engine, timedelta(hours=session_hours))

    async def sender_id(self, authorization: str | None) -> str:
        """Returns the sender id that an ``Authorization`` header stands for.

        Raises:
            Refusal: the token is not valid, or its conversation was deleted.
        """
        sender_id = self._sessions.sender_id(authorization)
        if self._endings.surely_goes_on(sender_id):
            return sender_id
        try:
            has_ended = await asyncio.to_thread(self._endings.has_ended, sender_id)
        except SQLAlchemyError as error:
            # A visitor in danger must be answered, whatever the database is at.
            log_failure("whether a conversation has ended could not be read", error)
            has_ended = False
        if has_ended:
            raise Refusal("session_ended")
        return sender_id

    async def delete(self, authorization: str | None, agent: Any) -> None:
        """Ends a conversation and erases what was said in it; bookings and ratings stay.

        Args:
            authorization: the header that holds its token.
            agent: Rasa's agent, which keeps the conversations.

        Raises:
            Refusal: the token is not valid, or its conversation was deleted before.
        """
        sender_id = await self.sender_id(authorization)
        await asyncio.to_thread(self._endings.note, sender_id)
        # A turn that is still under way is stored before its lock is free.
        async with agent.lock_store.lock(sender_id):
            # Rasa wraps the store that `endpoints.yml` names.
            store = getattr(agent.tracker_store, "_tracker_store", agent.tracker_store)
            await store.erase(sender_id)
