"""Where conversations are kept, at a cost that does not grow with them.

Rasa's own store reads and rebuilds the whole conversation for every turn, and counts it again to save one: 100 of 165
ms at turn 400, within the loop that serves everybody. Here

- a turn works on a window (`engine/tracker_window.py`); all that happens is still stored, event by event, in Rasa's
  own table, which `retrieve_full_tracker` reads as before;
- the windows of the latest conversations stay in memory as they were left, each with the id of the last event it knows.
  A turn asks the database for the last id. Is it the same, nothing is read; has another server written more, only that
  is read;
- only new events are written, in one statement, without what tells who the visitor is (`engine/masked_events.py`);
  earlier memories are looked at again only where they may tell that (these two statements a turn were a quarter of the
  time that writing takes);
- the database is used in a thread, so that a slow one holds up one visitor and not all;
- while it is away, conversations go on from memory, and what could not be written is written when it is back.

`DATABASE_URL` with PostgreSQL takes the conversations along; otherwise they are in `tracker.db` below `FRONTDESK_VAR`.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import OrderedDict
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import sessionmaker

from engine import event_table, metrics
from engine.conversation_database import connect, make_table
from engine.masked_events import as_stored, as_told, tells_nobody
from engine.tracker_window import Window, latest
from frontdesk.database import transaction
from frontdesk.settings import Settings

logger = logging.getLogger(__name__)

# A window takes some 60 kB. With more visitors than this at once, windows are read.
RECENT = 300
# Events read where nothing is in memory; the window is cut from them.
READ_AT_ONCE = 60
# Events that may wait for the database to come back, some 30 MB.
MOST_WAITING = 20_000

Rows = list[dict[str, Any]]


class ConversationStore(SQLTrackerStore):
    """A tracker store for `endpoints.yml`: `type: engine.tracker_store.ConversationStore`."""

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        engine: Engine | None = None,
        **_: Any,
    ) -> None:
        """Connect; wait for the database where it is not up yet.

        Args:
            domain: The model's.
            event_broker: Is told of every event once it is stored.
            engine: The database; that of the settings without it.
        """
        # Not that of Rasa's SQL store, which makes an engine of its own.
        TrackerStore.__init__(self, domain, event_broker)
        self.engine = engine or connect(Settings.from_environment())
        self.sessionmaker = sessionmaker(bind=self.engine)
        # As they were left; a turn works on a copy.
        self._recent: OrderedDict[str, Window] = OrderedDict()
        self._waiting: dict[str, Rows] = {}
        self._lock = threading.Lock()
        make_table(self.engine)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The window on a conversation; an empty one when there is no conversation yet.

        Rasa would make a tracker of its own otherwise, which does not know what of it is stored.
        """
        try:
            with metrics.stage("read"):
                recent = await asyncio.to_thread(self._read, sender_id)
        except SQLAlchemyError as error:
            logger.error("A conversation goes on from memory, the database cannot be read: %s", _kind(error))
            recent = self._recent.get(sender_id)
        if recent is None:
            return Window(sender_id, self.domain.slots)
        self._remember(sender_id, recent)
        return recent.copy()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what is new in a conversation, and tell the event broker."""
        # A tracker that is no window comes from Rasa's HTTP interface.
        window = tracker if isinstance(tracker, Window) else await asyncio.to_thread(self._as_window, tracker)
        new = window.unsaved()
        if not new:
            return
        sender_id = window.sender_id
        before = list(window.events)[: window.stored]
        stored = as_stored(new, before)
        rows = [event_table.as_row(sender_id, data) for data in stored]
        with metrics.stage("write"):
            harmless_up_to = window.last_id if tells_nobody(before) else event_table.UNKNOWN
            recent = await asyncio.to_thread(self._write, window, rows, harmless_up_to)
        window.stored, window.last_id = len(window.events), recent.last_id
        self._remember(sender_id, recent)
        if self.event_broker is not None:
            for data in stored:
                self.event_broker.publish({"sender_id": sender_id, **as_told(data)})

    async def erase(self, sender_id: str) -> None:
        """Forget a conversation: what is stored, what is in memory, and what waits to be stored.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database cannot be written; then the conversation is still there.
        """
        await asyncio.to_thread(self._erase, sender_id)

    async def stream_events(self, tracker: DialogueStateTracker) -> None:
        """Nothing: `save` tells of events once they are stored, and once only."""

    def _remember(self, sender_id: str, recent: Window) -> None:
        self._recent.pop(sender_id, None)
        self._recent[sender_id] = recent
        if len(self._recent) > RECENT:
            self._recent.popitem(last=False)

    def _read(self, sender_id: str) -> Window | None:
        self._write_waiting()
        known = self._recent.get(sender_id)
        with self.engine.connect() as connection:
            newest = event_table.last_id(connection, sender_id)
            if newest == 0:
                return None
            if known is not None and known.last_id == newest:
                return known
            if known is not None and known.last_id > 0:
                more = event_table.after(connection, sender_id, known.last_id)
                if more is not None:
                    return self._window(sender_id, [*known.events, *more], newest)
            return self._window(sender_id, event_table.ending(connection, sender_id, READ_AT_ONCE), newest)

    def _window(self, sender_id: str, events: list[Event], last_id: int) -> Window:
        return Window(sender_id, self.domain.slots, latest(events), last_id)

    def _as_window(self, tracker: DialogueStateTracker) -> Window:
        with self.session_scope() as session:
            new = list(self._additional_events(session, tracker))
        window = Window(tracker.sender_id, self.domain.slots, list(tracker.events), event_table.UNKNOWN)
        window.stored -= len(new)
        return window

    def _write(self, window: Window, rows: Rows, harmless_up_to: int) -> Window:
        sender_id, recent = window.sender_id, window.shortened()
        try:
            self._write_waiting()
            with transaction(self.engine) as connection:
                before, now = event_table.append(connection, sender_id, rows, harmless_up_to)
        except SQLAlchemyError as error:
            logger.error("A turn waits in memory, the database cannot be written: %s", _kind(error))
            self._let_wait(sender_id, rows)
            return recent
        # Where another server wrote in between, the next turn shall not trust this window.
        recent.last_id = now if before == window.last_id else event_table.UNKNOWN
        return recent

    def _erase(self, sender_id: str) -> None:
        with self._lock:
            self._waiting.pop(sender_id, None)
            with transaction(self.engine) as connection:
                event_table.erase(connection, sender_id)
        self._recent.pop(sender_id, None)

    def _let_wait(self, sender_id: str, rows: Rows) -> None:
        with self._lock:
            if sum(map(len, self._waiting.values())) + len(rows) > MOST_WAITING:
                logger.error("%d events of a conversation are lost: too many wait for the database.", len(rows))
            else:
                self._waiting.setdefault(sender_id, []).extend(rows)
                metrics.waiting_events.set(sum(map(len, self._waiting.values())))

    def _write_waiting(self) -> None:
        if not self._waiting:
            return
        with self._lock:
            with transaction(self.engine) as connection:
                ids = {
                    sender_id: event_table.append(connection, sender_id, rows)
                    for sender_id, rows in self._waiting.items()
                }
            self._waiting = {}
            metrics.waiting_events.set(0)
        for sender_id, (before, now) in ids.items():
            known = self._recent.get(sender_id)
            if known is not None and known.last_id == before:
                known.last_id = now


def _kind(error: SQLAlchemyError) -> str:
    # The driver's own class says more than SQLAlchemy's; its message may quote what was written.
    return type(getattr(error, "orig", None) or error).__name__
