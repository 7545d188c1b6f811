"""The outbox: in order, at the channel's pace, tried again, given up, sent again; one repeat at most after a crash."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.gateway.supervise import every
from bot.gateway.workers.outbox_worker import OutboxWorker
from bot.services.channel import arrivals, outbox
from bot.services.channel.arrivals import Arrival, Place
from bot.services.channel.channel_people import Person
from bot.services.channel.outbox import NotNow, Outgoing, Refused
from bot.services.conversation import lifecycle, transcript
from bot.services.core.backoff import backoff
from bot.services.core.context import Context, wire
from bot.services.core.errors import Conflict
from bot.services.desk import failed_deliveries
from bot.settings.env.settings import load_settings
from bot.store import schema
from bot.store.tables import Delivery, Technician
from tests.support.gateway_fixture import Clock


class Post:
    """A channel of one room. ``troubles`` are raised before sending, the first in the list first."""

    def __init__(self, apart: float = 0.0, parts: int = 1) -> None:
        self.seconds_apart, self.count = apart, parts
        self.sent: list[tuple[str, Any]] = []
        self.at: list[float] = []
        self.troubles: list[Exception] = []

    def rate_key(self, outgoing: Outgoing) -> str:
        return str(outgoing.reference["room"])

    async def parts(self, outgoing: Outgoing) -> list[str]:
        return [f"{outgoing.message['text']}/{number}" for number in range(self.count)]

    async def send(self, outgoing: Outgoing, part: Any) -> str:
        if self.troubles:
            raise self.troubles.pop(0)
        self.sent.append((outgoing.conversation_id, part))
        self.at.append(time.monotonic())
        return f"out-{len(self.sent)}"

    async def typing(self, reference: dict[str, Any], workspace: str, on: bool) -> None: ...

    async def close(self) -> None: ...

    def texts(self, conversation_id: str) -> list[Any]:
        return [part for to, part in self.sent if to == conversation_id]


@pytest.fixture
async def ctx(tmp_path: Path) -> AsyncIterator[Context]:
    settings = load_settings({"TECHREF_HOME": str(tmp_path)})
    schema.upgrade(settings.database_url)
    context = wire(settings)
    context.clock = Clock()
    yield context
    await context.db.close()


async def opened(ctx: Context, thread: str = "1") -> str:
    place = Place("T", thread, {"room": "R"}, shared=False)
    arrived = await arrivals.arrive(ctx, Arrival("slack", f"T:{thread}", place, Person("T", "U", "Kim"), "hello"))
    assert arrived is not None
    return arrived.conversation_id


async def says(ctx: Context, conversation_id: str, *texts: str) -> None:
    for text in texts:
        async with ctx.db.write() as session:
            conversation = await lifecycle.load(session, conversation_id, lock=True)
            await transcript.say(session, conversation, ctx.clock(), text, author_name="Quill")


@asynccontextmanager
async def working(ctx: Context, post: Post) -> AsyncIterator[OutboxWorker]:
    worker = OutboxWorker(ctx, {"slack": post})
    task = asyncio.ensure_future(every(0.1, worker.look, worker.news)())
    try:
        yield worker
        # What is out gets recorded: only a process that dies leaves that undone, and the crash has a test of its own.
        await until(lambda: not worker._running)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await worker.stop()


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def all_are(ctx: Context, status: str) -> None:
    """Return when every delivery has this status, after which no worker has anything to send."""
    deadline = time.monotonic() + 10
    while {row.status for row in await deliveries(ctx)} != {status}:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def deliveries(ctx: Context) -> list[Delivery]:
    async with ctx.db.read() as session:
        return list(await session.scalars(select(Delivery).order_by(Delivery.id)))


async def test_messages_of_a_conversation_arrive_in_order_whatever_fails_between(ctx: Context) -> None:
    one, two, post = await opened(ctx, "1"), await opened(ctx, "2"), Post(parts=2)
    await says(ctx, one, "a", "b", "c")
    await says(ctx, two, "x")
    post.troubles = [NotNow("service_unavailable"), NotNow("ratelimited", 0.2)]
    async with working(ctx, post):
        await all_are(ctx, "sent")
    assert post.texts(one) == ["a/0", "a/1", "b/0", "b/1", "c/0", "c/1"]


async def test_two_conversations_in_one_room_share_its_pace(ctx: Context) -> None:
    one, two, post = await opened(ctx, "1"), await opened(ctx, "2"), Post(apart=0.3)
    await says(ctx, one, "a", "b")
    await says(ctx, two, "x", "y")
    async with working(ctx, post):
        await until(lambda: len(post.sent) == 4)
    gaps = [later - earlier for earlier, later in zip(post.at, post.at[1:], strict=False)]
    assert min(gaps) >= 0.3


async def test_retry_after_is_honoured_by_the_whole_room(ctx: Context) -> None:
    one, post = await opened(ctx), Post()
    await says(ctx, one, "a")
    post.troubles = [NotNow("ratelimited", 1.0)]
    began = time.monotonic()
    async with working(ctx, post):
        await until(lambda: len(post.sent) == 1)
    assert post.at[0] - began >= 1.0


async def test_a_crash_between_sending_and_recording_repeats_one_part_at_most(ctx: Context) -> None:
    one, post = await opened(ctx), Post(parts=3)
    await says(ctx, one, "a", "b")
    lease = await outbox.take(ctx, one)
    assert lease is not None
    outgoing = await outbox.next_message(ctx, lease)
    assert outgoing is not None
    for place in range(2):
        post.sent.append((one, (await post.parts(outgoing))[place]))
        if place == 0:
            await outbox.part_sent(ctx, lease, outgoing, place, 3, "out-1")
    # The process dies here: part 1 is out and not recorded; the next gateway frees the lease.
    await outbox.drop_leases(ctx)
    async with working(ctx, post):
        await until(lambda: post.texts(one)[-1:] == ["b/2"])
    assert post.texts(one) == ["a/0", "a/1", "a/1", "a/2", "b/0", "b/1", "b/2"]


async def test_of_two_workers_one_sends(ctx: Context) -> None:
    one, post = await opened(ctx), Post(apart=0.05)
    await says(ctx, one, *"abcdef")
    async with working(ctx, post), working(ctx, post):
        await all_are(ctx, "sent")
    assert post.texts(one) == [f"{text}/0" for text in "abcdef"]


async def test_a_refused_message_is_shown_with_a_resend_and_holds_nothing_back(ctx: Context) -> None:
    one, post = await opened(ctx), Post()
    await says(ctx, one, "a", "b")
    post.troubles = [Refused("channel_not_found")]
    async with ctx.db.write() as session:
        anna = Technician(email="a@x.example", name="Anna", password_hash="-", role="admin", created_at=ctx.clock())
        session.add(anna)
    async with working(ctx, post) as worker:
        await until(lambda: post.texts(one) == ["b/0"])
        async with ctx.db.read() as session:
            (missing,) = await failed_deliveries.failed_deliveries(session, ctx, one)
        assert (missing["seq"], missing["why"], missing["trying"]) == (2, "channel_not_found", False)
        await failed_deliveries.resend(ctx, anna, one, missing["delivery_id"])
        worker.kick()
        await until(lambda: post.texts(one) == ["b/0", "a/0"])
    with pytest.raises(Conflict):
        await failed_deliveries.resend(ctx, anna, one, missing["delivery_id"])


async def test_a_message_that_waits_too_long_counts_as_not_delivered_and_is_given_up_in_the_end(ctx: Context) -> None:
    one = await opened(ctx)
    await says(ctx, one, "a")
    ctx.clock.advance(minutes=6)  # type: ignore[attr-defined]
    async with ctx.db.read() as session:
        (missing,) = await failed_deliveries.failed_deliveries(session, ctx, one)
    assert missing["trying"]
    ctx.clock.advance(hours=25)  # type: ignore[attr-defined]
    post = Post()
    post.troubles = [NotNow("service_unavailable")]
    async with working(ctx, post):
        await all_are(ctx, "failed")
    (row,) = await deliveries(ctx)
    assert (row.status, row.error) == ("failed", "service_unavailable")


async def test_a_fault_of_our_own_waits_and_is_tried_again(ctx: Context) -> None:
    one, post = await opened(ctx), Post()
    await says(ctx, one, "a")
    post.troubles = [ZeroDivisionError()]
    async with working(ctx, post):
        await until(lambda: post.texts(one) == ["a/0"])


async def test_a_worker_that_lost_its_lease_records_nothing(ctx: Context) -> None:
    one = await opened(ctx)
    await says(ctx, one, "a")
    lease = await outbox.take(ctx, one)
    assert lease is not None and await outbox.take(ctx, one) is None
    outgoing = await outbox.next_message(ctx, lease)
    assert outgoing is not None
    ctx.clock.advance(seconds=61)  # type: ignore[attr-defined]
    assert await outbox.take(ctx, one) is not None
    with pytest.raises(outbox.LeaseLost):
        await outbox.part_sent(ctx, lease, outgoing, 0, 1, "out-1")


def test_waits_grow_to_five_minutes_and_differ() -> None:
    waits = {attempt: [backoff(attempt) for _ in range(50)] for attempt in (1, 4, 30)}
    assert all(0.5 <= wait <= 1 for wait in waits[1])
    assert all(4 <= wait <= 8 for wait in waits[4])
    assert all(150 <= wait <= 300 for wait in waits[30])
    assert len(set(waits[4])) > 10
