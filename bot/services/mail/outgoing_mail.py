"""Outgoing mail: queued in the outbox in the transaction that raises it, sent by the gateway afterwards."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.mail.proven_address import UnprovenAddress, is_proven
from bot.services.outbox import items
from bot.services.outbox.items import EXPIRED, FAILED, MAIL
from bot.store.tables import Conversation, OutboxItem
from bot.triage.text.mail_address import sendable
from bot.triage.text.mailbox import mailbox_of

WORTH_TRYING = timedelta(days=2)
# In every link that opens a conversation: whoever holds it reads everything and writes as the customer.
OPENS_CONVERSATION = "#continue="


@dataclass(frozen=True)
class OutgoingMail:
    """A mail to enqueue. ``key`` names event and recipient, for deduplication.

    ``useful_for`` is how long a late arrival still helps; ``secret`` erases the text here once it has gone.
    ``holds_customer_words``: it goes to nobody but a customer who has proven the address. So does a link that opens the
    conversation, unless the customer has just ``asked_for`` it to be mailed there.
    """

    key: str
    kind: str
    to: str
    subject: str
    text: str
    useful_for: timedelta = WORTH_TRYING
    secret: bool = False
    holds_customer_words: bool = False
    asked_for: bool = False

    @property
    def needs_proof(self) -> bool:
        return self.holds_customer_words or (OPENS_CONVERSATION in self.text and not self.asked_for)


def address(written: str | None) -> str | None:
    """Return one plain mail address with its domain in ASCII, or None for what no server takes."""
    try:
        return sendable(written or "")
    except ValueError:
        return None


async def enqueue(
    session: AsyncSession, ctx: Context, mail: OutgoingMail, conversation: Conversation | None = None
) -> OutboxItem | None:
    """Queue a mail in this transaction; None when it was queued before, or the address is none or has had enough.

    Raises UnprovenAddress for a customer's words, or a link that opens the conversation, to an address that is not
    proven to be theirs.
    """
    recipient, now = address(mail.to), ctx.clock()
    if recipient is not None and mail.needs_proof:
        await _check_proven(session, conversation, recipient, mail.kind)
    if recipient is None or await _had_enough(session, ctx, recipient, now):
        return None
    office = ctx.office_for(conversation) if conversation is not None else ctx.support
    signature = office.email.texts.signature.format(company=office.company, phone=office.phone)
    return await items.enqueue(
        session,
        kind=MAIL,
        key=mail.key,
        target=recipient,
        now=now,
        conversation_id=conversation.id if conversation else None,
        payload={
            "letter": mail.kind,
            "company": office.company,
            "subject": _one_line(mail.subject),
            "text": f"{mail.text.strip()}\n\n-- \n{signature.strip()}\n",
        },
        secret=mail.secret,
        expires_at=now + mail.useful_for,
    )


async def is_queued(session: AsyncSession, key: str) -> bool:
    """Return True when a mail of this key was queued before."""
    return await session.scalar(select(OutboxItem.id).where(OutboxItem.key == key)) is not None


async def _check_proven(session: AsyncSession, conversation: Conversation | None, recipient: str, kind: str) -> None:
    if conversation is None or not await is_proven(session, conversation, recipient):
        raise UnprovenAddress(kind)


async def _had_enough(session: AsyncSession, ctx: Context, recipient: str, now: datetime) -> bool:
    local, _, domain = mailbox_of(recipient).rpartition("@")
    to, tagged = (
        func.lower(OutboxItem.target),
        and_(
            func.lower(OutboxItem.target).startswith(f"{local}+", autoescape=True),
            func.lower(OutboxItem.target).endswith(f"@{domain}", autoescape=True),
        ),
    )
    lately = select(func.count()).where(
        OutboxItem.kind == MAIL,
        or_(to == f"{local}@{domain}", tagged),
        OutboxItem.created_at > now - timedelta(days=1),
    )
    return (await session.scalar(lately) or 0) >= ctx.support.email.per_address_a_day


def _one_line(subject: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in subject).split())[:300]


async def works(session: AsyncSession, ctx: Context) -> bool:
    """Return True when mail really leaves: a server is set, and our last try did not fail at it.

    Nobody may be told that something was mailed unless this says so.
    """
    if not ctx.settings.smtp_url:
        return False
    last = select(OutboxItem.trouble).where(OutboxItem.kind == MAIL, OutboxItem.tried_at.is_not(None))
    return not await session.scalar(last.order_by(OutboxItem.tried_at.desc(), OutboxItem.id.desc()).limit(1))


async def bounced(session: AsyncSession, conversation: Conversation) -> list[str]:
    """Return the addresses that refused a mail about this conversation for good."""
    refused = (OutboxItem.kind == MAIL, OutboxItem.state == FAILED, ~OutboxItem.trouble, OutboxItem.error != EXPIRED)
    rows = select(OutboxItem.target).where(OutboxItem.conversation_id == conversation.id, *refused).distinct()
    return sorted(await session.scalars(rows))
