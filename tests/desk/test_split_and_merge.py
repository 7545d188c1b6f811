"""A second problem is split out, and two issues of one customer are merged and unmerged; nothing is lost."""

from typing import Any

from sqlalchemy import select, update

from bot.services.desk.timeline import timeline
from bot.store.tables import IntakeAnswer, Issue, Message
from tests.support.gateway_fixture import SUPPORT, Case, Desk, Gateway


async def claimed(gateway: Gateway) -> tuple[Desk, Case]:
    anna, case = await gateway.technician("Anna"), await gateway.case("The printer jams")
    assert (await anna.claim(case)).status_code == 200
    return anna, case


async def split(desk: Desk, case: Case, problem: str, **more: Any) -> str:
    answer = await desk.post(f"issues/{case.reference}/split", {"problem": problem, **more})
    assert answer.status_code == 201, answer.text
    reference: str = answer.json()["reference"]
    return reference


async def test_a_second_problem_has_a_reference_of_its_own_that_the_customer_reads(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    await case.write("And the VAT report is empty")
    second = await split(anna, case, "The VAT report is empty", seqs=[(await case.reads())["messages"][-1]["seq"]])
    assert second in (await case.reads())["messages"][-1]["text"]
    state = (await anna.about(case))["state"]
    assert [one["reference"] for one in state["together"]] == [case.reference, second]
    assert (state["reference"], state["mine"]) == (case.reference, True)
    issue = (await anna.get(f"issues/{second}")).json()
    assert (issue["title"], issue["technician"]) == ("The VAT report is empty", "Anna")
    assert [(one["reference"], one["kind"]) for one in issue["links"]] == [(case.reference, "related")]
    resolved = await anna.post(f"conversations/{case.conversation_id}/resolve", {"references": [second]})
    assert resolved.json()["owner"] == "technician", "the first is still held"
    async with gateway.ctx.db.read() as session:
        told = await timeline(session, SUPPORT, case.conversation_id, None)
    assert "split a second problem out" in [one["what"] for one in told]


async def test_what_was_written_in_private_is_shown_to_nobody_else(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    await case.write("Between us: the payroll is wrong")
    seq = (await case.reads())["messages"][-1]["seq"]
    async with gateway.ctx.db.write() as session:
        mine = Message.conversation_id == case.conversation_id, Message.seq == seq
        await session.execute(update(Message).where(*mine).values(private=True))
    second = await split(anna, case, "The payroll is wrong", seqs=[seq])
    async with gateway.ctx.db.read() as session:
        issue = await session.scalar(select(Issue).where(Issue.reference == second))
        assert issue is not None and "payroll" not in issue.title
        answers = await session.scalars(select(IntakeAnswer).where(IntakeAnswer.intake_id == issue.intake_id))
        assert {one.visibility for one in answers if "payroll" in one.value} == {"technician"}


async def test_only_its_owner_splits_a_conversation(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    ben = await gateway.technician("Ben", "admin")
    assert (await ben.post(f"issues/{case.reference}/split", {"problem": "x"})).status_code == 409
    refused: tuple[dict[str, Any], ...] = (
        {},
        {"problem": "x" * 4001},
        {"problem": "x", "seqs": ["1"]},
        {"problem": "x", "seqs": [2**40]},
        {"problem": "x", "category": "nothing"},
    )
    for body in refused:
        assert (await anna.post(f"issues/{case.reference}/split", body)).status_code == 422, body


async def test_two_issues_of_a_conversation_are_merged_resolved_as_one_and_unmerged(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    second = await split(anna, case, "It jams on tray two")
    await anna.post(f"issues/{second}/unlink", {"other": case.reference})
    merged = await anna.post(f"issues/{second}/link", {"other": case.reference, "kind": "duplicate"})
    assert merged.status_code == 200
    assert (await anna.about(case))["state"]["together"] == []
    await anna.post(f"issues/{second}/unlink", {"other": case.reference})
    state = (await anna.about(case))["state"]
    assert {one["reference"] for one in state["together"]} == {case.reference, second}, "both are held again"
    await anna.post(f"issues/{second}/link", {"other": case.reference, "kind": "duplicate"})
    closed = await anna.post(f"conversations/{case.conversation_id}/resolve")
    assert closed.json()["owner"] == "closed"
    for reference in (case.reference, second):
        assert (await anna.get(f"issues/{reference}")).json()["status"] == "resolved"
