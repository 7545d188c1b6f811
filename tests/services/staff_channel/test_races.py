"""Messages under a card, on both databases: once whatever races, and never by a technician without the conversation."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.services.core.context import Context
from bot.services.core.errors import Conflict
from bot.services.hand_off import transitions
from bot.services.outbox import leases
from bot.services.outbox.items import STAFF_WRITTEN
from bot.services.outbox.outcomes import LeaseLost
from bot.services.staff_channel import act_forms, written
from bot.services.staff_channel.send_note import send_note
from bot.services.staff_channel.written import Written
from bot.settings.support.load import load_support
from bot.store.tables import Message, Note, OutboxItem, StaffMessage, StaffThread, Technician
from tests.support.outbox import outbox_items
from tests.support.service_fixtures import Clock, Customer
from tests.support.service_steps import only_hand_off, wait_in_the_queue

CARD = "1700000000.000001"


@pytest.fixture
async def hand_off(ctx: Context, customer: Customer, tmp_path: Path) -> int:
    """A hand-off whose card stands in a staff channel."""
    (tmp_path / "support.yml").write_text("teams: {applications: {staff_channel: 'slack:T0HOST/C0STAFF'}}\n")
    ctx.support = load_support(tmp_path)
    await wait_in_the_queue(ctx, customer)
    async with ctx.db.write() as session:
        assert await session.scalar(select(StaffThread.id)) is not None
        await session.execute(update(StaffThread).values(thread=CARD))
    return await only_hand_off(ctx)


def message(ctx: Context, text: str, number: int = 1) -> Written:
    named = f"1700000001.{number:06d}"
    at = ctx.clock() + timedelta(seconds=1)
    return Written("slack", "T0HOST", "C0STAFF", CARD, named, named, "U1", text, at)


async def settle_all(ctx: Context, *writers: Technician, at_once: int = 1) -> None:
    """Settle what waits, in its order, each ``at_once`` times at the same time."""
    for number, item in enumerate(await outbox_items(ctx, STAFF_WRITTEN)):
        if item.state != "queued":
            continue
        leased = await leases.claim(ctx, item.id)
        assert leased is not None
        email = (writers[min(number, len(writers) - 1)].email,)
        settled = [written.settle(ctx, leased, email) for _ in range(at_once)]
        outcomes = await asyncio.gather(*settled, return_exceptions=True)
        assert all(one is None or isinstance(one, LeaseLost) for one in outcomes), outcomes


async def replies(ctx: Context) -> list[str]:
    async with ctx.db.read() as session:
        said = select(Message.text).where(Message.author == "technician").order_by(Message.id)
        return list(await session.scalars(said))


async def notes(ctx: Context) -> list[str]:
    async with ctx.db.read() as session:
        return list(await session.scalars(select(Note.text).order_by(Note.id)))


async def test_the_same_event_on_many_connections_is_one_reply(ctx: Context, hand_off: int, anna: Technician) -> None:
    await transitions.claim(ctx, hand_off, anna)
    arrivals = [written.receive(ctx, message(ctx, "!reply Please update.")) for _ in range(5)]
    assert await asyncio.gather(*arrivals) == [True] * 5
    await settle_all(ctx, anna, at_once=4)
    assert await replies(ctx) == ["Please update."] and await notes(ctx) == []
    async with ctx.db.read() as session:
        assert await session.scalar(select(OutboxItem.payload["text"]).where(OutboxItem.kind == STAFF_WRITTEN)) == ""


async def test_a_note_is_sent_once_however_many_press(ctx: Context, hand_off: int, anna: Technician) -> None:
    await transitions.claim(ctx, hand_off, anna)
    await written.receive(ctx, message(ctx, "restart the spooler"))
    await settle_all(ctx, anna)
    async with ctx.db.read() as session:
        kept = await session.scalar(select(StaffMessage.id))
    assert kept is not None
    outcomes = await asyncio.gather(*(send_note(ctx, anna, kept) for _ in range(5)), return_exceptions=True)
    assert [one.code for one in outcomes if isinstance(one, Conflict)] == ["note_sent"] * 4
    assert await replies(ctx) == ["restart the spooler"]


async def test_a_note_that_was_sent_is_not_sent_again_by_the_next_claimant(
    ctx: Context, hand_off: int, anna: Technician, ben: Technician, customer: Customer
) -> None:
    await transitions.claim(ctx, hand_off, anna)
    await written.receive(ctx, message(ctx, "restart the spooler"))
    await settle_all(ctx, anna)
    async with ctx.db.read() as session:
        kept = await session.scalar(select(StaffMessage.id))
    assert kept is not None
    await send_note(ctx, anna, kept)
    await transitions.transfer(ctx, customer.id, anna, to_technician_id=ben.id)
    await transitions.claim(ctx, await only_hand_off(ctx), ben)
    with pytest.raises(Conflict):
        await send_note(ctx, ben, kept)
    assert await replies(ctx) == ["restart the spooler"]


async def test_whatever_comes_first_a_reply_is_the_claimants_or_stays_inside(
    ctx: Context, hand_off: int, anna: Technician, ben: Technician, customer: Customer
) -> None:
    await transitions.claim(ctx, hand_off, anna)
    await written.receive(ctx, message(ctx, "!reply on my way"))
    (item,) = await outbox_items(ctx, STAFF_WRITTEN)
    leased = await leases.claim(ctx, item.id)
    assert leased is not None
    passes_on = transitions.transfer(ctx, customer.id, anna, to_technician_id=ben.id)
    await asyncio.gather(written.settle(ctx, leased, (anna.email,)), passes_on)
    assert (await replies(ctx), await notes(ctx)) in ((["on my way"], []), ([], ["on my way"]))


async def test_the_desk_and_the_channel_claim_at_once_and_one_wins(
    ctx: Context, hand_off: int, anna: Technician, ben: Technician
) -> None:
    claims = [transitions.claim(ctx, hand_off, anna), act_forms.claim(ctx, ben, hand_off)]
    outcomes = await asyncio.gather(*claims, return_exceptions=True)
    assert [one.code for one in outcomes if isinstance(one, Conflict)] == ["taken"]


async def test_a_lease_that_was_lost_settles_nothing(
    ctx: Context, hand_off: int, anna: Technician, clock: Clock
) -> None:
    await transitions.claim(ctx, hand_off, anna)
    await written.receive(ctx, message(ctx, "!reply hello"))
    (item,) = await outbox_items(ctx, STAFF_WRITTEN)
    late = await leases.claim(ctx, item.id)
    assert late is not None
    clock.advance(minutes=5)
    quick = await leases.claim(ctx, item.id)
    assert quick is not None
    with pytest.raises(LeaseLost):
        await written.settle(ctx, late, (anna.email,))
    assert await replies(ctx) == []
    await written.settle(ctx, quick, (anna.email,))
    assert await replies(ctx) == ["hello"]
