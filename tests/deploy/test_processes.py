from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from deploy.processes import Interrupted, Process, noting, run_to_end, stop

STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
)


def test_a_command_runs_in_its_folder_with_its_output_in_a_file(tmp_path: Path) -> None:
    log = tmp_path / "log"
    program = "import os, sys; print(os.getcwd()); print('oh', file=sys.stderr); sys.exit(4)"
    assert run_to_end([sys.executable, "-c", program], cwd=tmp_path, log=log) == 4
    assert sorted(log.read_text().split()) == sorted([str(tmp_path), "oh"])


def test_a_signal_ends_a_running_command(tmp_path: Path) -> None:
    threading.Timer(0.5, os.kill, [os.getpid(), signal.SIGTERM]).start()
    started = time.monotonic()
    with pytest.raises(Interrupted):
        run_to_end([sys.executable, "-c", "import time; time.sleep(60)"], cwd=tmp_path, log=tmp_path / "log")
    assert time.monotonic() - started < 10


def test_output_is_shown_with_the_name_in_front(capsys: pytest.CaptureFixture[str]) -> None:
    process = Process([sys.executable, "-c", "print('one'); print('two')"], prefix="desk | ")
    assert process.wait(10)
    assert capsys.readouterr().out == "desk | one\ndesk | two\n"


def test_a_process_that_ignores_being_asked_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = Process([sys.executable, "-c", STUBBORN], log=log)
    while "ready" not in log.read_text():
        time.sleep(0.05)
    stop([process], grace=0.3)
    assert process.status == -signal.SIGKILL


def test_what_a_process_started_ends_with_it(tmp_path: Path) -> None:
    program = (
        "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    log = tmp_path / "log"
    process = Process([sys.executable, "-c", program], log=log)
    while not log.read_text().strip():
        time.sleep(0.05)
    stop([process])
    grandchild = int(log.read_text())
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _is_running(grandchild):
        time.sleep(0.05)
    assert not _is_running(grandchild)


def test_signals_are_noted_and_their_handlers_put_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with noting((signal.SIGINT,)) as asked:
        os.kill(os.getpid(), signal.SIGINT)
        assert asked.wait(5)
    assert signal.getsignal(signal.SIGINT) is before


def _is_running(pid: int) -> bool:
    try:
        # An orphan that has ended may wait for its new parent as a zombie.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
