"""Programs that work beside the servers and serve nobody: one that ends is started again, and ends nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.processes import Process, how_ended

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
# One that ran for so long did not end for a reason that it meets at each start.
STEADY_SECONDS = 60.0


@dataclass(frozen=True)
class Helper:
    """A program to keep running.

    Attributes:
        name: The prefix of its log lines, and what people are told has ended.
        command: The command line.
        env: Variables beside those of this process.
    """

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


class Tended:
    """A helper that is kept running; each pause before another start is twice the one before, up to a minute."""

    def __init__(
        self,
        helper: Helper,
        cwd: Path,
        prefix: str,
        say: Callable[[str], object] = print,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take it on; it is started by the first look.

        Args:
            helper: What to keep running.
            cwd: Folder it runs in.
            prefix: What each line of its output shown here begins with.
            say: Tells people that it has ended.
            clock: Seconds from any moment on.
        """
        self._helper = helper
        self._cwd = cwd
        self._prefix = prefix
        self._say = say
        self._clock = clock
        self._pause = FIRST_PAUSE_SECONDS
        self._due = self._started = clock()
        self.process: Process | None = None

    def look(self) -> None:
        """Start it where that is due, and notice when it has ended; to be called again and again."""
        now = self._clock()
        if self.process is None:
            if now >= self._due:
                self._start(now)
        elif self.process.status is not None:
            # What it said last comes before what is said of it.
            self.process.wait(0)
            reason = how_ended(self.process.status)
            self.process = None
            if now - self._started >= STEADY_SECONDS:
                self._pause = FIRST_PAUSE_SECONDS
            self._put_off(f"ended by itself ({reason})", now)

    def _start(self, now: float) -> None:
        self._started = now
        try:
            self.process = Process(self._helper.command, self._cwd, self._helper.env, prefix=self._prefix)
        except OSError as error:
            self._put_off(f"cannot be started ({error.strerror})", now)

    def _put_off(self, what: str, now: float) -> None:
        self._say(f"{self._prefix}The {self._helper.name} {what}; it is started again in {self._pause:.0f} s.")
        self._due = now + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE_SECONDS)
