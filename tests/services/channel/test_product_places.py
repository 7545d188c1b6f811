"""The place where somebody writes says which of several products it is about, if it serves one."""

from typing import Any

import pytest

from bot.services.channel import arrivals
from bot.services.channel.arrivals import Arrival, Place
from bot.services.channel.channel_people import Person
from bot.services.conversation.product_places import products_at
from bot.services.core.context import Context
from bot.settings.support.support import Support
from bot.store.tables import Conversation
from tests.support.products import LEDGER, STOCKROOM, two_products

BOTH = (LEDGER, STOCKROOM)
CHANNEL = {"team": "T0", "installation": "T0", "channel": "C0STOCK", "thread_ts": "1", "base": "/"}


@pytest.fixture(scope="module")
def support() -> Support:
    return two_products()


@pytest.mark.parametrize(
    ("channel", "workspace", "reference", "served"),
    [
        ("slack", "T0STOCK", {"channel": "C1"}, (STOCKROOM,)),
        ("slack", "T9", {"channel": "c0stock"}, (STOCKROOM,)),
        ("slack", "T9", {"channel": "C9"}, BOTH),
        ("teams", "tenant-stock", {}, (STOCKROOM,)),
        ("teams", "x", {"tenant": "tenant-stock"}, (STOCKROOM,)),
        ("teams", "x", {"tenant": "y"}, BOTH),
        ("email", "mail", {"written_to": "ledger@northwind.example"}, (LEDGER,)),
        ("email", "mail", {}, BOTH),
        ("web", "", {}, BOTH),
    ],
)
def test_a_place_serves_the_products_that_name_it(
    support: Support, channel: str, workspace: str, reference: dict[str, Any], served: tuple[str, ...]
) -> None:
    assert products_at(support, channel, workspace, reference) == served


async def arrives(ctx: Context, reference: dict[str, Any]) -> Conversation:
    place = Place("T0", f"{reference['channel']}:1", reference, shared=True)
    arrived = await arrivals.arrive(ctx, Arrival("slack", "E1", place, Person("T0", "U1", "Kim"), text="Hello"))
    assert arrived is not None
    async with ctx.db.read() as session:
        return await session.get_one(Conversation, arrived.conversation_id)


async def test_a_conversation_of_such_a_place_is_about_its_product(ctx: Context) -> None:
    ctx.support = two_products()
    assert (await arrives(ctx, CHANNEL)).product == STOCKROOM


async def test_one_of_a_shared_place_is_about_none_yet(ctx: Context) -> None:
    ctx.support = two_products()
    assert (await arrives(ctx, {**CHANNEL, "channel": "C9"})).product is None


async def test_with_one_product_nothing_is_kept(ctx: Context) -> None:
    assert (await arrives(ctx, CHANNEL)).product is None
