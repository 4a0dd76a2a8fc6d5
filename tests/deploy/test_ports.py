from __future__ import annotations

import socket

from deploy import ports


def test_a_port_is_free_until_somebody_listens() -> None:
    port = ports.free_port()
    assert ports.is_free("127.0.0.1", port)
    with socket.create_server(("127.0.0.1", port)):
        assert not ports.is_free("127.0.0.1", port)
        assert not ports.is_free("0.0.0.0", port)
    assert ports.is_free("127.0.0.1", port)


def test_nobody_answers_on_a_free_port() -> None:
    assert not ports.answers("127.0.0.1", ports.free_port(), "/")


def test_a_port_that_is_open_but_speaks_no_http_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            assert not ports.answers("127.0.0.1", port, "/")
