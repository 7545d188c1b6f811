"""Send a mail to the SMTP server of TECHREF_SMTP_URL, or write it to TECHREF_HOME/mail without one."""

import asyncio
import contextlib
import hashlib
import hmac
import ssl
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import aiosmtplib

from bot.services.core.context import Context
from bot.services.core.worker_threads import FILES
from bot.services.outbox.outcomes import NotNow, Refused
from bot.settings.env.parsing import LOOPBACK
from bot.store.tables import OutboxItem
from bot.triage.text.mail_address import sendable

# For the connection and for each answer of the server but one.
TIMEOUT_SECONDS = 30.0
# A server that reads a mail before it accepts it is slow. Given up too early, the mail is accepted and sent again
# (https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.2.6).
ACCEPTED_SECONDS = 600.0
PERMANENT = 500


@dataclass(frozen=True)
class BuiltMail:
    """A mail in the form that travels: the envelope's addresses in ASCII, and the whole message."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


class MailServer(Protocol):
    """Something that accepts mails; ``delivers`` says whether they leave this machine."""

    delivers: bool

    def accepting(self, name: str, mail: BuiltMail) -> AbstractAsyncContextManager[None]:
        """Hand one mail over and run the block, which records it, as soon as it is accepted.

        ``name``: of its file, where it is filed.

        Raises NotNow, or Refused when another try will not help; then the block does not run.
        """


def server_of(ctx: Context) -> MailServer:
    """Return the server that the settings name."""
    return SmtpServer(ctx.settings.smtp_url) if ctx.settings.smtp_url else MailFolder(ctx.home / "mail")


def message_of(ctx: Context, item: OutboxItem) -> EmailMessage:
    """Return the mail of an outbox item. The same mail has the same Message-ID however often it is sent.

    All mails of a conversation refer to one root, so that they stand together in a mailbox
    (https://www.rfc-editor.org/rfc/rfc5322#section-3.6.4). Raises whatever the libraries raise for an address or a text
    that no mail can hold.
    """
    written, sender = item.payload or {}, sendable(ctx.support.email.from_address)
    domain = sender.rpartition("@")[2]
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = Address(written.get("company") or ctx.support.company, addr_spec=sender)
    message["To"] = Address(addr_spec=sendable(item.target))
    message["Subject"] = written["subject"]
    message["Date"] = format_datetime(item.created_at)
    message["Message-ID"] = message_id(ctx, f"mail {item.key}", domain)
    if item.conversation_id is not None:
        message["References"] = message["In-Reply-To"] = message_id(ctx, f"thread {item.conversation_id}", domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(written["text"], cte="quoted-printable")
    return message


def build(ctx: Context, item: OutboxItem) -> BuiltMail:
    """Return the mail in the form that travels; raises what ``message_of`` raises."""
    message = message_of(ctx, item)
    return BuiltMail(sendable(ctx.support.email.from_address), (sendable(item.target),), message.as_bytes())


def message_id(ctx: Context, about: str, domain: str) -> str:
    """Return an id that tells nobody how many mails there are, nor which conversation it is about."""
    key = (ctx.settings.internal_secret or "").encode()
    return f"<techref-{hmac.new(key, about.encode(), hashlib.sha256).hexdigest()[:32]}@{domain}>"


class MailFolder:
    """One ``.eml`` file a mail, readable by the owner only: what would have been sent."""

    delivers = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @asynccontextmanager
    async def accepting(self, name: str, mail: BuiltMail) -> AsyncIterator[None]:
        try:
            await FILES.run(self._write, name, mail.content)
        except OSError as error:
            raise NotNow(f"file: {error.strerror}", trouble=True) from error
        yield

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self._folder / f".{name}"
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(content)
        unfinished.replace(self._folder / name)


def file_name(item: OutboxItem) -> str:
    """Return the name under which a mail is filed."""
    return f"{item.id:06d}-{(item.payload or {}).get('letter', 'mail')}.eml"


class _Client(aiosmtplib.SMTP):
    """A client that waits longer for the answer to a mail than for any other."""

    async def data(self, message: str | bytes, /, **_timeout: Any) -> aiosmtplib.SMTPResponse:
        return await super().data(message, timeout=ACCEPTED_SECONDS)


class SmtpServer:
    """A mail server. Its certificate is always checked; see ``parsing.smtp_url`` for when there is TLS."""

    delivers = True

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self._options = dict(parse_qsl(self._url.query))

    @asynccontextmanager
    async def accepting(self, name: str, mail: BuiltMail) -> AsyncIterator[None]:
        client = self._client(self._url)
        try:
            await self._hand_over(client, mail)
            yield
        finally:
            await _leave(client)

    async def _hand_over(self, client: aiosmtplib.SMTP, mail: BuiltMail) -> None:
        try:
            await client.connect()
            await client.sendmail(mail.sender, list(mail.recipients), mail.content)
        except aiosmtplib.SMTPRecipientsRefused as error:
            refused = error.recipients[0]
            raise _answered("recipient", refused.code) from error
        except aiosmtplib.SMTPDataError as error:
            raise _answered("message", error.code) from error
        except aiosmtplib.SMTPNotSupported as error:
            if "STARTTLS" in str(error):
                raise NotNow("server: no STARTTLS", trouble=True) from error
            raise Refused("address: not supported") from error
        except aiosmtplib.SMTPResponseException as error:
            raise NotNow(f"server: {type(error).__name__} {error.code}", trouble=True) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotNow(f"server: {_cause(error)}", trouble=True) from error

    def _client(self, url: SplitResult) -> aiosmtplib.SMTP:
        wrapped = url.scheme == "smtps"
        here = url.hostname in LOOPBACK
        secured = self._options.get("tls", "off" if here else "required") == "required"
        try:
            context = ssl.create_default_context(cafile=self._options.get("ca"))
        except OSError as error:
            raise NotNow("server: the ca file cannot be read", trouble=True) from error
        return _Client(
            hostname=url.hostname or "",
            port=url.port or (465 if wrapped else 587),
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            use_tls=wrapped,
            start_tls=secured and not wrapped,
            tls_context=context,
            timeout=TIMEOUT_SECONDS,
        )


def _answered(stage: str, code: int) -> NotNow | Refused:
    """Return what an answer of the server means: from 500 on it is permanent.

    See https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1
    """
    return Refused(f"{stage}: {code}") if code >= PERMANENT else NotNow(f"{stage}: {code}")


def _cause(error: BaseException) -> str:
    """Return what went wrong, in one word: the type of the innermost error, such as SSLCertVerificationError."""
    while error.__cause__ is not None:
        error = error.__cause__
    return type(error).__name__


async def _leave(client: aiosmtplib.SMTP) -> None:
    """Say goodbye; the mail's fate is known by then, so a server that no longer listens changes nothing."""
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        async with asyncio.timeout(2):
            await client.quit()
    client.close()
