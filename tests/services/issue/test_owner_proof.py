"""A lost Tech Reference: a code mailed to the address of the issue proves it; nothing is disclosed before.

Mail is off here: the code is queued, and it is said that none can be sent now.
"""

import re
from datetime import timedelta

from bot.services.core.context import Context
from bot.services.issue import owner_proof
from tests.support.outbox import mails, payload
from tests.support.service_fixtures import Clock, Customer
from tests.support.service_steps import logged

LOST = "i lost my reference number, can you look it up? my mail is {}"


async def last(customer: Customer) -> str:
    return str((await customer.reads())[-1]["text"])


async def code_mailed(ctx: Context) -> tuple[str, str]:
    """Address and code of the newest code that was mailed."""
    newest = (await mails(ctx, "code"))[-1]
    found = re.search(r"\b\d{6}\b", payload(newest)["text"])
    assert found
    return newest.target, found[0]


async def test_a_code_to_the_address_of_the_issue_shows_how_it_stands(ctx: Context, customer: Customer) -> None:
    issue = await logged(ctx, customer, contact="Mia@bakery.example, 020 7946 0958")
    elsewhere = await Customer.arrives(ctx)
    await elsewhere.writes(LOST.format("mia+shop@bakery.example"))
    assert await last(elsewhere) == ctx.support.wording.owner_code_not_mailed
    address, code = await code_mailed(ctx)
    assert address == "mia+shop@bakery.example"
    await elsewhere.writes(code)
    assert f"{issue.reference}: " in await last(elsewhere)
    assert "It crashes" not in await last(elsewhere)
    assert code not in str(await elsewhere.reads())


async def test_the_answer_is_the_same_without_such_an_issue_and_no_code_leaves(
    ctx: Context, customer: Customer
) -> None:
    await customer.writes(LOST.format("nobody@nowhere.example"))
    assert await last(customer) == ctx.support.wording.owner_code_not_mailed
    assert await mails(ctx, "code") == []
    await customer.writes("123456")
    assert await last(customer) == ctx.support.wording.code_wrong


async def test_a_code_counts_no_more_after_five_wrong_ones(ctx: Context, customer: Customer) -> None:
    await logged(ctx, customer)
    elsewhere = await Customer.arrives(ctx)
    await elsewhere.writes(LOST.format("mia@bakery.example"))
    _, code = await code_mailed(ctx)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        await elsewhere.writes(wrong)
    assert await last(elsewhere) == ctx.support.wording.owner_code_used_up
    await elsewhere.writes(code)
    assert await last(elsewhere) == ctx.support.wording.owner_code_used_up


async def test_a_code_is_asked_for_a_few_times_only(ctx: Context, customer: Customer) -> None:
    for _ in range(5):
        await customer.writes(LOST.format("mia@bakery.example"))
    assert await last(customer) == ctx.support.wording.owner_code_too_often


async def test_an_old_issue_is_for_a_technician_to_find(ctx: Context, customer: Customer, clock: Clock) -> None:
    await logged(ctx, customer)
    clock.advance(days=(owner_proof.LOOKED_BACK + timedelta(days=1)).days)
    elsewhere = await Customer.arrives(ctx)
    await elsewhere.writes(LOST.format("mia@bakery.example"))
    assert await mails(ctx, "code") == []


async def test_an_address_in_any_other_message_asks_for_no_code(ctx: Context, customer: Customer) -> None:
    await logged(ctx, customer)
    elsewhere = await Customer.arrives(ctx)
    before = len(await elsewhere.reads())
    await elsewhere.writes("it crashes, my mail is mia@bakery.example")
    assert len(await elsewhere.reads()) == before + 1
    assert await mails(ctx, "code") == []
