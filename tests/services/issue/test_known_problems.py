"""Known problems: shown while in force, linked once, told once to everyone affected."""

import pytest
from sqlalchemy import select

from bot.services.conversation import lifecycle
from bot.services.core.context import Context
from bot.services.core.errors import Conflict, Invalid, NotFound
from bot.services.hand_off import transitions
from bot.services.hand_off.known_problem_news import KnownProblemNewsSender
from bot.services.intake.known_problem_offer import in_force, link_draft
from bot.services.issue import known_problems
from bot.services.turn import turns
from bot.store.tables import InboundEvent, Issue, KnownProblem, Technician
from tests.support.interview import Interview
from tests.support.outbox import send_due
from tests.support.service_fixtures import Customer

PRINTING = {
    "title": "Invoices crash when printed in 12.2.1",
    "text": "Printing an invoice crashes Quillbook. We are working on it; use File > Save as PDF meanwhile.",
    "category": "printing",
}


@pytest.fixture
def interview(ctx: Context, customer: Customer) -> Interview:
    return Interview(ctx, customer)


async def logged(ctx: Context, problem: str) -> tuple[Customer, Issue]:
    customer = await Customer.arrives(ctx)
    interview = Interview(ctx, customer)
    await interview.starts(problem=problem, contact="kim@brightsons.example")
    reference = await interview.is_logged()
    async with ctx.db.read() as session:
        return customer, (await session.scalars(select(Issue).where(Issue.reference == reference))).one()


async def linked(ctx: Context, anna: Technician, problem: KnownProblem, words: str = "it crashes") -> Customer:
    customer, issue = await logged(ctx, words)
    await known_problems.link_issue(ctx, anna, problem.id, issue.reference)
    return customer


async def test_it_is_shown_until_its_end(ctx: Context, anna: Technician) -> None:
    await known_problems.publish_known_problem(ctx, anna, {**PRINTING, "ends_at": "2026-06-17T12:00"})
    assert [one["title"] for one in await known_problems.current_known_problems(ctx)] == [PRINTING["title"]]
    ctx.clock.advance(hours=2)  # type: ignore[attr-defined]
    assert await known_problems.current_known_problems(ctx) == []
    assert (await known_problems.list_known_problems(ctx))[0]["state"] == "ended"


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("text", "x" * 2001), ("category", "dance"), ("ends_at", "2020-01-01T00:00"), ("versions", [7])],
)
async def test_what_cannot_be_published_says_which_field(
    ctx: Context, anna: Technician, field: str, value: object
) -> None:
    with pytest.raises(Invalid):
        await known_problems.publish_known_problem(ctx, anna, {**PRINTING, field: value})
    assert await known_problems.list_known_problems(ctx) == []


async def is_mine(interview: Interview, problem: KnownProblem) -> None:
    async with interview.ctx.db.write() as session:
        await link_draft(session, await interview.draft_in(session), problem.id, interview.ctx.clock())


async def known_problem_of(ctx: Context, reference: str) -> int | None:
    async with ctx.db.read() as session:
        return (await session.scalars(select(Issue).where(Issue.reference == reference))).one().known_problem_id


async def test_that_is_mine_links_the_issue_that_is_logged_later(
    ctx: Context, anna: Technician, interview: Interview
) -> None:
    problem = await known_problems.publish_known_problem(ctx, anna, PRINTING)
    await interview.starts(problem="it crashes whenever I print an invoice", contact="kim@brightsons.example")
    await is_mine(interview, problem)
    reference = await interview.is_logged()
    assert await known_problem_of(ctx, reference) == problem.id
    assert (await interview.draft()).intake.brief, "only the most needed questions are still asked"


async def test_that_is_mine_links_the_issue_that_is_logged_already(
    ctx: Context, anna: Technician, interview: Interview
) -> None:
    problem = await known_problems.publish_known_problem(ctx, anna, PRINTING)
    await interview.starts(problem="it crashes whenever I print an invoice", contact="kim@brightsons.example")
    reference = await interview.is_logged()
    await is_mine(interview, problem)
    assert await known_problem_of(ctx, reference) == problem.id


async def test_what_has_ended_or_is_withdrawn_is_in_force_no_more(ctx: Context, anna: Technician) -> None:
    ends = await known_problems.publish_known_problem(ctx, anna, {**PRINTING, "ends_at": "2026-06-17T12:00"})
    withdrawn = await known_problems.publish_known_problem(ctx, anna, PRINTING)
    lasts = await known_problems.publish_known_problem(ctx, anna, PRINTING)
    await known_problems.withdraw_known_problem(ctx, anna, withdrawn.id)
    assert await those_in_force(ctx) == [ends.id, lasts.id]
    ctx.clock.advance(hours=2)  # type: ignore[attr-defined]
    assert await those_in_force(ctx) == [lasts.id]


async def those_in_force(ctx: Context) -> list[int]:
    async with ctx.db.read() as session:
        query = select(KnownProblem.id).where(in_force(ctx.clock())).order_by(KnownProblem.id)
        return list(await session.scalars(query))


async def test_one_update_reaches_everyone_affected_once(ctx: Context, anna: Technician) -> None:
    problem = await known_problems.publish_known_problem(ctx, anna, PRINTING)
    affected = [await linked(ctx, anna, problem), await linked(ctx, anna, problem)]
    other, _ = await logged(ctx, "the disk is full")
    await known_problems.post_update(ctx, anna, problem.id, "A fix is being tested.")
    for _ in range(3):
        await send_due(ctx, KnownProblemNewsSender(ctx))
    for customer in affected:
        texts = [one["text"] for one in await customer.reads()]
        assert sum("A fix is being tested." in text for text in texts) == 1
    assert not any("fix" in one["text"] for one in await other.reads())


async def test_who_says_mine_before_it_is_over_and_is_logged_after_hears_that_it_is_over(
    ctx: Context, anna: Technician, interview: Interview, customer: Customer
) -> None:
    problem = await known_problems.publish_known_problem(ctx, anna, PRINTING)
    await interview.starts(problem=f"I have this problem too: {PRINTING['title']}", contact="kim@brightsons.example")
    await is_mine(interview, problem)
    ctx.clock.advance(minutes=1)  # type: ignore[attr-defined]
    await known_problems.post_update(ctx, anna, problem.id, "A fix is being tested.")
    await known_problems.post_update(ctx, anna, problem.id, "Version 12.2.2 puts it right.", over=True)
    ctx.clock.advance(minutes=1)  # type: ignore[attr-defined]
    await customer.writes("kim@brightsons.example")
    await interview.is_logged()
    for _ in range(2):
        await send_due(ctx, KnownProblemNewsSender(ctx))
    said = [one["text"] for one in await customer.reads()]
    assert sum("A fix is being tested." in one for one in said) == 1
    assert sum("12.2.2" in one for one in said) == 1


async def test_who_presses_the_button_of_a_problem_that_is_over_hears_that_it_is_over(
    ctx: Context, anna: Technician, interview: Interview, customer: Customer
) -> None:
    problem = await known_problems.publish_known_problem(ctx, anna, PRINTING)
    await interview.starts(problem="it crashes whenever I print an invoice", contact="kim@brightsons.example")
    await known_problems.post_update(ctx, anna, problem.id, "Version 12.2.2 puts it right.", over=True)
    ctx.clock.advance(minutes=1)  # type: ignore[attr-defined]
    await customer.writes("kim@brightsons.example")
    await interview.is_logged()
    await is_mine(interview, problem)
    for _ in range(2):
        await send_due(ctx, KnownProblemNewsSender(ctx))
    assert sum("12.2.2" in one["text"] for one in await customer.reads()) == 1


async def test_who_joins_later_is_not_informed_old_news(ctx: Context, anna: Technician) -> None:
    problem = await known_problems.publish_known_problem(ctx, anna, PRINTING)
    await known_problems.post_update(ctx, anna, problem.id, "Old news.")
    ctx.clock.advance(minutes=1)  # type: ignore[attr-defined]
    customer = await linked(ctx, anna, problem)
    await send_due(ctx, KnownProblemNewsSender(ctx))
    assert not any("Old news" in one["text"] for one in await customer.reads())


async def test_resolving_lets_the_assistant_ask_each_and_informs_whoever_is_with_a_technician(
    ctx: Context, anna: Technician
) -> None:
    problem = await known_problems.publish_known_problem(ctx, anna, PRINTING)
    alone, talking = await linked(ctx, anna, problem), await linked(ctx, anna, problem)
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, talking.id, lock=True)
        waiting = await transitions.request_hand_off(session, ctx, conversation, reason="asked", actor="assistant")
    assert waiting is not None
    await transitions.claim(ctx, waiting.id, anna)
    await known_problems.post_update(ctx, anna, problem.id, "Version 12.2.2 puts it right.", over=True)
    for _ in range(2):
        await send_due(ctx, KnownProblemNewsSender(ctx))
    async with ctx.db.read() as session:
        (event,) = await session.scalars(select(InboundEvent).where(InboundEvent.source == "desk"))
    assert event.conversation_id == alone.id
    assert event.payload == {
        "kind": "known_problem_over",
        "title": PRINTING["title"],
        "text": "Version 12.2.2 puts it right.",
    }
    assert sum("12.2.2" in one["text"] for one in await talking.reads()) == 1
    assert await known_problems.current_known_problems(ctx) == []
    with pytest.raises(Conflict):
        await known_problems.post_update(ctx, anna, problem.id, "again", over=True)


async def test_while_something_is_answered_the_end_of_a_problem_is_informed_without_a_turn(
    ctx: Context, anna: Technician
) -> None:
    problem = await known_problems.publish_known_problem(ctx, anna, PRINTING)
    customer = await linked(ctx, anna, problem)
    await customer.writes("it crashed again")
    await known_problems.post_update(ctx, anna, problem.id, "Version 12.2.2 puts it right.", over=True)
    await send_due(ctx, KnownProblemNewsSender(ctx))
    assert "12.2.2" in (await customer.reads())[-1]["text"]
    _, prepared = await customer.begins_a_turn()
    assert (prepared.text, prepared.context.event) == ("it crashed again", None)


async def test_who_is_claimed_before_the_assistant_has_informed_the_end_is_informed_it_all_the_same(
    ctx: Context, anna: Technician
) -> None:
    problem = await known_problems.publish_known_problem(ctx, anna, PRINTING)
    customer = await linked(ctx, anna, problem)
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id, lock=True)
        waiting = await transitions.request_hand_off(session, ctx, conversation, reason="asked", actor="assistant")
    await known_problems.post_update(ctx, anna, problem.id, "Version 12.2.2 puts it right.", over=True)
    await send_due(ctx, KnownProblemNewsSender(ctx))
    assert waiting is not None
    await transitions.claim(ctx, waiting.id, anna)
    assert await turns.begin(ctx, customer.id) is None
    assert sum("12.2.2" in one["text"] for one in await customer.reads()) == 1


async def test_three_similar_issues_of_three_customers_within_an_hour_suggest_one(
    ctx: Context, anna: Technician
) -> None:
    references = []
    for words in ("it crashes when I print an invoice", "printing invoices crashes", "invoice print: crash"):
        assert await known_problems.suggest_known_problems(ctx) == []
        references.append((await logged(ctx, words))[1].reference)
    await logged(ctx, "the disk is full")
    (found,) = await known_problems.suggest_known_problems(ctx)
    assert sorted(found.references) == sorted(references)
    fields = {**PRINTING, "references": " ".join(references)}
    problem = await known_problems.publish_known_problem(ctx, anna, fields)
    assert await known_problems.suggest_known_problems(ctx) == []
    assert (await known_problems.list_known_problems(ctx))[0]["issues"] == 3
    assert problem.state == "published"


async def test_an_hour_later_nothing_is_suggested(ctx: Context) -> None:
    for _ in range(3):
        await logged(ctx, "it crashes when I print an invoice")
    ctx.clock.advance(minutes=61)  # type: ignore[attr-defined]
    assert await known_problems.suggest_known_problems(ctx) == []


async def test_withdrawn_informs_nobody(ctx: Context, anna: Technician) -> None:
    problem = await known_problems.publish_known_problem(ctx, anna, PRINTING)
    customer = await linked(ctx, anna, problem)
    before = await customer.reads()
    await known_problems.withdraw_known_problem(ctx, anna, problem.id)
    await send_due(ctx, KnownProblemNewsSender(ctx))
    assert await customer.reads() == before
    with pytest.raises(NotFound):
        await known_problems.withdraw_known_problem(ctx, anna, 99)
