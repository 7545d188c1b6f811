"""Real mail servers on loopback: one that takes mail, refuses it, puts it off, or speaks TLS."""

import asyncio
import datetime as dt
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Protocol
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.running_stack import free_ports


class Postbox:
    """Keep the mails that arrive; ``answers`` are given to RCPT in turn, "250 OK" when they are used up.

    A mail is accepted after ``accepts_after`` seconds. ``quits`` is set when a client takes its leave, which is
    answered when it ``may_quit``.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.answers: list[str] = []
        self.data_answers: list[str] = []
        self.over_tls: list[bool] = []
        self.accepts_after = 0.0
        self.quits, self.may_quit = threading.Event(), threading.Event()
        self.may_quit.set()

    async def handle_RCPT(
        self, _server: Protocol, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Protocol, session: Any, envelope: Envelope) -> str:
        if self.data_answers:
            return self.data_answers.pop(0)
        assert isinstance(envelope.content, bytes)
        if self.accepts_after:
            await asyncio.sleep(self.accepts_after)
        self.envelopes.append(envelope)
        self.over_tls.append(session.ssl is not None or server._tls_protocol is not None)
        parsed = message_from_bytes(envelope.content, policy=default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        return "250 taken"

    async def handle_QUIT(self, _server: Protocol, _session: Any, _envelope: Envelope) -> str:
        self.quits.set()
        await asyncio.to_thread(self.may_quit.wait)
        return "221 bye"


@contextmanager
def mail_server(postbox: Postbox, port: int | None = None, **options: Any) -> Iterator[str]:
    """A running server; the address to reach it under, as TECHREF_SMTP_URL has it."""
    port = port or free_ports(1)[0]
    controller = Controller(postbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop(no_assert=True)


def only(user: str, password: str) -> dict[str, Any]:
    """Options of a server that takes mail from this user alone."""

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: object) -> AuthResult:
        known = isinstance(given, LoginPassword) and (given.login, given.password) == (
            user.encode(),
            password.encode(),
        )
        return AuthResult(success=known, handled=False)

    return {"authenticator": check, "auth_required": True}


def certificate(folder: Path, host: str = "127.0.0.1") -> tuple[Path, ssl.SSLContext]:
    """A certificate for ``host``, signed by itself: its file, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "server.pem", folder / "server.key"
    certificate_file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_file, key_file)
    return certificate_file, context
