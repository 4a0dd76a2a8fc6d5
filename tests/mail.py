"""A mail server of the tests' own, which keeps what it takes and answers as it is told."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from deploy.ports import free_port


class Inbox:
    """What a mail server has taken.

    Attributes:
        mails: In the order in which they came.
        recipients: To whom, likewise.
        answers: What the next e-mails are answered instead of yes; `rcpt …` answers the recipient.
        port: Where the server listens.
        seconds: How long its yes takes once it has kept an e-mail.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: list[str] = []
        self.port = free_port()
        self.seconds = 0.0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.answers and self.answers[0].startswith("rcpt "):
            return self.answers.pop(0)[5:]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
            self.recipients += envelope.rcpt_tos
            await asyncio.sleep(self.seconds)
        return answer

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if mail["To"] == address]


@contextmanager
def mail_server(**options: Any) -> Iterator[Inbox]:
    """A running mail server on the loopback address.

    Args:
        options: Of aiosmtpd's `SMTP`: its certificate, who may sign in.
    """
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=inbox.port, **options)
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()
