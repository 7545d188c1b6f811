"""Find a customer, and give out everything that is kept about one, as JSON."""

import base64
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import CONTACT
from bot.services.billing import payments
from bot.services.conversation.attachments import find_attachment as find_file
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import NotFound
from bot.services.outbox import status
from bot.services.outbox.items import MAIL
from bot.store.folded import holds
from bot.store.tables import (
    Attachment,
    ChannelUser,
    Conversation,
    Customer,
    Intake,
    IntakeAnswer,
    Issue,
    Message,
    Note,
    OutboxItem,
    Payment,
    Rating,
    SearchRecord,
)
from bot.triage.reading.tech_reference import find_references


async def find_customers(ctx: Context, query: object) -> list[dict[str, Any]]:
    """Customers by a Tech Reference in any spelling, a whole e-mail address, or their number here ("#12")."""
    wanted = query.strip() if isinstance(query, str) else ""
    if not wanted:
        return []
    references = [one.reference for one in find_references(wanted) if one.valid]
    async with ctx.db.read() as session:
        ids: set[int] = set()
        if references:
            ids.update(await session.scalars(select(Issue.customer_id).where(Issue.reference.in_(references))))
        elif wanted.lstrip("#").isascii() and wanted.lstrip("#").isdigit() and len(wanted) < 16:
            ids.update(await session.scalars(select(Customer.id).where(Customer.id == int(wanted.lstrip("#")))))
        elif "@" in wanted:
            ids.update(await session.scalars(select(Customer.id).where(func.lower(Customer.email) == wanted.lower())))
            given = (
                select(Conversation.customer_id)
                .join(Intake, Intake.conversation_id == Conversation.id)
                .join(IntakeAnswer, IntakeAnswer.intake_id == Intake.id)
                .where(IntakeAnswer.question_id == CONTACT, holds(IntakeAnswer.value, wanted))
            )
            ids.update(await session.scalars(given))
        return [await _shown(session, customer_id) for customer_id in sorted(ids)]


async def _shown(session: AsyncSession, customer_id: int) -> dict[str, Any]:
    customer = await session.get_one(Customer, customer_id)
    issues = select(Issue.reference).where(Issue.customer_id == customer_id).order_by(Issue.id)
    return {
        "id": customer.id,
        "name": customer.name,
        "email": customer.email,
        "contract": customer.contract_number,
        "since": customer.created_at.isoformat(),
        "references": list(await session.scalars(issues)),
        "erased_at": customer.erased_at.isoformat() if customer.erased_at else None,
    }


async def export_customer(ctx: Context, customer_id: int, *, actor: str) -> dict[str, Any]:
    """Everything kept about one customer; that it was given out is recorded. Raises NotFound."""
    async with ctx.db.read() as session:
        customer = await session.get(Customer, customer_id)
        if customer is None:
            raise NotFound("There is no such customer.")
        conversations = list(await session.scalars(select(Conversation).where(Conversation.customer_id == customer_id)))
        users = await session.scalars(select(ChannelUser).where(ChannelUser.customer_id == customer_id))
        paid = await session.scalars(select(Payment).where(Payment.customer_id == customer_id))
        about = {
            **await _shown(session, customer_id),
            "subject": customer.subject,
            "phone": customer.phone,
            "contract_proof": customer.contract_proof,
            "outside": [{"channel": one.channel, "user": one.user_id, "name": one.name} for one in users],
            "payments": [payments.payment_view(one) for one in paid],
            "conversations": [await _conversation(session, ctx, one) for one in conversations],
        }
    async with ctx.db.write() as session:
        audit.record(session, actor, "customer.export", ctx.clock(), details={"customer": customer_id})
    return about


async def _conversation(session: AsyncSession, ctx: Context, conversation: Conversation) -> dict[str, Any]:
    here = conversation.id
    messages = await session.scalars(select(Message).where(Message.conversation_id == here).order_by(Message.seq))
    answers = await session.execute(
        select(IntakeAnswer.question_id, IntakeAnswer.value)
        .join(Intake, Intake.id == IntakeAnswer.intake_id)
        .where(Intake.conversation_id == here)
    )
    issues = await session.scalars(select(Issue).where(Issue.conversation_id == here))
    searches = await session.scalars(select(SearchRecord.question).where(SearchRecord.conversation_id == here))
    notes = await session.scalars(select(Note.text).where(Note.conversation_id == here))
    ratings = await session.scalars(select(Rating).where(Rating.conversation_id == here))
    sent = await session.scalars(select(OutboxItem).where(OutboxItem.conversation_id == here, OutboxItem.kind == MAIL))
    files = list(await session.scalars(select(Attachment).where(Attachment.conversation_id == here)))
    return {
        "id": here,
        "channel": conversation.channel,
        "created_at": conversation.created_at.isoformat(),
        "page_url": conversation.page_url,
        "locale": conversation.locale,
        "time_zone": conversation.time_zone,
        "messages": [
            {"at": one.created_at.isoformat(), "author": one.author, "name": one.author_name, "text": one.text}
            for one in messages
        ],
        "answers": [{"question": question, "answer": value} for question, value in answers],
        "issues": [
            {
                "reference": one.reference,
                "title": one.title,
                "category": one.category,
                "status": one.status,
                "created_at": one.created_at.isoformat(),
            }
            for one in issues
        ],
        "searches": list(searches),
        "notes": list(notes),
        "ratings": [{"score": one.score, "comment": one.comment} for one in ratings],
        "mails": [status.shown(one) for one in sent],
        "files": [await _file(ctx, one) for one in files],
    }


async def _file(ctx: Context, file: Attachment) -> dict[str, Any]:
    try:
        stored = await find_file(ctx, file.conversation_id, file.id)
        content: str | None = base64.b64encode(stored.path.read_bytes()).decode()
    except NotFound:
        content = None  # removed by a technician
    return {"name": file.name, "size": file.size, "content_type": file.content_type, "content_base64": content}
