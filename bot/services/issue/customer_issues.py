"""Look issues up: for their customer, in plain words."""

from typing import Any

from sqlalchemy import select

from bot.services.core.context import Context
from bot.settings.support.requests import names_reference
from bot.settings.support.translations import status_in_language
from bot.store.tables import Conversation, Issue


async def of_customer(ctx: Context, conversation_id: str) -> list[dict[str, Any]]:
    """Return the issues of the customer who holds this conversation, newest first: the widget's "My issues".

    Praise, of which no number is told, is none of them.
    """
    untold = [request.id for one in ctx.support.views for request in one.requests if not names_reference(request.reply)]
    async with ctx.db.read() as session:
        language = await session.scalar(select(Conversation.language).where(Conversation.id == conversation_id))
        rows = await session.scalars(
            select(Issue)
            .join(Conversation, Conversation.customer_id == Issue.customer_id)
            .where(Conversation.id == conversation_id, Issue.category.not_in(untold))
            .order_by(Issue.id.desc())
        )
        return [
            {
                "reference": issue.reference,
                "title": issue.title,
                "status": issue.status,
                "status_text": status_in_language(language, issue.status),
                "created_at": issue.created_at.isoformat(),
                "conversation_id": issue.conversation_id,
            }
            for issue in rows
        ]
