"""What happens by itself: the silence rule, closing and opening, reminders; also after a restart, and once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.gateway.workers.clock_watch import ClockWatch
from bot.gateway.workers.scheduler import JOBS
from bot.services.channel import receive
from bot.services.core import jobs
from bot.services.core.context import Context
from bot.services.core.errors import Conflict, Invalid
from bot.services.desk import reply_promise, status_change, technician_messages
from bot.services.hand_off import hours_notice, reminders, resolve_issues, silence, transitions
from bot.services.queue import queue_order
from bot.store.tables import Call, HandOff, Issue, Technician
from bot.triage.issue.issue_status import IssueStatus
from tests.support.service_fixtures import OFFICE_OPEN, Clock, Customer, add_technician
from tests.support.service_steps import only_hand_off, wait_in_the_queue

BY_NAME = {job.name: job for job in JOBS}


async def claimed_by(ctx: Context, customer: Customer, technician: Technician) -> None:
    await wait_in_the_queue(ctx, customer)
    await transitions.claim(ctx, await only_hand_off(ctx), technician)


async def says(ctx: Context, technician: Technician, customer: Customer, text: str) -> None:
    await technician_messages.send_message(ctx, technician, customer.id, receive.Incoming(text, text=text))


async def the_issue(ctx: Context) -> Issue:
    async with ctx.db.read() as session:
        (issue,) = await session.scalars(select(Issue))
        return issue


async def test_a_silent_technician_loses_the_conversation_and_the_customer_keeps_the_place(
    ctx: Context, clock: Clock, customer: Customer, anna: Technician
) -> None:
    await claimed_by(ctx, customer, anna)
    clock.advance(minutes=5)
    later = await Customer.arrives(ctx)
    await wait_in_the_queue(ctx, later)
    clock.advance(minutes=11)
    await silence.return_unanswered(ctx)
    assert await customer.state() | {"owner": "queue", "queue_position": 1} == await customer.state()
    texts = [message["text"] for message in await customer.reads()]
    assert any("Anna has not been able to answer in time" in text for text in texts)
    async with ctx.db.read() as session:
        first, second = await queue_order.waiting_hand_offs(session, ctx.support.queue_policy)
        assert (first.conversation_id, second.conversation_id) == (customer.id, later.id)
        assert (await session.get_one(HandOff, first.hand_off_id)).reason == "silence"


async def test_the_rule_survives_a_restart_because_all_it_needs_is_stored(
    ctx: Context, clock: Clock, customer: Customer, anna: Technician
) -> None:
    await claimed_by(ctx, customer, anna)
    clock.advance(minutes=16)
    job = BY_NAME["silence rule"]
    await jobs.register_jobs(ctx, [job])
    # The gateway died while it held the job; another one finds the lease run out.
    assert await jobs.lease_job(ctx, job) is not None
    assert not await jobs.run_if_due(ctx, job)
    clock.advance(minutes=6)
    assert await jobs.run_if_due(ctx, job)
    assert (await customer.state())["owner"] == "queue"


async def test_nobody_is_silent_for_the_time_that_the_clock_jumped_over(
    ctx: Context, clock: Clock, customer: Customer, anna: Technician
) -> None:
    await claimed_by(ctx, customer, anna)
    watch = ClockWatch(ctx)
    clock.advance(hours=1)
    await watch.look()
    await silence.return_unanswered(ctx)
    assert (await customer.state())["owner"] == "technician"
    clock.advance(minutes=14)
    await silence.return_unanswered(ctx)
    assert (await customer.state())["owner"] == "technician"
    clock.advance(minutes=2)
    await silence.return_unanswered(ctx)
    assert (await customer.state())["owner"] == "queue"


async def test_a_clock_that_is_set_back_again_does_not_suspend_the_rule(
    ctx: Context, clock: Clock, customer: Customer, anna: Technician
) -> None:
    await claimed_by(ctx, customer, anna)
    watch = ClockWatch(ctx)
    for hours in (1, -1):
        clock.advance(hours=hours)
        await watch.look()
    clock.advance(minutes=16)
    await silence.return_unanswered(ctx)
    assert (await customer.state())["owner"] == "queue"


async def test_an_answer_a_call_and_a_promise_stop_the_rule(
    ctx: Context, clock: Clock, customer: Customer, anna: Technician
) -> None:
    await claimed_by(ctx, customer, anna)
    await says(ctx, anna, customer, "I am looking at it")
    clock.advance(hours=1)
    await silence.return_unanswered(ctx)
    await customer.writes("and?")
    await reply_promise.begin_call(ctx, anna, customer.id)
    clock.advance(minutes=40)
    await silence.return_unanswered(ctx)
    assert await reply_promise.end_call(ctx, anna, customer.id) == 40
    await silence.return_unanswered(ctx)
    clock.advance(minutes=1)
    await customer.writes("one more thing")
    until = clock.now + timedelta(hours=2)
    await reply_promise.promise_reply(ctx, anna, customer.id, until.isoformat())
    clock.advance(minutes=119)
    await silence.return_unanswered(ctx)
    assert (await customer.state())["owner"] == "technician"
    clock.advance(minutes=16)
    await silence.return_unanswered(ctx)
    assert (await customer.state())["owner"] == "queue"


async def test_a_customer_waits_until_an_answer_or_a_promise(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await claimed_by(ctx, customer, anna)
    ben = await add_technician(ctx, "Ben")
    assert await reply_promise.customer_waits(ctx, anna, customer.id)
    assert not await reply_promise.customer_waits(ctx, ben, customer.id), "it is Anna's"
    await says(ctx, anna, customer, "Is it on?")
    assert not await reply_promise.customer_waits(ctx, anna, customer.id)
    await customer.writes("Yes")
    assert await reply_promise.customer_waits(ctx, anna, customer.id)
    until = ctx.clock() + timedelta(hours=2)
    await reply_promise.promise_reply(ctx, anna, customer.id, until.isoformat())
    assert not await reply_promise.customer_waits(ctx, anna, customer.id)


async def test_the_customer_sees_call_and_promise_and_the_minutes_are_kept(
    ctx: Context, clock: Clock, customer: Customer, anna: Technician
) -> None:
    await claimed_by(ctx, customer, anna)
    await reply_promise.begin_call(ctx, anna, customer.id)
    with pytest.raises(Conflict, match="already"):
        await reply_promise.begin_call(ctx, anna, customer.id)
    clock.advance(seconds=61)
    assert await reply_promise.end_call(ctx, anna, customer.id) == 2
    await reply_promise.begin_call(ctx, anna, customer.id)
    assert await reply_promise.end_call(ctx, anna, customer.id, 12) == 12
    await reply_promise.promise_reply(ctx, anna, customer.id, "2026-06-18T15:00:00-04:00")
    texts = [message["text"] for message in await customer.reads()]
    assert "Anna is calling you now." in texts
    assert texts[-1].startswith("Anna will reply tomorrow, Thursday, at 3:00 p.m. Eastern.")
    issue = await the_issue(ctx)
    assert issue.status == "waiting_until" and issue.waiting_until is not None
    async with ctx.db.read() as session:
        assert list(await session.scalars(select(Call.minutes))) == [2, 12]


@pytest.mark.parametrize("until", [None, "", "soon", "2026-06-18T15:00:00", "2020-01-01T00:00:00+00:00", 5])
async def test_only_a_moment_to_come_can_be_promised(
    ctx: Context, customer: Customer, anna: Technician, until: object
) -> None:
    await claimed_by(ctx, customer, anna)
    with pytest.raises(Invalid):
        await reply_promise.promise_reply(ctx, anna, customer.id, until)


async def test_a_call_ends_with_the_conversation_it_is_about(
    ctx: Context, clock: Clock, customer: Customer, anna: Technician
) -> None:
    await claimed_by(ctx, customer, anna)
    await reply_promise.begin_call(ctx, anna, customer.id)
    clock.advance(minutes=3)
    await resolve_issues.resolve(ctx, customer.id, anna)
    async with ctx.db.read() as session:
        assert list(await session.scalars(select(Call.minutes))) == [3]


async def test_a_transfer_keeps_the_place_in_the_line(
    ctx: Context, clock: Clock, customer: Customer, anna: Technician
) -> None:
    await claimed_by(ctx, customer, anna)
    clock.advance(minutes=1)
    later = await Customer.arrives(ctx)
    await wait_in_the_queue(ctx, later)
    await transitions.transfer(ctx, customer.id, anna, team="data", note="look at the ledger")
    assert (await customer.state())["queue_position"] == 1
    async with ctx.db.read() as session:
        (passed_on, _) = await queue_order.waiting_hand_offs(session, ctx.support.queue_policy)
        assert (await session.get_one(HandOff, passed_on.hand_off_id)).note == "look at the ledger"
    assert all("ledger" not in message["text"] for message in await customer.reads())


async def test_at_closing_time_customers_learn_who_goes_on_and_when_and_at_opening_their_place(
    ctx: Context, clock: Clock, customer: Customer, anna: Technician
) -> None:
    await claimed_by(ctx, customer, anna)
    waiting = await Customer.arrives(ctx)
    await wait_in_the_queue(ctx, waiting)
    await hours_notice.post_hours_notices(ctx)
    said = len(await customer.reads())
    clock.now = OFFICE_OPEN.replace(hour=21, minute=1)  # 17:01 in New York
    for _ in range(2):
        await hours_notice.post_hours_notices(ctx)
    (told,) = (await customer.reads())[said:]
    assert "Anna goes on" in told["text"] and "We open again tomorrow, Thursday, at 8:00 a.m. Eastern" in told["text"]
    assert "stays in the queue at number 1" in (await waiting.reads())[-1]["text"]
    clock.now = OFFICE_OPEN.replace(day=18, hour=12, minute=0)  # 8:00 on Thursday
    for _ in range(2):
        await hours_notice.post_hours_notices(ctx)
    assert "Our technicians are back. You are number 1 in the queue" in (await waiting.reads())[-1]["text"]
    assert len(await customer.reads()) == said + 1


async def test_who_asked_after_closing_is_not_informed_again_that_we_are_closed(
    ctx: Context, clock: Clock, customer: Customer
) -> None:
    clock.now = OFFICE_OPEN.replace(hour=21, minute=30)
    await wait_in_the_queue(ctx, customer)
    said = await customer.reads()
    await hours_notice.post_hours_notices(ctx)
    assert await customer.reads() == said
    async with ctx.db.read() as session:
        assert list(await session.scalars(select(HandOff.asked_out_of_hours))) == [True]


async def test_waiting_issues_remind_their_owner_once_until_something_is_done(
    ctx: Context, clock: Clock, customer: Customer, anna: Technician
) -> None:
    await claimed_by(ctx, customer, anna)
    reference = (await the_issue(ctx)).reference
    await transitions.give_back(ctx, customer.id, anna, "")
    until = clock.now + timedelta(hours=3)
    await status_change.set_status(ctx, anna, reference, "waiting_until", until.isoformat())
    await reminders.mark_reminders(ctx)
    assert (await the_issue(ctx)).reminded_at is None
    clock.advance(hours=3)
    await reminders.mark_reminders(ctx)
    reminded = (await the_issue(ctx)).reminded_at
    assert reminded == clock.now
    clock.advance(minutes=5)
    await reminders.mark_reminders(ctx)
    assert (await the_issue(ctx)).reminded_at == reminded
    await status_change.set_status(ctx, anna, reference, "waiting_customer", None)
    assert (await the_issue(ctx)).reminded_at is None
    clock.advance(days=5)
    await reminders.mark_reminders(ctx)
    assert (await the_issue(ctx)).reminded_at == clock.now


async def test_an_issue_can_be_resumed_again_after_it_was_resolved(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await claimed_by(ctx, customer, anna)
    reference = (await the_issue(ctx)).reference
    ben = await add_technician(ctx, "Ben")
    with pytest.raises(Conflict, match="Somebody has"):
        await status_change.reopen(ctx, ben, reference)
    await resolve_issues.resolve(ctx, customer.id, anna)
    assert await status_change.reopen(ctx, ben, reference) == customer.id
    issue = await the_issue(ctx)
    assert (issue.status, issue.technician_id, issue.resolved_at) == ("in_progress", ben.id, None)
    assert (await customer.state())["owner_name"] == "Ben"


async def test_what_another_technician_works_on_is_not_resolved_over_their_head(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await claimed_by(ctx, customer, anna)
    reference = (await the_issue(ctx)).reference
    ben = await add_technician(ctx, "Ben")
    with pytest.raises(Conflict):
        await status_change.set_status(ctx, ben, reference, "resolved", None)
    await status_change.set_status(ctx, anna, reference, "resolved", None)
    assert (await customer.state())["owner"] == "closed"
    assert (await the_issue(ctx)).status == IssueStatus.RESOLVED
