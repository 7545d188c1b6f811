"""Prove an address to hear how an issue stands, where its Tech Reference is lost and the chat elsewhere.

All of it happens at the gateway, as for contracts: a code is never stored as a message nor sent to the engine. Until
the code is typed every answer is the same, whether an issue has that address or not.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import CONTACT
from bot.dialogue.turn import LOST_REFERENCE
from bot.services.billing import one_time_codes
from bot.services.billing.contract_proof import CUSTOMER, Taken
from bot.services.billing.one_time_codes import OWNER, Wanted
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.mail import outgoing_mail
from bot.settings.support.translations import status_in_language
from bot.store.tables import Conversation, IntakeAnswer, Issue, OneTimeCode
from bot.triage.hand_off.ownership import Owner
from bot.triage.reading.contact_details import find_email
from bot.triage.reading.proof_words import code_in
from bot.triage.reading.status_wish import asks_own_number
from bot.triage.text.mailbox import mailbox_of

# Issues that nobody has touched for longer are not looked for: a technician finds them.
LOOKED_BACK = timedelta(days=90)
MOST_SHOWN = 3


async def handle_owner_message(
    session: AsyncSession, ctx: Context, conversation: Conversation, text: str
) -> Taken | None:
    """Deal with an address or a code of somebody who lost their Tech Reference; None for any other message."""
    code = code_in(text)
    awaited = await one_time_codes.pending_code(session, ctx, conversation, (OWNER,)) if code else None
    if code is not None and awaited is not None:
        reply = await _try(session, ctx, conversation, awaited, code)
        return Taken(ctx.support.wording.code_hidden, False, reply, owes_turn=False)
    if code is not None and await one_time_codes.code_expired(session, ctx, conversation, (OWNER,)):
        return Taken(
            ctx.support.wording.code_hidden,
            False,
            ctx.support_for(conversation).wording.owner_code_used_up,
            owes_turn=False,
        )
    email = find_email(text)
    if email is None or conversation.owner != Owner.ASSISTANT or conversation.issue_id is not None:
        return None
    if conversation.pending_question != LOST_REFERENCE and not asks_own_number(text):
        return None
    reply = await _request(session, ctx, conversation, email)
    return Taken(text, True, reply, owes_turn=False)


async def _request(session: AsyncSession, ctx: Context, conversation: Conversation, email: str) -> str:
    """Mail a code if an issue has the address; say the same if none has."""
    words, subject = ctx.support_for(conversation).wording, mailbox_of(email)
    # What follows ("no idea, the chat is at the office") is still about the lost number.
    conversation.pending_question = LOST_REFERENCE
    if await one_time_codes.asked_too_often(session, ctx, conversation, subject):
        return words.owner_code_too_often
    to = outgoing_mail.address(email) if await _issues_of(session, ctx.clock(), subject) else None
    await one_time_codes.send_code(session, ctx, conversation, Wanted(OWNER, subject, None, to))
    details = {"purpose": OWNER}
    audit.record(session, CUSTOMER, "proof.code", ctx.clock(), conversation=conversation, details=details)
    return words.owner_code_sent if await outgoing_mail.works(session, ctx) else words.owner_code_not_mailed


async def _try(session: AsyncSession, ctx: Context, conversation: Conversation, awaited: OneTimeCode, code: str) -> str:
    words = ctx.support_for(conversation).wording
    if one_time_codes.try_code(ctx, conversation, awaited, code) and awaited.email is not None:
        audit.record(session, CUSTOMER, "proof.owner", ctx.clock(), conversation=conversation)
        conversation.pending_question = None
        issues = await _issues_of(session, ctx.clock(), mailbox_of(awaited.email))
        lines = "\n".join(
            f"• {one.reference}: {status_in_language(conversation.language, one.status)}" for one in issues
        )
        return words.owner_proven.format(lines=lines)
    audit.record(session, CUSTOMER, "proof.wrong_code", ctx.clock(), conversation=conversation)
    return words.owner_code_used_up if awaited.tries >= one_time_codes.MOST_TRIES else words.code_wrong


async def _issues_of(session: AsyncSession, now: datetime, mailbox: str) -> list[Issue]:
    """Return the newest issues whose opener gave this address, at most three."""
    contact = IntakeAnswer.value
    query = (
        select(Issue, contact)
        .join(IntakeAnswer, IntakeAnswer.intake_id == Issue.intake_id)
        .where(Issue.updated_at > now - LOOKED_BACK, IntakeAnswer.question_id == CONTACT)
        .where(contact.icontains(mailbox.partition("@")[2], autoescape=True))
        .order_by(Issue.id.desc())
    )
    rows = await session.execute(query)
    found = (issue for issue, value in rows if mailbox_of(find_email(value) or "") == mailbox)
    return [issue for _, issue in zip(range(MOST_SHOWN), found, strict=False)]
