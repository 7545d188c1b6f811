"""Mail that programs send is never answered, and two programs never write to each other for ever."""

from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select

from bot.store.tables import OutboxItem
from tests.channels.email.conftest import KIM, SUPPORT, Mailing, answer_to, written

PROBLEM = "Quillbook crashes whenever I print an invoice."
OUT_OF_OFFICE = "I am away until Monday."


@pytest.mark.parametrize(
    ("headers", "outcome"),
    [
        ({"Auto_Submitted": "auto-replied"}, "auto_reply"),
        ({"Auto_Submitted": "auto-generated; owner=x"}, "auto_reply"),
        ({"Precedence": "bulk"}, "auto_reply"),
        ({"X_Autoreply": "yes"}, "auto_reply"),
        ({"List_Id": "<news.vendor.example>"}, "list"),
        ({"List_Unsubscribe": "<https://x.example/u>"}, "list"),
        ({"X_Spam_Flag": "YES"}, "spam"),
        ({"X_Spam_Status": "Yes, score=12.1"}, "spam"),
        ({"Return_Path": "<>"}, "bounce"),
        ({"X_Failed_Recipients": "a@b.example"}, "bounce"),
    ],
)
async def test_mail_of_a_program_is_not_stored(mailing: Mailing, headers: dict[str, Any], outcome: str) -> None:
    assert await mailing.outcome(written(OUT_OF_OFFICE, "Out of office", **headers)) == outcome
    assert await mailing.conversations() == []


@pytest.mark.parametrize("sender", ["no-reply@x.example", "donotreply@x.example", "MAILER-DAEMON@x.example", SUPPORT])
async def test_nobody_who_cannot_be_answered_is(mailing: Mailing, sender: str) -> None:
    assert await mailing.outcome(written(OUT_OF_OFFICE, sender=sender)) in ("auto_reply", "bounce", "own")
    assert await mailing.conversations() == []


@pytest.mark.parametrize("headers", [{"Auto_Submitted": "no"}, {"X_Spam_Status": "No, score=-1"}])
async def test_what_a_person_wrote_is_answered(mailing: Mailing, headers: dict[str, Any]) -> None:
    await mailing.writes(PROBLEM, **headers)


async def test_support_may_be_a_list_of_its_own(mailing: Mailing) -> None:
    own = {"List_Id": "Support <support.quillbook.example>", "Precedence": "list", "List_Unsubscribe": "<x:y>"}
    await mailing.writes(PROBLEM, **own)


async def test_an_automatic_answer_in_a_thread_is_kept_and_not_answered(mailing: Mailing) -> None:
    await mailing.writes(PROBLEM)
    (ours,) = await mailing.mails(1)
    away = answer_to(ours, OUT_OF_OFFICE, Auto_Submitted="auto-replied")
    assert await mailing.outcome(away) == "stored_unanswered"
    await mailing.answers("Version 8.2", ours)
    mails = await mailing.mails(2)
    assert len(mails) == 2
    assert OUT_OF_OFFICE in [one.text for one in await mailing.written()]


async def test_a_mail_that_did_not_arrive_is_marked(mailing: Mailing) -> None:
    await mailing.writes(PROBLEM)
    (ours,) = await mailing.mails(1)
    report = (
        f"From: mailer-daemon@mx.example\nTo: {SUPPORT}\nReturn-Path: <>\nSubject: failure\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nIt could not be delivered.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; {KIM}\nAction: failed\nStatus: 5.1.1\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {ours['Message-ID']}\nSubject: x\n--b--\n"
    )
    assert await mailing.outcome(report.encode()) == "bounce"
    async with mailing.gateway.ctx.db.read() as session:
        (item,) = await session.scalars(select(OutboxItem).where(OutboxItem.kind == "message"))
    assert (item.state, item.error) == ("failed", "bounced: 5.1.1")


async def test_two_programs_that_answer_each_other_come_to_an_end(mailing: Mailing) -> None:
    """The other side answers every mail at once and says in no header that it is a program."""
    await mailing.writes(PROBLEM)
    most = mailing.gateway.ctx.support.email.per_address_a_day
    outcome, sent = "stored", 0
    while outcome == "stored" and sent < most + 5:
        mails: list[EmailMessage] = await mailing.mails(sent + 1)
        sent += 1
        outcome = await mailing.outcome(
            answer_to(mails[sent - 1], f"Ticket {sent} was created, we will call you back.")
        )
    assert outcome == "stored_unanswered"
    assert len(mailing.postbox.mails) <= most + 5
