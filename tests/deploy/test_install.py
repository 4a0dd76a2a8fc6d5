from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("bash", "cat", "chmod", "dirname", "env", "mkdir", "pwd", "rm", "sed", "sha256sum")

# Each notes how it was called. This uv knows no Python of its own; its `venv` makes the interpreter that the next call
# of install.sh looks for.
UV = """#!/usr/bin/env bash
[ "$1" = --version ] && { echo "uv 9"; exit; }
[ "$1" = python ] && exit 2
echo "$@" >>"$CALLS"
[ "$1" != venv ] || { mkdir -p .venv/bin && cp "$(command -v python3.10)" .venv/bin/python; }
"""
PYTHON = """#!/usr/bin/env bash
case "$1 $2" in
"-c "*) echo "$0" ;;
"-m pip") echo "$@" >>"$CALLS"; mkdir -p "$9/bin" && cp "$UV_TO_INSTALL" "$9/bin/uv" ;;
esac
"""


class Machine:
    """A machine with nothing on its PATH but a few tools, and a copy of what install.sh needs."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "repository"
        self.bin = folder / "bin"
        self._calls = folder / "calls"
        self.bin.mkdir()
        for tool in (*TOOLS, "cp"):
            found = shutil.which(tool)
            assert found is not None, f"{tool} is needed for this test"
            (self.bin / tool).symlink_to(found)
        (self.root / "deploy").mkdir(parents=True)
        for name in ("install.sh", "tools.sh", "uv.txt"):
            shutil.copy(ROOT / "deploy" / name, self.root / "deploy" / name)
        (self.root / "requirements.lock").write_text("rasa==3.6.21\n")
        self._uv = self.program("uv-to-install", UV)

    def program(self, name: str, content: str) -> Path:
        """Put a program on the PATH."""
        path = self.bin / name
        path.write_text(content)
        path.chmod(0o755)
        return path

    def install(self) -> subprocess.CompletedProcess[str]:
        """Run install.sh."""
        env = {
            "PATH": str(self.bin),
            "HOME": str(self.root),
            "CALLS": str(self._calls),
            "UV_TO_INSTALL": str(self._uv),
        }
        return subprocess.run(
            [str(self.bin / "bash"), "deploy/install.sh"],
            cwd=self.root,
            env=env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def calls(self) -> list[str]:
        """How the programs were called since the last time."""
        lines = self._calls.read_text().splitlines() if self._calls.exists() else []
        self._calls.unlink(missing_ok=True)
        return lines


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_missing_python_is_one_clear_sentence(machine: Machine) -> None:
    machine.program("uv", UV)
    machine.program("python3", "#!/usr/bin/env bash\nexit 1\n")
    ended = machine.install()
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.startswith("Python 3.10 is needed and was not found")
    assert not (machine.root / ".venv").exists()


def test_a_python_kept_by_pyenv_is_found(machine: Machine) -> None:
    machine.program("uv", UV)
    kept = machine.root / ".pyenv/versions/3.10.13/bin"
    kept.mkdir(parents=True)
    machine.program("python3.10", PYTHON).rename(kept / "python3.10")
    machine.program("python3.10", "#!/usr/bin/env bash\nexit 127\n")
    machine.install()
    assert f"--python {kept}/python3.10" in machine.calls()[0]


def test_installing_follows_the_lock_with_its_hashes(machine: Machine) -> None:
    machine.program("uv", UV)
    machine.program("python3.10", PYTHON)
    (machine.root / "pyproject.toml").write_text("")
    ended = machine.install()
    assert (ended.returncode, ended.stderr) == (0, "")
    venv, sync, project = machine.calls()
    assert venv.startswith("venv ")
    assert sync.startswith("pip sync ")
    assert sync.endswith("--require-hashes requirements.lock")
    assert "--offline" in project
    assert project.endswith("--editable .")


def test_a_second_call_does_nothing_and_is_quick(machine: Machine) -> None:
    machine.program("uv", UV)
    machine.program("python3.10", PYTHON)
    machine.install()
    machine.calls()
    started = time.monotonic()
    ended = machine.install()
    assert time.monotonic() - started < 0.3
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert machine.calls() == []


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_a_change_is_installed_into_the_same_environment(machine: Machine, changed: str) -> None:
    machine.program("uv", UV)
    machine.program("python3.10", PYTHON)
    machine.install()
    machine.calls()
    (machine.root / changed).write_text("something else\n")
    machine.install()
    calls = machine.calls()
    assert calls
    assert not any(call.startswith("venv") for call in calls)


def test_an_installation_that_failed_is_tried_again(machine: Machine) -> None:
    machine.program("uv", UV.replace('echo "$@"', '[ "$2" != sync ] || exit 1; echo "$@"'))
    machine.program("python3.10", PYTHON)
    assert machine.install().returncode != 0
    machine.program("uv", UV)
    machine.calls()
    machine.install()
    assert any(call.startswith("pip sync") for call in machine.calls())


def test_a_uv_that_does_not_work_here_is_replaced_by_the_pinned_one(machine: Machine) -> None:
    machine.program("uv", "#!/usr/bin/env bash\necho 'pyenv: uv: command not found' >&2\nexit 127\n")
    machine.program("python3.10", PYTHON)
    ended = machine.install()
    assert (ended.returncode, ended.stderr) == (0, "")
    installed, *rest = machine.calls()
    assert "--require-hashes" in installed
    assert "--requirement deploy/uv.txt" in installed
    assert rest[0].startswith("venv ")


def test_without_uv_and_pip_it_says_what_to_install(machine: Machine) -> None:
    machine.program("python3.10", '#!/usr/bin/env bash\n[ "$1" = -c ] && echo "$0"\n')
    ended = machine.install()
    assert ended.returncode == 1
    assert ended.stderr.startswith("uv could not be installed")


def test_the_lock_has_hashes_and_no_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    packages = re.split(r"\n(?=\S)", "\n".join(line for line in lock.splitlines() if not line.lstrip().startswith("#")))
    assert len(packages) > 100
    assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []
    assert "/" not in lock


def test_the_lock_holds_everything_that_is_asked_for() -> None:
    wanted = re.findall(r"^([\w.-]+)", (ROOT / "requirements.in").read_text(), flags=re.MULTILINE)
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), flags=re.MULTILINE)
    assert {name.lower() for name in wanted} <= set(locked)
    assert "sentence-transformers" not in locked


def test_the_python_of_the_lock_is_the_one_that_runs_this() -> None:
    assert (ROOT / ".python-version").read_text().strip() == f"{sys.version_info.major}.{sys.version_info.minor}"
