"""Whom the desk has to reach: mail server, CRM, Redis."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import redis

from frontdesk.booking.mail import knock
from frontdesk.booking.problems import Unreachable
from frontdesk.doctor.findings import Finding, look, well, wrong
from frontdesk.settings import Settings, SmtpSettings

_PATIENCE_SECONDS = 5.0
_ASK = "Check the address, and the firewall between."


def mail(smtp: SmtpSettings) -> Iterator[Finding]:
    """Does the mail server take us in? Nothing is sent."""
    if smtp.host is None:
        yield wrong(
            "mail", "SMTP_HOST is not set: nobody gets a confirmation or a reminder.", "Set SMTP_HOST and MAIL_FROM."
        )
        return
    if bool(smtp.user) != bool(smtp.password):
        yield wrong("mail", "One of SMTP_USER and SMTP_PASSWORD is set.", "Set both, or none.")
        return
    if smtp.security == "none" and smtp.host not in ("localhost", "127.0.0.1", "::1"):
        yield look("mail", "E-mails leave this machine in the clear.", "Set SMTP_SECURITY to starttls or tls.")
    if smtp.sender is None:
        yield look(
            "mail", "MAIL_FROM is not set: e-mails come from the clinic's own address.", "Set it if yours differs."
        )
    try:
        knock(smtp)
    except Unreachable as error:
        yield wrong("mail", f"The mail server does not take us in: {error}.", _ASK)
    else:
        yield well("mail", "The mail server takes us in.")


def webhook(settings: Settings) -> Iterator[Finding]:
    """Can the CRM be reached? Nothing is sent."""
    url = settings.webhook.url
    if url is None:
        yield well("webhook", "None is set.")
        return
    parts = urlsplit(url)
    if parts.scheme != "https":
        yield look("webhook", "Bookings leave this machine in the clear.", "Set WEBHOOK_URL to an https address.")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        socket.create_connection((parts.hostname or "", port), _PATIENCE_SECONDS).close()
    except OSError as error:
        yield wrong("webhook", f"WEBHOOK_URL cannot be reached: {type(error).__name__}.", _ASK)
    else:
        yield well("webhook", "WEBHOOK_URL can be reached.")


def locks(settings: Settings) -> Iterator[Finding]:
    """Does Redis answer, where there is one?"""
    if settings.redis_url is None:
        return
    try:
        redis.from_url(
            settings.redis_url, socket_timeout=_PATIENCE_SECONDS, socket_connect_timeout=_PATIENCE_SECONDS
        ).ping()
    except (redis.RedisError, OSError) as error:
        yield wrong("redis", f"REDIS_URL does not answer: {type(error).__name__}.", _ASK)
    else:
        yield well("redis", "It answers.")
