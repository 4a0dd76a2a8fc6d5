"""Child processes: started in groups of their own, and always ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import IO

GRACE_SECONDS = 10.0
POLL_SECONDS = 0.1
# The terminal's closing must end the children too: in groups of their own they would not notice.
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(Exception):
    """Ctrl-C or a signal asked to end."""


class Process:
    """A running child, the leader of a process group of its own, so that a Ctrl-C in the terminal reaches only us."""

    def __init__(
        self,
        command: Sequence[str],
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        log: Path | None = None,
        prefix: str = "",
    ) -> None:
        """Start it.

        Args:
            command: The command line.
            cwd: Folder to run in.
            env: Variables beside those of this process.
            log: File its output replaces; None shows the output here.
            prefix: What each line shown here begins with.
        """
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})}
        output: IO[bytes] | int = log.open("wb") if log else subprocess.PIPE
        try:
            self._popen = subprocess.Popen(
                command,
                cwd=cwd,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        finally:
            if not isinstance(output, int):
                output.close()
        self._reader: threading.Thread | None = None
        if self._popen.stdout is not None:
            self._reader = threading.Thread(target=_show, args=(self._popen.stdout, prefix), daemon=True)
            self._reader.start()

    @property
    def pid(self) -> int:
        """Its number, which is also that of its group."""
        return self._popen.pid

    @property
    def status(self) -> int | None:
        """The exit code, negative for the signal that ended it, or None while it runs."""
        return self._popen.poll()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the child and to what it has started, unless it has ended."""
        if self.status is None:
            with suppress(ProcessLookupError):
                os.killpg(self._popen.pid, number)

    def wait(self, seconds: float) -> bool:
        """Wait for the end; False when it has not come in time."""
        try:
            self._popen.wait(max(seconds, 0.0))
        except subprocess.TimeoutExpired:
            return False
        if self._reader is not None:
            # A grandchild may hold the pipe open, so not for ever.
            self._reader.join(1.0)
        return True


def _show(output: IO[bytes], prefix: str) -> None:
    for line in output:
        with suppress(BrokenPipeError):
            sys.stdout.write(prefix + line.decode(errors="replace").rstrip() + "\n")
            sys.stdout.flush()


def how_ended(status: int) -> str:
    """An exit code in words, e.g. "exit code 1" or "signal SIGKILL"."""
    return f"exit code {status}" if status >= 0 else f"signal {signal.Signals(-status).name}"


def stop(processes: Sequence[Process], grace: float = GRACE_SECONDS) -> None:
    """End processes: all are asked to at once, and those still there after `grace` seconds are killed."""
    for process in processes:
        process.signal(signal.SIGTERM)
    deadline = time.monotonic() + grace
    for process in processes:
        if not process.wait(deadline - time.monotonic()):
            process.signal(signal.SIGKILL)
            process.wait(grace)


@contextmanager
def noting(numbers: Sequence[signal.Signals]) -> Iterator[threading.Event]:
    """Within the block these signals set the event and do nothing else, so that cleaning up is never interrupted."""
    asked = threading.Event()

    def note(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    before = {number: signal.signal(number, note) for number in numbers}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_to_end(command: Sequence[str], cwd: Path, log: Path) -> int:
    """Run a command with its output in a file, and return its exit code.

    Raises:
        Interrupted: Ctrl-C or a signal ended it.
    """
    with noting(ENDING) as asked:
        process = Process(command, cwd=cwd, log=log)
        try:
            while process.status is None and not asked.wait(POLL_SECONDS):
                pass
        finally:
            stop([process])
    if asked.is_set():
        raise Interrupted
    return process.status or 0
