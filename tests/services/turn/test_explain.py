"""A turn is explained by what was stored of it: who read, the evidence, the rule, the commands and the replies."""

from dataclasses import replace

import pytest

from bot.dialogue.evidence import Evidence, ManualResult
from bot.dialogue.plan import BeginDraft, SetSlot
from bot.dialogue.reading import Reading
from bot.services.core.context import Context
from bot.services.core.errors import NotFound
from bot.services.hand_off import transitions
from bot.services.turn import turns
from bot.services.turn.explain import TurnLine, explain_turns, find_conversation, mask
from bot.services.turn.poison_message import escalate
from bot.services.turn.read_by_rules import decide_here
from bot.store.tables import Technician
from tests.support.service_fixtures import Clock, Customer
from tests.support.service_steps import log_an_issue, only_hand_off, wait_in_the_queue
from tests.support.turn_outcomes import outcome_of

READING = Reading("how_to", 0.87, ("how_to", "report_issue"))


async def lines(ctx: Context, customer: Customer) -> list[TurnLine]:
    async with ctx.db.read() as session:
        return await explain_turns(session, customer.id)


async def test_what_the_engine_read_is_explained_in_numbers_and_names(
    ctx: Context, customer: Customer, clock: Clock
) -> None:
    await customer.writes("where is the printer, it is 4711")
    clock.advance(seconds=2)
    lease, prepared = await customer.begins_a_turn()
    outcome = outcome_of(ctx, "Here.", "And there.", commands=[BeginDraft(), SetSlot("product_version", "8.2")])
    found = Evidence({"cards: printer": ManualResult(searched=True, confident=True, score=0.712)})
    await turns.complete(ctx, lease, prepared, replace(outcome, reading=READING, evidence=found, milliseconds=41))
    (line,) = await lines(ctx, customer)
    assert line == TurnLine(
        seq=1,
        masked_text="xxxxx xx xxx xxxxxxx, xx xx 0000",
        at=clock.now,
        read_by="engine",
        intent="how_to",
        confidence=0.87,
        evidence=("manual 0.71 confident",),
        rule="a rule of a test",
        commands=("begin_draft", "set_slot", "say_text", "say_text"),
        result="done",
        milliseconds=41,
        replies=(2,),
        marked=False,
    )


async def test_each_reply_belongs_to_the_turn_that_said_it_and_a_batch_is_one_turn(
    ctx: Context, customer: Customer, clock: Clock
) -> None:
    for text in ("one", "two", "three"):
        await customer.writes(text)
    await customer.is_answered("About these.")
    clock.advance(seconds=1)
    await customer.writes("four")
    await customer.is_answered("About four.")
    seen = [(line.seq, line.masked_text, line.replies) for line in await lines(ctx, customer)]
    assert seen == [(1, "xxx xxx xxxxx", (4,)), (5, "xxxx", (6,))]


async def test_without_the_engine_the_rules_read_and_the_result_says_why(ctx: Context, customer: Customer) -> None:
    await customer.writes("it crashes when I print")
    lease, prepared = await customer.begins_a_turn()
    await turns.complete(ctx, lease, prepared, await decide_here(ctx, prepared.context, reason="unreachable"))
    (line,) = await lines(ctx, customer)
    assert (line.read_by, line.result) == ("rules", "rules: done (unreachable)")
    assert line.rule == "not read: toward a reference"


async def test_a_poison_message_was_read_by_nobody(ctx: Context, customer: Customer) -> None:
    await customer.writes("it crashes when I print")
    lease, prepared = await customer.begins_a_turn()
    await turns.complete(ctx, lease, prepared, escalate(prepared.context, ctx.support))
    (line,) = await lines(ctx, customer)
    assert (line.read_by, line.intent, line.confidence) == ("nobody", None, None)
    assert line.result == "set aside: done (kept failing)"


async def test_an_event_without_a_message_has_no_words_and_no_label(
    ctx: Context, customer: Customer, anna: Technician, clock: Clock
) -> None:
    await wait_in_the_queue(ctx, customer)
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    clock.advance(minutes=5)
    await transitions.give_back(ctx, customer.id, anna, "The spooler was restarted.")
    lease, prepared = await customer.begins_a_turn()
    await turns.complete(ctx, lease, prepared, await decide_here(ctx, prepared.context, reason=None))
    line = (await lines(ctx, customer))[-1]
    assert (line.seq, line.masked_text, line.read_by, line.intent) == (None, "", "nobody", None)
    assert line.rule == "a technician gave it back"
    said = {message["seq"]: message for message in await customer.reads()}
    assert line.replies and {said[seq]["author"] for seq in line.replies} == {"assistant"}


async def test_a_turn_under_a_technician_has_no_replies(
    ctx: Context, customer: Customer, anna: Technician, clock: Clock
) -> None:
    await wait_in_the_queue(ctx, customer)
    await customer.writes("and another thing")
    lease, prepared = await customer.begins_a_turn()
    clock.advance(seconds=1)
    await transitions.claim(ctx, await only_hand_off(ctx), anna)
    await turns.complete(ctx, lease, prepared, outcome_of(ctx, "Stale."))
    line = (await lines(ctx, customer))[-1]
    assert (line.result, line.replies) == ("facts only", ())


async def test_a_conversation_is_found_by_its_id_and_by_its_reference(ctx: Context, customer: Customer) -> None:
    reference = await log_an_issue(ctx, customer)
    async with ctx.db.read() as session:
        assert await find_conversation(session, customer.id) == customer.id
        assert await find_conversation(session, reference.lower()) == customer.id
        with pytest.raises(NotFound):
            await find_conversation(session, "no such conversation")


@pytest.mark.parametrize(
    ("text", "shape"),
    [("Größe 12,5\n kg!", "xxxxx 00,0 xx!"), ("a" * 50, "x" * 39 + "…"), ("", "")],
)
def test_only_the_shape_of_words_is_left(text: str, shape: str) -> None:
    assert mask(text) == shape
