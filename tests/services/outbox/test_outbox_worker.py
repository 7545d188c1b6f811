"""The outbox: in order, at the channel's pace, tried again, given up, sent again; one repeat at most after a crash."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.gateway.supervise import every
from bot.gateway.workers import outbox_worker
from bot.gateway.workers.message_sender import MessageSender
from bot.gateway.workers.outbox_worker import OutboxWorker
from bot.services.channel import arrivals
from bot.services.channel.answered import Answered
from bot.services.channel.arrivals import Arrival, Place
from bot.services.channel.channel_people import Person
from bot.services.channel.outgoing import Outgoing, outgoing
from bot.services.conversation import lifecycle, transcript
from bot.services.core.backoff import backoff
from bot.services.core.context import Context
from bot.services.core.errors import Conflict
from bot.services.desk import failed_deliveries
from bot.services.outbox import items, leases, recording
from bot.services.outbox.items import MAIL, MESSAGE, TEAM_NOTICE
from bot.services.outbox.outcomes import LeaseLost, NotNeeded, NotNow, Refused, TooLarge
from bot.store.tables import OutboxItem, Technician
from tests.support.gateway_fixture import Clock
from tests.support.outbox import database_is_away, outbox_items


@pytest.fixture
def clock() -> Clock:
    """A clock that goes on by itself: waits are over some time."""
    return Clock()


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
        return [f"{message['text']}/{number}" for message in outgoing.messages for number in range(self.count)]

    def smaller(self, part: Any) -> list[str]:
        half = len(part) // 2
        return [part[:half], part[half:]] if half else [part]

    async def send(self, outgoing: Outgoing, part: Any) -> str:
        if self.troubles:
            raise self.troubles.pop(0)
        self.sent.append((outgoing.conversation_id, part))
        self.at.append(time.monotonic())
        return f"out-{len(self.sent)}"

    async def show_answer(self, parts: Sequence[Any], answered: Answered) -> None: ...

    async def typing(self, reference: dict[str, Any], workspace: str, on: bool) -> None: ...

    async def close(self) -> None: ...

    def texts(self, conversation_id: str) -> list[Any]:
        return [part for to, part in self.sent if to == conversation_id]


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
    worker = OutboxWorker(ctx, [MessageSender(ctx, {"slack": post})])
    task = asyncio.ensure_future(every(0.1, worker.look, worker.news)())
    try:
        yield worker
        # What is out gets recorded: only a process that dies leaves that undone, and the crash has a test of its own.
        await until(lambda: not worker._running)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await worker.stop()


async def bundled(ctx: Context, conversation_id: str, *texts: str) -> None:
    """Say it in one transaction, as a turn does."""
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, conversation_id, lock=True)
        for text in texts:
            await transcript.say(session, conversation, ctx.clock(), text, author_name="Quill")


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def all_are(ctx: Context, state: str) -> None:
    """Return when every message has this state, after which no worker has anything to send."""
    deadline = time.monotonic() + 10
    while {item.state for item in await outbox_items(ctx, MESSAGE)} != {state}:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def test_messages_of_a_conversation_arrive_in_order_whatever_fails_between(ctx: Context) -> None:
    one, two, post = await opened(ctx, "1"), await opened(ctx, "2"), Post(parts=2)
    await says(ctx, one, "a", "b", "c")
    await says(ctx, two, "x")
    post.troubles = [NotNow("service_unavailable"), NotNow("ratelimited", 0.2)]
    async with working(ctx, post):
        await until(lambda: len(post.sent) == 8)
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
    first, _ = await outbox_items(ctx, MESSAGE)
    item = await leases.claim(ctx, first.id)
    assert item is not None
    message = await outgoing(ctx, item)
    for place in range(2):
        post.sent.append((one, (await post.parts(message))[place]))
        if place == 0:
            await leases.part_sent(ctx, item, 1, "out-1", last=False)
    # The process dies here: part 1 is out and not recorded; the next gateway frees the lease.
    await leases.drop_leases(ctx)
    async with working(ctx, post):
        await until(lambda: post.texts(one)[-1:] == ["b/2"])
    assert post.texts(one) == ["a/0", "a/1", "a/1", "a/2", "b/0", "b/1", "b/2"]


async def test_a_bundle_that_was_partly_sent_goes_on_where_it_stopped(ctx: Context) -> None:
    class Stumbles(Post):
        """Has its troubles before the second part."""

        async def send(self, outgoing: Outgoing, part: Any) -> str:
            if self.sent:
                return await super().send(outgoing, part)
            self.sent.append((outgoing.conversation_id, part))
            return "out-1"

    one, post = await opened(ctx), Stumbles()
    post.troubles = [NotNow("service_unavailable"), ZeroDivisionError(), NotNow("ratelimited", 0.1)]
    await bundled(ctx, one, "a", "b", "c")
    async with working(ctx, post):
        await all_are(ctx, "sent")
    assert post.texts(one) == ["a/0", "b/0", "c/0"]
    (item,) = await outbox_items(ctx, MESSAGE)
    assert (item.outside_id, item.last_outside_id) == ("out-1", "out-3")


async def test_a_part_that_is_too_large_is_sent_in_smaller_ones_each_once(ctx: Context) -> None:
    one, post = await opened(ctx), Post()
    await bundled(ctx, one, "first", "large")
    sent = post.send

    async def send(outgoing: Outgoing, part: Any) -> str:
        if len(part) > 5 and part.startswith("large"):
            raise TooLarge("too_large")
        if post.sent and not post.troubles and post.texts(one)[-1] == "lar":
            post.send = sent  # type: ignore[method-assign]
            raise NotNow("service_unavailable")
        return await sent(outgoing, part)

    post.send = send  # type: ignore[method-assign]
    async with working(ctx, post):
        await all_are(ctx, "sent")
    assert post.texts(one) == ["first/0", "lar", "ge/0"]


async def test_a_part_that_cannot_be_smaller_is_refused(ctx: Context) -> None:
    one, post = await opened(ctx), Post()
    await says(ctx, one, "")
    post.smaller = lambda part: [part]  # type: ignore[method-assign]
    post.troubles = [TooLarge("too_large")]
    async with working(ctx, post):
        await all_are(ctx, "failed")
    assert [item.error for item in await outbox_items(ctx, MESSAGE)] == ["too_large"]


async def test_a_refused_bundle_marks_each_of_its_messages(ctx: Context) -> None:
    one, post = await opened(ctx), Post()
    await bundled(ctx, one, "a", "b")
    post.troubles = [Refused("channel_not_found")]
    async with working(ctx, post):
        await all_are(ctx, "failed")
    async with ctx.db.read() as session:
        missing = await failed_deliveries.failed_deliveries(session, ctx, one)
    assert [one["seq"] for one in missing] == [2, 3] and len({one["delivery_id"] for one in missing}) == 1


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
        await until(lambda: not post.troubles)
        await asyncio.sleep(0.2)
    (item,) = await outbox_items(ctx, MESSAGE)
    assert (item.state, item.error) == ("failed", "service_unavailable")


async def test_a_fault_of_our_own_waits_and_is_tried_again(ctx: Context) -> None:
    one, post = await opened(ctx), Post()
    await says(ctx, one, "a")
    post.troubles = [ZeroDivisionError()]
    async with working(ctx, post):
        await until(lambda: post.texts(one) == ["a/0"])


async def test_a_worker_that_lost_its_lease_records_nothing(ctx: Context) -> None:
    one = await opened(ctx)
    await says(ctx, one, "a")
    (queued,) = await outbox_items(ctx, MESSAGE)
    item = await leases.claim(ctx, queued.id)
    assert item is not None and await leases.claim(ctx, queued.id) is None
    ctx.clock.advance(seconds=61)  # type: ignore[attr-defined]
    assert await leases.claim(ctx, queued.id) is not None
    with pytest.raises(LeaseLost):
        await leases.part_sent(ctx, item, 1, "out-1", last=True)
    (left,) = await outbox_items(ctx, MESSAGE)
    assert (left.state, left.parts_sent) == ("queued", 0)


def test_waits_grow_to_five_minutes_and_differ() -> None:
    waits = {attempt: [backoff(attempt) for _ in range(50)] for attempt in (1, 4, 30)}
    assert all(0.5 <= wait <= 1 for wait in waits[1])
    assert all(4 <= wait <= 8 for wait in waits[4])
    assert all(150 <= wait <= 300 for wait in waits[30])
    assert len(set(waits[4])) > 10


class Kind:
    """Sends items of one kind; ``raises`` is what an item's target makes it raise."""

    def __init__(self, ctx: Context, kind: str, raises: dict[str, BaseException], at_once: int = 2) -> None:
        self._ctx, self.kind, self._raises, self.at_once = ctx, kind, raises, at_once
        self.sent: list[str] = []

    def targets(self) -> None: ...

    async def send(self, item: OutboxItem) -> None:
        if item.target in self._raises:
            raise self._raises[item.target]
        async with self._ctx.db.write() as session:
            await leases.sent(session, item, self._ctx.clock())
        self.sent.append(item.target)


async def queue_mail(ctx: Context, *targets: str) -> None:
    async with ctx.db.write() as session:
        for target in targets:
            await items.enqueue(session, kind=MAIL, key=f"key:{target}", target=target, now=ctx.clock())


RAISED = [ZeroDivisionError("words"), asyncio.CancelledError(), Refused("no"), NotNow("later", 600.0), NotNeeded()]


@pytest.mark.parametrize("error", RAISED, ids=lambda error: type(error).__name__)
async def test_whatever_one_item_raises_belongs_to_it(ctx: Context, error: BaseException) -> None:
    bad = [f"bad{number}" for number in range(5)]
    sender = Kind(ctx, MAIL, dict.fromkeys(bad, error))
    await queue_mail(ctx, *bad, "good1", "good2")
    worker = OutboxWorker(ctx, [sender])
    task = asyncio.ensure_future(every(0.05, worker.look, worker.news)())
    try:
        await until(lambda: set(sender.sent) == {"good1", "good2"})
        await until(lambda: not worker._running)
        assert not task.done()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await worker.stop()
    bad_items = [item for item in await outbox_items(ctx) if item.target in bad]
    wanted = {Refused: "failed", NotNeeded: "dropped"}.get(type(error), "queued")
    assert {item.state for item in bad_items} == {wanted}
    assert all(item.lease_until is None for item in bad_items)
    assert {item.error for item in bad_items} <= {None, "no", "later", "ZeroDivisionError", "CancelledError"}


async def test_a_kind_that_hangs_leaves_the_other_kinds_their_places(ctx: Context) -> None:
    hangs = asyncio.Event()

    class Hangs(Kind):
        async def send(self, item: OutboxItem) -> None:
            await hangs.wait()

    slow, quick = Hangs(ctx, MAIL, {}), Kind(ctx, TEAM_NOTICE, {})
    await queue_mail(ctx, *(f"slow{number}" for number in range(50)))
    async with ctx.db.write() as session:
        await items.enqueue(session, kind=TEAM_NOTICE, key="n", target="team", now=ctx.clock())
    worker = OutboxWorker(ctx, [slow, quick])
    for _ in range(3):
        await worker.look()
        await asyncio.sleep(0.05)
    await until(lambda: len(worker._running) == slow.at_once)
    assert quick.sent == ["team"]
    hangs.set()
    await worker.stop()


class Slow(Kind):
    """A target that has taken the item and lets its answer wait for ``answers``."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx, MAIL, {})
        self.taken, self.answers = asyncio.Event(), asyncio.Event()

    async def send(self, item: OutboxItem) -> None:
        self.taken.set()
        await self.answers.wait()
        await super().send(item)


@asynccontextmanager
async def sending_slowly(ctx: Context) -> AsyncIterator[tuple[OutboxWorker, Slow]]:
    """A worker in the middle of sending one item."""
    sender = Slow(ctx)
    await queue_mail(ctx, "one")
    worker = OutboxWorker(ctx, [sender])
    await worker.look()
    await asyncio.wait_for(sender.taken.wait(), 10)
    try:
        yield worker, sender
    finally:
        sender.answers.set()
        await worker.stop()


async def test_a_worker_that_stops_records_what_is_on_its_way(ctx: Context) -> None:
    async with sending_slowly(ctx) as (worker, sender):
        asyncio.get_running_loop().call_later(0.2, sender.answers.set)
        await worker.stop()
        assert sender.sent == ["one"]
        assert [item.state for item in await outbox_items(ctx)] == ["sent"]


async def test_a_target_that_never_answers_does_not_keep_the_worker_from_stopping(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_worker, "STOP_SECONDS", 0.1)
    async with sending_slowly(ctx) as (worker, sender):
        await asyncio.wait_for(worker.stop(), 5)
        assert sender.sent == [] and not worker._running


async def test_nobody_leases_an_item_whose_target_is_slow(
    ctx: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEW_SECONDS", 0.05)
    async with sending_slowly(ctx):
        (item,) = await outbox_items(ctx)
        clock.advance(seconds=61)
        await asyncio.sleep(0.5)
        assert await leases.claim(ctx, item.id) is None


async def test_an_item_that_was_given_back_is_not_leased_again(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "RENEW_SECONDS", 0.01)
    await queue_mail(ctx, "one")
    (queued,) = await outbox_items(ctx)
    item = await leases.claim(ctx, queued.id)
    assert item is not None
    async with leases.renewed(ctx, item):
        await leases.release(ctx, item, 0.0)
        await asyncio.sleep(0.2)
    assert await leases.claim(ctx, item.id) is not None


async def test_a_part_is_sent_once_although_the_database_was_away_when_it_was_to_be_recorded(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, post = await opened(ctx), Post(parts=2)
    await says(ctx, one, "a")
    sent = post.send

    async def send(outgoing: Outgoing, part: Any) -> str:
        database_is_away(ctx, monkeypatch)
        return await sent(outgoing, part)

    monkeypatch.setattr(post, "send", send)
    monkeypatch.setattr(recording, "FIRST_WAIT_SECONDS", 0.05)
    async with working(ctx, post):
        await all_are(ctx, "sent")
    assert post.texts(one) == ["a/0", "a/1"]


async def test_an_event_is_queued_once_however_often_it_is_raised(ctx: Context) -> None:
    await queue_mail(ctx, "one")
    await queue_mail(ctx, "one", "two")
    assert [item.target for item in await outbox_items(ctx)] == ["one", "two"]


async def test_what_is_rolled_back_is_not_queued(ctx: Context) -> None:
    with pytest.raises(RuntimeError):
        async with ctx.db.write() as session:
            await items.enqueue(session, kind=MAIL, key="k", target="one", now=ctx.clock())
            raise RuntimeError
    assert await outbox_items(ctx) == []
