"""Somebody telephones: who it is, what is known of them, and that nothing in writing is queued for a caller."""

from typing import Any

from sqlalchemy import func, select, update

from bot.services.desk.answer_way import answer_way
from bot.store.tables import Conversation, Customer, OutboxItem
from tests.support.gateway_fixture import Case, Desk, Gateway

CALL = {"problem": "The printer is silent", "contact": "0151 / 234 567 89"}


async def callers(desk: Desk, wanted: str) -> list[dict[str, Any]]:
    answer = await desk.get("callers", q=wanted)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["callers"]
    return found


async def known(gateway: Gateway) -> tuple[Desk, Case, int]:
    """Return a case of Mia Brandt, who gave a number, with her id."""
    anna, case = (
        await gateway.technician("Anna"),
        await gateway.case("The till is stuck", contact="Mia, +49 151 23456789"),
    )
    async with gateway.ctx.db.write() as session:
        conversation = await session.get_one(Conversation, case.conversation_id)
        mine = Customer.id == conversation.customer_id
        await session.execute(update(Customer).where(mine).values(name="Mia Brandt", email="mia@bakery.example"))
        return anna, case, conversation.customer_id


async def test_a_caller_is_found_by_number_name_address_and_reference(gateway: Gateway) -> None:
    anna, case, customer = await known(gateway)
    await gateway.case("Somebody else", contact="ted@other.example")
    for written in ("0151 234 567 89", "+4915123456789", "brandt mia", "MIA@bakery", case.reference):
        (found,) = await callers(anna, written)
        assert (found["id"], found["name"], found["contract"]) == (customer, "Mia Brandt", None), written
        assert [(one["reference"], one["conversation_id"]) for one in found["issues"]] == [
            (case.reference, case.conversation_id)
        ]
        assert found["contact"] == "Mia, +49 151 23456789"
    await case.write("Or at the shop: 0221 / 99 88 77")
    assert [one["id"] for one in await callers(anna, "+49 221 998877")] == [customer]
    for nobody in ("", "0151 999 999 99", "mia brandt jones"):
        assert await callers(anna, nobody) == []


async def test_a_call_belongs_to_the_caller_who_was_chosen(gateway: Gateway) -> None:
    anna, _, customer = await known(gateway)
    logged = (await anna.post("calls", {**CALL, "customer": customer})).json()
    (found,) = await callers(anna, "Mia Brandt")
    assert found["issues"][0]["reference"] == logged["reference"]
    for wrong in (customer + 1000, "1", 0, True, 2**31 - 1):
        refused = await anna.post("calls", {**CALL, "customer": wrong})
        assert refused.status_code == 422 and "nothing was logged" in refused.json()["error"]["message"]


async def test_nothing_is_queued_for_a_caller(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    logged = (await anna.post("calls", CALL)).json()
    address = f"conversations/{logged['conversation_id']}"
    await anna.post(f"{address}/call/end", {"minutes": 2})
    await anna.post(f"{address}/messages", {"client_message_id": "1", "text": "As I said on the telephone"})
    async with gateway.ctx.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(OutboxItem)) == 0
    about = (await anna.get(address)).json()
    assert (about["answer_way"]["way"], about["answer_way"]["callable"]) == ("phone", True)
    assert about["state"]["undelivered"] == []


def test_the_way_of_an_answer_follows_from_channel_address_and_mail() -> None:
    both, number, none = (
        {"email": mail, "phone": phone} for mail, phone in (("k@x.example", "1"), (None, "1"), (None, None))
    )
    ways = [
        answer_way("web", both, mail_works=True),
        answer_way("web", both, mail_works=False),
        answer_way("web", number, mail_works=True),
        answer_way("web", none, mail_works=True),
        answer_way("slack", both, mail_works=True),
    ]
    assert [(way["way"], way["callable"]) for way in ways] == [
        ("mail", True),
        ("chat", True),
        ("chat", True),
        ("chat", False),
        ("channel", True),
    ]
    assert "k@x.example" in ways[0]["words"] and "telephone" in ways[2]["words"] and ways[4]["words"] == ""
