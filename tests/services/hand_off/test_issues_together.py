"""Two problems of one customer: both wait, are taken together, and each is resolved or comes back by itself."""

from random import Random

import pytest
from sqlalchemy import select

from bot.dialogue.evidence import Evidence
from bot.dialogue.reading import Reading
from bot.services.core.context import Context
from bot.services.core.errors import Conflict
from bot.services.desk import conversation_view, end_of_shift, queue_view, status_change
from bot.services.hand_off import resolve_issues, silence, transitions
from bot.services.hand_off.open_hand_offs import OPEN_STATES
from bot.services.turn import turns
from bot.services.turn.turns import Outcome
from bot.store.tables import Conversation, HandOff, Issue, Technician
from tests.support.decided_conversation import Writer
from tests.support.service_fixtures import Clock, Customer
from tests.support.turn_contexts import NOTHING, decided
from tests.support.turn_outcomes import READING

TWO = "labels print blank and also the server throws us out with QB-4003. dot@bothsince.example"
LABELS, SERVER = "labels print blank", "the server throws us out with QB-4003"


@pytest.fixture
async def writer(ctx: Context, customer: Customer) -> Writer:
    writer = Writer(ctx, customer)
    await writer.says(TWO)
    return writer


async def hand_offs(ctx: Context) -> dict[str, list[str]]:
    """The states of the hand-offs of each issue, by the beginning of its title."""
    async with ctx.db.read() as session:
        rows = await session.execute(
            select(Issue.title, HandOff.state).outerjoin(HandOff, HandOff.issue_id == Issue.id).order_by(HandOff.id)
        )
        found: dict[str, list[str]] = {}
        for title, state in rows:
            found.setdefault(title.split()[0], []).append(state)
        return found


async def statuses(ctx: Context) -> dict[str, str]:
    async with ctx.db.read() as session:
        return {issue.title.split()[0]: issue.status for issue in await session.scalars(select(Issue))}


async def references(ctx: Context) -> dict[str, str]:
    async with ctx.db.read() as session:
        return {issue.title.split()[0]: issue.reference for issue in await session.scalars(select(Issue))}


async def about(ctx: Context, customer: Customer) -> str:
    async with ctx.db.read() as session:
        conversation = await session.get_one(Conversation, customer.id)
        assert conversation.issue_id is not None
        return (await session.get_one(Issue, conversation.issue_id)).title.split()[0]


async def waiting(ctx: Context, title: str) -> int:
    async with ctx.db.read() as session:
        query = select(HandOff.id).join(Issue, Issue.id == HandOff.issue_id)
        found = await session.scalar(query.where(Issue.title.startswith(title), HandOff.state == "waiting"))
        assert found is not None
        return found


async def test_both_wait_and_are_one_customer_in_the_line(ctx: Context, writer: Writer) -> None:
    assert await hand_offs(ctx) == {"labels": ["waiting"], "the": ["waiting"]}
    after = await Customer.arrives(ctx)
    await Writer(ctx, after).says("the bank import stops at row 48. tom@after.example")
    assert (await after.state())["queue_position"] == 2


async def test_the_desk_shows_both_and_that_they_belong_together(
    ctx: Context, writer: Writer, anna: Technician
) -> None:
    rows = await queue_view.list_queue(ctx, anna, "waiting")
    assert {row["title"]: row["together"] for row in rows} == {
        LABELS: [rows[1]["reference"]],
        SERVER: [rows[0]["reference"]],
    }


async def test_one_claim_takes_both_and_is_about_the_one_that_was_claimed(
    ctx: Context, writer: Writer, anna: Technician, ben: Technician
) -> None:
    await transitions.claim(ctx, await waiting(ctx, "labels"), anna)
    assert await hand_offs(ctx) == {"labels": ["claimed"], "the": ["claimed"]}
    assert set((await statuses(ctx)).values()) == {"in_progress"}
    assert await about(ctx, writer.customer) == "labels"
    shown = await conversation_view.conversation_details(ctx, anna, writer.customer.id)
    assert [one["title"] for one in shown["state"]["together"]] == [LABELS, SERVER]
    assert shown["hand_off"]["state"] == "claimed"


async def test_of_two_who_claim_the_two_issues_one_gets_both(
    ctx: Context, writer: Writer, anna: Technician, ben: Technician
) -> None:
    labels, server = await waiting(ctx, "labels"), await waiting(ctx, "the")
    await transitions.claim(ctx, labels, anna)
    with pytest.raises(Conflict) as raised:
        await transitions.claim(ctx, server, ben)
    assert raised.value.code == "taken" and "Anna" in str(raised.value)


async def test_each_is_resolved_by_itself_and_the_last_closes_the_conversation(
    ctx: Context, writer: Writer, anna: Technician
) -> None:
    named = await references(ctx)
    await transitions.claim(ctx, await waiting(ctx, "the"), anna)
    await resolve_issues.resolve(ctx, writer.customer.id, anna, [named["the"]])
    assert await statuses(ctx) == {"labels": "in_progress", "the": "resolved"}
    state = await writer.customer.state()
    assert (state["owner"], state["reference"]) == ("technician", named["labels"])
    await status_change.set_status(ctx, anna, named["labels"], "resolved", None)
    assert set((await statuses(ctx)).values()) == {"resolved"}
    assert (await writer.customer.state())["owner"] == "closed"
    said = "\n".join(one["text"] for one in await writer.customer.reads())
    assert all(f"Anna has marked {reference} as resolved" in said for reference in named.values())


async def test_an_issue_that_is_not_held_is_not_resolved(ctx: Context, writer: Writer, anna: Technician) -> None:
    await transitions.claim(ctx, await waiting(ctx, "the"), anna)
    with pytest.raises(Conflict):
        await resolve_issues.resolve(ctx, writer.customer.id, anna, ["TR-000-000-000"])


async def test_a_give_back_names_both_and_asks_which_when_the_words_do_not_say(
    ctx: Context, writer: Writer, anna: Technician
) -> None:
    named = await references(ctx)
    await transitions.claim(ctx, await waiting(ctx, "the"), anna)
    await transitions.give_back(ctx, writer.customer.id, anna, "Updated the driver, opened the port.")
    answer = await writer.is_answered()
    assert f"{named['labels']} and {named['the']}" in answer
    assert "Which one do you mean?" in await writer.says("still doesn't work", "not_solved")
    assert await hand_offs(ctx) == {"labels": ["done"], "the": ["done"]}
    await writer.presses(named["labels"])
    assert await hand_offs(ctx) == {"labels": ["done", "waiting"], "the": ["done"]}


async def test_what_is_still_wrong_goes_to_the_issue_that_the_words_name(
    ctx: Context, writer: Writer, anna: Technician
) -> None:
    await transitions.claim(ctx, await waiting(ctx, "the"), anna)
    await transitions.give_back(ctx, writer.customer.id, anna, "Done.")
    await writer.is_answered()
    answer = await writer.says("still blank", "not_solved")
    assert (await references(ctx))["labels"] in answer
    assert await hand_offs(ctx) == {"labels": ["done", "waiting"], "the": ["done"]}
    # While it waits, the other one may turn out not to work either.
    await writer.says("and the server still throws us out", "not_solved")
    assert await hand_offs(ctx) == {"labels": ["done", "waiting"], "the": ["done", "waiting"]}


async def test_after_one_is_solved_the_other_is_asked_about(ctx: Context, writer: Writer, anna: Technician) -> None:
    named = await references(ctx)
    await transitions.claim(ctx, await waiting(ctx, "the"), anna)
    await transitions.give_back(ctx, writer.customer.id, anna, "Done.")
    await writer.is_answered()
    assert f"Shall I close {named['labels']}?" in await writer.says("the labels are fine now, it works", "solved")
    answer = await writer.presses("Yes, it works")
    assert f"And {named['the']} ({SERVER}): does that work now, too?" in answer
    assert await statuses(ctx) == {"labels": "resolved", "the": "in_progress"}
    await writer.says("yes", "affirm")
    assert set((await statuses(ctx)).values()) == {"resolved"}


@pytest.mark.parametrize(
    ("words", "intent", "after"),
    [("both work now, thank you", "solved", "resolved"), ("neither of them works", "not_solved", "in_progress")],
)
async def test_an_answer_for_both(
    ctx: Context, writer: Writer, anna: Technician, words: str, intent: str, after: str
) -> None:
    await transitions.claim(ctx, await waiting(ctx, "the"), anna)
    await transitions.give_back(ctx, writer.customer.id, anna, "Done.")
    await writer.is_answered()
    await writer.says(words, intent)
    assert set((await statuses(ctx)).values()) == {after}
    back = ["done", "waiting"] if after == "in_progress" else ["done"]
    assert await hand_offs(ctx) == {"labels": back, "the": back}


async def test_one_that_works_in_the_queue_leaves_the_other_in_its_place(ctx: Context, writer: Writer) -> None:
    named = await references(ctx)
    await writer.says("12.2.1", "inform")
    await writer.says("no more questions please", "skip_question")
    async with ctx.db.write() as session:
        conversation = await session.get_one(Conversation, writer.customer.id)
        issue = await session.scalar(select(Issue).where(Issue.reference == named["the"]))
        assert issue is not None
        await transitions.cancel_hand_off(
            session, ctx, conversation, reason="customer", actor="customer", issue_ids=[issue.id]
        )
    assert await hand_offs(ctx) == {"labels": ["waiting"], "the": ["cancelled"]}
    assert (await writer.customer.state())["owner"] == "queue"
    assert await about(ctx, writer.customer) == "labels"


async def test_a_transfer_takes_both_along(ctx: Context, writer: Writer, anna: Technician) -> None:
    await transitions.claim(ctx, await waiting(ctx, "the"), anna)
    await transitions.transfer(ctx, writer.customer.id, anna, team="data")
    assert await hand_offs(ctx) == {"labels": ["done", "waiting"], "the": ["done", "waiting"]}
    async with ctx.db.read() as session:
        assert set(await session.scalars(select(HandOff.team).where(HandOff.state == "waiting"))) == {"data"}


async def test_both_are_handed_over_at_the_end_of_the_shift(
    ctx: Context, writer: Writer, anna: Technician, ben: Technician
) -> None:
    await transitions.claim(ctx, await waiting(ctx, "the"), anna)
    items = [{"reference": one["reference"], "technician": ben.id} for one in await end_of_shift.open_work(ctx, anna)]
    assert len(items) == 2
    done = await end_of_shift.hand_over(ctx, anna, items)
    assert [one["done"] for one in done] == [True, True]
    assert await hand_offs(ctx) == {"labels": ["done", "waiting"], "the": ["done", "waiting"]}


async def test_both_go_back_to_the_queue_when_their_technician_is_silent(
    ctx: Context, writer: Writer, anna: Technician, clock: Clock
) -> None:
    await transitions.claim(ctx, await waiting(ctx, "the"), anna)
    await writer.customer.writes("hello?")
    clock.advance(minutes=20)
    await silence.return_unanswered(ctx)
    assert await hand_offs(ctx) == {"labels": ["done", "waiting"], "the": ["done", "waiting"]}


async def test_another_problem_joins_while_the_first_waits(ctx: Context, customer: Customer) -> None:
    writer = Writer(ctx, customer)
    await writer.says("labels print blank, dot@bothsince.example")
    await writer.says("different story: my colleague can't sign in")
    assert list((await hand_offs(ctx)).values()) == [["waiting"], ["waiting"]]


async def test_a_problem_that_is_logged_under_a_technician_is_the_technicians(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    writer = Writer(ctx, customer)
    await writer.says("labels print blank, dot@bothsince.example")
    await customer.writes("different story: my colleague can't sign in")
    lease, prepared = await customer.begins_a_turn()
    plan = decided(prepared.context, "report_issue", manual=NOTHING)
    await transitions.claim(ctx, await waiting(ctx, "labels"), anna)
    outcome = Outcome(plan, Reading("report_issue", 0.95), Evidence(), ctx.support.digest)
    await turns.complete(ctx, lease, prepared, outcome)
    assert list((await hand_offs(ctx)).values()) == [["claimed"], ["claimed"]]


PROBLEMS = (TWO, "different story: my colleague can't sign in", "another problem: the bank import stops at row 48")
SAYINGS = (
    *((one, "report_issue") for one in PROBLEMS),
    ("still doesn't work", "not_solved"),
    ("it works now", "solved"),
    ("the labels print now, that works", "solved"),
    ("the server still throws us out", "not_solved"),
    ("a person please", "ask_person"),
    ("I no longer want to wait", "leave_queue"),
    ("12.2.1", "inform"),
    ("skip", "skip_question"),
)


async def without_a_row(ctx: Context) -> list[str]:
    """The issues that need a technician and never had a row in the queue."""
    async with ctx.db.read() as session:
        query = select(Issue.title).outerjoin(HandOff, HandOff.issue_id == Issue.id).where(HandOff.id.is_(None))
        return list(await session.scalars(query))


@pytest.mark.parametrize("seed", range(12))
async def test_no_issue_is_logged_without_a_row_in_the_queue(
    ctx: Context, customer: Customer, anna: Technician, clock: Clock, seed: int
) -> None:
    """Whatever the customer says and the technician does meanwhile, and however late a turn ends."""
    writer, chance = Writer(ctx, customer), Random(seed)
    for step in range(14):
        clock.advance(seconds=30)
        state = await customer.state()
        move = chance.choice(("says", "says", "says", "claims meanwhile", "claims", "gives back", "resolves"))
        if move.startswith("claims") and state["owner"] == "queue":
            begun = None
            if move == "claims meanwhile":
                text, intent = chance.choice(SAYINGS[:3])
                await customer.writes(text)
                begun = await customer.begins_a_turn()
            async with ctx.db.read() as session:
                waits = await session.scalar(select(HandOff.id).where(HandOff.state == "waiting"))
            assert waits is not None
            await transitions.claim(ctx, waits, anna)
            if begun is not None:
                plan = decided(begun[1].context, "report_issue", manual=NOTHING)
                await turns.complete(ctx, *begun, Outcome(plan, READING, Evidence(), ctx.support.digest))
        elif state["owner"] == "technician":
            held = await end_of_shift.open_work(ctx, anna)
            if move == "resolves" and held:
                await resolve_issues.resolve(ctx, customer.id, anna, [chance.choice(held)["reference"]])
            elif move == "gives back":
                await transitions.give_back(ctx, customer.id, anna, "Done.")
                await writer.is_answered()
        else:
            text, intent = chance.choice(SAYINGS) if step else (TWO, "report_issue")
            await writer.says(text, intent)
        assert await without_a_row(ctx) == [], (seed, step, move)
        await each_issue_waits_once(ctx)


async def each_issue_waits_once(ctx: Context) -> None:
    async with ctx.db.read() as session:
        opened = list(await session.scalars(select(HandOff.issue_id).where(HandOff.state.in_(OPEN_STATES))))
        owner = await session.scalar(select(Conversation.owner))
        states = set(await session.scalars(select(HandOff.state).where(HandOff.state.in_(OPEN_STATES))))
    assert len(opened) == len(set(opened))
    assert states == {"queue": {"waiting"}, "technician": {"claimed"}}.get(owner or "", set())
