"""Look issues up: for their customer, in plain words."""

from typing import Any

from sqlalchemy import Select, select

from bot.services.core.context import Context
from bot.settings.support.requests import names_reference
from bot.settings.support.translations import status_in_language
from bot.store.tables import ChannelUser, Conversation, Issue

MOST_AT_HOME = 20


async def of_customer(ctx: Context, conversation_id: str) -> list[dict[str, Any]]:
    """Return the issues of the customer who holds this conversation, newest first: the widget's "My issues".

    Praise, of which no number is told, is none of them.
    """
    async with ctx.db.read() as session:
        language = await session.scalar(select(Conversation.language).where(Conversation.id == conversation_id))
        rows = await session.scalars(
            _numbered(ctx)
            .join(Conversation, Conversation.customer_id == Issue.customer_id)
            .where(Conversation.id == conversation_id)
        )
        return [_shown(issue, language) for issue in rows]


async def of_channel_user(ctx: Context, channel: str, workspace: str, user_id: str) -> list[dict[str, Any]]:
    """Return the newest issues of somebody as a channel knows them; none of a stranger."""
    query = (
        _numbered(ctx)
        .add_columns(Conversation.language)
        .join(Conversation, Conversation.id == Issue.conversation_id)
        .join(ChannelUser, ChannelUser.customer_id == Issue.customer_id)
        .where(ChannelUser.channel == channel, ChannelUser.workspace == workspace, ChannelUser.user_id == user_id)
        .limit(MOST_AT_HOME)
    )
    async with ctx.db.read() as session:
        return [_shown(issue, language) for issue, language in await session.execute(query)]


def _numbered(ctx: Context) -> Select[Any]:
    untold = [request.id for one in ctx.support.views for request in one.requests if not names_reference(request.reply)]
    return select(Issue).where(Issue.category.not_in(untold)).order_by(Issue.id.desc())


def _shown(issue: Issue, language: str | None) -> dict[str, Any]:
    return {
        "reference": issue.reference,
        "title": issue.title,
        "status": issue.status,
        "status_text": status_in_language(language, issue.status),
        "created_at": issue.created_at.isoformat(),
        "conversation_id": issue.conversation_id,
    }
