from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from deploy.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.service
@pytest.mark.timeout(200)
def test_a_server_whose_model_cannot_be_loaded_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "half.tar.gz").write_bytes(b"\x1f\x8b not all of it")
    (tmp_path / "credentials.yml").write_text("rest:\n")
    options = ["--model", "half.tar.gz", "--port", str(free_port())]
    ended = subprocess.run(
        [sys.executable, "-m", "engine.launch", "run", *options],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "FRONTDESK_VAR": str(tmp_path), "PATH": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=180,
        check=False,
    )
    assert ended.returncode == 1
    # Rasa prints the traceback; what helps comes last.
    assert "No usable model" in ended.stdout.strip().splitlines()[-1]
