"""The list beside the work: its sections, whose turn it is, since when, and what nobody has read."""

from datetime import timedelta
from typing import Any

from bot.services.desk.queue_view import queue_counts
from bot.services.desk.work_list import Section, work_list
from bot.store.tables import Technician
from tests.support.browser_windows import open_the_doors
from tests.support.gateway_fixture import Desk, Gateway

Titles = dict[str, list[str]]


async def sections(gateway: Gateway, desk: Desk, **how: Any) -> list[Section]:
    async with gateway.ctx.db.read() as session:
        technician = await session.get_one(Technician, desk.id)
    return await work_list(gateway.ctx, technician, **how)


async def titles(gateway: Gateway, desk: Desk, **how: Any) -> Titles:
    return {one.title: [row["title"] for row in one.rows] for one in await sections(gateway, desk, **how)}


async def test_a_conversation_moves_between_my_turn_and_the_customers(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case("Printer")
    assert await titles(gateway, anna) == {"Payment ahead": ["Printer"]}
    await anna.claim(case)
    assert await titles(gateway, anna) == {"Your turn": ["Printer"]}
    await anna.say(case, "Is it on?")
    assert await titles(gateway, anna) == {"Waiting for customer": ["Printer"]}
    await case.write("Yes")
    (section,) = await sections(gateway, anna)
    assert (section.title, section.rows[0]["said"], section.rows[0]["said_by"]) == ("Your turn", "Yes", "customer")


async def test_only_what_the_customer_wrote_since_i_looked_is_unread(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    await anna.claim(case)
    address = f"conversations/{case.conversation_id}/read"
    assert (await anna.post(address, {"seq": 10**9})).status_code == 204, "no further than there are messages"
    assert (await sections(gateway, anna))[0].rows[0]["unread"] == 0
    await case.write("One")
    await case.write("Two")
    (row,) = (await sections(gateway, anna))[0].rows
    assert row["unread"] == 2
    await anna.post(address, {"seq": (await case.reads())["messages"][-1]["seq"]})
    await anna.post(address, {"seq": 1})
    assert (await sections(gateway, anna))[0].rows[0]["unread"] == 0, "an older position takes nothing back"
    for wrong in ({}, {"seq": "1"}, {"seq": -1}, {"seq": True}):
        assert (await anna.post(address, wrong)).status_code == 422


async def test_words_from_before_the_claim_are_no_answer_to_its_technician(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    async with gateway.ctx.db.read() as session:
        technician = await session.get_one(Technician, anna.id)
    gateway.clock.advance(seconds=5)
    await anna.claim(case)
    assert (await queue_counts(gateway.ctx, technician))["unread"] == {}
    await case.write("It is worse now")
    assert (await queue_counts(gateway.ctx, technician))["unread"] == {case.conversation_id: 1}


async def test_who_may_not_read_a_conversation_cannot_mark_it(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    opened = (await gateway.browser().post("/api/conversations", json={})).json()["conversation_id"]
    assert (await anna.post(f"conversations/{opened}/read", {"seq": 1})).status_code == 404


async def test_the_wait_for_my_answer_counts_and_becomes_soon_then_late(gateway: Gateway) -> None:
    open_the_doors(gateway)
    anna, case = await gateway.technician("Anna"), await gateway.case()
    await anna.claim(case)
    await anna.say(case, "Is it on?")
    gateway.clock.advance(minutes=5)
    await case.write("Yes")
    seen = []
    for minutes in (0, 8, 8):
        gateway.clock.advance(minutes=minutes)
        row = (await sections(gateway, anna))[0].rows[0]
        seen.append((row["urgency"], row["waited"] // 60))
    assert seen == [("", 0), ("soon", 8), ("late", 16)]


async def test_a_transfer_to_me_and_what_reminds_me_have_their_own_sections(gateway: Gateway) -> None:
    open_the_doors(gateway)
    anna, ben = await gateway.technician("Anna"), await gateway.technician("Ben")
    passed, later = await gateway.case("Passed"), await gateway.case("Later")
    await gateway.case("Nobody's")
    await ben.claim(passed)
    await ben.post(f"conversations/{passed.conversation_id}/transfer", {"technician": anna.id})
    await anna.claim(later)
    until = (gateway.clock() + timedelta(days=1)).isoformat()
    await anna.post(f"issues/{later.reference}/status", {"status": "waiting_until", "until": until})
    assert await titles(gateway, anna) == {
        "For you": ["Passed"],
        "Reminders": ["Later"],
        "Payment ahead": ["Nobody's"],
    }
    assert "Passed" in (await titles(gateway, ben))["Payment ahead"]


async def test_the_queue_is_grouped_by_class_and_by_what_goes_ahead(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    await gateway.case("First")
    await gateway.case("All our invoices are gone")
    await gateway.case("Our invoice from you was charged twice")
    assert list(await titles(gateway, anna)) == ["Free of charge", "Payment ahead"]
    (gateway.ctx.home / "support.yml").write_text("queue: {moves_ahead: [data_loss]}\n")
    assert await gateway.ctx.refresh_support()
    assert list(await titles(gateway, anna)) == ["Free of charge", "Payment ahead: data may be lost", "Payment ahead"]


async def test_a_team_narrows_the_queue_and_never_what_is_mine(gateway: Gateway) -> None:
    anna, ben = await gateway.technician("Anna"), await gateway.technician("Ben")
    mine, his = await gateway.case("Mine"), await gateway.case("Ben's")
    await gateway.case("All our invoices are gone")
    await anna.claim(mine)
    await ben.claim(his)
    assert list(await titles(gateway, anna, team="data")) == ["Your turn", "Payment ahead"]
    assert await titles(gateway, anna, team="accounts") == {"Your turn": ["Mine"]}
    assert (await titles(gateway, anna, everybody=True))["With colleagues"] == ["Ben's"]


async def test_a_mark_that_all_rows_have_is_not_shown(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    for number in range(3):
        await gateway.case(f"Problem {number}")
    rows = [row for section in await sections(gateway, anna) for row in section.rows]
    assert all(("", "Details incomplete") not in row["marks"] for row in rows)
    await gateway.case("All our invoices are gone", impact="Everyone; right now")
    marks = [mark for section in await sections(gateway, anna) for row in section.rows for mark in row["marks"]]
    assert any(tone == "grave" for tone, _ in marks)
