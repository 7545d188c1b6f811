"""Taking a hand-off: one winner, and everybody else is told."""

import asyncio

from tests.support.gateway_fixture import Gateway


async def test_of_two_technicians_who_claim_at_once_exactly_one_wins(gateway: Gateway) -> None:
    anna, ben = await gateway.technician("Anna"), await gateway.technician("Ben")
    for _ in range(5):
        case = await gateway.case()
        answers = await asyncio.gather(*(desk.claim(case) for desk in (anna, ben, anna, ben)))
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


async def test_second_claim_is_informed_by_whom(gateway: Gateway) -> None:
    anna, ben = await gateway.technician("Anna"), await gateway.technician("Ben")
    case = await gateway.case()
    assert (await anna.claim(case)).json()["technician"] == "Anna"
    refused = await ben.claim(case)
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "taken"
    assert "Anna" in refused.json()["error"]["message"]


async def test_the_customer_reads_who_joined(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    await anna.claim(case)
    seen = await case.reads()
    assert (seen["owner"], seen["owner_name"]) == ("technician", "Anna")
    assert "Anna" in seen["messages"][-1]["text"]


async def test_a_hand_off_that_does_not_exist_is_not_found(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    for wrong in ("999", "abc", "-1", "9" * 30, "%00"):
        answer = await anna.post(f"handoffs/{wrong}/claim")
        assert answer.status_code == 404, wrong
        assert answer.json()["error"]["code"] == "not_found"


async def test_the_queue_shows_what_decides_who_should_take_it(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    case = await gateway.case("All our invoices are gone", contact="234-555-0142", impact="Everyone; right now")
    gateway.clock.advance(minutes=5)
    (row,) = (await anna.get("handoffs", state="waiting")).json()["handoffs"]
    assert row["reference"] == case.reference
    assert row["conversation_id"] == case.conversation_id
    assert row["title"] == "All our invoices are gone"
    assert (row["team"], row["category"], row["impact"]) == ("data", "data_damage", "data_loss")
    assert 300 <= row["waiting_seconds"] < 310
    assert row["contact"] == "234-555-0142"
    assert row["entitlement"] == "payment_required"
    assert row["owner"] == "queue"


async def test_a_claimed_hand_off_moves_from_waiting_to_mine(gateway: Gateway) -> None:
    anna, ben = await gateway.technician("Anna"), await gateway.technician("Ben")
    first, second = await gateway.case(), await gateway.case()
    await anna.claim(first)

    async def ids(desk: object, state: str) -> list[int]:
        answer = await desk.get("handoffs", state=state)  # type: ignore[attr-defined]
        return [row["id"] for row in answer.json()["handoffs"]]

    assert await ids(anna, "waiting") == [second.hand_off_id]
    assert await ids(anna, "mine") == [first.hand_off_id]
    assert await ids(ben, "mine") == []
    assert await ids(ben, "all") == [second.hand_off_id, first.hand_off_id]


async def test_a_view_that_does_not_exist_is_refused(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    answer = await anna.get("handoffs", state="everything")
    assert answer.status_code == 422
    assert "waiting, mine, all" in answer.json()["error"]["message"]
