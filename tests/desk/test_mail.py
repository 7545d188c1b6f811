"""Outgoing mail at the desk: who sees it, what it says, and what bounced."""

import dataclasses

from sqlalchemy import update

from bot.services.conversation import continue_link, lifecycle
from bot.store.tables import Mail
from tests.support.gateway_fixture import Gateway, eventually
from tests.support.mail_servers import Postbox, mail_server


async def test_technicians_do_not_browse_addresses(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    assert (await anna.get("mail")).status_code == 403
    assert (await anna.post("mail/test", {"to": "a@b.example"})).status_code == 403
    assert (await anna.browser.get("/desk/administration/mail")).status_code == 403


async def test_the_page_says_plainly_that_mail_is_off(gateway: Gateway) -> None:
    boss = await gateway.technician("Boss", "supervisor")
    page = (await boss.browser.get("/desk/administration/mail")).text
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
        await session.execute(update(Mail).values(state="bounced", problem="recipient: 550"))
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
