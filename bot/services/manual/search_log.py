"""Log searches of the manual: opened hits, and the searches on the manual's own pages."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import rate_limits
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NotFound
from bot.store.tables import Message, SearchClick, SearchRecord
from bot.triage.privacy.redaction import redact_cards

MANUAL = "manual"
LONGEST_QUESTION = 500
# The manual is public: strangers' input is kept no longer than the list of gaps needs it.
KEEP_MANUAL_SEARCHES = timedelta(days=180)


async def record_manual_search(
    ctx: Context,
    reader: str,
    question: str,
    shown: Sequence[dict[str, str]],
    score: float,
    confident: bool,
    product: str | None = None,
) -> str:
    """Record a search of the manual's site; return the key for reports of opened hits.

    ``product`` is the one of several whose manual it is. ``reader`` is the key of the rate limit. Raises TooMany.
    """
    rate_limits.check_limit(ctx, f"manual-search:{reader}", rate_limits.search_limit(ctx))
    key = secrets.token_urlsafe(18)
    async with ctx.db.write() as session:
        session.add(
            SearchRecord(
                source=MANUAL,
                key=key,
                question=redact_cards(question[:LONGEST_QUESTION]).text,
                shown=list(shown),
                score=score,
                confident=confident,
                product=product or ctx.support.main_product,
                created_at=ctx.clock(),
            )
        )
    return key


async def manual_hit_opened(ctx: Context, reader: str, key: str, place: int) -> None:
    """Record that a hit of a search on the manual's site was opened. Raises NotFound, TooMany, Invalid."""
    rate_limits.check_limit(ctx, f"manual-search:{reader}", rate_limits.search_limit(ctx))
    async with ctx.db.write() as session:
        search = await session.scalar(select(SearchRecord).where(SearchRecord.key == key).with_for_update())
        if search is None:
            raise NotFound("There is no such search.")
        await _opened(session, search, _place_among(place, search.shown), ctx)


async def card_opened(ctx: Context, conversation_id: str, seq: Any, place: Any) -> None:
    """Record that the customer opened a card: the message's ``seq`` and the card's place in it, from 0.

    Only a card of the customer's own conversation counts. Raises Invalid, NotFound.
    """
    if not _whole(seq) or not _whole(place):
        raise Invalid("seq and card must be whole numbers; nothing was recorded.")
    async with ctx.db.write() as session:
        query = select(Message).where(Message.conversation_id == conversation_id, Message.seq == seq)
        message = await session.scalar(query)
        if message is None or not message.cards:
            raise NotFound("There is no such card in this conversation.")
        url = message.cards[_place_among(place, message.cards)].get("url")
        searches = await session.scalars(
            select(SearchRecord)
            .where(SearchRecord.conversation_id == conversation_id, SearchRecord.created_at <= message.created_at)
            .order_by(SearchRecord.id.desc())
            .limit(20)
            .with_for_update()
        )
        for search in searches:
            urls = [card.get("url") for card in search.shown]
            if url in urls:
                await _opened(session, search, urls.index(url), ctx)
                return


async def remove_old_manual_searches(ctx: Context) -> None:
    """Delete old input of the manual's search box."""
    old = select(SearchRecord.id).where(
        SearchRecord.source == MANUAL, SearchRecord.created_at < ctx.clock() - KEEP_MANUAL_SEARCHES
    )
    async with ctx.db.write() as session:
        await session.execute(delete(SearchClick).where(SearchClick.search_id.in_(old)))
        await session.execute(delete(SearchRecord).where(SearchRecord.id.in_(old)))


async def _opened(session: AsyncSession, search: SearchRecord, place: int, ctx: Context) -> None:
    """Record an opened hit once; the search's row is locked, so that two reports at once do not collide."""
    if await session.get(SearchClick, (search.id, place)) is None:
        session.add(SearchClick(search_id=search.id, place=place, at=ctx.clock()))


def _place_among(place: Any, shown: Sequence[Any]) -> int:
    if not _whole(place) or place >= len(shown):
        raise Invalid("There is no card or hit at that place; nothing was recorded.")
    return int(place)


def _whole(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**53
