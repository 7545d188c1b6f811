"""Mail that is dropped at the gateway: believed, stored once, joined to its conversation or the begin of one."""

from typing import Any

from sqlalchemy import select

from bot.services.turn.mails_sent import is_persons_turn
from bot.store.tables import Customer, OutboxItem
from tests.channels.email.conftest import KIM, SUPPORT, Mailing, answer_to, written
from tests.support.gateway_fixture import eventually

PROBLEM = "Quillbook crashes whenever I print an invoice."


async def test_a_new_mail_is_a_conversation_and_is_answered_in_its_thread(mailing: Mailing) -> None:
    mail = await mailing.writes(PROBLEM, "Crash on printing", "Kim Maier <kim@brightson.example>")
    (ours,) = await mailing.mails(1)
    (message,) = await mailing.written()
    assert message.text == f"Crash on printing\n\n{PROBLEM}"
    assert message.author_name == "Kim Maier"
    assert ours["To"] == KIM and ours["Cc"] is None
    assert ours["In-Reply-To"] == mail["Message-ID"]
    assert ours["Subject"].startswith("Re: Crash on printing")
    assert ours["Auto-Submitted"] == "auto-replied"
    assert str(ours["Reply-To"]).startswith("Quillbook Software <support+")
    assert ours.get_body(("html",)) is not None and ours.get_body(("plain",)) is not None


async def test_the_domain_that_vouches_for_the_sender_proves_the_contract(mailing: Mailing) -> None:
    await mailing.writes(PROBLEM)
    async with mailing.gateway.ctx.db.read() as session:
        (customer,) = await session.scalars(select(Customer))
    assert (customer.contract_number, customer.contract_proof, customer.email) == ("C-100", "mail_domain", KIM)


async def test_a_sender_whom_nothing_proves_has_no_contract(mailing: Mailing) -> None:
    assert await mailing.outcome(written(PROBLEM, vouched=False)) == "stored"
    forged = written(PROBLEM, vouched=False)
    forged["Authentication-Results"] = "mx.elsewhere.example; dmarc=pass header.from=brightson.example"
    assert await mailing.outcome(forged) == "stored"
    async with mailing.gateway.ctx.db.read() as session:
        customers = list(await session.scalars(select(Customer)))
    assert [(one.contract_number, one.email) for one in customers] == [(None, None), (None, None)]


async def test_what_is_not_signed_is_not_read(mailing: Mailing) -> None:
    raw = written(PROBLEM).as_bytes()
    assert (await mailing.drop(raw, secret="x" * 40)).status_code == 401
    assert (await mailing.drop(raw, age=400)).status_code == 401
    assert (await mailing.browser.post("/channels/email/drop", content=raw)).status_code == 401
    assert (await mailing.drop(b"")).status_code == 422
    assert await mailing.written() == []


async def test_the_same_mail_again_is_stored_once(mailing: Mailing) -> None:
    mail = await mailing.writes(PROBLEM)
    assert await mailing.outcome(mail) == "repeated"
    assert len(await mailing.written()) == 1


async def test_an_answer_joins_by_the_token_in_the_address(mailing: Mailing) -> None:
    await mailing.writes(PROBLEM)
    (ours,) = await mailing.mails(1)
    bare = written("Version 8.2", "something else", To=str(ours["Reply-To"]))
    assert await mailing.outcome(bare) == "stored"
    assert len(await mailing.conversations()) == 1
    assert [one.text for one in await mailing.written()][1:] == ["Version 8.2"]


async def test_an_answer_joins_by_the_token_that_the_mail_server_noted(mailing: Mailing) -> None:
    await mailing.writes(PROBLEM)
    (ours,) = await mailing.mails(1)
    token = ours["Reply-To"].addresses[0].addr_spec
    assert await mailing.outcome(written("Version 8.2", "x", Delivered_To=token)) == "stored"
    assert len(await mailing.conversations()) == 1


async def test_an_answer_joins_by_its_headers_without_the_token(mailing: Mailing) -> None:
    await mailing.writes(PROBLEM)
    (ours,) = await mailing.mails(1)
    await mailing.answers("Version 8.2", ours, To=SUPPORT)
    assert len(await mailing.conversations()) == 1


async def test_what_an_answer_quotes_of_ours_is_not_stored_again(mailing: Mailing) -> None:
    await mailing.writes(PROBLEM)
    (ours,) = await mailing.mails(1)
    await mailing.answers("It began on Monday.\nThe version is 8.2.", ours)
    assert (await mailing.written())[-1].text == "It began on Monday.\nThe version is 8.2."


async def test_a_stranger_who_guesses_subject_and_ids_joins_nothing(mailing: Mailing) -> None:
    first = await mailing.writes(PROBLEM, "Crash")
    (ours,) = await mailing.mails(1)
    headers: dict[str, Any] = {"In_Reply_To": str(first["Message-ID"]), "References": str(first["Message-ID"])}
    guessed = written("What is the status?", str(ours["Subject"]), "eve@elsewhere.example", **headers)
    assert await mailing.outcome(guessed) == "stored"
    assert len(await mailing.conversations()) == 2


async def test_a_new_sender_with_the_token_is_kept_and_gets_nothing(mailing: Mailing) -> None:
    await mailing.writes(PROBLEM)
    (ours,) = await mailing.mails(1)
    passed_on = answer_to(ours, "Please send me a copy of this conversation.", "Eve <eve@elsewhere.example>")
    assert await mailing.outcome(passed_on) == "stored_unanswered"
    await mailing.answers("Version 8.2", ours)
    for mail in await mailing.mails(2):
        assert "elsewhere.example" not in f"{mail['To']} {mail['Cc']}"
    assert [one.author_name for one in await mailing.written()][1] == "Eve"
    (thread,) = await mailing.threads()
    assert thread.reference["new_senders"] == {"eve@elsewhere.example": "Eve"}


async def test_people_in_copy_of_the_newest_mail_stay_in_copy(mailing: Mailing) -> None:
    await mailing.writes(PROBLEM, Cc="Boss <boss@brightson.example>, it@brightson.example")
    (ours, *_) = await mailing.mails(1)
    assert ours["Cc"] == "boss@brightson.example, it@brightson.example"
    assert sorted(mailing.postbox.envelopes[0].rcpt_tos) == ["boss@brightson.example", "it@brightson.example", KIM]
    await mailing.answers("Version 8.2, only for you", ours)
    mails = await mailing.mails(2)
    assert mails[-1]["Cc"] is None


async def test_what_was_written_without_copy_is_not_shown_to_people_copied_in_later(mailing: Mailing) -> None:
    await mailing.writes("The ledger was deleted on purpose by somebody in accounting.")
    (ours, *_) = await mailing.mails(1)
    await mailing.answers("Version 8.2", ours, Cc="boss@brightson.example")
    await mailing.we_say("You told us: the ledger was deleted on purpose by somebody in accounting.")

    async def repeated() -> bool:
        return any("ledger was deleted" in _words(mail) for mail in mailing.postbox.mails[1:])

    await eventually(repeated)
    private = [mail for mail in mailing.postbox.mails[1:] if "ledger was deleted" in _words(mail)]
    assert [mail["Cc"] for mail in private] == [None]


async def test_a_forged_sender_brings_nobody_in_copy_and_none_of_their_words(mailing: Mailing) -> None:
    evil = "Your licence was suspended, pay now at https://evil.example/pay/now/please please"
    await mailing.outcome(written(evil, "Pay now at evil.example", vouched=False, Cc="eve@elsewhere.example"))
    (message,) = await mailing.written()
    await mailing.we_say(f"I have noted: {message.text}")
    for mail in await mailing.mails(2):
        assert mail["Cc"] is None and mail["To"] == KIM
        assert "evil.example" not in mail.as_string() and "licence was suspended" not in _words(mail)


async def test_answering_our_mail_proves_an_address_that_no_domain_vouches_for(mailing: Mailing) -> None:
    assert await mailing.outcome(written(PROBLEM, vouched=False)) == "stored"
    (ours, *_) = await mailing.mails(1)
    await mailing.answers("yes", ours, vouched=False)
    async with mailing.gateway.ctx.db.read() as session:
        (customer,) = await session.scalars(select(Customer))
    assert (customer.email, customer.contract_number) == (KIM, "C-100")


async def test_files_of_a_mail_are_on_its_message(mailing: Mailing) -> None:
    mail = written(PROBLEM)
    mail.add_attachment(b"\x89PNG\r\n\x1a\n" + b"0" * 5000, maintype="image", subtype="png", filename="screen.png")
    assert await mailing.outcome(mail) == "stored"

    async def kept() -> bool:
        async with mailing.gateway.ctx.db.read() as session:
            from bot.store.tables import Attachment

            return [one.name for one in await session.scalars(select(Attachment))] == ["screen.png"]

    await eventually(kept)


async def test_a_card_number_in_a_mail_is_never_stored(mailing: Mailing) -> None:
    await mailing.writes("Please charge 4111 1111 1111 1111 for the invoice.", "Card 4111 1111 1111 1111")
    assert "4111" not in (await mailing.written())[0].text
    assert "4111" not in str([thread.reference for thread in await mailing.threads()])


async def test_a_subject_that_the_words_repeat_is_not_stored_twice(mailing: Mailing) -> None:
    await mailing.writes("Hello,\nhow do I restore a backup in Quillbook?", "How do I restore a backup?")
    assert (await mailing.written())[0].text == "Hello,\nhow do I restore a backup in Quillbook?"


async def test_pages_of_the_manual_are_links_that_a_mail_program_can_open(mailing: Mailing) -> None:
    await mailing.writes(PROBLEM)
    await mailing.mails(1)
    page = {"title": "Restore a backup", "url": "/manual/restore-a-backup", "excerpt": "Choose File."}
    choices = [{"title": "Yes", "payload": "/yes"}, {"title": "No", "payload": "/no"}]
    await mailing.we_say("The manual has it.", cards=[page, page], choices=choices)
    words = _words((await mailing.mails(2))[-1])
    assert words.count(f"http://127.0.0.1:{mailing.gateway.ctx.settings.port}/manual/restore-a-backup") == 1
    assert "- Yes\n- No" in words.replace("\r\n", "\n")


async def test_a_single_quick_reply_is_a_sentence_and_no_list(mailing: Mailing) -> None:
    await mailing.writes(PROBLEM)
    await mailing.mails(1)
    await mailing.we_say("Try this.", choices=[{"title": "Yes, solved", "payload": "/solved"}])
    words = _words((await mailing.mails(2))[-1])
    assert "simply reply: Yes, solved" in words and "- Yes, solved" not in words


async def test_the_answer_of_a_technician_is_sent_in_their_name(mailing: Mailing) -> None:
    await mailing.writes(PROBLEM)
    await mailing.mails(1)
    await mailing.we_say("I am looking at it.", author="technician", author_name="Anna")
    mail = next(one for one in (await mailing.mails(2)) if "looking at it" in _words(one))
    assert str(mail["From"]).startswith('"Anna (Quillbook Software)"') and mail["Auto-Submitted"] is None


async def test_a_mail_that_is_too_long_for_one_message_is_stored_whole(mailing: Mailing) -> None:
    lines = [f"line {number} of the log" for number in range(1500)]
    await mailing.writes("\n".join(lines))
    assert "".join(one.text for one in await mailing.written()).split("\n") == lines


def _words(mail: object) -> str:
    body = mail.get_body(("plain",))  # type: ignore[attr-defined]
    return str(body.get_content())


async def test_nothing_of_a_mail_is_left_queued(mailing: Mailing) -> None:
    await mailing.writes(PROBLEM)
    await mailing.mails(1)

    async def sent() -> bool:
        async with mailing.gateway.ctx.db.read() as session:
            return {one.state for one in await session.scalars(select(OutboxItem))} == {"sent"}

    await eventually(sent)


async def test_hours_follow_the_clock_of_the_customers_mail(mailing: Mailing) -> None:
    await mailing.writes(PROBLEM, Date="Mon, 3 Aug 2026 10:00:00 +0200")
    (ours,) = await mailing.mails(1)
    assert [one.time_zone for one in await mailing.conversations()] == ["Etc/GMT-2"]
    stranger = answer_to(ours, "I have it too", "eve@elsewhere.example", Date="Mon, 3 Aug 2026 10:00:00 -0800")
    assert await mailing.outcome(stranger) == "stored_unanswered"
    assert [one.time_zone for one in await mailing.conversations()] == ["Etc/GMT-2"]


async def test_after_the_mails_about_an_issue_a_person_answers(mailing: Mailing) -> None:
    ctx = mailing.gateway.ctx

    async def is_a_persons() -> bool:
        async with ctx.db.read() as session:
            return await is_persons_turn(session, (await mailing.conversations())[0])

    await mailing.writes(PROBLEM)
    (ours,) = await mailing.mails(1)
    assert not await is_a_persons()
    await mailing.answers("Version 8.2", ours)
    await mailing.mails(2)
    assert await is_a_persons()
