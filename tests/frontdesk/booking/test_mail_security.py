"""E-mails leave encrypted and signed in, or not at all."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from frontdesk.booking.mail_words import load_mail_words
from frontdesk.booking.worker import Worker
from frontdesk.database import create_engine
from frontdesk.migrations import upgrade
from frontdesk.settings import REPOSITORY, Settings
from tests.frontdesk.booking.conftest import Book
from tests.mail import Inbox, mail_server

USER, PASSWORD = "desk@lindenrow.example", "a long-winded password"


class Doorkeeper:
    """Lets in who knows the password, and notes who came."""

    def __init__(self) -> None:
        self.came: list[bytes] = []

    def __call__(self, server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        self.came.append(data.login)
        is_right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=False)


def certificate(folder: Path, name: x509.GeneralName) -> Path:
    """A file with a key and a certificate that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail server of a test")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path = folder / "certificate.pem"
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path


def context(path: Path) -> ssl.SSLContext:
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(path)
    return made


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate that this machine trusts."""
    path = certificate(tmp_path, x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return context(path)


@pytest.fixture
def doorkeeper() -> Doorkeeper:
    return Doorkeeper()


@pytest.fixture
def database(tmp_path: Path) -> str:
    """One kind is enough: how e-mails travel has nothing to do with the database."""
    url = f"sqlite:///{tmp_path / 'book.db'}"
    upgrade(create_engine(Settings.from_environment({"DATABASE_URL": url})))
    return url


def deliver(book: Book, inbox: Inbox, security: str, password: str = PASSWORD) -> dict[str, int]:
    """What became of the one e-mail of a booking."""
    book.book(email=None)
    settings = Settings.from_environment(
        {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(inbox.port),
            "SMTP_SECURITY": security,
            "SMTP_USER": USER,
            "SMTP_PASSWORD": password,
        }
    )
    words = load_mail_words(REPOSITORY / "facts")
    return dict(Worker(book.engine, settings, lambda: book.clinic, words, book.clock).run_once())


def test_starttls_and_signing_in(book: Book, trusted: ssl.SSLContext, doorkeeper: Doorkeeper) -> None:
    options = {"require_starttls": True, "auth_required": True, "authenticator": doorkeeper}
    with mail_server(tls_context=trusted, **options) as inbox:
        assert deliver(book, inbox, "starttls") == {"sent": 1}
    assert doorkeeper.came == [USER.encode()]
    assert inbox.recipients == ["hello@lindenrow.example"]


def test_tls_from_the_first_byte_and_signing_in(book: Book, trusted: ssl.SSLContext, doorkeeper: Doorkeeper) -> None:
    # aiosmtpd counts only STARTTLS as encrypted.
    options = {"auth_required": True, "authenticator": doorkeeper, "auth_require_tls": False}
    with mail_server(ssl_context=trusted, **options) as inbox:
        assert deliver(book, inbox, "tls") == {"sent": 1}
    assert doorkeeper.came == [USER.encode()]


def test_a_wrong_password_is_tried_again_later(
    book: Book, trusted: ssl.SSLContext, doorkeeper: Doorkeeper, caplog: pytest.LogCaptureFixture
) -> None:
    with mail_server(tls_context=trusted, authenticator=doorkeeper, auth_required=True) as inbox:
        assert deliver(book, inbox, "starttls", "out of date") == {"postponed": 1}
    assert inbox.mails == []
    assert "SMTPAuthenticationError" in caplog.text
    assert "out of date" not in caplog.text


def test_a_server_that_does_not_encrypt_gets_neither_password_nor_mail(book: Book, doorkeeper: Doorkeeper) -> None:
    with mail_server(authenticator=doorkeeper, auth_require_tls=False) as inbox:
        assert deliver(book, inbox, "starttls") == {"postponed": 1}
    assert (doorkeeper.came, inbox.mails) == ([], [])


@pytest.mark.parametrize("name", ["unknown", "somebody else's"])
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_that_cannot_prove_its_name_gets_neither_password_nor_mail(
    book: Book, tmp_path: Path, doorkeeper: Doorkeeper, monkeypatch: pytest.MonkeyPatch, name: str, security: str
) -> None:
    own = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    path = certificate(tmp_path, own if name == "unknown" else x509.DNSName("mail.other.example"))
    if name != "unknown":
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
    encrypted: dict[str, Any] = {"tls_context" if security == "starttls" else "ssl_context": context(path)}
    with mail_server(authenticator=doorkeeper, **encrypted) as inbox:
        assert deliver(book, inbox, security) == {"postponed": 1}
    assert (doorkeeper.came, inbox.mails) == ([], [])
