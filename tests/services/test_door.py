"""Card numbers never enter: over several messages, in quick replies, names, notes and what technicians write."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.services.channel import receive
from bot.services.channel.receive import Incoming
from bot.services.conversation import attachments, lifecycle, transcript
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NotFound
from bot.services.desk import redact
from bot.services.desk.technician_messages import add_note, parse, send
from bot.services.hand_off import transitions
from bot.services.intake import draft
from bot.services.issue.open_issue import open_issue
from bot.services.turn.forget_dialogues import forget_due
from bot.store.tables import (
    Base,
    Conversation,
    DialogueToForget,
    InboundEvent,
    IntakeAnswer,
    Issue,
    Message,
    SearchRecord,
    Technician,
)
from bot.triage.privacy.redaction import NUMBER_MASK
from tests.services.conftest import Clock, Customer
from tests.services.test_customer_mail import answered, logged


async def everything(ctx: Context) -> str:
    """Every row of every table, as text."""
    rows: list[object] = []
    async with ctx.db.read() as session:
        for table in Base.metadata.sorted_tables:
            rows += await session.execute(select(table))
    return "\n".join(map(str, rows))


async def texts(customer: Customer) -> list[str]:
    return [message["text"] for message in await customer.reads() if message["author"] == "customer"]


async def test_a_card_in_two_messages_is_masked_in_both_and_the_customer_is_told(
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
        asked = await draft.begin(session, ctx, conversation, None)
        message = await session.scalar(select(Message).where(Message.seq == first["seq"]))
        assert message is not None
        await draft.add_to_problem(session, asked, message.text, ctx.clock(), message.id)
        await draft.save(session, asked, draft.CONTACT, "mia@bakery.example", ctx.clock())
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


async def test_rasa_is_made_to_forget_once_no_turn_can_be_under_way(
    ctx: Context, customer: Customer, clock: Clock
) -> None:
    await customer.writes("4111 1111")
    await customer.writes("1111 1111")
    async with ctx.db.read() as session:
        (due,) = await session.scalars(select(DialogueToForget))
        conversation = await session.get_one(Conversation, customer.id)
    assert due.at - clock() == timedelta(seconds=30)
    assert (conversation.episode, conversation.resume) == (2, {"kind": "rollover"})
    await forget_due(ctx)  # not yet: it would ask an engine that is not there


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
        changed = await transcript.changed(session, customer.id, first["seq"])
    assert [(revision, message["text"]) for revision, message in changed] == [(2, NUMBER_MASK)]


async def test_technicians_are_held_to_it_too(ctx: Context, customer: Customer, anna: Technician) -> None:
    await logged(ctx, customer)
    await answered(ctx, customer, anna, "Your card 4111 1111", "1111 1111 is declined")
    await send(ctx, anna, customer.id, parse({"client_message_id": "x", "text": "5555 5555 5555 4444"}))
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
    kept = await attachments.store(ctx, customer.id, "4111-1111-1111-1111.png", b"\x89PNG\r\n\x1a\nx")
    assert "4111" not in kept["name"]
    await lifecycle.open_conversation(ctx, page_url="https://shop.example/?card=4111111111111111")
    with pytest.raises(Invalid):
        receive.parse({"client_message_id": "4111111111111111", "text": "x"})
    assert "4111" not in await everything(ctx)


async def test_a_technician_masks_words_and_it_is_audited(ctx: Context, customer: Customer, anna: Technician) -> None:
    written = await customer.writes("my password is hunter2, help")
    await logged(ctx, customer)
    shown = await redact.mask_message(ctx, anna, customer.id, written["seq"], "hunter2")
    assert shown["text"] == "my password is [removed by a technician], help"
    assert "hunter2" not in await everything(ctx)
    assert "'message.mask', " in await everything(ctx)
    with pytest.raises(Invalid):
        await redact.mask_message(ctx, anna, customer.id, written["seq"], "hunter2")
    with pytest.raises(NotFound):
        await redact.mask_message(ctx, anna, customer.id, 999)
    whole = await redact.mask_message(ctx, anna, customer.id, written["seq"])
    assert whole["text"] == "[removed by a technician]"


async def test_a_technician_removes_a_file_for_good(ctx: Context, customer: Customer, anna: Technician) -> None:
    kept = await attachments.store(ctx, customer.id, "my card.png", b"\x89PNG\r\n\x1a\nsecret")
    incoming = Incoming("f", text="", attachments=[kept["attachment_id"]])
    await receive.receive(ctx, customer.id, incoming)
    await logged(ctx, customer)
    await redact.remove_file(ctx, anna, customer.id, kept["attachment_id"])
    assert list((ctx.home / "attachments").iterdir()) == []
    (message,) = [one for one in await customer.reads() if one["attachments"]]
    assert message["attachments"][0]["name"] == "(file removed)"
    with pytest.raises(NotFound):
        await attachments.find(ctx, customer.id, kept["attachment_id"])
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
        assert await session.scalar(select(transitions.HandOff.state)) == "claimed"
