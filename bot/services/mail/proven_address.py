"""Addresses that are known to be a customer's own: a site or their mail domain vouched for them, they typed a mailed
code back, or they answered a mail of ours.
"""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import Conversation, Customer, OneTimeCode


class UnprovenAddress(RuntimeError):
    """A mail with a customer's words or a way to them was to go to an unproven address: a fault of the caller."""


async def is_proven(session: AsyncSession, conversation: Conversation, address: str) -> bool:
    """Return whether the conversation's customer has proven that this mailbox is theirs.

    ``Customer.email`` is only ever set by a signed identity token, a code, or mail (``channel_people.known_person``);
    a contract's own address is proven by the code that was mailed to it.
    """
    customer = await session.get_one(Customer, conversation.customer_id)
    if (customer.email or "").lower() == address.lower():
        return True
    typed_back = (
        select(OneTimeCode.id)
        .join(Conversation, Conversation.id == OneTimeCode.conversation_id)
        .where(
            Conversation.customer_id == customer.id,
            OneTimeCode.used_at.is_not(None),
            func.lower(OneTimeCode.email) == address.lower(),
        )
        .limit(1)
    )
    return await session.scalar(typed_back) is not None
