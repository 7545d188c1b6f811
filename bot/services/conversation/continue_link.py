"""Go on with a conversation on another device: a link that works once and not for long, instead of the bearer token."""

import secrets
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import lifecycle
from bot.services.conversation.lifecycle import Opened
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import Unauthorised
from bot.services.core.tokens import hash_token
from bot.services.mail.outgoing_mail import OPENS_CONVERSATION
from bot.store.tables import ContinuationLink, Conversation


async def link_to(session: AsyncSession, ctx: Context, conversation: Conversation) -> str:
    """Return a new link into the conversation, for its customer's own mailbox.

    The secret stands behind the #, so that it reaches neither logs nor referrers, and a mail scanner that follows
    the link uses nothing up: only the page's script exchanges it.
    """
    secret = secrets.token_urlsafe(32)
    now = ctx.clock()
    life = timedelta(hours=ctx.support.email.link_hours)
    session.add(ContinuationLink(token_hash=hash_token(secret), conversation_id=conversation.id, expires_at=now + life))
    audit.record(session, "system", "continuation.link", now, conversation=conversation)
    about = f"?product={conversation.product}" if conversation.product in ctx.support.products else ""
    return f"{own_address(ctx)}/widget/{about}{OPENS_CONVERSATION}{secret}"


def own_address(ctx: Context) -> str:
    """Return where customers reach the gateway; without TECHREF_PUBLIC_URL that is this machine."""
    host = "127.0.0.1" if ctx.settings.host in ("0.0.0.0", "::") else ctx.settings.host  # noqa: S104
    return ctx.settings.public_url or f"http://{host}:{ctx.settings.port}"


async def exchange_link(ctx: Context, secret: str) -> Opened:
    """Return a bearer token of the conversation for the secret of a link; the link is used up.

    Raises Unauthorised, alike for a link that is unknown, used or expired.
    """
    now = ctx.clock()
    use = (
        update(ContinuationLink)
        .where(
            ContinuationLink.token_hash == hash_token(secret),
            ContinuationLink.used_at.is_(None),
            ContinuationLink.expires_at > now,
        )
        .values(used_at=now)
        .returning(ContinuationLink.conversation_id)
    )
    async with ctx.db.write() as session:
        conversation_id = await session.scalar(use)
        if conversation_id is None:
            raise Unauthorised(
                "This link was used already or is too old. Everything is still in the chat where you began; "
                f"or call {ctx.support.phone} and name your Tech Reference."
            )
        conversation = await lifecycle.load(session, conversation_id)
        audit.record(session, "customer", "continuation.used", now, conversation=conversation)
        return lifecycle.new_token(session, conversation, now)
