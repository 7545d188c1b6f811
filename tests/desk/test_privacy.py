"""What stays among technicians, and who among them may read what."""

import json
import re

import httpx
from sqlalchemy import select

from bot.services.conversation import lifecycle
from bot.store.tables import AuditEntry
from tests.support.gateway_fixture import Case, Gateway, lines_of

SECRET_NOTE = "suspects the supervisor of deleting it"
SECRET_ANSWER = "deleted the folder myself by mistake"


async def everything_a_customer_can_get(gateway: Gateway, case: Case) -> str:
    """Every GET address of the customer API, filled with this customer's own ids, and the start of the stream."""
    got = []
    headers = {"Authorization": f"Bearer {case.token}"}
    routes = [route for route in gateway.app.router.routes if route.uri.startswith("/api/") and "GET" in route.methods]
    assert len(routes) >= 4
    for route in routes:
        if route.uri.endswith("/events"):
            continue
        address = re.sub(r"<conversation_id[^>]*>", case.conversation_id, route.uri)
        got.append((await case.browser.get(re.sub(r"<[^>]+>", "1", address), headers=headers)).text)
    stream_address = f"/api/conversations/{case.conversation_id}/events"
    async with case.browser.stream("GET", stream_address, headers=headers) as stream:
        async for line in lines_of(stream):
            got.append(line)
            if line == "event: state":
                break
    return "\n".join(got)


async def test_private_notes_never_reach_the_customer(gateway: Gateway) -> None:
    anna, ben, case = await gateway.technician("Anna"), await gateway.technician("Ben"), await gateway.case()
    await anna.claim(case)
    noted = await anna.post(f"conversations/{case.conversation_id}/notes", {"text": SECRET_NOTE})
    assert noted.status_code == 201
    assert [note["text"] for note in (await ben.about(case, "/messages"))["notes"]] == [SECRET_NOTE]
    seen = await everything_a_customer_can_get(gateway, case)
    assert case.reference in seen
    assert SECRET_NOTE not in seen


async def test_what_only_the_technician_may_know_is_marked_and_never_reaches_the_customer_api(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    case = await gateway.case("All our invoices are gone", private={"what_changed": SECRET_ANSWER})
    answers = (await anna.about(case))["issue"]["answers"]
    (private,) = [answer for answer in answers if answer["only_technician"]]
    assert (private["question_id"], private["value"]) == ("what_changed", SECRET_ANSWER)
    seen = await everything_a_customer_can_get(gateway, case)
    assert case.reference in seen
    assert SECRET_ANSWER not in seen


async def test_a_conversation_without_an_issue_is_read_by_supervisors_only(gateway: Gateway) -> None:
    opened = await lifecycle.open_conversation(gateway.ctx)
    anna, sam = await gateway.technician("Anna"), await gateway.technician("Sam", role="supervisor")
    address = f"conversations/{opened.conversation_id}"
    for what in ("", "/messages", "/events", "/attachments/1"):
        refused = await anna.get(address + what)
        unknown = await anna.get(f"conversations/{'0' * 24}{what}")
        assert refused.status_code == unknown.status_code == 404
        assert refused.json() == unknown.json()
    assert (await anna.post(f"{address}/notes", {"text": "x"})).status_code == 404
    assert (await sam.get(address)).status_code == 200


async def test_reading_a_conversation_leaves_one_row_a_quarter_of_an_hour(gateway: Gateway) -> None:
    anna, ben, case = await gateway.technician("Anna"), await gateway.technician("Ben"), await gateway.case()

    async def readers() -> list[str]:
        async with gateway.ctx.db.read() as session:
            rows = select(AuditEntry.actor).where(
                AuditEntry.action == "desk.read", AuditEntry.conversation_id == case.conversation_id
            )
            return list(await session.scalars(rows))

    for _ in range(3):
        await anna.about(case)
        await anna.about(case, "/messages")
    assert await readers() == [f"technician:{anna.id}"]
    await ben.about(case)
    gateway.clock.advance(minutes=16)
    await anna.about(case)
    assert await readers() == [f"technician:{anna.id}", f"technician:{ben.id}", f"technician:{anna.id}"]


async def test_the_audit_holds_nobodys_words(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case("Everything is broken since noon")
    await anna.claim(case)
    await anna.say(case, "Have you tried this?")
    await anna.post(f"conversations/{case.conversation_id}/notes", {"text": SECRET_NOTE})
    await anna.get("issues", q="broken noon")
    await anna.post(f"conversations/{case.conversation_id}/return", {"note": "It was repaired"})
    async with gateway.ctx.db.read() as session:
        rows = [entry.details for entry in await session.scalars(select(AuditEntry))]
    assert len(rows) > 6
    kept = json.dumps(rows)
    for words in ("broken", "noon", "tried", SECRET_NOTE, "repaired", "mia@"):
        assert words not in kept


async def test_a_customers_token_opens_nothing_at_the_desk(gateway: Gateway) -> None:
    case = await gateway.case()
    headers = {"Authorization": f"Bearer {case.token}"}
    address = f"/desk/api/conversations/{case.conversation_id}/messages"
    assert (await case.browser.get(address, headers=headers)).status_code == httpx.codes.UNAUTHORIZED
