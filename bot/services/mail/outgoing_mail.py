"""Outgoing mail: queued in the transaction that makes what it tells, sent afterwards by the gateway's mail worker."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.mail.proven_address import UnprovenAddress, is_proven
from bot.store.tables import Conversation, Mail
from bot.triage.text.mailbox import mailbox_of
from bot.triage.text.plain_text import visible

LONGEST_ADDRESS = 320  # characters: https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1

QUEUED, SENT, FILED, BOUNCED, EXPIRED = "queued", "sent", "filed", "bounced", "expired"
WORTH_TRYING = timedelta(days=2)
MOST_SHOWN = 100


@dataclass(frozen=True)
class OutgoingMail:
    """What to send. ``key`` is unique for what it tells: the same again is not sent again.

    ``useful_for`` is how long a late arrival still helps; ``secret`` erases the text here once it has gone.
    ``holds_customer_words``: it goes to nobody but a customer who has proven the address.
    """

    key: str
    kind: str
    to: str
    subject: str
    text: str
    useful_for: timedelta = WORTH_TRYING
    secret: bool = False
    holds_customer_words: bool = False


def address(written: str | None) -> str | None:
    """Return one plain mail address with its domain in ASCII, or None for what no server takes.

    None: a list of addresses, what could become a header, and a part before the @ that is not ASCII, because few
    servers take that (https://www.rfc-editor.org/rfc/rfc6531#section-3.1).
    """
    plain = visible((written or "")[:LONGEST_ADDRESS]).strip()
    try:
        checked = validate_email(plain, allow_smtputf8=False, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return checked.ascii_email


async def enqueue(
    session: AsyncSession, ctx: Context, letter: OutgoingMail, conversation: Conversation | None = None
) -> Mail | None:
    """Queue a letter in this transaction; None when it was queued before, or the address is none or has had enough.

    Raises UnprovenAddress for a customer's words to an address that is not proven to be theirs.
    """
    recipient = address(letter.to)
    if recipient is not None and letter.holds_customer_words:
        await _check_proven(session, conversation, recipient, letter.kind)
    if recipient is None or await session.scalar(select(Mail.id).where(Mail.key == letter.key)) is not None:
        return None
    now = ctx.clock()
    if await _had_enough(session, ctx, recipient, now):
        return None
    signature = ctx.support.email.texts.signature.format(company=ctx.support.company, phone=ctx.support.phone)
    mail = Mail(
        key=letter.key,
        kind=letter.kind,
        recipient=recipient,
        subject=_one_line(letter.subject),
        body=f"{letter.text.strip()}\n\n-- \n{signature.strip()}\n",
        secret=letter.secret,
        conversation_id=conversation.id if conversation else None,
        due_at=now,
        expires_at=now + letter.useful_for,
        created_at=now,
    )
    session.add(mail)
    await session.flush()
    return mail


async def _check_proven(session: AsyncSession, conversation: Conversation | None, recipient: str, kind: str) -> None:
    if conversation is None or not await is_proven(session, conversation, recipient):
        raise UnprovenAddress(kind)


async def _had_enough(session: AsyncSession, ctx: Context, recipient: str, now: datetime) -> bool:
    local, _, domain = mailbox_of(recipient).rpartition("@")
    to, tagged = (
        func.lower(Mail.recipient),
        and_(
            func.lower(Mail.recipient).startswith(f"{local}+", autoescape=True),
            func.lower(Mail.recipient).endswith(f"@{domain}", autoescape=True),
        ),
    )
    lately = select(func.count()).where(
        or_(to == f"{local}@{domain}", tagged), Mail.created_at > now - timedelta(days=1)
    )
    return (await session.scalar(lately) or 0) >= ctx.support.email.per_address_a_day


def _one_line(subject: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in subject).split())[:300]


async def works(session: AsyncSession, ctx: Context) -> bool:
    """Whether mail really leaves: a server is set, and our last try did not fail at it.

    Nobody may be told that something was mailed unless this says so.
    """
    if not ctx.settings.smtp_url:
        return False
    last = select(Mail.trouble).where(Mail.tried_at.is_not(None)).order_by(Mail.tried_at.desc(), Mail.id.desc())
    return not await session.scalar(last.limit(1))


async def status(ctx: Context) -> dict[str, Any]:
    """How mail stands, for operators: ``state`` is off (no server is set), trouble or on."""
    async with ctx.db.read() as session:
        working = await works(session, ctx)
        counted = await session.execute(select(Mail.state, func.count()).group_by(Mail.state))
        numbers = {row[0]: row[1] for row in counted}
        failed = select(Mail.problem).where(Mail.trouble, Mail.problem.is_not(None)).order_by(Mail.tried_at.desc())
        problem = await session.scalar(failed.limit(1)) if ctx.settings.smtp_url and not working else None
    state = "on" if working else "trouble" if ctx.settings.smtp_url else "off"
    return {"state": state, "problem": problem, "counts": numbers, "folder": str(ctx.home / "mail")}


async def listed(ctx: Context, limit: int = MOST_SHOWN) -> list[dict[str, Any]]:
    """The newest mails with what became of them; never their text."""
    async with ctx.db.read() as session:
        newest = await session.scalars(select(Mail).order_by(Mail.id.desc()).limit(limit))
        return [shown(mail) for mail in newest]


def shown(mail: Mail) -> dict[str, Any]:
    return {
        "id": mail.id,
        "kind": mail.kind,
        "to": mail.recipient,
        "subject": mail.subject,
        "state": mail.state,
        "attempts": mail.attempts,
        "problem": mail.problem,
        "conversation_id": mail.conversation_id,
        "created_at": mail.created_at.isoformat(),
        "done_at": mail.done_at.isoformat() if mail.done_at else None,
    }


async def bounced(session: AsyncSession, conversation: Conversation) -> list[str]:
    """The addresses that refused a mail about this conversation for good."""
    rows = select(Mail.recipient).where(Mail.conversation_id == conversation.id, Mail.state == BOUNCED).distinct()
    return sorted(await session.scalars(rows))
