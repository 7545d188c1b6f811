"""Where a mail goes: to the SMTP server of TECHREF_SMTP_URL, or to a file of TECHREF_HOME/mail without one."""

import asyncio
import contextlib
import hashlib
import hmac
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import aiosmtplib

from bot.services.core.context import Context
from bot.services.core.worker_threads import FILES
from bot.settings.env.parsing import LOOPBACK
from bot.store.tables import Mail

TIMEOUT_SECONDS = 30.0


class Refused(Exception):
    """The mail was not taken. ``for_good``: trying again will not help. ``trouble``: the fault is at our own server.

    ``problem`` is a short code for operators: never an address or a word of the mail.
    """

    def __init__(self, problem: str, for_good: bool = False, trouble: bool = False) -> None:
        super().__init__(problem)
        self.problem, self.for_good, self.trouble = problem, for_good, trouble


class MailServer(Protocol):
    """Something that takes mails; ``delivers`` says whether they leave this machine."""

    delivers: bool

    async def take(self, mail: Mail, message: EmailMessage) -> None:
        """Take one mail; raises Refused."""


def server_of(ctx: Context) -> MailServer:
    """The server that the settings name."""
    return SmtpServer(ctx.settings.smtp_url) if ctx.settings.smtp_url else MailFolder(ctx.home / "mail")


def message_of(ctx: Context, mail: Mail) -> EmailMessage:
    """The mail in the form that travels. The same mail has the same Message-ID however often it is sent.

    All mails of a conversation refer to one root, so that they stand together in a mailbox
    (https://www.rfc-editor.org/rfc/rfc5322#section-3.6.4).
    """
    sender = ctx.support.email.from_address
    domain = sender.rpartition("@")[2]
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = Address(ctx.support.company, addr_spec=sender)
    message["To"] = Address(addr_spec=mail.recipient)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = _message_id(ctx, f"mail {mail.key}", domain)
    if mail.conversation_id is not None:
        message["References"] = message["In-Reply-To"] = _message_id(ctx, f"thread {mail.conversation_id}", domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body, cte="quoted-printable")
    return message


def _message_id(ctx: Context, about: str, domain: str) -> str:
    """An id that tells nobody how many mails there are, nor which conversation it is about."""
    key = (ctx.settings.internal_secret or "").encode()
    return f"<techref-{hmac.new(key, about.encode(), hashlib.sha256).hexdigest()[:32]}@{domain}>"


class MailFolder:
    """One ``.eml`` file a mail, readable by the owner only: what would have been sent."""

    delivers = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def take(self, mail: Mail, message: EmailMessage) -> None:
        try:
            await FILES.run(self._write, file_name(mail), message.as_bytes())
        except OSError as error:
            raise Refused(f"file: {error.strerror}", trouble=True) from error

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self._folder / f".{name}"
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(content)
        unfinished.replace(self._folder / name)


def file_name(mail: Mail) -> str:
    """Under which name a mail is filed."""
    return f"{mail.id:06d}-{mail.kind}.eml"


class SmtpServer:
    """A mail server. Its certificate is always checked; see ``parsing.smtp_url`` for when there is TLS."""

    delivers = True

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self._options = dict(parse_qsl(self._url.query))

    async def take(self, mail: Mail, message: EmailMessage) -> None:
        client = self._client(self._url)
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await client.connect()
                await client.send_message(message, sender=parseaddr(message["From"])[1], recipients=[mail.recipient])
        except aiosmtplib.SMTPRecipientsRefused as error:
            refused = error.recipients[0]
            raise Refused(f"recipient: {refused.code}", for_good=refused.code >= 500) from error
        except aiosmtplib.SMTPDataError as error:
            raise Refused(f"message: {error.code}", for_good=error.code >= 500) from error
        except aiosmtplib.SMTPNotSupported as error:
            tls = "STARTTLS" in str(error)
            raise Refused("server: no STARTTLS" if tls else "address: not supported", not tls, tls) from error
        except aiosmtplib.SMTPResponseException as error:
            raise Refused(f"server: {type(error).__name__} {error.code}", trouble=True) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Refused(f"server: {_cause(error)}", trouble=True) from error
        finally:
            await _leave(client)

    def _client(self, url: SplitResult) -> aiosmtplib.SMTP:
        wrapped = url.scheme == "smtps"
        here = url.hostname in LOOPBACK
        secured = self._options.get("tls", "off" if here else "required") == "required"
        try:
            context = ssl.create_default_context(cafile=self._options.get("ca"))
        except OSError as error:
            raise Refused("server: the ca file cannot be read", trouble=True) from error
        return aiosmtplib.SMTP(
            hostname=url.hostname or "",
            port=url.port or (465 if wrapped else 587),
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            use_tls=wrapped,
            start_tls=secured and not wrapped,
            tls_context=context,
            timeout=TIMEOUT_SECONDS,
        )


def _cause(error: BaseException) -> str:
    """What went wrong, in one word: the type of the innermost error, such as SSLCertVerificationError."""
    while error.__cause__ is not None:
        error = error.__cause__
    return type(error).__name__


async def _leave(client: aiosmtplib.SMTP) -> None:
    """Say goodbye; the mail's fate is known by then, so a server that no longer listens changes nothing."""
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        async with asyncio.timeout(2):
            await client.quit()
    client.close()
