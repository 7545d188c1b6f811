"""Card numbers never enter: over several messages, in quick replies, names, notes and what technicians write."""

import time

import pytest
from sqlalchemy import select

from bot.dialogue.draft import CONTACT
from bot.services.channel import incoming_files, receive
from bot.services.channel.receive import Incoming
from bot.services.conversation import attachments, file_names, lifecycle, transcript
from bot.services.conversation.opened_from import OpenedFrom
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NotFound
from bot.services.desk import redact
from bot.services.desk.technician_messages import add_note, parse, send_message
from bot.services.intake import draft
from bot.services.issue.open_issue import open_issue
from bot.store.tables import (
    Base,
    HandOff,
    InboundEvent,
    IncomingFile,
    IntakeAnswer,
    Issue,
    Message,
    SearchRecord,
    Technician,
)
from bot.triage.privacy.redaction import NUMBER_MASK
from tests.support.service_fixtures import Clock, Customer
from tests.support.service_steps import answered, logged


async def everything(ctx: Context) -> str:
    """Every row of every table, as text."""
    rows: list[object] = []
    async with ctx.db.read() as session:
        for table in Base.metadata.sorted_tables:
            rows += await session.execute(select(table))
    return "\n".join(map(str, rows))


async def texts(customer: Customer) -> list[str]:
    return [message["text"] for message in await customer.reads() if message["author"] == "customer"]


async def test_a_card_in_two_messages_is_masked_in_both_and_the_customer_is_informed(
    ctx: Context, customer: Customer
) -> None:
    await customer.writes("It crashes when I print")
    await customer.writes("my card is 4111 1111")
    await customer.writes("1111 1111")
    assert await texts(customer) == ["It crashes when I print", f"my card is {NUMBER_MASK}", NUMBER_MASK]
    assert (await customer.reads())[-1]["text"] == ctx.support.wording.card_number_removed
    assert "1111" not in await everything(ctx)


async def test_digit_by_digit(ctx: Context, customer: Customer) -> None:
    for digit in "4111111111111111":
        await customer.writes(digit)
    assert set(await texts(customer)) == {NUMBER_MASK}


async def test_what_was_made_of_the_first_piece_is_masked_too(ctx: Context, customer: Customer) -> None:
    first = await customer.writes("The invoice shows 4111 1111")
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id, lock=True)
        asked = await draft.begin_draft(session, ctx, conversation)
        message = await session.scalar(select(Message).where(Message.seq == first["seq"]))
        assert message is not None
        await draft.add_to_problem(session, asked, message.text, ctx.clock(), message.id)
        await draft.save_answer(session, asked, CONTACT, "mia@bakery.example", ctx.clock())
        await open_issue(session, ctx, conversation, asked, actor="assistant")
        session.add(
            SearchRecord(
                conversation_id=customer.id,
                question=message.text,
                shown=[],
                score=0.0,
                confident=False,
                created_at=ctx.clock(),
            )
        )
    await customer.writes("1111 1111")
    assert "4111" not in await everything(ctx)
    async with ctx.db.read() as session:
        (issue,) = await session.scalars(select(Issue))
        values = list(await session.scalars(select(IntakeAnswer.value)))
    assert issue.title == f"The invoice shows {NUMBER_MASK}" and issue.title in values


async def test_the_last_piece_again_is_the_same_message(ctx: Context, customer: Customer) -> None:
    await receive.receive(ctx, customer.id, Incoming("a", text="4111 1111"))
    await receive.receive(ctx, customer.id, Incoming("b", text="1111 1111"))
    again = [await receive.receive(ctx, customer.id, Incoming(name, text="x")) for name in ("a", "b")]
    assert [one.repeated for one in again] == [True, True]


async def test_expiry_and_code_in_messages_of_their_own_go_too(ctx: Context, customer: Customer, clock: Clock) -> None:
    await customer.writes("4111 1111 1111 1111")
    await customer.writes("exp 12/27")
    await customer.writes("123")
    assert not any(char.isdigit() for char in "".join(await texts(customer)))
    async with ctx.db.read() as session:
        states = list(await session.scalars(select(InboundEvent.status).order_by(InboundEvent.id)))
    assert states == ["pending", "done", "done"]
    clock.advance(minutes=11)
    await customer.writes("123")
    assert (await texts(customer))[-1] == "123"


async def test_old_pieces_and_other_peoples_are_not_joined(ctx: Context, customer: Customer, clock: Clock) -> None:
    other = await Customer.arrives(ctx)
    await other.writes("4111 1111")
    await customer.writes("1111 1111")
    clock.advance(minutes=21)
    await other.writes("1111 1111")
    assert await texts(customer) == ["1111 1111"] and await texts(other) == ["4111 1111", "1111 1111"]


async def test_an_open_chat_hears_of_the_masked_piece(ctx: Context, customer: Customer) -> None:
    first = await customer.writes("4111 1111")
    await customer.writes("1111 1111")
    async with ctx.db.read() as session:
        changed = await transcript.messages_changed(session, customer.id, first["seq"])
    assert [(revision, message["text"]) for revision, message in changed] == [(2, NUMBER_MASK)]


async def test_technicians_are_held_to_it_too(ctx: Context, customer: Customer, anna: Technician) -> None:
    await logged(ctx, customer)
    await answered(ctx, customer, anna, "Your card 4111 1111", "1111 1111 is declined")
    await send_message(ctx, anna, customer.id, parse({"client_message_id": "x", "text": "5555 5555 5555 4444"}))
    await add_note(ctx, anna, customer.id, "card 4111111111111111")
    assert "1111" not in await everything(ctx) and "5555" not in await everything(ctx)


async def test_whatever_speaks_quick_replies_and_cards_included(ctx: Context, customer: Customer) -> None:
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id, lock=True)
        await transcript.say(
            session,
            conversation,
            ctx.clock(),
            "You wrote 4111111111111111",
            author_name="Q",
            choices=[{"title": "4111111111111111", "payload": '/x{"value": "4111111111111111"}'}],
            cards=[{"title": "4111111111111111", "url": "/manual/a", "excerpt": "4111 1111 1111 1111"}],
        )
    assert "4111" not in await everything(ctx)


async def test_names_of_files_addresses_of_pages_and_ids(ctx: Context, customer: Customer) -> None:
    kept = await attachments.store_attachment(ctx, customer.id, "4111-1111-1111-1111.png", b"\x89PNG\r\n\x1a\nx")
    assert "4111" not in kept["name"]
    body = {
        "locale": "4111111111111111",
        "time_zone": "4111 1111 1111 1111",
        "page_url": "https://shop.example/a_4111111111111111?card=4111111111111111",
    }
    await lifecycle.open_conversation(ctx, opened_from=OpenedFrom.of(body))
    with pytest.raises(Invalid):
        receive.parse({"client_message_id": "4111111111111111", "text": "x"})
    assert "4111" not in await everything(ctx)


async def test_a_technician_masks_words_and_it_is_audited(ctx: Context, customer: Customer, anna: Technician) -> None:
    written = await customer.writes("our alarm code is hunter2, help")
    await logged(ctx, customer)
    shown = await redact.mask_message(ctx, anna, customer.id, written["seq"], "hunter2")
    assert shown["text"] == "our alarm code is [removed by a technician], help"
    assert "hunter2" not in await everything(ctx)
    assert "'message.mask', " in await everything(ctx)
    with pytest.raises(Invalid):
        await redact.mask_message(ctx, anna, customer.id, written["seq"], "hunter2")
    with pytest.raises(NotFound):
        await redact.mask_message(ctx, anna, customer.id, 999)
    whole = await redact.mask_message(ctx, anna, customer.id, written["seq"])
    assert whole["text"] == "[removed by a technician]"


async def test_a_technician_removes_a_file_for_good(ctx: Context, customer: Customer, anna: Technician) -> None:
    kept = await attachments.store_attachment(ctx, customer.id, "my card.png", b"\x89PNG\r\n\x1a\nsecret")
    incoming = Incoming("f", text="", attachments=[kept["attachment_id"]])
    await receive.receive(ctx, customer.id, incoming)
    await logged(ctx, customer)
    await redact.remove_file(ctx, anna, customer.id, kept["attachment_id"])
    assert list((ctx.home / "attachments").iterdir()) == []
    (message,) = [one for one in await customer.reads() if one["attachments"]]
    assert message["attachments"][0]["name"] == "(file removed)"
    with pytest.raises(NotFound):
        await attachments.find_attachment(ctx, customer.id, kept["attachment_id"])
    with pytest.raises(NotFound):
        await redact.remove_file(ctx, anna, customer.id, "unknown")


async def test_masking_under_a_technician_leaves_the_conversation_theirs(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await logged(ctx, customer)
    await answered(ctx, customer, anna)
    await customer.writes("4111 1111")
    await customer.writes("1111 1111")
    assert (await customer.state())["owner"] == "technician"
    async with ctx.db.read() as session:
        assert await session.scalar(select(HandOff.state)) == "claimed"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (
            {"locale": "pt-BR", "time_zone": "Europe/Berlin", "page_url": "https://a.example/"},
            OpenedFrom("pt-BR", "Europe/Berlin", "https://a.example/"),
        ),
        ({"locale": "de_DE", "time_zone": "Mars/Base"}, OpenedFrom("de_DE")),
        ({"locale": "en-41111111-11111111", "time_zone": "../../etc/passwd"}, OpenedFrom()),
        ({}, OpenedFrom()),
    ],
)
def test_only_a_language_and_a_zone_that_exist_are_kept(said: dict[str, str], kept: OpenedFrom) -> None:
    assert OpenedFrom.of(said) == kept


async def test_the_ending_of_a_long_file_name_is_kept(ctx: Context, customer: Customer) -> None:
    kept = await attachments.store_attachment(ctx, customer.id, "a" * 400 + ".pdf", b"%PDF-1.4")
    assert kept["name"].endswith(".pdf") and len(kept["name"]) == file_names.LONGEST


@pytest.mark.parametrize("shape", ["4-", "4 ", "(", "..", "a.", "\u200b"])
async def test_a_name_of_a_megabyte_costs_no_more_than_a_short_one(
    ctx: Context, customer: Customer, shape: str
) -> None:
    began = time.thread_time()
    with pytest.raises(Invalid):
        await attachments.store_attachment(ctx, customer.id, shape * 500_000 + ".exe", b"MZ")
    assert time.thread_time() - began < 0.2


async def test_twenty_messages_of_digits_and_dashes_disturb_nobody(ctx: Context, customer: Customer) -> None:
    began = time.thread_time()
    for _ in range(20):
        await customer.writes("4-" * 5000)
    assert time.thread_time() - began < 2.0


async def test_the_name_of_a_file_from_a_channel_holds_no_card(ctx: Context, customer: Customer) -> None:
    written = await customer.writes("see the file")
    async with ctx.db.write() as session:
        message = await session.scalar(select(Message).where(Message.seq == written["seq"]))
        assert message is not None
        files = (
            incoming_files.SentFile("4-" * 100_000 + ".txt", {}),
            incoming_files.SentFile("4111111111111111.png", {}),
        )
        incoming_files.enqueue_files(session, ctx, "slack", customer.id, message.id, files)
    async with ctx.db.read() as session:
        first, second = await session.scalars(select(IncomingFile.name).order_by(IncomingFile.id))
    assert first.endswith(".txt") and len(first) == file_names.LONGEST
    assert second == f"{NUMBER_MASK}.png"


async def test_halves_are_joined_over_others_where_a_technician_asked_for_the_card(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await logged(ctx, customer)
    await answered(ctx, customer, anna, "Which card did you pay with?")
    await customer.writes("it is the one with 4111 1111 in front")
    await customer.writes("we have 12 computers")
    await customer.writes("and 1111 1111 at the end of it")
    assert "1111" not in await everything(ctx)


async def test_lists_of_invoices_are_kept_as_written(ctx: Context, customer: Customer) -> None:
    sentences = [
        "Invoice 4003 is printed without the logo",
        "so is invoice 4004",
        "and invoice 4005",
        "and invoice 4006",
    ]
    for sentence in sentences:
        await customer.writes(sentence)
    assert await texts(customer) == sentences
