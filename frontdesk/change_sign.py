"""Whether anything was written to a SQLite file since it was last looked at.

What is asked of the database at every turn, and hardly ever has another answer, need not be asked again where nothing
was written: that takes a hundredth of a query's time.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from typing import Any

from sqlalchemy.engine import Engine


class ChangeSign:
    """Looks at the file of a database, from any thread, without waiting for anybody."""

    def __init__(self, engine: Engine) -> None:
        """Take the database; the file is opened with the first look."""
        url = engine.url
        in_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
        self._file = url.database if in_file else None
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._standing: tuple[int, int] | None = None
        self._openings = 0

    def look(self) -> Any:
        """Something that differs from what it was as soon as anybody has written; None where that cannot be told.

        Take it before what it shall stand for is read: what is written meanwhile is then read the next time.
        """
        if self._file is None:
            return None
        with self._lock:
            try:
                standing = os.getpid(), os.stat(self._file).st_ino
                if self._connection is None or standing != self._standing:
                    self._connection = sqlite3.connect(
                        self._file, timeout=0, isolation_level=None, check_same_thread=False
                    )
                    self._standing = standing
                    self._openings += 1
                (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            except (OSError, sqlite3.Error):
                self._connection = None
                return None
            return self._openings, version
