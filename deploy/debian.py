"""nginx, PostgreSQL and Redis from Debian's packages: a throwaway one of each on a port of the loopback address."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from frontdesk.database import engine_at

LOOPBACK = "127.0.0.1"
# They refuse to run as root, or should not; Debian's packages bring these users along.
DATABASE_USER, DOOR_USER = "postgres", "www-data"


class ProgramMissing(Exception):
    """A package is not installed; the message says which."""


def program(name: str, package: str) -> str:
    """The path of a program, which Debian may keep off the PATH.

    Raises:
        ProgramMissing: It is not there.
    """
    for folder in (None, "/usr/sbin", *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)):
        found = shutil.which(name, path=folder)
        if found:
            return found
    raise ProgramMissing(f"{name} is missing: apt-get install {package}")


def as_user(user: str, command: Sequence[str]) -> list[str]:
    """The command as another user, where this is root; its process is the command's own."""
    if os.geteuid() != 0:
        return list(command)
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--", *command]


def own_folder(user: str) -> Path:
    """A new folder that belongs to a user, where this is root."""
    folder = Path(tempfile.mkdtemp(prefix="frontdesk-"))
    if os.geteuid() == 0:
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    return folder


def make_database(folder: Path, port: int) -> tuple[list[str], str]:
    """Make the files of a PostgreSQL server.

    Args:
        folder: Of `own_folder(DATABASE_USER)`.
        port: Where it will listen.

    Returns:
        The command that starts it, and the address of its database.
    """
    password = secrets.token_hex(16)
    given = folder / "password"
    given.write_text(password)
    given.chmod(0o644)
    init = [program("initdb", "postgresql"), "--pgdata", str(folder / "data"), "--username", "frontdesk"]
    init += ["--auth", "scram-sha-256", "--pwfile", str(given), "--encoding", "UTF8", "--no-sync", "--no-locale"]
    subprocess.run(as_user(DATABASE_USER, init), check=True, capture_output=True, cwd=folder)
    given.unlink()
    command = [program("postgres", "postgresql"), "-D", str(folder / "data"), "-p", str(port)]
    # It is thrown away, so it need not survive a power cut; the end of its processes it does survive.
    for option in ("fsync=off", f"unix_socket_directories={folder}", f"listen_addresses={LOOPBACK}"):
        command += ["-c", option]
    return as_user(DATABASE_USER, command), f"postgresql://frontdesk:{password}@{LOOPBACK}:{port}/postgres"


def accepts(address: str) -> bool:
    """Whether a PostgreSQL server takes connections; its port is open some time before its doors are."""
    engine = engine_at(address)
    try:
        with engine.connect():
            return True
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()


def make_redis(folder: Path, port: int) -> tuple[list[str], str]:
    """Write the configuration of a Redis that keeps nothing on disk.

    Args:
        folder: For its configuration.
        port: Where it will listen.

    Returns:
        The command that starts it, and its address.
    """
    password = secrets.token_hex(16)
    file = folder / "redis.conf"
    file.touch(mode=0o600)
    file.write_text(
        f'port {port}\nbind {LOOPBACK}\nrequirepass {password}\nsave ""\nappendonly no\ndir {folder}\n',
        encoding="utf-8",
    )
    return [program("redis-server", "redis-server"), str(file)], f"redis://:{password}@{LOOPBACK}:{port}/0"


def configure_nginx(folder: Path, configuration: str) -> None:
    """Write a whole configuration around that of the door.

    Args:
        folder: Of `own_folder(DOOR_USER)`.
        configuration: The content of the http block.
    """
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = folder / "nginx.conf"
    file.write_text(
        f"daemon off;\npid {folder}/nginx.pid;\nerror_log stderr;\nworker_processes 1;\n"
        f"events {{ worker_connections 1024; }}\nhttp {{\n{temporary}\n{configuration}\n}}\n",
        encoding="utf-8",
    )
    file.chmod(0o644)


def nginx_command(folder: Path) -> list[str]:
    """The command that starts nginx with the configuration in this folder."""
    program_and_options = [program("nginx", "nginx"), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    return as_user(DOOR_USER, [*program_and_options, "-p", str(folder)])
