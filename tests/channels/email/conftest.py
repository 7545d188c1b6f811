"""A gateway that takes in mail, and a real SMTP server that its answers go to."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import date
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.channels.email.verify import SIGNATURE, TIMESTAMP, signature
from bot.services.conversation import lifecycle, transcript
from bot.store.tables import ChannelThread, Contract, Conversation, Message
from tests.support.gateway_fixture import Gateway, eventually, open_gateway
from tests.support.mail_servers import Postbox, mail_server

SECRET = "s" * 40
SERVER = "mx.quillbook.example"
SUPPORT = "support@quillbook.example"
KIM = "kim@brightson.example"


class Mailing:
    """People who write to support, each mail signed and dropped as the mail server does."""

    def __init__(self, gateway: Gateway, postbox: Postbox) -> None:
        self.gateway, self.postbox = gateway, postbox
        self.browser = gateway.browser()

    async def drop(self, raw: bytes, secret: str = SECRET, age: int = 0) -> httpx.Response:
        at = str(int(self.gateway.clock().timestamp()) - age)
        headers = {TIMESTAMP: at, SIGNATURE: signature(secret, at, raw), "Content-Type": "message/rfc822"}
        return await self.browser.post("/channels/email/drop", content=raw, headers=headers)

    async def outcome(self, mail: EmailMessage | bytes) -> str:
        answer = await self.drop(mail if isinstance(mail, bytes) else mail.as_bytes())
        assert answer.status_code == 200, answer.text
        return str(answer.json()["outcome"])

    async def writes(self, text: str, subject: str = "", sender: str = KIM, **headers: Any) -> EmailMessage:
        """Send a new mail whose domain has vouched for it, and see it stored."""
        mail = written(text, subject, sender, **headers)
        assert await self.outcome(mail) == "stored"
        return mail

    async def answers(self, text: str, to: EmailMessage, sender: str = KIM, **headers: Any) -> EmailMessage:
        """Answer one of our mails, as a mail program does."""
        mail = answer_to(to, text, sender, **headers)
        assert await self.outcome(mail) == "stored"
        return mail

    async def mails(self, count: int, seconds: float = 20) -> list[EmailMessage]:
        """Return all mails that have left, once there are so many."""

        async def there() -> bool:
            return len(self.postbox.mails) >= count

        await eventually(there, seconds)
        return self.postbox.mails

    async def threads(self) -> list[ChannelThread]:
        async with self.gateway.ctx.db.read() as session:
            return list(await session.scalars(select(ChannelThread).order_by(ChannelThread.updated_at)))

    async def conversations(self) -> list[Conversation]:
        async with self.gateway.ctx.db.read() as session:
            return list(await session.scalars(select(Conversation).order_by(Conversation.created_at)))

    async def written(self) -> list[Message]:
        """Everything that people wrote, in order."""
        async with self.gateway.ctx.db.read() as session:
            query = select(Message).where(Message.author == "customer").order_by(Message.id)
            return list(await session.scalars(query))

    async def said(self) -> list[Message]:
        """Everything that we said, in order."""
        async with self.gateway.ctx.db.read() as session:
            query = select(Message).where(Message.author != "customer").order_by(Message.id)
            return list(await session.scalars(query))

    async def we_say(self, text: str, **fields: Any) -> None:
        """Something of ours in the only conversation there is."""
        ctx = self.gateway.ctx
        (found,) = await self.conversations()
        async with ctx.db.write() as session:
            conversation = await lifecycle.load(session, found.id, lock=True)
            given = {"author": "assistant", "author_name": "Quill", **fields}
            await transcript.say(session, conversation, ctx.clock(), text, **given)
        ctx.wake(found.id)


def written(text: str, subject: str = "", sender: str = KIM, *, vouched: bool = True, **headers: Any) -> EmailMessage:
    """Return a new mail to support."""
    mail = EmailMessage()
    if vouched:
        domain = re.sub(r".*@([^>]*)>?", r"\1", sender)
        mail["Authentication-Results"] = f"{SERVER}; spf=pass; dmarc=pass (p=reject) header.from={domain}"
    mail["From"], mail["To"], mail["Subject"] = sender, headers.pop("To", SUPPORT), subject
    mail["Message-ID"] = headers.pop("Message_ID", make_msgid(domain="client.example"))
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def answer_to(
    ours: EmailMessage, text: str, sender: str = KIM, *, vouched: bool = True, **headers: Any
) -> EmailMessage:
    """Return a reply to a mail of ours: to its Reply-To, in its thread, with its words below."""
    body = ours.get_body(("plain",))
    assert body is not None
    quoted = "\n".join(f"> {line}".rstrip() for line in body.get_content().splitlines())
    told = {
        "To": str(ours["Reply-To"]),
        "In_Reply_To": str(ours["Message-ID"]),
        "References": f"{ours['References']} {ours['Message-ID']}",
        **headers,
    }
    whole = f"{text}\n\nOn Mon, 3 Aug 2026 at 10:11, Quillbook Software <{SUPPORT}> wrote:\n{quoted}\n"
    return written(whole, f"Re: {ours['Subject']}", sender, vouched=vouched, **told)


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    yield Postbox()


@pytest_asyncio.fixture
async def gateway(home: Path, postbox: Postbox) -> AsyncIterator[Gateway]:
    with mail_server(postbox) as url:
        environ = {
            "TECHREF_SMTP_URL": url,
            "TECHREF_MAIL_DROP_SECRET": SECRET,
            "TECHREF_MAIL_AUTHSERV_ID": SERVER,
        }
        async with open_gateway(home, environ) as opened:
            async with opened.ctx.db.write() as session:
                session.add(
                    Contract(
                        number="C-100",
                        company="Brightson Ltd",
                        status="active",
                        starts_on=date(2026, 1, 1),
                        email_domains=["brightson.example"],
                    )
                )
            yield opened


@pytest_asyncio.fixture
async def mailing(gateway: Gateway, postbox: Postbox) -> Mailing:
    return Mailing(gateway, postbox)
