"""Show hand-offs in staff channels, and settle what was written there."""

import logging
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.channel import StaffPrinter
from bot.services.conversation.staff_items import CARD, REFRESH, SAID
from bot.services.core.context import Context
from bot.services.hand_off.open_hand_offs import OPEN_STATES
from bot.services.outbox import leases
from bot.services.outbox.items import STAFF, STAFF_WRITTEN
from bot.services.outbox.outcomes import NotNeeded, Refused
from bot.services.outbox.recording import until_recorded
from bot.services.staff_channel import news, written
from bot.services.staff_channel.card import Card, card_of
from bot.services.staff_channel.news import Post
from bot.services.staff_channel.places import Place, is_staff_workspace, place_of
from bot.store.tables import HandOff, OutboxItem, StaffThread
from bot.store.unit_of_work import unit_of_work

log = logging.getLogger(__name__)

# Whether a technician has a conversation open at the desk.
IsLooking = Callable[[str, int], bool]


class StaffSender:
    """``printers`` names each platform that is on. A card or a post may be repeated when the gateway dies meanwhile."""

    kind, at_once = STAFF, 20

    def __init__(self, ctx: Context, printers: Mapping[str, StaffPrinter], is_looking: IsLooking) -> None:
        self._ctx, self._printers, self._is_looking = ctx, printers, is_looking

    def targets(self) -> Sequence[str]:
        return list(self._printers)

    async def send(self, item: OutboxItem) -> None:
        """Post the card, update it, or post under it; raises NotNeeded when there is no card (any more)."""
        act, printer = (item.payload or {})["act"], self._printers[item.target]
        async with self._ctx.db.read() as session:
            thread = await _thread_of(session, item)
            place, card = await place_of(session, thread), await card_of(session, self._ctx, thread.hand_off_id)
            is_open = (await session.get_one(HandOff, thread.hand_off_id)).state in OPEN_STATES
        if act == CARD:
            if thread.thread is None and not is_open:
                raise NotNeeded
            named = thread.thread or await printer.post_card(place, card)
            await until_recorded(lambda: _shown(self._ctx, item, thread=named, shown=card.digest))
            return
        if thread.thread is None:
            raise NotNeeded
        if act != REFRESH:
            post = await self._post(item, thread)
            await printer.post(place, thread.thread, post, await self._mention(item, printer, place, post))
        is_new = thread.shown != card.digest and act in (REFRESH, SAID)
        if is_new:
            await _update(printer, place, thread.thread, card)
        await until_recorded(lambda: _shown(self._ctx, item, shown=card.digest if is_new else None))

    async def _post(self, item: OutboxItem, thread: StaffThread) -> Post:
        payload = item.payload or {}
        async with self._ctx.db.read() as session:
            if payload["act"] == SAID:
                return await news.said(session, self._ctx, item, thread)
            return await news.answer(session, thread, payload)

    async def _mention(self, item: OutboxItem, printer: StaffPrinter, place: Place, post: Post) -> str | None:
        """Return whom the post pings: the claimant, unless they have the conversation open at the desk."""
        if post.technician is None or self._is_looking(item.conversation_id or "", post.technician[0]):
            return None
        return await printer.user_of(place, post.technician[1])


async def _update(printer: StaffPrinter, place: Place, thread: str, card: Card) -> None:
    try:
        await printer.update_card(place, thread, card)
    except Refused as refused:
        # Somebody deleted it there: the desk shows the same.
        log.info("a card cannot be updated: %s", refused.code)


async def _thread_of(session: AsyncSession, item: OutboxItem) -> StaffThread:
    thread = await session.scalar(select(StaffThread).where(StaffThread.hand_off_id == item.hand_off_id))
    if thread is None:
        raise NotNeeded
    return thread


@unit_of_work(priority=True)
async def _shown(
    session: AsyncSession, ctx: Context, item: OutboxItem, *, shown: str | None, thread: str | None = None
) -> None:
    """Record that the item was sent, and the thread's id and what its card shows, where they are new."""
    row = await _thread_of(session, item)
    row.thread, row.shown = thread or row.thread, shown or row.shown
    await leases.sent(session, item, ctx.clock())


class StaffWrittenSender:
    """Settles what was written in staff channels, in the order of each thread."""

    kind, at_once = STAFF_WRITTEN, 20

    def __init__(self, ctx: Context, printers: Mapping[str, StaffPrinter]) -> None:
        self._ctx, self._printers = ctx, printers

    def targets(self) -> Sequence[str]:
        return list(self._printers)

    async def send(self, item: OutboxItem) -> None:
        """Look up who wrote it, and settle it; raises NotNow when nobody can say who it was."""
        payload = item.payload or {}
        async with self._ctx.db.read() as session:
            place = await place_of(session, await _thread_of(session, item))
        emails = () if payload["change"] else await self._emails(item.target, place, payload["user_id"])
        await written.settle(self._ctx, item, emails)

    async def _emails(self, platform: str, place: Place, user_id: str) -> tuple[str, ...]:
        if not is_staff_workspace(self._ctx, place.platform, place.workspace):
            return ()
        try:
            return await self._printers[platform].emails_of(place, user_id)
        except Refused as refused:
            log.info("a staff channel's platform does not know a writer: %s", refused.code)
            return ()
