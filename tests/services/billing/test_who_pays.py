"""Ask for the contract first after the reference of what costs, and say no place before it is settled."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.services.core.context import Context
from bot.services.hand_off import transitions
from bot.services.turn import turns
from bot.store.tables import Contract, Conversation, HandOff, Issue
from bot.store.tables import Customer as CustomerRow
from bot.triage.reading.payer_words import Payer, payer_in
from tests.support.decided_conversation import Writer
from tests.support.service_fixtures import Customer, add_technician

PROBLEM = "labels print blank, dot@bothsince.example"
QUESTION = "Do you have a support contract?"
VERSION = "Which version of Quillbook is it?"
PRICE = "It costs 120.00 USD an hour, at least 30 minutes, paid ahead by VISA or MasterCard"
NUMBER = "write your contract number"


@pytest.fixture
def writer(ctx: Context, customer: Customer) -> Writer:
    return Writer(ctx, customer)


async def entitlement(ctx: Context) -> str | None:
    async with ctx.db.read() as session:
        return await session.scalar(select(Issue.entitlement))


async def test_the_contract_is_the_one_question_after_the_reference(writer: Writer) -> None:
    reply = await writer.says(PROBLEM)
    assert "Your Tech Reference is TR-" in reply and "We are open now" in reply
    assert reply.endswith(QUESTION)
    assert "queue" not in reply and "120.00" not in reply and VERSION not in reply
    (said,) = [one for one in await writer.customer.reads() if one["author"] == "assistant"]
    titles = [one["title"] for one in said["choices"]]
    assert titles == ["I have a support contract", "No, I pay by the hour", "Skip this"]


async def test_no_place_is_settled_before_the_answer(writer: Writer) -> None:
    await writer.says(PROBLEM)
    assert (await writer.customer.state())["position_settled"] is False
    await writer.says("no", "deny")
    state = await writer.customer.state()
    assert (state["queue_position"], state["position_settled"]) == (1, True)


@pytest.mark.parametrize("words", ["no", "no, I pay by the hour", "we don't have a contract", "skip", "not sure"])
async def test_without_a_contract_place_and_price_are_one_line_each_and_the_questions_go_on(
    writer: Writer, words: str
) -> None:
    await writer.says(PROBLEM)
    reply = await writer.says(words, "deny")
    place, price, question = reply.split("\n\n")
    assert "number 1 in the queue" in place and price.startswith(PRICE) and question.startswith(VERSION)
    assert len(price) < 260
    assert QUESTION not in await writer.says("12.2.1", "inform")
    (said,) = [one for one in await writer.customer.reads() if PRICE in one["text"]]
    assert [card["url"] for card in said["cards"]] == ["/manual/what-support-costs"]


async def test_the_buttons_mean_the_same(writer: Writer) -> None:
    await writer.says(PROBLEM)
    reply = await writer.presses("No, I pay by the hour")
    assert "number 1 in the queue" in reply and PRICE in reply and VERSION in reply


@pytest.mark.parametrize("number", ["SC-1001", "SC-9999"])
async def test_a_claimed_number_gets_the_same_reply_known_or_not_and_the_questions_go_on(
    ctx: Context, writer: Writer, number: str
) -> None:
    async with ctx.db.write() as session:
        session.add(
            Contract(
                number="SC-1001",
                company="Brightsons",
                status="active",
                starts_on=date(2026, 1, 1),
                contact_email="kim@brightsons.example",
            )
        )
    await writer.says(PROBLEM)
    assert NUMBER in await writer.presses("I have a support contract")
    last = (await writer.customer.reads())[-1]["seq"]
    await writer.customer.writes(number)
    reply = await writer.is_answered(last)
    told, place, question = reply.split("\n\n", 2) if "\n\n" in reply.split("\n", 1)[0] else _parts(reply)
    assert "couldn't use" not in reply
    assert "technician checks" in told and "number 1 in the queue" in place and VERSION in question
    assert await entitlement(ctx) == "contract_claimed"


def _parts(reply: str) -> tuple[str, str, str]:
    """The gateway's sentence, then the assistant's two paragraphs."""
    told, rest = reply.split("\n", 1)
    place, question = rest.split("\n\n", 1)
    return told, place, question


async def test_a_contract_in_words_is_claimed_and_its_number_asked_for(ctx: Context, writer: Writer) -> None:
    await writer.says(PROBLEM)
    assert NUMBER in await writer.says("yes, we have a support contract", "affirm")
    assert await entitlement(ctx) == "contract_claimed"
    reply = await writer.says("I don't have it with me", "dont_know")
    assert "number 1 in the queue" in reply and "120.00" not in reply and VERSION in reply


async def test_something_else_settles_it_once(writer: Writer) -> None:
    await writer.says(PROBLEM)
    reply = await writer.says("it is version 12.2.1 by the way, and nothing changed before", "inform")
    assert "number 1 in the queue" in reply and PRICE in reply and QUESTION not in reply
    assert "queue" not in await writer.says("no error message", "inform")


async def test_it_is_asked_once_in_a_conversation(writer: Writer) -> None:
    await writer.says(PROBLEM)
    await writer.says("no", "deny")
    assert QUESTION not in await writer.says("different story: my colleague can't sign in")


async def test_it_is_not_asked_where_one_is_known_nor_about_what_is_free(ctx: Context, writer: Writer) -> None:
    assert QUESTION not in await writer.says("we have a support contract. " + PROBLEM)
    free = Writer(ctx, await Customer.arrives(ctx))
    assert QUESTION not in await free.says("our licence cannot be activated, it says QB-1101. tom@free.example")
    proven = Writer(ctx, await Customer.arrives(ctx))
    async with ctx.db.write() as session:
        session.add(Contract(number="SC-1", company="Bright", status="active", starts_on=date(2026, 1, 1)))
        await session.flush()
        conversation = await session.get_one(Conversation, proven.customer.id)
        row = await session.get_one(CustomerRow, conversation.customer_id)
        row.contract_number, row.contract_proof = "SC-1", "technician"
    reply = await proven.says(PROBLEM)
    assert QUESTION not in reply and "covers this at no additional charge" in reply and VERSION in reply


async def test_a_german_is_asked_in_german(writer: Writer) -> None:
    await writer.says("Guten Tag, der Drucker druckt leider nur leere Seiten. dot@bothsince.example", "out_of_scope")
    said = (await writer.customer.reads())[-1]
    assert said["text"].endswith("Haben Sie einen Support-Vertrag?")
    assert [one["title"] for one in said["choices"]][1] == "Nein, ich zahle pro Stunde"
    reply = await writer.says("nein", "deny")
    assert "Nummer 1 in der Warteschlange" in reply and "120.00 USD pro Stunde" in reply


@pytest.mark.parametrize(
    ("words", "payer"),
    [
        ("yes", Payer.CONTRACT),
        ("we do", Payer.CONTRACT),
        ("our company has a maintenance contract", Payer.CONTRACT),
        ("no", Payer.HOUR),
        ("by the hour please", Payer.HOUR),
        ("I don't have one", Payer.HOUR),
        ("no contract", Payer.HOUR),
        ("without a contract", Payer.HOUR),
        ("I don't know, ask my boss", Payer.UNSURE),
        ("skip", Payer.UNSURE),
        ("12.2.1", None),
        ("what does a contract cost?", None),
        ("it prints blank pages since the update and we have tried three other printers meanwhile", None),
    ],
)
def test_an_answer_in_words(words: str, payer: Payer | None) -> None:
    assert payer_in(words) is payer


async def test_the_question_outlives_a_technician(ctx: Context, writer: Writer) -> None:
    """The event that goes on after a number is finished without a word when a technician has the conversation."""
    await writer.says(PROBLEM)
    await writer.presses("I have a support contract")
    await writer.customer.writes("SC-1001")
    begun = await turns.begin(ctx, writer.customer.id)
    assert begun is not None and begun[1].context.event is not None


@pytest.mark.parametrize(
    "question", ["how do i see which one i have?", "is this known to you?", "what are your hours?"]
)
async def test_a_question_is_answered_and_the_contract_asked_for_again(writer: Writer, question: str) -> None:
    await writer.says(PROBLEM)
    reply = await writer.says(question, "how_to")
    assert reply.endswith(QUESTION) and NUMBER not in reply and "queue" not in reply
    assert "number 1 in the queue" in await writer.says("no", "deny")


async def test_who_skips_all_questions_is_asked_nothing_more(writer: Writer) -> None:
    await writer.says(PROBLEM)
    reply = await writer.says("skip all of these", "skip_question")
    assert "number 1 in the queue" in reply and VERSION not in reply and QUESTION not in reply


async def test_after_a_technician_the_price_is_not_said_again(writer: Writer) -> None:
    ctx = writer.ctx
    await writer.says(PROBLEM)
    tess = await add_technician(ctx, "Tess")
    async with ctx.db.read() as session:
        waiting = await session.scalar(select(HandOff.id))
    assert waiting is not None
    await transitions.claim(ctx, waiting, tess)
    await transitions.give_back(ctx, writer.customer.id, tess, "Installed the update.")
    await writer.is_answered()
    reply = await writer.says("it still prints blank", "not_solved")
    assert "queue" in reply and "120.00" not in reply and QUESTION not in reply


async def test_the_place_is_said_once_to_who_is_angry_instead_of_answering(writer: Writer) -> None:
    await writer.says(PROBLEM)
    reply = await writer.says("this is holding up the whole office!", "frustrated")
    assert reply.count("number 1 in the queue") == 1 and reply.count("120.00") == 1


async def test_after_words_in_confidence_reference_and_question_are_one_message(writer: Writer) -> None:
    await writer.says("confidential please: I overwrote the backup. " + PROBLEM)
    said = [one["text"] for one in await writer.customer.reads() if one["author"] == "assistant"]
    assert len(said) <= 2 and "TR-" in said[-1] and said[-1].endswith(QUESTION)


async def test_who_asks_for_a_person_hears_the_place_once_with_its_button(writer: Writer) -> None:
    await writer.says(PROBLEM)
    reply = await writer.says("can I talk to a human being", "ask_person")
    assert reply.count("number 1 in the queue") == 1
    said = [one for one in await writer.customer.reads() if "number 1 in the queue" in one["text"]][-1]
    assert writer.ctx.support.buttons.leave_queue in [one["title"] for one in said["choices"]]
