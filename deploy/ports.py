"""Ports of this machine: whether one is free, and whether a server answers there."""

from __future__ import annotations

import http.client
import socket

# Addresses that mean "all of them" can be listened on, not called.
CALLED_AS = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As servers do: a connection that has just been closed is no obstacle, another server is.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(host: str, port: int, path: str) -> bool:
    """Whether a server answers HTTP there, whatever it says; waits two seconds at most."""
    connection = http.client.HTTPConnection(CALLED_AS.get(host, host), port, timeout=2)
    try:
        connection.request("GET", path)
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def status(port: int, path: str) -> int | None:
    """The status with which a port of the loopback address answers a GET, or None; waits four seconds at most."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
