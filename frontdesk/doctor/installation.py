"""The machine and its settings: secrets, addresses, channels, model, disk."""

from __future__ import annotations

import ipaddress
import os
import shutil
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import urlsplit

from frontdesk.doctor.findings import Finding, look, well, wrong
from frontdesk.settings import Settings

DRAW_ONE = "python -c 'import secrets; print(secrets.token_urlsafe(48))'"

_FEWEST_CHARACTERS = 12
_LITTLE_ROOM = 2 * 1024**3
_NO_ROOM = 256 * 1024**2
_MODEL_GROWS_OLD = timedelta(days=180)
_MEGABYTE = 1024**2


def secrets_of(settings: Settings, env_file: Path) -> Iterator[Finding]:
    """Is every key set by the operator, strong, and readable by nobody else?"""
    given = {
        "FRONTDESK_SECRET": settings.given_secret,
        "FEED_SECRET": settings.given_feed_secret,
        "WEBHOOK_SECRET": settings.webhook.secret,
        "METRICS_TOKEN": settings.metrics_token,
    }
    if settings.given_secret is None:
        yield wrong(
            "secrets",
            f"FRONTDESK_SECRET is not set: the key is a file in {settings.var_dir.name}/, lost with it and unknown to "
            "other machines.",
            f"Set it to what this prints, and keep it where your other secrets are: {DRAW_ONE}",
        )
    weak = [name for name, value in given.items() if value is not None and len(set(value)) < _FEWEST_CHARACTERS]
    if weak:
        yield wrong("secrets", f"{', '.join(weak)} can be guessed.", f"Draw a new one: {DRAW_ONE}")
    set_ = [value for value in given.values() if value is not None]
    if len(set(set_)) < len(set_):
        yield wrong("secrets", "One secret is used for several things.", f"Draw one for each: {DRAW_ONE}")
    for file in (env_file, settings.var_dir / "secret"):
        if file.is_file() and file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            yield wrong("secrets", f"{file.name} can be read by others on this machine.", f"chmod 600 {file}")
    if settings.given_secret is not None and not weak:
        yield well("secrets", "The key of the sessions is set.")


def addresses(settings: Settings) -> Iterator[Finding]:
    """Can the world reach the desk, and may its pages talk to it?"""
    host = urlsplit(settings.public_address).hostname or ""
    if _is_here(host):
        yield wrong(
            "public address",
            f"PUBLIC_ADDRESS is {settings.public_address}, which no visitor can open.",
            "Set it to where visitors reach the server, such as https://desk.your-clinic.example.",
        )
    elif not settings.is_public:
        yield wrong("public address", "PUBLIC_ADDRESS is not https.", "Put a certificate in front, and write https://.")
    else:
        yield well("public address", settings.public_address)
    hosts = [urlsplit(each).hostname or "" for each in settings.allowed_origins]
    if all(map(_is_here, hosts)):
        yield wrong(
            "origins",
            "FRONTDESK_ORIGINS names this machine only: the chat is refused on your website.",
            "Set it to the origins of your pages, such as https://www.your-clinic.example.",
        )
    elif any(map(_is_here, hosts)) or any(each.startswith("http://") for each in settings.allowed_origins):
        yield look("origins", "FRONTDESK_ORIGINS has one of this machine, or without https.", "Take it out.")
    else:
        yield well("origins", f"{len(hosts)} may carry the chat.")


def channels(settings: Settings) -> Iterator[Finding]:
    """Is every messenger off, or wholly set?"""
    for complaint in settings.channels.complaints:
        yield wrong("channels", complaint, "Set what is missing, or unset the rest; `frontdesk channels` shows both.")
    on = [each.title for each in settings.channels.all if each.is_on]
    if on and not settings.is_public:
        yield wrong(
            "channels", f"No platform can deliver to {', '.join(on)}.", "Set PUBLIC_ADDRESS to an https address."
        )
    elif not settings.channels.complaints:
        yield well("channels", f"On: {', '.join(on)}." if on else "No messenger is on.")


def model(current: Path, now: datetime) -> Iterator[Finding]:
    """Is there a model of the present content?

    Args:
        current: The file it would be.
        now: The present, aware.
    """
    if not current.is_file():
        others = any(current.parent.glob("*.tar.gz"))
        found = "The model is older than the content it is made from." if others else "There is no model."
        yield wrong("model", found, "make train, and start again.")
        return
    age = now - datetime.fromtimestamp(current.stat().st_mtime, timezone.utc)
    if age > _MODEL_GROWS_OLD:
        yield look(
            "model",
            f"It was last trained or started {age.days} days ago.",
            "Measure it on what visitors ask now: make evaluate.",
        )
    else:
        yield well("model", "It was made from the present content.")


def disk(settings: Settings) -> Iterator[Finding]:
    """Is there room, and may it be written to?"""
    folder = next(each for each in (settings.var_dir, *settings.var_dir.parents) if each.exists())
    if not os.access(folder, os.W_OK):
        yield wrong("disk", f"{folder} cannot be written.", "Give it to the user that runs the desk.")
    free = shutil.disk_usage(folder).free
    found = f"{free // _MEGABYTE} MB are free."
    if free < _NO_ROOM:
        yield wrong("disk", found, "Make room now: bookings cannot be written on a full disk.")
    elif free < _LITTLE_ROOM:
        yield look("disk", found, "Make room: a new model needs some, the conversations grow.")
    else:
        yield well("disk", found)


def _is_here(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))
