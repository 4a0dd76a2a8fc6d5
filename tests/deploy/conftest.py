"""Programs that stand in for the servers."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.ports import free_port
from deploy.services import Service

# Answers HTTP on a port, with its process id in a file; may end by itself some time after the first request.
SERVER = """
import http.server, os, pathlib, sys, threading
port, pid_file, life = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
pathlib.Path(pid_file).write_text(str(os.getpid()))
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        if life >= 0:
            threading.Timer(life, os._exit, [7]).start()
    def log_message(self, *args):
        print("asked", flush=True)
http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


@pytest.fixture
def server(tmp_path: Path) -> Callable[..., Service]:
    """Makes a server, by name, that runs until it is ended, or for `life` seconds after it has been asked."""

    def make(name: str, life: float = -1) -> Service:
        port = free_port()
        command = [sys.executable, "-c", SERVER, str(port), str(tmp_path / f"{name}.pid"), str(life)]
        return Service(name, command, "127.0.0.1", port)

    return make


@pytest.fixture
def has_ended(tmp_path: Path) -> Callable[[str], bool]:
    """Tells, by name, whether a server's process is gone, or goes within five seconds."""

    def look(name: str) -> bool:
        pid = int((tmp_path / f"{name}.pid").read_text())
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return True
            time.sleep(0.05)
        return False

    return look
