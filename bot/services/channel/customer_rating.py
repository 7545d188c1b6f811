"""Customers of Slack and Teams rate how their issue was handled."""

from bot.services.channel.asked_person import require_asked
from bot.services.channel.channel_people import Person
from bot.services.conversation import rate_issue
from bot.services.core.context import Context


async def rate(ctx: Context, channel: str, conversation_id: str, person: Person, score: int) -> None:
    """Keep the rating of the conversation's resolved issue; rating again replaces it.

    Raises NotYourQuestion for anybody but its customer, Invalid, or NotResolved.
    """
    async with ctx.db.read() as session:
        await require_asked(session, ctx, channel, conversation_id, person)
    await rate_issue.rate_issue(ctx, conversation_id, score)
