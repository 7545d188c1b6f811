"""Outgoing mail at the desk: who sees it, what it says, and what bounced."""

import dataclasses

from sqlalchemy import update

from bot.services.conversation import continue_link, lifecycle
from bot.services.outbox.items import MAIL
from bot.store.tables import OutboxItem
from tests.support.gateway_fixture import Gateway, eventually
from tests.support.mail_servers import Postbox, mail_server


async def test_technicians_do_not_browse_addresses(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    assert (await anna.get("outbox")).status_code == 403
    assert (await anna.post("mail/test", {"to": "a@b.example"})).status_code == 403
    assert (await anna.browser.get("/desk/administration/outgoing")).status_code == 403


async def test_the_page_says_plainly_that_mail_is_off(gateway: Gateway) -> None:
    boss = await gateway.technician("Boss", "supervisor")
    page = (await boss.browser.get("/desk/administration/outgoing")).text
    assert "E-mail is off" in page and "TECHREF_SMTP_URL" in page
    answer = await boss.post("mail/test", {"to": "ops@vendor.example"})
    assert "E-mail is off" in answer.json()["told"]


async def test_a_test_mail_really_goes_out(gateway: Gateway) -> None:
    boss, postbox = await gateway.technician("Boss", "admin"), Postbox()
    with mail_server(postbox) as url:
        gateway.ctx.settings = dataclasses.replace(gateway.ctx.settings, smtp_url=url)
        told = (await boss.post("mail/test", {"to": "ops@vendor.example"})).json()["told"]
    assert "has taken" in told and len(postbox.mails) == 1
    assert (await boss.post("mail/test", {"to": "nobody"})).status_code == 422


async def test_the_worker_of_the_gateway_files_what_is_queued(gateway: Gateway) -> None:
    case = await gateway.case(contact="mia@bakery.example")

    async def filed() -> bool:
        return any(case.reference in file.read_text() for file in (gateway.ctx.home / "mail").glob("*.eml"))

    await eventually(filed)


async def test_a_bounce_is_seen_where_the_technician_works(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case(contact="mia@bakery.example")
    async with gateway.ctx.db.write() as session:
        await session.execute(
            update(OutboxItem).where(OutboxItem.kind == MAIL).values(state="failed", error="recipient: 550")
        )
    about = await anna.about(case)
    assert about["mail"] == {"works": False, "bounced": ["mia@bakery.example"]}
    page = (await anna.browser.get(f"/desk/conversations/{case.conversation_id}")).text
    assert "Mail to mia@bakery.example came back" in page and "E-mail is off" in page


async def test_a_link_from_a_mail_opens_the_conversation_over_http(gateway: Gateway) -> None:
    case = await gateway.case()
    async with gateway.ctx.db.write() as session:
        conversation = await lifecycle.load(session, case.conversation_id)
        link = await continue_link.link_to(session, gateway.ctx, conversation)
    body = {"link": link.partition("#continue=")[2]}
    opened = await case.browser.post("/api/continuations", json=body)
    assert opened.status_code == 201 and opened.json()["conversation_id"] == case.conversation_id
    again = await case.browser.post("/api/continuations", json=body)
    assert (again.status_code, again.json()["error"]["code"]) == (401, "unauthorised")
    for wrong in ({}, {"link": 7}, {"link": ""}):
        assert (await case.browser.post("/api/continuations", json=wrong)).status_code == 422


async def test_seen_and_transcript_over_http(gateway: Gateway) -> None:
    case = await gateway.case()
    address, headers = f"/api/conversations/{case.conversation_id}", {"Authorization": f"Bearer {case.token}"}
    assert (await case.browser.post(f"{address}/seen", json={"seq": 2}, headers=headers)).status_code == 204
    assert (await case.browser.post(f"{address}/seen", json={"seq": "2"}, headers=headers)).status_code == 422
    off = await case.browser.post(f"{address}/transcript", json={}, headers=headers)
    assert (off.status_code, off.json()["error"]["code"]) == (409, "mail_off")
    assert (await case.browser.get("/api/config")).json()["email"] is False
    gateway.ctx.settings = dataclasses.replace(gateway.ctx.settings, smtp_url="smtp://127.0.0.1:1")
    sent = await case.browser.post(f"{address}/transcript", json={}, headers=headers)
    assert (sent.status_code, sent.json()) == (202, {"email": "m…@bakery.example", "sent": "link"})


async def test_what_failed_is_listed_and_sent_again(gateway: Gateway) -> None:
    boss, anna, postbox = await gateway.technician("Boss", "supervisor"), await gateway.technician("Anna"), Postbox()
    with mail_server(postbox) as url:
        gateway.ctx.settings = dataclasses.replace(gateway.ctx.settings, smtp_url=url)
        postbox.answers = ["550 5.1.1 no such user"]
        case = await gateway.case(contact="mia@bakery.example")

        async def failed() -> bool:
            return bool((await boss.get("outbox")).json()["attention"])

        await eventually(failed)
        overview = (await boss.get("outbox")).json()
        (item,) = overview["attention"]
        assert (item["state"], item["error"], item["to"]) == ("failed", "recipient: 550", "mia@bakery.example")
        assert overview["counts"]["mail"]["failed"] == 1 and item["can_resend"]
        page = (await boss.browser.get("/desk/administration/outgoing")).text
        assert "mia@bakery.example" in page and "recipient: 550" in page and f"outbox/{item['id']}/resend" in page
        assert (await anna.post(f"outbox/{item['id']}/resend")).status_code == 403
        assert (await boss.post(f"outbox/{item['id']}/resend")).status_code == 200

        async def arrived() -> bool:
            return len(postbox.mails) == 1

        await eventually(arrived)
        assert case.reference in str(postbox.mails[0]["Subject"])

        async def listed_no_more() -> bool:
            return not (await boss.get("outbox")).json()["attention"]

        await eventually(listed_no_more)
        late = await boss.post(f"outbox/{item['id']}/resend")
        assert (late.status_code, late.json()["error"]["code"]) == (409, "delivered")
        assert (await boss.post("outbox/999/resend")).status_code == 404
