"""Technicians say who gets the mails of a conversation beside its customer."""

import httpx

from tests.channels.email.conftest import Mailing, answer_to
from tests.support.gateway_fixture import Desk

PROBLEM = "Quillbook crashes whenever I print an invoice."
EVE = "eve@elsewhere.example"
BOSS = "boss@brightson.example"


async def desk_at(mailing: Mailing) -> tuple[Desk, str]:
    """A supervisor, who reads every conversation, and the only one there is."""
    (conversation,) = await mailing.conversations()
    return await mailing.gateway.technician("Anna", "supervisor"), conversation.id


async def test_a_new_sender_gets_mails_once_a_technician_agrees(mailing: Mailing) -> None:
    await mailing.writes(PROBLEM)
    (ours, *_) = await mailing.mails(1)
    assert await mailing.outcome(answer_to(ours, "I can help with that.", f"Eve <{EVE}>")) == "stored_unanswered"
    desk, conversation_id = await desk_at(mailing)
    shown = (await desk.get(f"conversations/{conversation_id}")).json()["mail_people"]
    assert shown == {"address": "kim@brightson.example", "copied": [], "new": [{"address": EVE, "name": "Eve"}]}
    answer = await desk.post(f"conversations/{conversation_id}/mail/let-in", {"address": EVE})
    assert answer.status_code == httpx.codes.OK, answer.text
    await mailing.we_say("The repair takes until Friday.")
    mail = (await mailing.mails(2))[-1]
    assert mail["Cc"] == EVE
    # Their next mail is answered like anybody's, and what the customer writes keeps them in.
    await mailing.answers("Thank you, both.", ours)
    (thread,) = await mailing.threads()
    assert thread.reference["cc"] == [EVE]


async def test_what_was_written_before_is_not_mailed_to_who_is_let_in(mailing: Mailing) -> None:
    await mailing.writes("The ledger was deleted on purpose by somebody in accounting.")
    (ours, *_) = await mailing.mails(1)
    await mailing.outcome(answer_to(ours, "I can help with that.", EVE))
    desk, conversation_id = await desk_at(mailing)
    await desk.post(f"conversations/{conversation_id}/mail/let-in", {"address": EVE})
    await mailing.we_say("As you wrote, the ledger was deleted on purpose by somebody in accounting.")
    mail = (await mailing.mails(2))[-1]
    assert mail["Cc"] is None


async def test_somebody_removed_stays_out(mailing: Mailing) -> None:
    await mailing.writes(PROBLEM, Cc=BOSS)
    (ours, *_) = await mailing.mails(1)
    desk, conversation_id = await desk_at(mailing)
    answer = await desk.post(f"conversations/{conversation_id}/mail/remove", {"address": BOSS})
    assert answer.status_code == httpx.codes.OK, answer.text
    await mailing.answers("Version 8.2", ours, Cc=BOSS)
    (thread,) = await mailing.threads()
    assert thread.reference["cc"] == [] and not thread.shared
    outcome = await mailing.outcome(answer_to(ours, "And what about me?", BOSS))
    assert outcome == "stored_unanswered"


async def test_nobody_without_a_mail_here_is_let_in(mailing: Mailing) -> None:
    await mailing.writes(PROBLEM)
    await mailing.mails(1)
    desk, conversation_id = await desk_at(mailing)
    for action in ("let-in", "remove"):
        answer = await desk.post(f"conversations/{conversation_id}/mail/{action}", {"address": EVE})
        assert answer.status_code == httpx.codes.NOT_FOUND


async def test_the_page_lists_copy_and_new_senders(mailing: Mailing) -> None:
    await mailing.writes(PROBLEM, Cc=BOSS)
    (ours, *_) = await mailing.mails(1)
    await mailing.outcome(answer_to(ours, "Me too.", f"Eve <{EVE}>"))
    desk, conversation_id = await desk_at(mailing)
    page = await desk.browser.get(f"/desk/conversations/{conversation_id}")
    assert page.status_code == httpx.codes.OK
    assert f"Remove {BOSS} from the copy" in page.text and f"New sender: Eve, {EVE}" in page.text
