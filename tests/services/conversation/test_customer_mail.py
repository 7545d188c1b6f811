"""What customers get by mail about their issue, and the link by which they go on elsewhere."""

import dataclasses
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.services.conversation import continue_link, lifecycle, transcript, transcript_mail, unread_notice
from bot.services.conversation.transcript_mail import Sent
from bot.services.core.context import Context
from bot.services.core.errors import Conflict, Invalid, TooMany, Unauthorised
from bot.services.desk.reply_promise import promise_reply
from bot.services.desk.technician_messages import add_note
from bot.services.mail import outgoing_mail
from bot.services.mail.outgoing_mail import OutgoingMail
from bot.services.mail.proven_address import UnprovenAddress
from bot.store.tables import ContinuationLink, ConversationToken, OutboxItem, Technician
from bot.store.tables import Customer as CustomerRow
from tests.support.mail_servers import Postbox, mail_server
from tests.support.outbox import a_mail, mails, payload, send_mail
from tests.support.service_fixtures import Clock, Customer
from tests.support.service_steps import answered, logged


async def test_the_reference_is_mailed_with_the_issue_and_holds_none_of_their_words(
    ctx: Context, customer: Customer
) -> None:
    issue = await logged(ctx, customer)
    (confirmation,) = await mails(ctx)
    assert confirmation.target == "mia@bakery.example"
    assert issue.reference in payload(confirmation)["subject"] and issue.reference in payload(confirmation)["text"]
    assert "crashes" not in str(confirmation.payload)


async def test_a_telephone_number_gets_no_mail(ctx: Context, customer: Customer) -> None:
    await logged(ctx, customer, "555 010 2030, afternoons")
    assert await mails(ctx) == []


async def test_an_unread_answer_is_informed_once_for_the_burst(
    ctx: Context, customer: Customer, anna: Technician, clock: Clock
) -> None:
    issue = await logged(ctx, customer)
    await answered(ctx, customer, anna, "Please restart it.", "And tell me what it says.")
    clock.advance(minutes=4, seconds=59)
    await unread_notice.enqueue_unread_mails(ctx)
    assert await mails(ctx, "reply") == []
    clock.advance(seconds=1)
    await unread_notice.enqueue_unread_mails(ctx)
    await answered(ctx, customer, anna, "Still there?")
    clock.advance(minutes=30)
    await unread_notice.enqueue_unread_mails(ctx)
    (told,) = await mails(ctx, "reply")
    assert issue.reference in payload(told)["subject"] and "restart" not in payload(told)["text"]


async def test_a_proven_address_gets_a_link_to_the_answer(
    ctx: Context, customer: Customer, anna: Technician, clock: Clock
) -> None:
    await logged(ctx, customer)
    await vouched_for(ctx, customer, "mia@bakery.example")
    await answered(ctx, customer, anna, "Please restart it.")
    clock.advance(minutes=6)
    await unread_notice.enqueue_unread_mails(ctx)
    (told,) = await mails(ctx, "reply")
    assert told.secret and "Anna" in payload(told)["text"]
    assert "restart" not in payload(told)["text"] and "/widget/#continue=" in payload(told)["text"]


@pytest.mark.parametrize("elsewhere", [None, "mia@bakery.example.evil.example"])
async def test_an_unproven_address_gets_no_link_and_no_words_of_an_answer(
    ctx: Context, customer: Customer, anna: Technician, clock: Clock, elsewhere: str | None
) -> None:
    """Nobody has asked for this mail: it may go to whoever has the address that was mistyped."""
    issue = await logged(ctx, customer)
    if elsewhere is not None:
        await vouched_for(ctx, customer, elsewhere)
    await answered(ctx, customer, anna, "Please restart it.")
    clock.advance(minutes=6)
    await unread_notice.enqueue_unread_mails(ctx)
    await unread_notice.enqueue_unread_mails(ctx)
    (told,) = await mails(ctx, "reply")
    text = payload(told)["text"]
    assert told.target == "mia@bakery.example" and issue.reference in text and ctx.support.phone in text
    assert not any(one in text for one in ("http", "continue", "restart", "crashes", "Anna"))
    async with ctx.db.read() as session:
        assert list(await session.scalars(select(ContinuationLink))) == []


async def test_a_second_burst_is_informed_again(
    ctx: Context, customer: Customer, anna: Technician, clock: Clock
) -> None:
    await logged(ctx, customer)
    await answered(ctx, customer, anna, "Please restart it.")
    clock.advance(minutes=6)
    await unread_notice.enqueue_unread_mails(ctx)
    await customer.writes("done")
    await answered(ctx, customer, anna, "And now?")
    clock.advance(minutes=6)
    await unread_notice.enqueue_unread_mails(ctx)
    assert len(await mails(ctx, "reply")) == 2


@pytest.mark.parametrize("how", ["saw it", "wrote back"])
async def test_what_was_read_is_not_mailed(
    ctx: Context, customer: Customer, anna: Technician, clock: Clock, how: str
) -> None:
    await logged(ctx, customer)
    await answered(ctx, customer, anna, "Please restart it.")
    if how == "saw it":
        await unread_notice.mark_seen(ctx, customer.id, (await customer.reads())[-1]["seq"])
    else:
        await customer.writes("I did")
    clock.advance(hours=2)
    await unread_notice.enqueue_unread_mails(ctx)
    assert await mails(ctx, "reply") == []


async def test_nobody_has_seen_what_was_not_written_yet(ctx: Context, customer: Customer) -> None:
    await customer.writes("hello")
    await unread_notice.mark_seen(ctx, customer.id, 99)
    async with ctx.db.read() as session:
        assert (await lifecycle.load(session, customer.id)).customer_read_seq == 0


async def a_link(ctx: Context, customer: Customer) -> str:
    async with ctx.db.write() as session:
        link = await continue_link.link_to(session, ctx, await lifecycle.load(session, customer.id))
    return link.partition("#continue=")[2]


async def test_the_link_opens_the_conversation_once(ctx: Context, customer: Customer) -> None:
    secret = await a_link(ctx, customer)
    opened = await continue_link.exchange_link(ctx, secret)
    assert opened.conversation_id == customer.id and opened.token != customer.token
    assert await lifecycle.authenticate_token(ctx, opened.token) == customer.id
    assert await lifecycle.authenticate_token(ctx, customer.token) == customer.id  # the first device goes on too
    with pytest.raises(Unauthorised, match="used already or is too old"):
        await continue_link.exchange_link(ctx, secret)


async def test_the_link_ends_and_a_wrong_one_opens_nothing(ctx: Context, customer: Customer, clock: Clock) -> None:
    secret = await a_link(ctx, customer)
    clock.advance(hours=ctx.support.email.link_hours)
    for tried in (secret, "", "x" * 5000, customer.token):
        with pytest.raises(Unauthorised):
            await continue_link.exchange_link(ctx, tried)
    async with ctx.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(ConversationToken)) == 1


async def test_the_secret_of_a_link_is_nowhere_in_the_database_once_mailed(
    ctx: Context, customer: Customer, anna: Technician, clock: Clock
) -> None:
    await logged(ctx, customer)
    await vouched_for(ctx, customer, "mia@bakery.example")
    await answered(ctx, customer, anna, "Please restart it.")
    clock.advance(minutes=6)
    await unread_notice.enqueue_unread_mails(ctx)
    postbox = Postbox()
    with mail_server(postbox) as url:
        ctx.settings = dataclasses.replace(ctx.settings, smtp_url=url)
        await send_mail(ctx)
    found = re.search(r"#continue=(\S+)", postbox.mails[-1].get_content())
    assert found
    async with ctx.db.read() as session:
        rows = [
            str(row)
            for table in (OutboxItem, ContinuationLink)
            for row in await session.execute(select(table.__table__))
        ]
    assert len(rows) == 3 and not any(found[1] in row for row in rows)
    assert (await continue_link.exchange_link(ctx, found[1])).conversation_id == customer.id


async def working_mail(ctx: Context, url: str) -> None:
    ctx.settings = dataclasses.replace(ctx.settings, smtp_url=url)


async def vouched_for(ctx: Context, customer: Customer, email: str) -> None:
    """The customer's site has signed that this address is theirs."""
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id)
        (await session.get_one(CustomerRow, conversation.customer_id)).email = email


async def test_a_transcript_holds_what_was_said_and_goes_to_a_proven_address(ctx: Context, customer: Customer) -> None:
    await customer.writes("It crashes when I print. My card is 4111 1111 1111 1111")
    await logged(ctx, customer)
    await vouched_for(ctx, customer, "mia@bakery.example")
    await working_mail(ctx, "smtp://127.0.0.1:1")
    assert await transcript_mail.request_transcript(ctx, customer.id) == Sent("mia@bakery.example", "copy")
    (copy,) = await mails(ctx, "transcript")
    assert "It crashes when I print." in payload(copy)["text"] and "4111" not in payload(copy)["text"]


async def test_a_transcript_is_plain_text(ctx: Context, customer: Customer) -> None:
    await customer.writes("It **crashes** in `print()`, [see](https://docs.example/a_(b)) __init__")
    await logged(ctx, customer)
    await vouched_for(ctx, customer, "mia@bakery.example")
    await working_mail(ctx, "smtp://127.0.0.1:1")
    await transcript_mail.request_transcript(ctx, customer.id)
    (copy,) = await mails(ctx, "transcript")
    assert "It crashes in print(), see (https://docs.example/a_(b)) __init__" in payload(copy)["text"]


async def test_nobody_mails_text_of_their_own_to_a_stranger(ctx: Context, customer: Customer) -> None:
    await working_mail(ctx, "smtp://127.0.0.1:1")
    spam = "URGENT: your licence was suspended. Pay here: https://evil.example/pay"
    await customer.writes(spam)
    sent = await transcript_mail.request_transcript(ctx, customer.id, "victim@elsewhere.example")
    await customer.writes("please mail a copy of this chat to victim2@elsewhere.example")
    assert sent == Sent("victim@elsewhere.example", "link")
    assert "link to this conversation" in (await customer.reads())[-1]["text"]
    for mail in await mails(ctx):
        assert "evil" not in str(mail.payload) and "URGENT" not in str(mail.payload)
        assert "#continue=" in payload(mail)["text"]
    assert [one.target for one in await mails(ctx)] == ["victim@elsewhere.example", "victim2@elsewhere.example"]


async def test_a_mail_with_a_customers_words_cannot_be_queued_for_an_unproven_address(
    ctx: Context, customer: Customer
) -> None:
    letter = OutgoingMail("k", "transcript", "victim@elsewhere.example", "s", "their words", holds_customer_words=True)
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id)
        for about in (conversation, None):
            with pytest.raises(UnprovenAddress):
                await outgoing_mail.enqueue(session, ctx, letter, about)
    assert await mails(ctx) == []


@pytest.mark.parametrize("kind", ["reply", "reference", "transcript", "code"])
async def test_a_link_that_opens_a_conversation_cannot_be_queued_for_an_unproven_address(
    ctx: Context, customer: Customer, kind: str
) -> None:
    """Of whatever kind the mail is, and whatever else its caller says of it."""
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id)
        link = await continue_link.link_to(session, ctx, conversation)
        letter = OutgoingMail("k", kind, "victim@elsewhere.example", "s", f"Read it: {link}", secret=True)
        for about in (conversation, None):
            with pytest.raises(UnprovenAddress):
                await outgoing_mail.enqueue(session, ctx, letter, about)
    await vouched_for(ctx, customer, "victim@elsewhere.example")
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id)
        assert await outgoing_mail.enqueue(session, ctx, letter, conversation) is not None


async def test_one_network_address_asks_for_so_many_copies_whatever_conversation_it_opens(ctx: Context) -> None:
    await working_mail(ctx, "smtp://127.0.0.1:1")
    most = ctx.support.limits.transcripts_per_hour
    sent = 0
    with pytest.raises(TooMany):
        for number in range(most + 1):
            customer = await Customer.arrives(ctx)
            await transcript_mail.request_transcript(ctx, customer.id, f"v{number}@a.example", client="192.0.2.7")
            sent += 1
    assert sent == most
    await transcript_mail.request_transcript(ctx, (await Customer.arrives(ctx)).id, "x@a.example", client="192.0.2.8")


async def test_all_customers_together_have_so_many_links_mailed(ctx: Context) -> None:
    await working_mail(ctx, "smtp://127.0.0.1:1")
    sent = 0
    with pytest.raises(TooMany):
        for number in range(ctx.support.limits.unproven_mails_per_hour + 1):
            customer = await Customer.arrives(ctx)
            client = f"192.0.2.{number}"
            await transcript_mail.request_transcript(ctx, customer.id, f"v{number}@a.example", client=client)
            sent += 1
    assert sent == ctx.support.limits.unproven_mails_per_hour


async def test_a_plus_tag_makes_no_new_mailbox(ctx: Context) -> None:
    most = ctx.support.email.per_address_a_day
    async with ctx.db.write() as session:
        for number in range(most + 5):
            await outgoing_mail.enqueue(
                session, ctx, OutgoingMail(f"k{number}", "code", f"Boss+{number}@corp.example", "s", "t")
            )
        plain = OutgoingMail("plain", "code", "boss@corp.example", "s", "t")
        assert await outgoing_mail.enqueue(session, ctx, plain) is None
        other = OutgoingMail("other", "code", "bossy@corp.example", "s", "t")
        assert await outgoing_mail.enqueue(session, ctx, other) is not None
    assert len(await mails(ctx, "code")) == most + 1


async def test_what_was_said_in_confidence_stays_out_of_the_copy(ctx: Context, customer: Customer) -> None:
    await customer.writes("It crashes when I print")
    await customer.writes("Only for the technician: Bob from accounting deleted the ledger on purpose")
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id, lock=True)
        noted = "Noted: Bob from accounting deleted the ledger"
        await transcript.say(session, conversation, ctx.clock(), noted, author_name="Q")
    await vouched_for(ctx, customer, "mia@bakery.example")
    await working_mail(ctx, "smtp://127.0.0.1:1")
    await transcript_mail.request_transcript(ctx, customer.id, "mia@bakery.example")
    (copy,) = await mails(ctx, "transcript")
    assert "It crashes when I print" in payload(copy)["text"] and "ledger" not in payload(copy)["text"]
    assert payload(copy)["text"].count(ctx.support.email.texts.left_out) == 2


@pytest.mark.parametrize(
    ("zone", "in_chat", "in_copy", "in_mail"),
    [
        (None, "today at 12:05 p.m. Eastern", "12:05 p.m. Eastern", "12:15 p.m. Eastern"),
        (
            "Europe/Berlin",
            "today at 12:05 p.m. Eastern (6:05 p.m. your time)",
            "6:05 p.m. Central European Time",
            "6:15 p.m. Central European Time",
        ),
    ],
)
async def test_a_moment_reads_alike_in_chat_copy_and_mail(
    ctx: Context,
    customer: Customer,
    anna: Technician,
    clock: Clock,
    zone: str | None,
    in_chat: str,
    in_copy: str,
    in_mail: str,
) -> None:
    async with ctx.db.write() as session:
        (await lifecycle.load(session, customer.id, lock=True)).time_zone = zone
    await logged(ctx, customer)
    await vouched_for(ctx, customer, "mia@bakery.example")
    await working_mail(ctx, "smtp://127.0.0.1:1")
    await answered(ctx, customer, anna, "Hello")
    await promise_reply(ctx, anna, customer.id, (clock.now + timedelta(hours=2, minutes=5)).isoformat())
    assert in_chat in (await customer.reads())[-1]["text"]
    await customer.writes("fine")
    clock.advance(hours=2, minutes=5)
    await answered(ctx, customer, anna, "Please restart it.")
    await transcript_mail.request_transcript(ctx, customer.id)
    assert (
        f"June 17, 2026, {in_copy}, Anna:\nPlease restart it." in payload((await mails(ctx, "transcript"))[0])["text"]
    )
    clock.advance(minutes=10)
    await unread_notice.enqueue_unread_mails(ctx)
    assert f"until June 18, 2026, {in_mail}." in payload((await mails(ctx, "reply"))[0])["text"]


async def test_nothing_is_promised_while_mail_is_off(ctx: Context, customer: Customer) -> None:
    await logged(ctx, customer)
    with pytest.raises(Conflict) as raised:
        await transcript_mail.request_transcript(ctx, customer.id)
    assert raised.value.code == "mail_off"
    assert await mails(ctx, "transcript") == []


async def test_a_transcript_without_an_address_asks_for_one(ctx: Context, customer: Customer) -> None:
    await working_mail(ctx, "smtp://127.0.0.1:1")
    for email in (None, "nobody", 7):
        with pytest.raises(Invalid) as raised:
            await transcript_mail.request_transcript(ctx, customer.id, email)
        assert raised.value.code == "no_address"


async def test_a_private_note_is_never_mailed(ctx: Context, customer: Customer, anna: Technician) -> None:
    await logged(ctx, customer)
    await answered(ctx, customer, anna, "Hello")
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id, lock=True)
        await transcript.say(session, conversation, ctx.clock(), "Public", author_name="Q")
    await add_note(ctx, anna, customer.id, "difficult customer")
    await working_mail(ctx, "smtp://127.0.0.1:1")
    await vouched_for(ctx, customer, "mia@bakery.example")
    await transcript_mail.request_transcript(ctx, customer.id)
    assert "difficult" not in payload((await mails(ctx, "transcript"))[0])["text"]


async def test_a_letter_outlives_its_use_by_no_more_than_two_days(ctx: Context) -> None:
    async with ctx.db.write() as session:
        queued = await outgoing_mail.enqueue(
            session,
            ctx,
            a_mail("k", "test", "a@b.example", "s", "t"),
        )
    assert queued is not None and queued.expires_at is not None
    assert queued.expires_at - queued.created_at == timedelta(days=2)


async def test_the_assistant_mails_a_copy_and_says_so_only_when_it_is_so(ctx: Context, customer: Customer) -> None:
    await logged(ctx, customer)
    await customer.writes("Can you mail me a copy of this chat?")
    assert "nothing was sent" in (await customer.reads())[-1]["text"] and await mails(ctx, "transcript") == []
    await working_mail(ctx, "smtp://127.0.0.1:1")
    await customer.writes("please send me the transcript to boss@bakery.example")
    assert "A link to this conversation is on its way to b…@bakery.example" in (await customer.reads())[-1]["text"]
    assert [one.target for one in await mails(ctx, "transcript")] == ["boss@bakery.example"]
