"""The one place that reads the environment.

Every variable is listed, with its default, in `.env.example`; a test keeps the two in agreement.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import limits
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from frontdesk.channel_settings import Channels, read_channels

REPOSITORY = Path(__file__).resolve().parent.parent
SECRET_MIN_LENGTH = 32
DATABASES = ("sqlite", "postgresql")


class SettingsError(ValueError):
    """A setting that cannot be used; the message is one sentence that names the variable."""


@dataclass(frozen=True)
class SmtpSettings:
    """The way out for e-mails; without a host, they wait.

    Attributes:
        host: Name of the mail server, or None.
        port: Its port.
        security: `starttls`, `tls` or `none`.
        user: Who signs in, or None.
        password: With what.
        sender: Address that e-mails come from; None stands for the clinic's own.
        clinic_address: Address at which the clinic is told; None stands for the clinic's own.
    """

    host: str | None
    port: int
    security: str
    user: str | None
    password: str | None = field(repr=False)
    sender: str | None
    clinic_address: str | None


@dataclass(frozen=True)
class WebhookSettings:
    """Where bookings are told to a CRM.

    Attributes:
        url: Its address, or None; may hold a key of the receiver's.
        secret: Signs what is sent.
    """

    url: str | None = field(repr=False)
    secret: str | None = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """How this installation is set up. Made once per process with `from_environment`.

    Attributes:
        facts_dir: Folder of the facts store's YAML files.
        var_dir: Folder for all that is written at run time.
        database_url: SQLAlchemy address of the database, SQLite or PostgreSQL.
        allowed_origins: Web origins (`scheme://host[:port]`) whose pages may talk to the website channel.
        port: Port of the assistant.
        action_port: Port of an action server.
        action_url: Address at which the assistant calls an action server; None where it runs the actions itself.
        session_hours: How long a visitor's session token is valid, in hours.
        message_limit: Longest message taken from a visitor, in characters.
        message_rate: How often one session may send, in the notation of `limits` ("20 per minute; 200 per day").
        address_rate: The same for one network address.
        session_rate: How often one network address may open a session.
        limit_local: Whether both rates of an address hold for this machine itself too, which measures and monitors.
        log_level: A level name of `logging`.
        given_secret: `FRONTDESK_SECRET`, or None; read `session_secret` instead.
        public_address: Address at which the world reaches the assistant, without a slash at the end.
        smtp: The way out for e-mails.
        webhook: Where bookings are told to a CRM.
        given_feed_secret: `FEED_SECRET`, or None; read `feed_secret` instead.
        channels: The messaging channels; whether one is half configured is for who starts them to ask.
        redis_url: Address of the Redis that several servers share, or None.
        event_broker_url: Address of RabbitMQ or Kafka, where every event of a conversation is told, or None.
        metrics_token: What a monitor from elsewhere proves itself with, or None.
        log_format: `text` for people or `json` for machines.
    """

    facts_dir: Path
    var_dir: Path
    # Both may hold a password, so neither belongs in a repr that ends up in a log.
    database_url: str = field(repr=False)
    allowed_origins: tuple[str, ...]
    port: int
    action_port: int
    action_url: str | None
    session_hours: int
    message_limit: int
    message_rate: str
    address_rate: str
    session_rate: str
    limit_local: bool
    log_level: str
    given_secret: str | None = field(repr=False)
    public_address: str
    smtp: SmtpSettings
    webhook: WebhookSettings
    given_feed_secret: str | None = field(repr=False)
    channels: Channels
    redis_url: str | None = field(repr=False)
    event_broker_url: str | None = field(repr=False)
    metrics_token: str | None = field(repr=False)
    log_format: str

    @classmethod
    def from_environment(cls, env: Mapping[str, str] = os.environ) -> Settings:
        """Read all settings; an empty variable counts as unset.

        Raises:
            SettingsError: A variable holds something that cannot be used.
        """
        read = _Reader(env)
        var_dir = read.folder("FRONTDESK_VAR", REPOSITORY / "var")
        port = read.number("PORT", 5005, 1, 65535)
        return cls(
            facts_dir=read.folder("FRONTDESK_FACTS", REPOSITORY / "facts"),
            var_dir=var_dir,
            database_url=read.database("DATABASE_URL", f"sqlite:///{var_dir / 'frontdesk.db'}"),
            allowed_origins=read.origins("FRONTDESK_ORIGINS", (f"http://localhost:{port}", f"http://127.0.0.1:{port}")),
            port=port,
            action_port=read.number("ACTION_PORT", 5055, 1, 65535),
            action_url=read.address("ACTION_URL", "") or None,
            session_hours=read.number("FRONTDESK_SESSION_HOURS", 12, 1, 24 * 30),
            message_limit=read.number("FRONTDESK_MESSAGE_LIMIT", 1000, 1, 10_000),
            message_rate=read.rate("FRONTDESK_MESSAGE_RATE", "60 per minute; 1000 per day"),
            address_rate=read.rate("FRONTDESK_ADDRESS_RATE", "120 per minute"),
            session_rate=read.rate("FRONTDESK_SESSION_RATE", "30 per minute; 300 per day"),
            limit_local=bool(read.number("FRONTDESK_LIMIT_LOCAL", 0, 0, 1)),
            log_level=read.level("LOG_LEVEL", "INFO"),
            given_secret=read.secret("FRONTDESK_SECRET"),
            public_address=read.address("PUBLIC_ADDRESS", f"http://localhost:{port}").rstrip("/"),
            smtp=SmtpSettings(
                host=read.text("SMTP_HOST"),
                port=read.number("SMTP_PORT", 587, 1, 65535),
                security=read.choice("SMTP_SECURITY", "starttls", ("starttls", "tls", "none")),
                user=read.text("SMTP_USER"),
                password=read.text("SMTP_PASSWORD"),
                sender=read.mailbox("MAIL_FROM"),
                clinic_address=read.mailbox("MAIL_TO"),
            ),
            webhook=read.webhook("WEBHOOK_URL", "WEBHOOK_SECRET"),
            given_feed_secret=read.secret("FEED_SECRET"),
            channels=read_channels(read.text, read.address, lambda name: bool(read.number(name, 0, 0, 1))),
            redis_url=read.service("REDIS_URL", ("redis", "rediss", "unix")),
            event_broker_url=read.service("EVENT_BROKER_URL", ("amqp", "kafka")),
            metrics_token=read.secret("METRICS_TOKEN"),
            log_format=read.choice("LOG_FORMAT", "text", ("text", "json")),
        )

    @property
    def is_public(self) -> bool:
        """Whether the world can reach the assistant as platforms ask for it, by https."""
        return self.public_address.startswith("https://")

    @cached_property
    def session_secret(self) -> str:
        """The key that signs session tokens: `FRONTDESK_SECRET`, else the one kept in `<var_dir>/secret`.

        The file is created on first use, readable by its owner only; processes that start at once agree on one.

        Raises:
            SettingsError: The file holds too short a secret.
        """
        if self.given_secret is not None:
            return self.given_secret
        path = self.var_dir / "secret"
        if not path.exists():
            _create_secret(path)
        secret = path.read_text(encoding="utf-8").strip()
        if len(secret) < SECRET_MIN_LENGTH:
            raise SettingsError(
                f"FRONTDESK_SECRET is unset and the file {path} is too short: delete it to get a new one."
            )
        return secret

    @property
    def conversations_url(self) -> str:
        """SQLAlchemy address of the conversations: with the rest in PostgreSQL, else a SQLite file of their own.

        On SQLite one writes at a time, and a turn need not wait for a booking.
        """
        if make_url(self.database_url).get_backend_name() == "sqlite":
            return f"sqlite:///{self.var_dir / 'tracker.db'}"
        return self.database_url

    @cached_property
    def action_secret(self) -> str:
        """The key with which the assistant proves itself to the action server, made from the session secret.

        Raises:
            SettingsError: As for `session_secret`.
        """
        return hmac.new(self.session_secret.encode(), b"action server", hashlib.sha256).hexdigest()

    @cached_property
    def feed_secret(self) -> str:
        """The key of the secret addresses of calendar files: `FEED_SECRET`, else one made from the session secret.

        Raises:
            SettingsError: As for `session_secret`.
        """
        if self.given_feed_secret is not None:
            return self.given_feed_secret
        # Not the session secret itself: what leaks from one use must not open the other.
        return hmac.new(self.session_secret.encode(), b"calendar feed", hashlib.sha256).hexdigest()


def _create_secret(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp makes the file 0600; linking it into place lets exactly one of several processes win, never half a file.
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48))
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)


class _Reader:
    """Reads typed values out of an environment, each with its own complaint."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env

    def text(self, name: str) -> str | None:
        return self._env.get(name, "").strip() or None

    def folder(self, name: str, default: Path) -> Path:
        text = self.text(name)
        folder = Path(text).expanduser().absolute() if text else default
        if folder.exists() and not folder.is_dir():
            raise SettingsError(f"{name} must be a folder, and {folder} is a file.")
        return folder

    def number(self, name: str, default: int, low: int, high: int) -> int:
        text = self.text(name)
        if text is None:
            return default
        # isdecimal alone would take digits of other scripts; int alone would take "1_000" and "+5".
        if not (text.isascii() and text.isdecimal() and low <= int(text) <= high):
            raise SettingsError(f"{name} must be a whole number from {low} to {high}, not {text[:20]!r}.")
        return int(text)

    def database(self, name: str, default: str) -> str:
        text = self.text(name)
        if text is None:
            return default
        # Hosting platforms still hand out the scheme that SQLAlchemy has dropped.
        if text.startswith("postgres://"):
            text = text.replace("postgres://", "postgresql://", 1)
        try:
            backend = make_url(text).get_backend_name()
        except (ArgumentError, ValueError):
            backend = ""
        if backend not in DATABASES:
            raise SettingsError(f"{name} must start with sqlite:/// or postgresql:// and be a full database address.")
        return text

    def origins(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        text = self.text(name)
        if text is None:
            return default
        origins = tuple(part.strip().rstrip("/").lower() for part in text.split(",") if part.strip())
        for origin in origins:
            if not _is_origin(origin):
                raise SettingsError(f"{name} must list origins such as https://www.example.org, not {origin[:80]!r}.")
        return origins

    def address(self, name: str, default: str) -> str:
        text = self.text(name)
        if text is not None and not (text.startswith(("http://", "https://")) and _has_host(text)):
            raise SettingsError(f"{name} must be an address that starts with http:// or https://.")
        return text or default

    def service(self, name: str, schemes: tuple[str, ...]) -> str | None:
        text = self.text(name)
        if text is None:
            return None
        scheme, _, rest = text.partition("://")
        # The address may hold a password, so it is not quoted.
        if scheme not in schemes or not (_has_host(text) or (scheme == "unix" and rest)):
            starts = " or ".join(f"{each}://" for each in schemes)
            raise SettingsError(f"{name} must be an address that starts with {starts}.")
        return text

    def rate(self, name: str, default: str) -> str:
        text = self.text(name) or default
        try:
            limits.parse_many(text)
        except ValueError as error:
            raise SettingsError(f"{name} must be a rate such as '20 per minute; 300 per day'.") from error
        return text

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        text = (self.text(name) or default).lower()
        if text not in choices:
            raise SettingsError(f"{name} must be one of {', '.join(choices)}.")
        return text

    def mailbox(self, name: str) -> str | None:
        text = self.text(name)
        if text is not None and not re.fullmatch(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+", text):
            raise SettingsError(f"{name} must be a plain e-mail address such as desk@example.org.")
        return text

    def webhook(self, url: str, secret: str) -> WebhookSettings:
        # An unsigned message about a visitor could be anyone's, so there is none.
        settings = WebhookSettings(self.address(url, "") or None, self.secret(secret))
        if settings.url is not None and settings.secret is None:
            raise SettingsError(f"{secret} must be set, as {url} is.")
        return settings

    def level(self, name: str, default: str) -> str:
        level = (self.text(name) or default).upper()
        if not isinstance(logging.getLevelName(level), int):
            raise SettingsError(f"{name} must be one of DEBUG, INFO, WARNING, ERROR or CRITICAL.")
        return level

    def secret(self, name: str) -> str | None:
        text = self.text(name)
        if text is not None and len(text) < SECRET_MIN_LENGTH:
            raise SettingsError(f"{name} must have at least {SECRET_MIN_LENGTH} characters.")
        return text


def _has_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        # The port property is what raises for a port that is no number or too large.
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _is_origin(text: str) -> bool:
    if not _has_host(text) or "*" in text or "@" in text:
        return False
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and text == f"{parts.scheme}://{parts.netloc}"
