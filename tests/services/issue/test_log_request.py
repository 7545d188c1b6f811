"""A request is an issue of its own: no questions, no queue, no charges, and its team finds it."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.dialogue.context import TurnContext
from bot.dialogue.decide import decide
from bot.dialogue.evidence import Evidence, LookUpWanted, ManualResult, Nearness, NearnessLookUp
from bot.dialogue.plan import Plan
from bot.dialogue.reading import Reading
from bot.services.core.context import Context
from bot.services.desk.issue_filters import Filters
from bot.services.desk.issue_search import search_issues
from bot.services.issue.customer_issues import of_customer
from bot.services.outbox.items import MAIL, TEAM_NOTICE
from bot.services.turn import turns
from bot.services.turn.turns import Outcome
from bot.store.tables import Conversation, HandOff, Intake, IntakeAnswer, Issue, OutboxItem
from bot.triage.issue.requests import SentenceNearness
from tests.support.interview import Interview
from tests.support.service_fixtures import Customer, add_technician

NOTHING_NEAR = Nearness()


async def asks(ctx: Context, customer: Customer, text: str, request: str | None, intent: str = "inform") -> list[str]:
    """A whole turn of a message that means this request; what was said in it."""
    before = len(await customer.reads())
    await customer.writes(text)
    lease, prepared = await customer.begins_a_turn()
    near = {request or "wish": 0.9 if request else 0.1}
    reading, evidence = Reading(intent, 0.6), Evidence()
    plan = decided_with(prepared.context, reading, evidence, ctx, Nearness((SentenceNearness(text, near, 0.2),)))
    await turns.complete(ctx, lease, prepared, Outcome(plan, reading, evidence, ctx.support.digest))
    return [message["text"] for message in (await customer.reads())[before + 1 :]]


async def rows(ctx: Context, query: Any) -> list[Any]:
    async with ctx.db.read() as session:
        return list(await session.scalars(query))


async def test_it_is_logged_without_questions_queue_or_charges(ctx: Context, customer: Customer) -> None:
    said = await asks(ctx, customer, "I want my money back, kim@brightsons.example", "billing")
    (issue,) = await rows(ctx, select(Issue))
    assert (issue.category, issue.team, issue.entitlement) == ("billing", "accounts", "free_of_charge")
    assert issue.title.startswith("I want my money back") and issue.details_complete
    assert len(said) == 1 and issue.reference in said[0] and "Accounts and licences" in said[0]
    assert await rows(ctx, select(HandOff)) == []
    assert (await customer.state())["owner"] == "assistant"
    (mail,) = await rows(ctx, select(OutboxItem).where(OutboxItem.kind == MAIL))
    assert mail.target == "kim@brightsons.example"


async def test_the_address_comes_afterwards(ctx: Context, customer: Customer) -> None:
    (said,) = await asks(ctx, customer, "I want to make a complaint", "complaint")
    assert "e-mail address" in said
    await asks(ctx, customer, "kim@brightsons.example", None)
    (answer,) = await rows(ctx, select(IntakeAnswer).where(IntakeAnswer.question_id == "contact"))
    assert answer.value == "kim@brightsons.example"
    (issue,) = await rows(ctx, select(Issue))
    assert issue.details_complete


async def test_praise_is_kept_for_the_team_and_no_number_is_said(ctx: Context, customer: Customer) -> None:
    (said,) = await asks(ctx, customer, "Ana was wonderful, please tell her boss", "praise")
    technician = await add_technician(ctx, "Ana")
    (shown,) = (await search_issues(ctx, technician, Filters(team="management"))).issues
    assert (shown["title"], shown["category_title"]) == ("Ana was wonderful, please tell her boss", "Praise")
    assert shown["reference"] not in said and shown["details_complete"]
    (conversation,) = await rows(ctx, select(Conversation))
    assert conversation.issue_id is None and await of_customer(ctx, conversation.id) == []
    assert await rows(ctx, select(OutboxItem).where(OutboxItem.kind == MAIL)) == []


async def test_a_draft_goes_on_beside_it(ctx: Context, customer: Customer) -> None:
    interview = Interview(ctx, customer)
    await interview.starts(problem="it crashes when I print", contact="kim@brightsons.example")
    reference = await interview.is_logged()
    said = await asks(ctx, customer, "and please send me a copy of your invoice", "invoice_copy")
    assert said[-1].endswith(ctx.support.questions["product_version"].ask)
    assert (await interview.draft()).issue is not None
    problem, request = await rows(ctx, select(Issue).order_by(Issue.id))
    assert (problem.reference, request.category) == (reference, "invoice_copy")
    (conversation,) = await rows(ctx, select(Conversation))
    assert conversation.issue_id == problem.id
    assert [one.state for one in await rows(ctx, select(Intake).order_by(Intake.id))] == ["open", "request"]


async def test_more_of_it_is_added_to_it(ctx: Context, customer: Customer) -> None:
    await asks(ctx, customer, "please cancel our licence, kim@brightsons.example", "cancel_renew")
    said = await asks(ctx, customer, "cancel it and confirm it in writing", "cancel_renew", "cancel")
    (issue,) = await rows(ctx, select(Issue))
    assert issue.reference in said[0]
    (problem,) = await rows(ctx, select(IntakeAnswer).where(IntakeAnswer.question_id == "problem"))
    assert problem.value.splitlines()[-1] == "cancel it and confirm it in writing"


@pytest.mark.parametrize(
    ("text", "request_id", "notices"), [("I found a hole", "security_report", 1), ("Add it", "wish", 0)]
)
async def test_an_urgent_one_is_announced_to_its_team(
    ctx: Context, customer: Customer, text: str, request_id: str, notices: int
) -> None:
    addresses = ((None, "json://localhost/hook"), ("data", "json://localhost/data"))
    ctx.settings = replace(ctx.settings, notify_urls=addresses)
    await asks(ctx, customer, f"{text}, kim@brightsons.example", request_id)
    assert len(await rows(ctx, select(OutboxItem).where(OutboxItem.kind == TEAM_NOTICE))) == notices


async def test_the_address_of_a_problem_is_that_of_the_request_before_it(ctx: Context, customer: Customer) -> None:
    await asks(ctx, customer, "I want to make a complaint", "complaint")
    text = "it crashes when I print, QB-2107, kim@brightsons.example"
    await customer.writes(text)
    lease, prepared = await customer.begins_a_turn()
    reading = Reading("report_issue", 0.9)
    evidence = Evidence({}, {text: Nearness((SentenceNearness(text, {"wish": 0.1}, 0.2),))})
    plan = decided_with(prepared.context, reading, evidence, ctx)
    await turns.complete(ctx, lease, prepared, Outcome(plan, reading, evidence, ctx.support.digest))
    answers = await rows(ctx, select(IntakeAnswer).where(IntakeAnswer.question_id == "contact"))
    assert [one.value for one in answers] == ["kim@brightsons.example"] * 2


def decided_with(
    context: TurnContext, reading: Reading, evidence: Evidence, ctx: Context, near: Nearness = NOTHING_NEAR
) -> Plan:
    """Return the plan when the manual has nothing; ``near`` is what every text is near to."""
    try:
        return decide(context, reading, evidence, ctx.support)
    except LookUpWanted as wanted:
        look_up = wanted.look_up
        found = near if isinstance(look_up, NearnessLookUp) else ManualResult(searched=True)
        return decided_with(context, reading, evidence.joined(look_up, found), ctx, near)
