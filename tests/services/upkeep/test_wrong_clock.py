"""The clock is wrong by hours for a while: once it is right nothing is locked, reopened, lost or repeated."""

from datetime import timedelta

import jwt
import pytest
from sqlalchemy import select, update

from bot.services.billing import one_time_codes
from bot.services.conversation import identity_token, lifecycle, unread_notice
from bot.services.core.context import Context
from bot.services.core.errors import TooMany, Unauthorised
from bot.services.hand_off import reminders
from bot.services.technician import sign_in_throttle
from bot.services.turn import turns
from bot.services.turn.conversation_lease import LeaseLost, due
from bot.services.upkeep import housekeeping
from bot.store.tables import Contract, Issue, OneTimeCode, SignInAttempt, Technician
from tests.support.outbox import mails
from tests.support.service_fixtures import Clock, Customer
from tests.support.service_steps import answered, logged
from tests.support.turn_outcomes import outcome_of

KEY = "k" * 40
HOURS = [1, 5, 20]


async def attempts(ctx: Context, count: int) -> None:
    for _ in range(count):
        await sign_in_throttle.count_attempt(ctx, "anna@vendor.example", "192.0.2.1")


@pytest.mark.parametrize("hours", HOURS)
async def test_attempts_of_a_clock_that_was_ahead_lock_nobody_out(ctx: Context, clock: Clock, hours: int) -> None:
    clock.advance(hours=hours)
    await attempts(ctx, sign_in_throttle.PER_EMAIL)
    clock.advance(hours=-hours)
    await attempts(ctx, sign_in_throttle.PER_EMAIL)
    with pytest.raises(TooMany) as raised:
        await attempts(ctx, 1)
    assert raised.value.retry_after <= 15 * 60 + 1
    async with ctx.db.read() as session:
        assert len(list(await session.scalars(select(SignInAttempt)))) == 2 * sign_in_throttle.PER_EMAIL


async def test_attempts_of_a_clock_a_little_ahead_still_count(ctx: Context, clock: Clock) -> None:
    """The gateways of several machines differ by moments."""
    clock.advance(seconds=20)
    await attempts(ctx, sign_in_throttle.PER_EMAIL)
    clock.advance(seconds=-20)
    with pytest.raises(TooMany):
        await attempts(ctx, 1)


@pytest.fixture
async def contract(ctx: Context, clock: Clock) -> None:
    async with ctx.db.write() as session:
        values = {"company": "Bakery", "status": "active", "email_domains": [], "contact_email": "boss@bakery.example"}
        session.add(Contract(number="C-1", starts_on=clock().date() - timedelta(days=9), **values))


@pytest.mark.usefixtures("contract")
async def test_codes_of_a_clock_that_was_ahead_are_worth_nothing_and_are_not_counted(
    ctx: Context, customer: Customer, clock: Clock
) -> None:
    clock.advance(hours=5)
    for _ in range(one_time_codes.MOST_ASKED):
        await customer.writes("our contract number is C-1")
    clock.advance(hours=-5)
    async with ctx.db.read() as session:
        conversation = await lifecycle.load(session, customer.id)
        assert await one_time_codes.pending_code(session, ctx, conversation, (one_time_codes.CONTRACT,)) is None
    await customer.writes("our contract number is C-1")
    assert len(await mails(ctx, "code")) == one_time_codes.MOST_ASKED + 1
    async with ctx.db.read() as session:
        conversation = await lifecycle.load(session, customer.id)
        found = await one_time_codes.pending_code(session, ctx, conversation, (one_time_codes.CONTRACT,))
        newest = await session.scalar(select(OneTimeCode.id).order_by(OneTimeCode.id.desc()).limit(1))
    assert found is not None and found.id == newest


@pytest.mark.parametrize("hours", HOURS)
async def test_an_identity_token_is_used_once_whatever_the_clock_did(ctx: Context, clock: Clock, hours: int) -> None:
    object.__setattr__(ctx.settings, "identity_secret", KEY)
    now = int(clock().timestamp())
    once = jwt.encode({"sub": "u1", "exp": now + 1800, "iat": now, "jti": "a"}, KEY, algorithm="HS256")
    await identity_token.verify_identity_token(ctx, once)
    clock.advance(hours=hours)
    ahead = int(clock().timestamp())
    other = jwt.encode({"sub": "u2", "exp": ahead + 1800, "iat": ahead, "jti": "b"}, KEY, algorithm="HS256")
    await identity_token.verify_identity_token(ctx, other)
    await housekeeping.remove_expired(ctx)
    clock.advance(hours=-hours)
    with pytest.raises(Unauthorised, match="used before"):
        await identity_token.verify_identity_token(ctx, once)


@pytest.mark.parametrize("hours", [-5, 5])
async def test_a_turn_across_a_jump_is_answered_once(customer: Customer, clock: Clock, hours: int) -> None:
    """Its lease may seem over to another worker: whoever holds the newer one answers."""
    ctx = customer.ctx
    await customer.writes("it crashes")
    first, prepared = await customer.begins_a_turn()
    clock.advance(hours=hours)
    if hours > 0:
        await customer.is_answered("Which version?")
        with pytest.raises(LeaseLost):
            await turns.complete(ctx, first, prepared, outcome_of(ctx, "Which version?"))
    else:
        assert await due(ctx) == []
        await turns.complete(ctx, first, prepared, outcome_of(ctx, "Which version?"))
    said = await customer.reads()
    assert [(one["seq"], one["author"]) for one in said] == [(1, "customer"), (2, "assistant")]
    assert await lifecycle.authenticate_token(ctx, customer.token) == customer.id


async def test_what_was_written_ahead_of_time_keeps_its_place(customer: Customer, clock: Clock) -> None:
    clock.advance(hours=5)
    await customer.writes("one")
    clock.advance(hours=-10)
    await customer.writes("two")
    clock.advance(hours=5)
    await customer.writes("three")
    assert [one["text"] for one in await customer.reads()] == ["one", "two", "three"]


async def test_an_issue_reminds_once_though_its_moment_comes_twice(
    ctx: Context, customer: Customer, clock: Clock
) -> None:
    issue = await logged(ctx, customer)
    async with ctx.db.write() as session:
        wanted = {"status": "waiting_until", "waiting_until": clock() + timedelta(hours=2)}
        await session.execute(update(Issue).where(Issue.id == issue.id).values(**wanted))
    marked = []
    for hours in (3, -3, 3):
        clock.advance(hours=hours)
        await reminders.mark_reminders(ctx)
        async with ctx.db.read() as session:
            marked.append((await session.get_one(Issue, issue.id)).reminded_at)
    assert marked[0] is not None and marked == [marked[0]] * 3


async def test_an_unread_answer_is_mailed_once_though_its_time_comes_twice(
    ctx: Context, customer: Customer, anna: Technician, clock: Clock
) -> None:
    await logged(ctx, customer)
    await answered(ctx, customer, anna, "Please restart it.")
    for hours in (1, -1, 1):
        clock.advance(hours=hours)
        await unread_notice.enqueue_unread_mails(ctx)
    assert len(await mails(ctx, "reply")) == 1
