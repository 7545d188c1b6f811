"""Targets warn in the list and are counted in a report; who waits is assigned where the office wishes it."""

import json
from typing import Any

from bot.services.desk.work_list import work_list
from bot.services.hand_off import assignment
from bot.store.tables import HandOff, Technician
from tests.support.browser_windows import open_the_doors
from tests.support.gateway_fixture import Case, Desk, Gateway, eventually


async def set_up(gateway: Gateway, **sections: dict[str, Any]) -> None:
    """Write the home's support.yml, and wait until it is in use: the gateway watches the file as well."""
    (gateway.ctx.home / "support.yml").write_text(json.dumps(sections), encoding="utf-8")

    async def in_use() -> bool:
        await gateway.ctx.refresh_support()
        support = gateway.ctx.support.model_dump(mode="json")
        return all(support[name].items() >= values.items() for name, values in sections.items())

    await eventually(in_use)


async def marks(gateway: Gateway, desk: Desk) -> list[str]:
    async with gateway.ctx.db.read() as session:
        technician = await session.get_one(Technician, desk.id)
    return [
        words
        for section in await work_list(gateway.ctx, technician)
        for row in section.rows
        for _, words in row["marks"]
    ]


async def marked_for(gateway: Gateway, case: Case) -> int | None:
    async with gateway.ctx.db.read() as session:
        return (await session.get_one(HandOff, case.hand_off_id)).for_technician_id


async def test_a_target_warns_before_and_after_it_is_missed(gateway: Gateway) -> None:
    open_the_doors(gateway)
    anna, boss = await gateway.technician("Anna"), await gateway.technician("Boss", "supervisor")
    kinds = {"contract": 60, "prepaid": 60, "payment_required": 60, "free_of_charge": 60}
    await set_up(gateway, targets={"first_answer_minutes": kinds, "solution_hours": {"payment_required": 2}})
    case = await gateway.case()
    assert not [one for one in await marks(gateway, anna) if "answer" in one]
    gateway.clock.advance(minutes=50)
    assert any(one.startswith("First answer due in") for one in await marks(gateway, anna))
    gateway.clock.advance(minutes=20)
    assert any(one.startswith("First answer 10 min late") for one in await marks(gateway, anna))
    await anna.claim(case)
    await anna.say(case, "Hello")
    gateway.clock.advance(minutes=40)
    assert any(one.startswith("Solution due in") for one in await marks(gateway, anna))
    report = (await boss.get("reports", days=1)).json()
    (targets,) = [one for one in report["reports"] if one["id"] == "targets"]
    assert [row for row in targets["rows"] if row[0] == "Payment ahead: first answer"] == [
        ["Payment ahead: first answer", 0.0, 0, 1]
    ]
    assert "Payment ahead: first answer" in (await boss.browser.get("/desk/reports?days=1")).text


async def test_nobody_is_assigned_unless_the_office_wishes_it(gateway: Gateway) -> None:
    open_the_doors(gateway)
    anna, case = await gateway.technician("Anna"), await gateway.case()
    await assignment.assign_waiting(gateway.ctx)
    assert await marked_for(gateway, case) is None
    await set_up(gateway, queue={"assign_automatically": True})
    await assignment.assign_waiting(gateway.ctx)
    assert await marked_for(gateway, case) == anna.id


async def test_load_presence_and_team_decide(gateway: Gateway) -> None:
    open_the_doors(gateway)
    busy, away = await gateway.technician("Busy"), await gateway.technician("Away")
    free, elsewhere = await gateway.technician("Free"), await gateway.technician("Elsewhere")
    await away.post("availability", {"availability": "away"})
    await gateway.hire("Signed Out")
    await busy.claim(await gateway.case())
    async with gateway.ctx.db.write() as session:
        (await session.get_one(Technician, elsewhere.id)).team = "none of these"
    await set_up(gateway, queue={"assign_automatically": True, "most_each": 1})
    first, second = await gateway.case(), await gateway.case()
    await assignment.assign_waiting(gateway.ctx)
    assert await marked_for(gateway, first) == free.id
    assert await marked_for(gateway, second) is None, "everybody has enough"


async def test_what_an_assigned_technician_leaves_waiting_goes_on(gateway: Gateway) -> None:
    open_the_doors(gateway)
    await set_up(gateway, queue={"assign_automatically": True})
    anna, case = await gateway.technician("Anna"), await gateway.case()
    await assignment.assign_waiting(gateway.ctx)
    ben = await gateway.technician("Ben")
    await assignment.assign_waiting(gateway.ctx)
    assert await marked_for(gateway, case) == anna.id
    gateway.clock.advance(minutes=gateway.ctx.support.queue.silence_minutes)
    await assignment.assign_waiting(gateway.ctx)
    assert await marked_for(gateway, case) == ben.id


async def test_nobody_waits_for_who_is_away(gateway: Gateway) -> None:
    open_the_doors(gateway)
    anna, ben = await gateway.technician("Anna"), await gateway.technician("Ben")
    waits, answered, marked = await gateway.case(), await gateway.case(), await gateway.case()
    for case in (waits, answered):
        await anna.claim(case)
        await anna.say(case, "Is it on?")
    await waits.write("Yes, and still dark")
    await ben.claim(marked)
    await ben.post(f"conversations/{marked.conversation_id}/transfer", {"technician": anna.id})
    assert (await anna.post("availability", {"availability": "away"})).status_code == 200
    rows = {row["reference"]: row for row in (await ben.get("handoffs")).json()["handoffs"]}
    assert set(rows) == {waits.reference, marked.reference}
    assert rows[marked.reference]["for"] is None
    assert (await answered.reads())["owner"] == "technician"
