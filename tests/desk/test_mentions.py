"""A colleague who is mentioned in a note is told, until they have read it."""

from typing import Any

from bot.services.desk.notices import notices
from bot.services.desk.queue_view import queue_counts
from bot.services.desk.work_list import work_list
from bot.store.tables import Technician
from tests.support.gateway_fixture import Case, Desk, Gateway


async def row_of(gateway: Gateway, desk: Desk) -> Technician:
    async with gateway.ctx.db.read() as session:
        return await session.get_one(Technician, desk.id)


async def note(desk: Desk, case: Case, text: str) -> dict[str, Any]:
    answer = await desk.post(f"conversations/{case.conversation_id}/notes", {"text": text})
    assert answer.status_code == 201
    found: dict[str, Any] = answer.json()
    return found


async def test_a_mention_is_in_counts_list_and_notices_until_it_is_read(gateway: Gateway) -> None:
    anna, ben = await gateway.technician("Anna"), await gateway.technician("Ben")
    case = await gateway.case("Printer")
    await anna.claim(case)
    assert (await note(anna, case, "@Ben do you know this one? @Anna"))["mentioned"] == ["Ben"]
    me = await row_of(gateway, ben)
    (mention,) = (await queue_counts(gateway.ctx, me))["mentions"]
    assert (mention["by"], mention["conversation_id"]) == ("Anna", case.conversation_id)
    assert "know" not in str(mention), "the stream says nobody's words"
    (section,) = await work_list(gateway.ctx, me)
    assert (section.title, section.rows[0]["title"]) == ("For you", "Printer")
    assert section.rows[0]["marks"] == [("mine", "Anna mentioned you")]
    assert "@Ben do you know" in (await ben.browser.get("/desk/fragments/notices")).text
    await ben.post(f"conversations/{case.conversation_id}/read", {"seq": 1})
    assert (await queue_counts(gateway.ctx, me))["mentions"] == []
    assert await work_list(gateway.ctx, me) == []
    (kept,) = await notices(gateway.ctx, me)
    assert (kept["words"], kept["unread"]) == ("Anna mentioned you", False)
    assert (await queue_counts(gateway.ctx, await row_of(gateway, anna)))["mentions"] == []


async def test_a_conversation_that_is_listed_already_is_marked(gateway: Gateway) -> None:
    anna, ben = await gateway.technician("Anna"), await gateway.technician("Ben")
    case = await gateway.case()
    await ben.claim(case)
    await note(anna, case, "@ben: look at the log")
    (section,) = await work_list(gateway.ctx, await row_of(gateway, ben))
    assert section.title == "Your turn"
    assert ("mine", "Anna mentioned you") in section.rows[0]["marks"]
    assert len(section.rows) == 1


async def test_nobody_is_notified_of_a_conversation_that_they_may_not_read(gateway: Gateway) -> None:
    boss, ben = await gateway.technician("Boss", "supervisor"), await gateway.technician("Ben")
    opened = (await gateway.browser().post("/api/conversations", json={})).json()
    address = f"conversations/{opened['conversation_id']}/notes"
    assert (await boss.post(address, {"text": "@Ben look"})).json()["mentioned"] == []
    assert (await queue_counts(gateway.ctx, await row_of(gateway, ben)))["mentions"] == []
