"""The base of all actions: what is said goes out with its metadata, and a failure never leaves the visitor alone."""

from __future__ import annotations

import asyncio
import contextvars
import datetime
import logging
import uuid
from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from frontdesk.answers import answers_of
from frontdesk.database import create_engine
from frontdesk.facts.snapshot import FactsStore
from frontdesk.facts.store import shared
from frontdesk.migrations import upgrade
from frontdesk.settings import Settings
from frontdesk.turn import Reply
from frontdesk.wording import wording

logger = logging.getLogger(__name__)

# As many as the database has connections. Actions that wait for a database that hangs hold up each other, and not what
# else is done in threads: conversations that are read and stored, danger that somebody else has to put into words.
_threads = ThreadPoolExecutor(15, thread_name_prefix="action")

settings = Settings.from_environment()
engine = create_engine(settings)
upgrade(engine)
_repository = shared(settings)
answers_of(_repository.current())  # indexed at start-up, so that the first visitor does not wait for it


class DeskAction(Action, ABC):
    """An action that serves a turn with the store as it stands now, and apologises when it cannot."""

    @abstractmethod
    def name(self) -> str:
        """The action's name in the domain."""

    @abstractmethod
    def serve(
        self, tracker: Tracker, store: FactsStore, now: datetime.datetime
    ) -> tuple[list[Reply], list[dict[str, Any]]]:
        """The replies to the tracker's latest message, and the events to record."""

    def after_failure(
        self, tracker: Tracker, store: FactsStore, error: Exception
    ) -> tuple[list[Reply], list[dict[str, Any]]]:
        """What is said in place of the apology when a turn has failed, and the events to record: nothing, as a rule."""
        return [], []

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        """Serve the turn; an error is logged under an id without the visitor's words, and answered with an apology.

        The work is done in a thread, so that a slow database does not hold up other visitors.
        """
        # The thread knows which turn it serves, and so do its log lines.
        work = contextvars.copy_context().run
        replies, events = await asyncio.get_running_loop().run_in_executor(_threads, work, self._serve, tracker)
        for reply in replies:
            dispatcher.utter_message(**reply.to_message())
        return events

    def _serve(self, tracker: Tracker) -> tuple[list[Reply], list[dict[str, Any]]]:
        store = _repository.current()
        now = datetime.datetime.now(store.clinic.zone)
        try:
            return self.serve(tracker, store, now)
        except Exception as error:
            self._log(error)
            try:
                replies, events = self.after_failure(tracker, store, error)
            except Exception as second:
                self._log(second)
                replies, events = [], []
            return replies or [wording(store, "apology", now)], events

    def _log(self, error: Exception) -> None:
        error_id = uuid.uuid4().hex[:8]
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "unknown place"
        logger.error("%s failed, error %s: %s at %s", self.name(), error_id, type(error).__name__, where)
