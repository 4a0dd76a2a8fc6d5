from __future__ import annotations

import dataclasses
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.helpers import Helper
from deploy.services import Running, Service, ServiceFailed, beside, serving, supervise

ROOT = Path(__file__).resolve().parents[2]
MakeServer = Callable[..., Service]
HasEnded = Callable[[str], bool]
DRIVER = """
import json, pathlib, sys
from deploy.services import Service, supervise
services = [Service(**fields) for fields in json.loads(sys.argv[1])]
supervise(services, pathlib.Path.cwd(), lambda: print("READY", flush=True))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_servers_and_that_is_no_error(
    server: MakeServer, has_ended: HasEnded, number: signal.Signals
) -> None:
    services = json.dumps([dataclasses.asdict(server(name)) for name in ("first", "second")])
    command = [sys.executable, "-c", DRIVER, services]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as driver:
        assert driver.stdout is not None
        # The servers' own lines come here too.
        assert any(line == "READY\n" for line in driver.stdout)
        driver.send_signal(number)
        assert driver.wait(15) == 0
    assert has_ended("first")
    assert has_ended("second")


def test_a_server_that_dies_ends_the_other(server: MakeServer, has_ended: HasEnded, tmp_path: Path) -> None:
    ready = []
    services = [server("first", life=0.5), server("second")]
    with pytest.raises(ServiceFailed, match=r"The first ended by itself \(exit code 7\)"):
        supervise(services, tmp_path, lambda: ready.append(True))
    assert ready == [True]
    assert has_ended("first")
    assert has_ended("second")


def test_a_helper_that_dies_ends_nothing_and_is_ended_with_the_servers(
    server: MakeServer, has_ended: HasEnded, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    # The first time it dies, the second time it stays.
    program = (
        "import os, pathlib, sys, time; me = pathlib.Path('helper.pid'); again = me.exists();"
        "me.write_text(str(os.getpid())); print('at work', flush=True); sys.exit(5) if not again else time.sleep(60)"
    )
    helper = Helper("helper", [sys.executable, "-c", program])
    with pytest.raises(ServiceFailed, match="The desk ended"):
        supervise([server("desk", life=6)], tmp_path, lambda: None, [helper])
    said = capfd.readouterr().out
    assert "helper | The helper ended by itself (exit code 5); it is started again in 1 s." in said
    assert said.count("helper | at work") == 2
    assert has_ended("helper")


def test_a_server_that_cannot_start_ends_the_other(server: MakeServer, has_ended: HasEnded, tmp_path: Path) -> None:
    broken = Service("broken", [sys.executable, "-c", "raise SystemExit(3)"], "127.0.0.1", 1)
    with pytest.raises(ServiceFailed, match="exit code 3"):
        supervise([server("fine"), broken], tmp_path, pytest.fail)
    assert not (tmp_path / "fine.pid").exists() or has_ended("fine")


def test_a_server_that_never_answers_is_given_up(tmp_path: Path) -> None:
    silent = Service("silent", [sys.executable, "-c", "import time; time.sleep(60)"], "127.0.0.1", 1)
    running = Running([silent], tmp_path)
    try:
        with pytest.raises(ServiceFailed, match="silent was not ready after 1 seconds"):
            running.wait(threading.Event(), patience=1)
    finally:
        running.stop()


def test_a_command_runs_beside_servers_that_are_ready(server: MakeServer, has_ended: HasEnded, tmp_path: Path) -> None:
    service = server("desk")
    address = f"http://127.0.0.1:{service.port}/"
    program = "import os, sys, urllib.request; sys.exit(urllib.request.urlopen(os.environ['DESK']).status - 195)"
    assert beside([service], [sys.executable, "-c", program], tmp_path, {"DESK": address}) == 5
    assert has_ended("desk")


def test_servers_run_within_the_block_only(server: MakeServer, has_ended: HasEnded, tmp_path: Path) -> None:
    with serving([server("desk")], tmp_path):
        assert (tmp_path / "desk.pid").exists()
    assert has_ended("desk")
