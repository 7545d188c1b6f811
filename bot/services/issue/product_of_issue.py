"""Which of several products a conversation and its issue are about."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.billing.entitlement import entitlement_of_issue
from bot.services.core.context import Context
from bot.services.issue.follow_up import open_issue_of
from bot.store.tables import Conversation, Issue


async def set_product(session: AsyncSession, ctx: Context, conversation: Conversation, product: str | None) -> None:
    """Let the conversation be about a product, and with it its open issue.

    The conversation is locked, and so is the one that the issue was opened in.
    """
    conversation.product = product
    issue = await open_issue_of(session, conversation)
    if issue is not None:
        await move_issue(session, ctx, conversation, issue, product)


async def move_issue(
    session: AsyncSession, ctx: Context, conversation: Conversation, issue: Issue, product: str | None
) -> None:
    """Let an issue be about a product, and the conversation that is about it; who pays is judged again."""
    if conversation.issue_id == issue.id:
        conversation.product = product
    if issue.product != product:
        issue.product, issue.updated_at = product, ctx.clock()
        issue.entitlement = str((await entitlement_of_issue(session, ctx, issue)).kind)
