"""The floor: a bare Sanic handler that does one SQLite commit, `python -m benchmarks.servers.floor PORT FILE`.

No server that keeps what was said can answer sooner.
"""

from __future__ import annotations

import sqlite3
import sys

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

_REPLY = {"messages": [{"text": "word " * 30, "buttons": [], "outcome": "answer", "topics": [], "facts": []}]}


def main(port: int, file: str) -> None:
    """Serve until the process is ended.

    Args:
        port: On the loopback address.
        file: The database; it is created.
    """
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE said (id INTEGER PRIMARY KEY, text TEXT)")
    app = Sanic("floor", configure_logging=False)

    async def message(request: Request) -> HTTPResponse:
        with connection:
            connection.execute("INSERT INTO said (text) VALUES (?)", (request.json["message"],))
        return json(_REPLY)

    async def health(_: Request) -> HTTPResponse:
        return json({"status": "ok"})

    app.add_route(message, "/message", methods=["POST"])
    app.add_route(health, "/")
    app.run("127.0.0.1", port, access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
