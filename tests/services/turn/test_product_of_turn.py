"""Which of several products a turn is about: by the place, by the words, asked once, changed on request."""

import pytest
from sqlalchemy import select

from bot.dialogue.plan import NoteProduct
from bot.services.conversation import lifecycle
from bot.services.core.context import Context
from bot.store.tables import Conversation, Issue, SearchRecord
from tests.support.decided_conversation import Writer
from tests.support.products import LEDGER, STOCKROOM, two_products
from tests.support.service_fixtures import Customer
from tests.support.turn_contexts import FOUND, decided

CRASH = "the scanner crashes and reads no barcode"


@pytest.fixture
def several(ctx: Context) -> Context:
    ctx.support = two_products()
    return ctx


@pytest.fixture
async def writer(several: Context) -> Writer:
    return Writer(several, await Customer.arrives(several))


async def conversation_of(writer: Writer) -> Conversation:
    async with writer.ctx.db.read() as session:
        return await session.get_one(Conversation, writer.customer.id)


async def issue_of(writer: Writer) -> Issue:
    async with writer.ctx.db.read() as session:
        return (await session.scalars(select(Issue).order_by(Issue.id.desc()))).one()


async def test_one_product_is_never_asked_about(ctx: Context) -> None:
    writer = Writer(ctx, await Customer.arrives(ctx))
    said = await writer.says("How do I print labels in Ledger?", "how_to")
    assert "Which product" not in said
    found = await conversation_of(writer)
    assert (found.product, found.product_asked) == (None, False)


async def test_the_product_of_a_web_page_is_known_from_the_start(several: Context) -> None:
    opened = await lifecycle.open_conversation(several, product=STOCKROOM)
    customer = Customer(several, opened.conversation_id, opened.token)
    await customer.writes("How do I print labels?")
    _, prepared = await customer.begins_a_turn()
    assert prepared.context.product == STOCKROOM and prepared.context.products_here == ()
    plan = decided(prepared.context, "how_to", manual=FOUND, support=several.support)
    assert plan.rule == "how do I" and not [one for one in plan.commands if isinstance(one, NoteProduct)]


async def test_a_name_in_the_words_says_which(writer: Writer) -> None:
    await writer.says("How do I print labels in stockroom?", "how_to")
    assert (await conversation_of(writer)).product == STOCKROOM


async def test_a_question_is_asked_about_once_and_then_answered_as_it_was_written(writer: Writer) -> None:
    assert await writer.says("How do I print labels?", "how_to") == "Which product is it about?"
    await writer.customer.chooses((await writer.customer.reads())[-1]["choices"][1]["id"])
    lease, prepared = await writer.customer.begins_a_turn()
    assert lease is not None
    assert prepared.text == "How do I print labels?" and prepared.payload is None
    assert (prepared.context.product, prepared.context.choice) == (STOCKROOM, None)
    await_plan = decided(prepared.context, "how_to", manual=FOUND, support=writer.ctx.support)
    assert await_plan.commands[0] == NoteProduct(STOCKROOM)


async def test_the_answer_may_be_typed(writer: Writer) -> None:
    await writer.says("How do I print labels?", "how_to")
    await writer.customer.writes("ledger please")
    _, prepared = await writer.customer.begins_a_turn()
    assert (prepared.text, prepared.context.product) == ("How do I print labels?", LEDGER)


async def test_an_answer_that_says_more_is_read_with_the_question(writer: Writer) -> None:
    await writer.says("How do I print labels?", "how_to")
    await writer.customer.writes("In Ledger, on A4 sheets")
    _, prepared = await writer.customer.begins_a_turn()
    assert prepared.text == "How do I print labels?\nIn Ledger, on A4 sheets"
    assert prepared.context.product == LEDGER


async def test_who_does_not_know_is_answered_and_never_asked_again(writer: Writer) -> None:
    await writer.says("How do I print labels?", "how_to")
    await writer.customer.writes("no idea")
    lease, prepared = await writer.customer.begins_a_turn()
    assert (prepared.text, prepared.context.product) == ("How do I print labels?", None)
    assert prepared.context.products_here == ()
    assert lease is not None


async def test_another_message_than_an_answer_stands_for_itself(writer: Writer) -> None:
    await writer.says("How do I print labels?", "how_to")
    await writer.customer.writes("when are you open?")
    _, prepared = await writer.customer.begins_a_turn()
    assert prepared.text == "when are you open?" and prepared.context.products_here == ()


async def test_a_wrong_product_is_corrected_and_the_question_looked_up_again(writer: Writer) -> None:
    await writer.says("How do I print labels in Stockroom?", "how_to")
    async with writer.ctx.db.read() as session:
        search = (await session.scalars(select(SearchRecord))).one()
    assert search.product == STOCKROOM
    await writer.customer.writes("no, it is about Ledger")
    _, prepared = await writer.customer.begins_a_turn()
    assert prepared.text == "How do I print labels in Stockroom?"
    assert (prepared.context.product, prepared.context.product_before) == (LEDGER, STOCKROOM)


async def test_a_question_about_the_other_product_turns_to_it_where_a_place_serves_both(writer: Writer) -> None:
    await writer.says("How do I print labels in Stockroom?", "how_to")
    said = await writer.says("And how do I close a year in Ledger?", "how_to")
    assert said.startswith("Noted, this is about Ledger.")
    assert (await conversation_of(writer)).product == LEDGER


async def test_a_problem_is_logged_first_and_its_product_asked_then(writer: Writer) -> None:
    await writer.says(CRASH)
    said = await writer.says("kim@brightsons.example", "inform")
    assert "Tech Reference is TR-" in said and "Which product" not in said
    said = await writer.presses("Skip this")  # whether there is a contract
    assert said.endswith("Which product is it about?")
    before = await issue_of(writer)
    assert before.product is None
    said = await writer.presses("Stockroom")
    assert said.startswith("Noted, this is about Stockroom.") and "tried so far" in said
    after = await issue_of(writer)
    assert (after.product, after.category, after.team) == (STOCKROOM, "scanner", "systems")
    assert (await conversation_of(writer)).product == STOCKROOM


async def test_a_logged_issue_goes_to_the_product_that_is_said_then(writer: Writer) -> None:
    await writer.says(f"In Ledger {CRASH}")
    await writer.says("kim@brightsons.example", "inform")
    assert (await issue_of(writer)).product == LEDGER
    said = await writer.says("no, it is about Stockroom", "deny")
    assert "Noted, this is about Stockroom." in said
    assert ((await issue_of(writer)).product, (await issue_of(writer)).category) == (STOCKROOM, "scanner")


async def test_a_category_that_the_other_product_does_not_have_is_left(writer: Writer) -> None:
    await writer.says("The scanner of Stockroom is dead")
    await writer.says("kim@brightsons.example", "inform")
    assert (await issue_of(writer)).category == "scanner"
    await writer.says("no, it is about Ledger", "deny")
    assert ((await issue_of(writer)).product, (await issue_of(writer)).category) == (LEDGER, "other")


async def test_a_mention_in_the_middle_of_the_questions_changes_nothing(writer: Writer) -> None:
    await writer.says(f"In Stockroom {CRASH}")
    await writer.says("kim@brightsons.example", "inform")
    await writer.says("since we exported the deliveries to Ledger yesterday", "inform")
    assert (await issue_of(writer)).product == STOCKROOM


async def test_who_speaks_is_the_products_own_assistant(writer: Writer) -> None:
    await writer.says("How do I count in Stockroom?", "how_to")
    assert [one["author_name"] for one in await writer.customer.reads() if one["author"] == "assistant"] == ["Scout"]
