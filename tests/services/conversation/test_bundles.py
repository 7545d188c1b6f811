"""All that one transaction says leaves as one item of the outbox, unless its readers or its speakers differ."""

import pytest

from bot.services.channel import arrivals
from bot.services.channel.arrivals import Arrival, Place
from bot.services.channel.channel_people import Person
from bot.services.channel.outgoing import outgoing
from bot.services.conversation import lifecycle, transcript
from bot.services.core.context import Context
from bot.services.outbox.items import MESSAGE
from bot.services.turn import turns
from bot.store.locks import lock_conversations
from tests.support.outbox import outbox_items
from tests.support.turn_outcomes import outcome_of

KIM = Person("T", "U-kim", "Kim")
Said = tuple[str, str, bool]


async def opened(ctx: Context, *, shared: bool = False, channel: str = "slack") -> str:
    place = Place("T", "C1:1", {"channel": "C1"}, shared=shared)
    arrived = await arrivals.arrive(ctx, Arrival(channel, "T:1", place, KIM, "it crashes"))
    assert arrived is not None
    return arrived.conversation_id


async def say(ctx: Context, conversation_id: str, *messages: Said) -> None:
    """Say (author, text, private) in one transaction."""
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, conversation_id, lock=True)
        for author, text, private in messages:
            fields = {"author": author, "author_name": author.title(), "text": text, "private": private}
            await transcript.append_message(session, conversation, ctx.clock(), **fields)


async def bundles(ctx: Context) -> list[list[str]]:
    items = await outbox_items(ctx, MESSAGE)
    return [[message["text"] for message in (await outgoing(ctx, item)).messages] for item in items]


@pytest.mark.parametrize("channel", ["slack", "teams"])
async def test_the_parts_of_a_reply_are_one_message_in_their_order(ctx: Context, channel: str) -> None:
    conversation_id = await opened(ctx, channel=channel)
    begun = await turns.begin(ctx, conversation_id)
    assert begun is not None
    await turns.complete(ctx, *begun, outcome_of(ctx, "one", "two", "three"))
    assert await bundles(ctx) == [["one\n\ntwo\n\nthree"]]


async def test_what_another_transaction_says_is_another_bundle(ctx: Context) -> None:
    conversation_id = await opened(ctx)
    await say(ctx, conversation_id, ("assistant", "a", False), ("system", "b", False))
    await say(ctx, conversation_id, ("assistant", "c", False))
    assert await bundles(ctx) == [["a", "b"], ["c"]]


async def test_readers_and_speakers_are_never_mixed_and_the_order_is_kept(ctx: Context) -> None:
    conversation_id = await opened(ctx, shared=True)
    await say(
        ctx,
        conversation_id,
        ("assistant", "public", False),
        ("assistant", "private", True),
        ("system", "private too", True),
        ("assistant", "public again", False),
        ("technician", "Anna", False),
        ("technician", "Anna again", False),
        ("customer", "Kim", False),
        ("assistant", "after Kim", False),
    )
    assert await bundles(ctx) == [
        ["public"],
        ["private", "private too"],
        ["public again"],
        ["Anna"],
        ["Anna again"],
        ["after Kim"],
    ]


async def test_two_conversations_of_one_transaction_share_no_bundle(ctx: Context) -> None:
    one = await opened(ctx)
    place = Place("T", "C1:2", {"channel": "C1"}, shared=False)
    arrived = await arrivals.arrive(ctx, Arrival("slack", "T:2", place, KIM, "another"))
    assert arrived is not None
    async with ctx.db.write() as session:
        for conversation in await lock_conversations(session, [one, arrived.conversation_id]):
            await transcript.say(session, conversation, ctx.clock(), "hello", author_name="Quill")
    assert await bundles(ctx) == [["hello"], ["hello"]]
