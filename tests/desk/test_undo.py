"""Resolve, transfer, link and mail can be undone for five seconds; nobody sees anything of them before."""

import uuid
from typing import Any

import httpx
from sqlalchemy import func, select, update

from bot.services.channel.channel_people import EMAIL
from bot.services.desk import delayed_actions
from bot.services.desk.queue_view import queue_counts
from bot.services.privacy import erasure
from bot.services.upkeep import housekeeping
from bot.store.tables import Conversation, DelayedAction, OutboxItem, Technician
from tests.support.gateway_fixture import Case, Desk, Gateway, eventually

LONGER = delayed_actions.DELAY.total_seconds() + 1


async def claimed(gateway: Gateway) -> tuple[Desk, Case]:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    assert (await anna.claim(case)).status_code == 200
    return anna, case


async def delayed(desk: Desk, case: Case, move: str, **body: Any) -> dict[str, Any]:
    answer = await desk.post(f"conversations/{case.conversation_id}/{move}", {**body, "delay": True})
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()["delayed"]
    return found


async def takes_effect(gateway: Gateway, action: dict[str, Any], state: str = "done") -> None:
    gateway.clock.advance(seconds=LONGER)

    async def ended() -> bool:
        async with gateway.ctx.db.read() as session:
            return (await session.get_one(DelayedAction, action["id"])).state == state

    await eventually(ended)


async def undo(desk: Desk, action: dict[str, Any]) -> httpx.Response:
    return await desk.post(f"delayed/{action['id']}/undo")


async def counted(gateway: Gateway, desk: Desk) -> list[dict[str, Any]]:
    """Return the delayed actions in the counts of the desk."""
    async with gateway.ctx.db.read() as session:
        technician = await session.get_one(Technician, desk.id)
    found: list[dict[str, Any]] = (await queue_counts(gateway.ctx, technician))["delayed"]
    return found


async def test_a_resolution_that_is_undone_was_never_seen(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    before = await case.reads()
    action = await delayed(anna, case, "resolve")
    assert (await case.reads()) == before
    assert [one["id"] for one in await counted(gateway, anna)] == [action["id"]]
    assert (await undo(anna, action)).status_code == 204
    gateway.clock.advance(seconds=LONGER)
    await delayed_actions.do_what_is_due(gateway.ctx)
    seen = await case.reads()
    assert (seen["owner"], seen["messages"]) == ("technician", before["messages"])
    assert await counted(gateway, anna) == []


async def test_a_resolution_takes_effect_after_five_seconds_and_is_then_too_late_to_undo(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    action = await delayed(anna, case, "resolve")
    await takes_effect(gateway, action)
    assert (await case.reads())["owner"] == "closed"
    answer = await undo(anna, action)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "too_late")


async def test_what_the_customer_writes_meanwhile_stops_a_resolution(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    action = await delayed(anna, case, "resolve")
    await case.write("No, it still crashes")
    await takes_effect(gateway, action, "dropped")
    assert (await case.reads())["owner"] == "technician"
    (one,) = await counted(gateway, anna)
    assert one["why"] == "Not resolved: the customer wrote meanwhile."


async def test_the_same_conversation_is_not_resolved_and_transferred_at_once(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    await delayed(anna, case, "resolve")
    second = {"team": "systems", "delay": True}
    answer = await anna.post(f"conversations/{case.conversation_id}/transfer", second)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "delayed")


async def test_only_who_did_it_can_undo_it(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    ben = await gateway.technician("Ben", "admin")
    action = await delayed(anna, case, "transfer", team="systems")
    assert (await undo(ben, action)).status_code == 404
    await takes_effect(gateway, action)
    assert (await case.reads())["owner"] == "queue"


async def test_a_transfer_that_cannot_be_done_any_more_keeps_its_note(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    action = await delayed(anna, case, "transfer", team="systems", note="Look at the log first")
    back = await anna.post(f"conversations/{case.conversation_id}/return", {"note": "Try again"})
    assert back.status_code == 200
    await takes_effect(gateway, action, "dropped")
    notes = (await anna.about(case, "/messages"))["notes"]
    assert [one["text"] for one in notes] == ["Look at the log first"]


async def test_an_action_is_done_once_however_many_gateways_look(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    action = await delayed(anna, case, "transfer", team="systems")
    await takes_effect(gateway, action)
    for _ in range(2):
        await delayed_actions._drop(gateway.ctx, action["id"], "late")
        await delayed_actions._perform(gateway.ctx, action["id"])
    said = [one["text"] for one in (await case.reads())["messages"] if "Installation and network" in one["text"]]
    assert len(said) == 1


async def mail_reply(desk: Desk, case: Case, text: str, client_id: str) -> httpx.Response:
    body = {"client_message_id": client_id, "text": text, "delay": True}
    return await desk.post(f"conversations/{case.conversation_id}/messages", body)


async def test_a_reply_by_mail_waits_and_leaves_nothing_in_the_outbox_until_then(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    at_once = await mail_reply(anna, case, "In a chat it is sent at once", str(uuid.uuid4()))
    assert at_once.status_code == 201
    async with gateway.ctx.db.write() as session:
        change = update(Conversation).where(Conversation.id == case.conversation_id).values(channel=EMAIL)
        await session.execute(change)
    before, same = await items(gateway), str(uuid.uuid4())
    answer = await mail_reply(anna, case, "Please install 12.2", same)
    assert answer.status_code == 202
    again = await mail_reply(anna, case, "Please install 12.2", same)
    assert again.json()["delayed"]["id"] == answer.json()["delayed"]["id"]
    assert await items(gateway) == before
    assert (await case.reads())["messages"][-1]["text"] == "In a chat it is sent at once"
    await takes_effect(gateway, answer.json()["delayed"])
    assert (await case.reads())["messages"][-1]["text"] == "Please install 12.2"
    assert (await mail_reply(anna, case, "Please install 12.2", same)).status_code == 200


async def test_whoever_wishes_it_can_undo_replies_in_a_chat_too(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    assert (await anna.post("preferences", {"delays_replies": True})).status_code == 200
    assert (await anna.post("preferences", {"delays_replies": "yes"})).status_code == 422
    same = str(uuid.uuid4())
    answer = await mail_reply(anna, case, "Is it better now?", same)
    assert answer.status_code == 202
    await case.write("Wait, I have found it")
    await takes_effect(gateway, answer.json()["delayed"], "dropped")
    refused = await mail_reply(anna, case, "Is it better now?", same)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "too_late")
    assert (await case.reads())["messages"][-1]["text"] == "Wait, I have found it"


async def test_a_link_to_a_known_problem_can_be_undone(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    boss = await gateway.technician("Boss", "supervisor")
    problem = (await boss.post("known-problems", {"title": "Printing", "text": "It crashes."})).json()["id"]
    asked = {"reference": case.reference, "delay": True}
    answer = await anna.post(f"known-problems/{problem}/issues", asked)
    assert answer.status_code == 202
    assert not (await anna.get(f"issues/{case.reference}")).json()["known_problem"]
    assert (await undo(anna, answer.json()["delayed"])).status_code == 204
    answer = await anna.post(f"known-problems/{problem}/issues", asked)
    await takes_effect(gateway, answer.json()["delayed"])
    assert (await anna.get(f"issues/{case.reference}")).json()["known_problem"]
    assert (await anna.post(f"known-problems/{problem + 1}/issues", asked)).status_code == 404


async def test_nothing_of_an_ended_action_stays_for_long(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    action = await delayed(anna, case, "transfer", team="systems", note="words")
    await undo(anna, action)
    async with gateway.ctx.db.read() as session:
        assert (await session.get_one(DelayedAction, action["id"])).payload == {}
    gateway.clock.advance(days=2)
    await housekeeping.remove_expired(gateway.ctx)
    async with gateway.ctx.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(DelayedAction)) == 0
    assert DelayedAction in erasure._GONE


async def items(gateway: Gateway) -> int:
    async with gateway.ctx.db.read() as session:
        return await session.scalar(select(func.count()).select_from(OutboxItem)) or 0
