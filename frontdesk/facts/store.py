"""The facts store of a running server: hands out a snapshot, and makes a new one when files or own values changed."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from frontdesk.change_sign import ChangeSign
from frontdesk.database import create_engine
from frontdesk.facts.baseline import Baseline
from frontdesk.facts.loading import load
from frontdesk.facts.overlay import Target
from frontdesk.facts.overrides import OverrideLog
from frontdesk.facts.reading import FactsError
from frontdesk.facts.snapshot import FactsStore, RenderedFact
from frontdesk.settings import Settings

__all__ = ["FactsRepository", "FactsStore", "RenderedFact"]

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 1.0
# One that does not answer takes its time each time.
SECONDS_AFTER_LOSS = 5.0

Fingerprint = frozenset[tuple[str, int, int]]


class FactsRepository:
    """The facts store of a running server.

    Files are looked at no more than once a second; a change of the clinic's own values is seen at the next `current()`.
    Once there is a good snapshot, neither a bad file nor a lost database takes it away: the reason is logged once. A
    database that is lost is asked again some seconds later.
    """

    def __init__(
        self, settings: Settings, engine: Engine | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            settings: Where the files are.
            engine: The database with the clinic's own values; without one, the baseline is all there is.
            clock: Seconds that only ever grow.
        """
        self._folder = settings.facts_dir
        self._log = OverrideLog(engine) if engine is not None else None
        self._sign = ChangeSign(engine) if engine is not None else None
        self._seen: Any = None
        self._clock = clock
        self._lock = threading.Lock()
        self._looked_at = -SECONDS_BETWEEN_LOOKS
        self._fingerprint: Fingerprint | None = None
        self._baseline: Baseline | None = None
        self._stamp: tuple[int, int] | None = None
        self._own: dict[Target, Any] = {}
        self._database_lost = False
        self._ask_again_at = -1.0
        self._store: FactsStore | None = None

    def current(self) -> FactsStore:
        """The snapshot as it is now; the same object until something changes.

        Raises:
            FactsError: There is no good snapshot yet, and the files are bad.
            sqlalchemy.exc.SQLAlchemyError: There is no good snapshot yet, and the database cannot be read.
        """
        with self._lock:
            new_files = self._read_files()
            new_values = self._read_values()
            if self._store is None or new_files or new_values:
                assert self._baseline is not None
                self._store = FactsStore(self._baseline, self._own)
                for target, reason in self._store.unused.items():
                    logger.warning("own value of %s is not used: %s", target, reason)
            return self._store

    def _read_files(self) -> bool:
        now = self._clock()
        if self._baseline is not None and now - self._looked_at < SECONDS_BETWEEN_LOOKS:
            return False
        self._looked_at = now
        # Taken before reading: a file that changes meanwhile is then read again the next time.
        fingerprint = _fingerprint(self._folder)
        if fingerprint == self._fingerprint and self._baseline is not None:
            return False
        self._fingerprint = fingerprint
        try:
            self._baseline = load(self._folder)
        except FactsError as error:
            if self._baseline is None:
                raise
            logger.error("changed facts are not used, the last good ones stay:\n%s", error)
            return False
        return True

    def _read_values(self) -> bool:
        if self._log is None or (self._database_lost and self._clock() < self._ask_again_at):
            return False
        seen = self._sign.look() if self._sign is not None else None
        if seen is not None and seen == self._seen:
            self._database_lost = False
            return False
        try:
            stamp = self._log.stamp()
            if stamp != self._stamp:
                self._own = {target: change.data for target, change in self._log.active().items()}
        except SQLAlchemyError as error:
            if self._stamp is None:
                raise
            if not self._database_lost:
                logger.error("the clinic's own values cannot be read, the last known stay: %s", type(error).__name__)
            self._database_lost, self._ask_again_at = True, self._clock() + SECONDS_AFTER_LOSS
            return False
        self._database_lost, self._seen = False, seen
        changed, self._stamp = stamp != self._stamp, stamp
        return changed


_shared: dict[tuple[Path, str], FactsRepository] = {}


def shared(settings: Settings) -> FactsRepository:
    """The one of a server in which several parts need the facts: read once, and kept once."""
    place = settings.facts_dir, settings.database_url
    if place not in _shared:
        _shared[place] = FactsRepository(settings, create_engine(settings))
    return _shared[place]


def _fingerprint(folder: Path) -> Fingerprint:
    found = []
    for path in folder.rglob("*.yml"):
        try:
            status = path.stat()
        except FileNotFoundError:
            continue
        found.append((str(path), status.st_mtime_ns, status.st_size))
    return frozenset(found)
