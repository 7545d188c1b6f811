"""An issue that exists already: found by its number, told to its opener only, added to, claimed under a contract."""

import secrets
from datetime import date

import pytest

from bot.dialogue.context import ColleagueIssue, IssueState
from bot.dialogue.plan import RequestHandOff
from bot.services.billing import contract_proof
from bot.services.billing.entitlement import claim_contract
from bot.services.conversation import lifecycle
from bot.services.core.context import Context
from bot.services.desk import link_issues, status_change
from bot.services.issue import follow_up, issue_state, issue_status
from bot.store.tables import Contract, Conversation
from bot.triage.billing.entitlement import Kind
from bot.triage.reading.tech_reference import new_reference
from tests.support.interview import Interview
from tests.support.service_fixtures import Customer, add_technician
from tests.support.service_steps import log_an_issue


@pytest.fixture
async def logged(ctx: Context, customer: Customer) -> tuple[Interview, str]:
    interview = Interview(ctx, customer)
    await interview.starts(problem="it crashes when I print", contact="kim@brightsons.example")
    return interview, await interview.is_logged()


async def attached(ctx: Context, conversation_id: str, reference: str) -> IssueState | None:
    """What a conversation hears of the issue that it is to be about."""
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, conversation_id, lock=True)
        await follow_up.attach_issue(session, ctx, conversation, reference)
        return await issue_state.own_issue_state(session, ctx, conversation, reference)


async def of_a_colleague(ctx: Context, customer: Customer, reference: str) -> ColleagueIssue | None:
    async with ctx.db.read() as session:
        conversation = await lifecycle.load(session, customer.id)
        return await issue_state.colleagues_issue(session, ctx, conversation, reference)


async def test_the_opener_hears_how_it_stands_from_another_conversation(
    ctx: Context, logged: tuple[Interview, str]
) -> None:
    interview, reference = logged
    later = await lifecycle.open_conversation(ctx, same_customer_as=interview.customer.id)
    standing = await attached(ctx, later.conversation_id, reference)
    assert standing is not None
    assert (standing.reference, standing.title) == (reference, "it crashes when I print")
    assert standing.status == "logged, waiting for a technician"


async def test_a_stranger_hears_the_same_of_anothers_issue_and_of_none(
    ctx: Context, logged: tuple[Interview, str]
) -> None:
    stranger = await Customer.arrives(ctx)
    unknown = new_reference(secrets.randbelow)
    assert await attached(ctx, stranger.id, logged[1]) is None
    assert await attached(ctx, stranger.id, unknown) is None
    assert (await stranger.state())["reference"] is None


async def test_words_are_added_to_the_problem_once(ctx: Context, logged: tuple[Interview, str]) -> None:
    interview, _ = logged
    await interview.customer.writes("also on the new HP")
    for _ in range(2):
        async with ctx.db.write() as session:
            conversation = await session.get_one(Conversation, interview.customer.id)
            await follow_up.add_to_issue(session, ctx, conversation, "also on the new HP", 1)
    assert (await interview.answers())["problem"] == "it crashes when I print\nalso on the new HP"


async def test_words_from_another_conversation_are_added_to_the_problem(
    ctx: Context, logged: tuple[Interview, str]
) -> None:
    interview, reference = logged
    later = await lifecycle.open_conversation(ctx, same_customer_as=interview.customer.id)
    await attached(ctx, later.conversation_id, reference)
    await Customer(ctx, later.conversation_id, later.token).writes("also on the new HP")
    async with ctx.db.write() as session:
        conversation = await lifecycle.load_with_origin(session, later.conversation_id)
        assert (await lifecycle.load_with_origin(session, later.conversation_id)) is conversation
        assert await follow_up.add_to_issue(session, ctx, conversation, "also on the new HP", 1) is not None
    assert (await interview.answers())["problem"] == "it crashes when I print\nalso on the new HP"


async def test_a_claimed_contract_ends_the_request_to_pay(ctx: Context, logged: tuple[Interview, str]) -> None:
    interview, _ = logged
    issue = (await interview.draft()).issue
    assert issue is not None and issue.entitlement == Kind.PAYMENT_REQUIRED
    async with ctx.db.write() as session:
        conversation = await session.get_one(Conversation, interview.customer.id)
        assert await claim_contract(session, ctx, conversation) is Kind.CONTRACT_CLAIMED
    issue = (await interview.draft()).issue
    assert issue is not None and issue.entitlement == Kind.CONTRACT_CLAIMED


async def test_resolving_twice_in_a_turn_that_is_tried_again_says_the_same(
    ctx: Context, logged: tuple[Interview, str]
) -> None:
    interview, reference = logged
    await interview.customer.writes("I want a person")
    await interview.customer.is_answered("Of course.", RequestHandOff("test"))
    for _ in range(2):
        async with ctx.db.write() as session:
            conversation = await session.get_one(Conversation, interview.customer.id)
            assert await issue_status.resolve_for_customer(session, ctx, conversation) == reference


async def test_a_duplicates_reference_informs_how_the_matter_stands(ctx: Context) -> None:
    first, second = await Customer.arrives(ctx), await Customer.arrives(ctx)
    references = [await log_an_issue(ctx, customer) for customer in (first, second)]
    technician = await add_technician(ctx, "Anna")
    await link_issues.link_issues(ctx, technician, references[1], references[0], "duplicate")
    await status_change.set_status(ctx, technician, references[0], "waiting_customer", None)
    async with ctx.db.read() as session:
        conversation = await session.get_one(Conversation, second.id)
        issue = await follow_up.own_issue(session, conversation, references[1])
        assert issue is not None
        standing = await issue_state.issue_state(session, conversation, issue.id, None)
    assert (standing.reference, standing.status) == (references[1], "waiting for your answer")


async def test_a_proven_colleague_hears_the_status_and_nothing_that_was_written(
    ctx: Context, logged: tuple[Interview, str]
) -> None:
    interview, reference = logged
    opener, colleague, stranger = interview.customer, await Customer.arrives(ctx), await Customer.arrives(ctx)
    assert await of_a_colleague(ctx, colleague, reference) is None, "not proven yet"
    async with ctx.db.write() as session:
        for customer, number in ((opener, "C-1"), (colleague, "C-1"), (stranger, "C-2")):
            if await session.get(Contract, number) is None:
                session.add(Contract(number=number, company="B", status="active", starts_on=date(2020, 1, 1)))
                await session.flush()
            conversation = await lifecycle.load(session, customer.id)
            await contract_proof.prove_contract(session, ctx, conversation, number, "technician", actor="technician:1")
    heard = await of_a_colleague(ctx, colleague, reference)
    assert heard is not None and heard.reference == reference and "crashes" not in str(heard)
    assert await of_a_colleague(ctx, stranger, reference) is None
    assert await of_a_colleague(ctx, colleague, "TR-000-000-000") is None
    assert await attached(ctx, colleague.id, reference) is None, "it is still not theirs"
