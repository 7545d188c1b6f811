"""Which of several products a conversation and its issue are about."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.billing.entitlement import entitlement_of_issue
from bot.services.core.context import Context
from bot.services.issue.follow_up import open_issue_of
from bot.store.tables import Conversation


async def set_product(session: AsyncSession, ctx: Context, conversation: Conversation, product: str | None) -> None:
    """Let the conversation be about a product, and with it its open issue, of which who pays is judged again.

    The conversation is locked, and so is the one that the issue was opened in.
    """
    conversation.product = product
    issue = await open_issue_of(session, conversation)
    if issue is not None and issue.product != product:
        issue.product, issue.updated_at = product, ctx.clock()
        issue.entitlement = str((await entitlement_of_issue(session, ctx, issue)).kind)
