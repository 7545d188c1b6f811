"""Codes that are mailed to prove an address: six digits, ten minutes, five tries, once.

Of a code only a keyed hash is stored, and it is compared in constant time. A row is written, and the same is said,
whether or not there is an address to mail to.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.mail import outgoing_mail
from bot.services.mail.outgoing_mail import OutgoingMail
from bot.store.tables import Conversation, OneTimeCode, Technician

LIFE, MOST_TRIES = timedelta(minutes=10), 5
AN_HOUR = timedelta(hours=1)
# In an hour: from one conversation, and for one contract or domain, whoever asks from however many conversations.
MOST_ASKED, MOST_FOR_ONE = 4, 6
# Wrong codes in an hour for one contract or domain: at this pace guessing one of a million takes years.
MOST_WRONG = 15
CONTRACT, DOMAIN, CALLER, OWNER = "contract", "domain", "caller", "owner"


@dataclass(frozen=True)
class Wanted:
    """The purpose of a code. ``to``: None without address.

    ``subject`` counts requests and tries: the contract's number in its normal form, or the domain of the address, also
    where no contract has it; a telephone caller's, and that of an issue's owner, is the mailbox.
    """

    purpose: str
    subject: str
    contract_number: str | None
    to: str | None


def _lately(ctx: Context) -> ColumnElement[bool]:
    """Within the last hour. A row far ahead was made by a clock that was wrong, and would count for hours."""
    return and_(OneTimeCode.created_at > ctx.clock() - AN_HOUR, OneTimeCode.created_at <= ctx.clock() + AN_HOUR)


async def asked_too_often(session: AsyncSession, ctx: Context, conversation: Conversation, subject: str) -> bool:
    """Return whether no more codes are mailed for now; the answer depends on the asking only, not on what exists."""
    counted = select(func.count()).select_from(OneTimeCode).where(_lately(ctx))
    here = await session.scalar(counted.where(OneTimeCode.conversation_id == conversation.id)) or 0
    hidden = _hidden(ctx, subject)
    for_it = await session.scalar(counted.where(OneTimeCode.subject == hidden)) or 0
    return here >= MOST_ASKED or for_it >= MOST_FOR_ONE or await _guessed_too_often(session, ctx, hidden)


async def _guessed_too_often(session: AsyncSession, ctx: Context, hidden_subject: str) -> bool:
    wrong = select(func.sum(OneTimeCode.tries)).where(
        OneTimeCode.subject == hidden_subject,
        OneTimeCode.used_at.is_(None),
        _lately(ctx),
    )
    return (await session.scalar(wrong) or 0) >= MOST_WRONG


async def mailed_too_often(session: AsyncSession, ctx: Context, contract_number: str | None) -> bool:
    """Return whether so many codes were mailed for this contract that no more are, whatever way it was named.

    It changes nothing that is answered: that two ways lead to one contract must not show.
    """
    mailed = select(func.count()).where(
        OneTimeCode.contract_number == contract_number,
        OneTimeCode.email.is_not(None),
        _lately(ctx),
    )
    return contract_number is not None and (await session.scalar(mailed) or 0) >= MOST_FOR_ONE


async def send_code(
    session: AsyncSession, ctx: Context, conversation: Conversation, wanted: Wanted, by: Technician | None = None
) -> None:
    """Make a code and mail it, if there is an address; an earlier one for the same purpose is worth nothing now."""
    now, code = ctx.clock(), f"{secrets.randbelow(1_000_000):06d}"
    earlier = update(OneTimeCode).where(
        OneTimeCode.conversation_id == conversation.id, OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > now
    )
    await session.execute(earlier.values(expires_at=now))
    row = OneTimeCode(
        conversation_id=conversation.id,
        purpose=wanted.purpose,
        subject=_hidden(ctx, wanted.subject),
        contract_number=wanted.contract_number,
        email=wanted.to,
        code_hash=_hash(ctx, conversation, code),
        technician_id=by.id if by else None,
        created_at=now,
        expires_at=now + LIFE,
    )
    session.add(row)
    await session.flush()
    if wanted.to is None:
        return
    email, minutes = ctx.support.email, int(LIFE.total_seconds() // 60)
    letter = OutgoingMail(
        f"code:{row.id}",
        "code",
        wanted.to,
        email.subjects.code.format(company=ctx.office_for(conversation).company),
        email.texts.code.format(code=code, minutes=minutes),
        useful_for=LIFE,
        secret=True,
    )
    await outgoing_mail.enqueue(session, ctx, letter, conversation)


async def pending_code(
    session: AsyncSession, ctx: Context, conversation: Conversation, purposes: tuple[str, ...]
) -> OneTimeCode | None:
    """Return the code that could be typed now, in a locked conversation.

    None when there is none, it is used, too old, or tried too often.
    """
    query = (
        select(OneTimeCode)
        .where(
            OneTimeCode.conversation_id == conversation.id,
            OneTimeCode.purpose.in_(purposes),
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > ctx.clock(),
            # What expires later was made by a clock that was ahead.
            OneTimeCode.expires_at <= ctx.clock() + 2 * LIFE,
            OneTimeCode.tries < MOST_TRIES,
        )
        .order_by(OneTimeCode.id.desc())
        .limit(1)
    )
    found: OneTimeCode | None = await session.scalar(query)
    guessed = found is not None and await _guessed_too_often(session, ctx, found.subject)
    return None if guessed else found


async def code_expired(
    session: AsyncSession, ctx: Context, conversation: Conversation, purposes: tuple[str, ...]
) -> bool:
    """Return whether the newest code of the last hour ran out or was tried too often: its like is still no message."""
    newest = select(OneTimeCode.used_at).where(
        OneTimeCode.conversation_id == conversation.id,
        OneTimeCode.purpose.in_(purposes),
        _lately(ctx),
    )
    row = (await session.execute(newest.order_by(OneTimeCode.id.desc()).limit(1))).first()
    return row is not None and row.used_at is None


def try_code(ctx: Context, conversation: Conversation, awaited_code: OneTimeCode, typed: str) -> bool:
    """Return whether it is the code; the try counts first, and a right one is used up."""
    awaited_code.tries += 1
    right = hmac.compare_digest(awaited_code.code_hash, _hash(ctx, conversation, typed))
    # Without an address nobody was told the code: a lucky guess proves nothing.
    if not right or awaited_code.email is None:
        return False
    awaited_code.used_at = ctx.clock()
    return True


def _hash(ctx: Context, conversation: Conversation, code: str) -> str:
    return _hidden(ctx, f"{conversation.id}:{code}")


def _hidden(ctx: Context, text: str) -> str:
    """Return a keyed hash: without the key nobody can try all six digits, or all domains."""
    key = (ctx.settings.internal_secret or "").encode()
    return hmac.new(key, text.lower().encode(), hashlib.sha256).hexdigest()
