"""Passing a conversation on: back to the assistant, to others, or out of the door."""

import pytest

from tests.support.gateway_fixture import Case, Desk, Gateway, eventually


async def claimed(gateway: Gateway) -> tuple[Desk, Case]:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    assert (await anna.claim(case)).status_code == 200
    return anna, case


async def test_resolving_closes_the_conversation_and_informs_the_customer(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    answer = await anna.post(f"conversations/{case.conversation_id}/resolve")
    assert answer.status_code == 200 and answer.json()["owner"] == "closed"
    seen = await case.reads()
    assert seen["owner"] == "closed"
    assert case.reference in seen["messages"][-1]["text"]
    assert (await anna.get(f"issues/{case.reference}")).json()["status"] == "resolved"
    assert (await anna.get("handoffs", state="mine")).json()["handoffs"] == []


async def test_giving_back_makes_the_assistant_inform_the_customer_what_was_done(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    note = "Your licence has been reset; did that work?"
    answer = await anna.post(f"conversations/{case.conversation_id}/return", {"note": note})
    assert answer.status_code == 200 and answer.json()["owner"] == "assistant"
    assert (await anna.say(case, "too late")).json()["error"]["code"] == "not_owner"

    async def notes_read() -> bool:
        messages = (await case.reads())["messages"]
        return any(message["author"] == "assistant" and note in message["text"] for message in messages)

    await eventually(notes_read, 30)


async def test_a_transfer_to_a_team_puts_the_conversation_in_its_queue(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    answer = await anna.post(f"conversations/{case.conversation_id}/transfer", {"team": "systems"})
    assert answer.status_code == 200 and answer.json()["owner"] == "queue"
    (row,) = (await anna.get("handoffs", state="waiting")).json()["handoffs"]
    assert (row["team"], row["reference"], row["transferred"]) == ("systems", case.reference, True)
    assert "Installation and network" in (await case.reads())["messages"][-1]["text"]


@pytest.mark.parametrize("named_by", ["id", "e-mail"])
async def test_a_transfer_to_a_colleague_is_marked_as_theirs(gateway: Gateway, named_by: str) -> None:
    anna, case = await claimed(gateway)
    ben = await gateway.technician("Ben")
    target: dict[str, object] = {"technician": ben.id if named_by == "id" else ben.email}
    assert (await anna.post(f"conversations/{case.conversation_id}/transfer", target)).status_code == 200
    (row,) = (await ben.get("handoffs", state="waiting")).json()["handoffs"]
    assert row["for_me"] is True
    (seen_by_anna,) = (await anna.get("handoffs", state="waiting")).json()["handoffs"]
    assert (seen_by_anna["for_me"], seen_by_anna["for"]) == (False, "Ben")
    await ben.claim(Case(case.browser, case.conversation_id, case.token, case.reference, row["id"]))
    assert (await ben.say(case, "Ben here")).status_code == 201


async def test_a_transfer_to_nobody_in_particular_is_refused(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    bodies: list[dict[str, object]] = [
        {},
        {"team": "unknown"},
        {"team": ["systems"]},
        {"technician": 99999},
        {"technician": True},
        {"technician": "nobody@desk.example"},
        {"technician": anna.id},
        {"team": "systems", "technician": 1},
    ]
    for body in bodies:
        refused = await anna.post(f"conversations/{case.conversation_id}/transfer", body)
        assert refused.status_code == 422, body
        assert refused.json()["error"]["code"] == "unknown_target"
    assert (await case.reads())["owner"] == "technician"


async def test_only_the_owner_of_the_conversation_may_move_it(gateway: Gateway) -> None:
    _, case = await claimed(gateway)
    ben = await gateway.technician("Ben")
    for move, body in (("return", {"note": "x"}), ("resolve", {}), ("transfer", {"team": "systems"})):
        refused = await ben.post(f"conversations/{case.conversation_id}/{move}", body)
        assert refused.status_code == 409
        assert refused.json()["error"]["code"] == "not_owner"
    assert (await case.reads())["owner_name"] == "Anna"


async def test_a_note_for_the_assistant_must_be_text_of_a_sensible_length(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    for note in (7, ["x"], "x" * 2001):
        refused = await anna.post(f"conversations/{case.conversation_id}/return", {"note": note})
        assert refused.status_code == 422
    assert (await case.reads())["owner"] == "technician"


async def test_colleagues_and_teams_to_transfer_to_are_listed_without_oneself(gateway: Gateway) -> None:
    anna, ben = await gateway.technician("Anna"), await gateway.hire("Ben")
    found = (await anna.get("colleagues")).json()
    assert [one["id"] for one in found["technicians"]] == [ben.id]
    assert {"id": "systems", "title": "Installation and network"} in found["teams"]


async def test_one_of_two_issues_is_resolved_by_its_reference(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    other = await gateway.another(case, "The server throws us out")
    assert (await anna.claim(case)).status_code == 200
    resolve = f"conversations/{case.conversation_id}/resolve"
    for wrong in ("TR-1", [7], {"a": "b"}):
        assert (await anna.post(resolve, {"references": wrong})).status_code == 422
    shown = (await anna.post(resolve, {"references": [case.reference]})).json()
    assert (shown["owner"], shown["reference"], shown["together"]) == ("technician", other, [])
    assert (await anna.post(resolve, {"references": [other]})).json()["owner"] == "closed"
