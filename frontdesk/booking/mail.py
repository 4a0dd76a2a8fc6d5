"""Notices as e-mails, and their way to the mail server."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage

from frontdesk.booking.invitation import invitation
from frontdesk.booking.mail_words import Mail, MailWords, of_booking
from frontdesk.booking.outbox import VISITOR, Notice
from frontdesk.booking.problems import Refused, Unreachable
from frontdesk.booking.records import clean, is_email
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.settings import SmtpSettings

# A dozen exchanges at most, so that a delivery ends long before its lease.
TIMEOUT_SECONDS = 20
LONGEST_SUBJECT = 200


def mail_of(notice: Notice, clinic: ClinicProfile, words: MailWords, smtp: SmtpSettings) -> EmailMessage:
    """A notice as an e-mail, the same in every attempt; the visitor's has the calendar file with it.

    Raises:
        Refused: There is no wording for it, or an address is none.
    """
    group = words.visitor if notice.recipient == VISITOR else words.clinic
    template: Mail | None = getattr(group, notice.event, None)
    recipient = notice.content["email"] if notice.recipient == VISITOR else smtp.clinic_address or clinic.email
    sender = smtp.sender or clinic.email
    if template is None or not is_email(recipient or "") or not is_email(sender):
        raise Refused("no wording or no address")
    says = of_booking(notice.content, clinic, words)
    message = EmailMessage()
    # What a visitor wrote is in some subjects, and must not begin another header.
    message["Subject"] = clean(template.subject.format(**says), LONGEST_SUBJECT)
    message["From"] = Address(clean(clinic.name, LONGEST_SUBJECT), addr_spec=sender)
    message["To"] = recipient
    message["Date"] = notice.created_at
    message["Message-ID"] = f"<{notice.message_id}>"
    # Tells holiday notices and the like not to answer.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(template.text.format(**says))
    if notice.recipient == VISITOR:
        message["Reply-To"] = clinic.email
        method = "CANCEL" if notice.content["status"] == "cancelled" else "PUBLISH"
        message.add_attachment(
            invitation(notice.content, clinic, words),
            maintype="text",
            subtype="calendar",
            filename=words.invitation.file,
            params={"method": method, "charset": "utf-8"},
        )
        # A random one would make a repeat another e-mail to who compares them.
        message.set_boundary(f"={notice.message_id.partition('@')[0]}=")
    return message


def knock(smtp: SmtpSettings) -> None:
    """Go as far as the mail server's door and sign in; nothing is sent.

    Raises:
        Unreachable: The server is not there, or does not let us in.
    """
    try:
        with _connect(smtp) as server:
            if smtp.user is not None:
                server.login(smtp.user, smtp.password or "")
    except (smtplib.SMTPException, OSError) as error:
        raise Unreachable(type(error).__name__) from error


def send(message: EmailMessage, smtp: SmtpSettings) -> None:
    """Hand an e-mail to the mail server; when this returns, the server has said yes.

    Raises:
        Refused: The server will not take this e-mail, now or later.
        Unreachable: It may take it later.
    """
    try:
        server = _connect(smtp)
    except (smtplib.SMTPException, OSError) as error:
        raise Unreachable(type(error).__name__) from error
    try:
        if smtp.user is not None:
            server.login(smtp.user, smtp.password or "")
        # From here on a refusal is about this e-mail, not about the server or the account.
        _hand_over(server, message)
    except (smtplib.SMTPException, OSError) as error:
        raise Unreachable(type(error).__name__) from error
    finally:
        # After the yes, a server that does not say goodbye changes nothing.
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.quit()


def _connect(smtp: SmtpSettings) -> smtplib.SMTP:
    assert smtp.host is not None
    if smtp.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=TIMEOUT_SECONDS, context=context)
    server = smtplib.SMTP(smtp.host, smtp.port, timeout=TIMEOUT_SECONDS)
    try:
        if smtp.security == "starttls":
            server.starttls(context=ssl.create_default_context())
    except (smtplib.SMTPException, OSError):
        server.close()
        raise
    return server


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        if all(500 <= code < 600 for code, _ in error.recipients.values()):
            raise Refused("recipient refused") from error
        raise
    except smtplib.SMTPDataError as error:
        if 500 <= error.smtp_code < 600:
            raise Refused(f"mail refused with {error.smtp_code}") from error
        raise
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
        raise Refused("the server cannot take this address") from error
