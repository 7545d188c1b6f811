"""Decide if the open questions of a conversation are offered as a form."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import REQUEST
from bot.dialogue.intake.question_form import FEWEST, fields_of
from bot.services.core.context import Context
from bot.services.intake import draft as drafts
from bot.services.intake.draft import Draft
from bot.store.tables import Conversation, Intake


async def is_offered(session: AsyncSession, ctx: Context, conversation: Conversation) -> bool:
    """Return whether a form would save the customer questions."""
    draft = await open_draft(session, ctx, conversation)
    return draft is not None and len(fields_of(draft)) >= FEWEST


async def open_draft(session: AsyncSession, ctx: Context, conversation: Conversation) -> Draft | None:
    """Return the conversation's newest draft, locking nothing; None without one."""
    newest = select(Intake).where(Intake.conversation_id == conversation.id, Intake.state != REQUEST)
    intake = await session.scalar(newest.order_by(Intake.id.desc()).limit(1))
    return await drafts.load_draft(session, ctx.office_for(conversation), intake, None) if intake is not None else None
