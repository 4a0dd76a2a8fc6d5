"""Writes the configuration of nginx: `python -m deploy.door --rasa host:port … --actions host:port … > default.conf`.

The sentence that visitors get when no server answers is the desk's apology, with the clinic's phone; so the facts store
is read for it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from frontdesk.database import create_engine, utc_now
from frontdesk.facts.store import FactsRepository
from frontdesk.settings import Settings
from frontdesk.wording import wording

TEMPLATE = Path(__file__).with_name("nginx.conf")
# Nobody's network.
NO_PROXY = "0.0.0.0/32"
ADDRESS_RATE = "10r/s"


@dataclass(frozen=True)
class Door:
    """What the configuration depends on.

    Attributes:
        rasa: Addresses (`host:port`) of the Rasa servers.
        actions: Addresses of the action servers.
        listen: Where visitors are awaited, a port or `address:port`.
        listen_actions: Where the Rasa servers' calls are awaited; nobody else may reach it.
        trusted_proxy: Network of a load balancer in front, whose X-Forwarded-For is believed.
        address_rate: Requests of one network address, in nginx's notation.
        resolver: DNS server that is asked again for the servers' names, or None; needs nginx 1.27.3.
        access_log: File for a line per request, or None.
    """

    rasa: Sequence[str]
    actions: Sequence[str]
    listen: str = "8080"
    listen_actions: str = "8081"
    trusted_proxy: str = NO_PROXY
    address_rate: str = ADDRESS_RATE
    resolver: str | None = None
    access_log: str | None = "/dev/stdout"


def configuration(door: Door, apology: str) -> str:
    """The content of nginx's http block.

    Args:
        door: What it depends on.
        apology: What visitors are told when no server answers.

    Raises:
        ValueError: A value holds what would end its directive or sentence.
    """
    values = {
        "RASA_SERVERS": _servers(door.rasa, door.resolver),
        "ACTION_SERVERS": _servers(door.actions, door.resolver),
        "LISTEN": _word(door.listen),
        "LISTEN_ACTIONS": _word(door.listen_actions),
        "TRUSTED_PROXY": _word(door.trusted_proxy),
        "ADDRESS_RATE": _word(door.address_rate),
        "RESOLVER": f"resolver {_word(door.resolver)} valid=5s;" if door.resolver else "",
        "ACCESS_LOG": f"{_word(door.access_log)} door" if door.access_log else "off",
        "APOLOGY": _in_quotes(json.dumps(apology)),
    }
    # nginx's own variables stay as they are.
    return Template(TEMPLATE.read_text(encoding="utf-8")).safe_substitute(values)


def _servers(addresses: Sequence[str], resolver: str | None) -> str:
    resolve = " resolve" if resolver else ""
    # One failure, and a server gets no more for two seconds.
    lines = [f"server {_word(address)}{resolve} max_fails=1 fail_timeout=2s;" for address in addresses]
    return "\n    ".join(lines)


def _word(text: str) -> str:
    if not re.fullmatch(r"[\w.:/\[\]-]+", text):
        raise ValueError(f"nginx cannot be given {text!r} as one word.")
    return text


def _in_quotes(text: str) -> str:
    if "$" in text:
        # It would begin a variable, and cannot be escaped.
        raise ValueError("The apology for nginx cannot hold a dollar sign.")
    return text.replace("\\", "\\\\").replace("'", "\\'")


def apology(settings: Settings) -> str:
    """The desk's words for a turn that failed, with the clinic's own values.

    Args:
        settings: Where the facts and the database, which is up to date, are.
    """
    engine = create_engine(settings)
    try:
        return wording(FactsRepository(settings, engine).current(), "apology", utc_now()).text
    finally:
        engine.dispose()


def main(arguments: list[str] | None = None) -> int:
    """Write the configuration to the standard output."""
    parser = argparse.ArgumentParser(prog="python -m deploy.door", description="The configuration of nginx.")
    parser.add_argument("--rasa", action="append", required=True, metavar="HOST:PORT")
    parser.add_argument("--actions", action="append", required=True, metavar="HOST:PORT")
    parser.add_argument("--listen", default=Door.listen)
    parser.add_argument("--listen-actions", default=Door.listen_actions)
    parser.add_argument("--trusted-proxy", default=NO_PROXY, metavar="NETWORK")
    parser.add_argument("--address-rate", default=ADDRESS_RATE, metavar="RATE")
    parser.add_argument("--resolver", metavar="ADDRESS")
    print(configuration(Door(**vars(parser.parse_args(arguments))), apology(Settings.from_environment())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
