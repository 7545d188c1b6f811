"""A contract may be for some of several products: for the others its customers pay ahead, and are told why."""

from datetime import date

import pytest

from bot.services.billing import contracts
from bot.services.billing.contracts import BadContracts, import_contracts, read_contracts
from bot.services.billing.entitlement import judge_entitlement
from bot.services.billing.terms import entitlement_reason
from bot.services.conversation import lifecycle
from bot.services.core.context import Context
from bot.store.tables import Contract
from bot.store.tables import Customer as CustomerRow
from bot.triage.billing.entitlement import Kind, Reason
from tests.support.products import LEDGER, STOCKROOM, two_products
from tests.support.service_fixtures import Customer

CSV = "number,company,status,starts_on,products\nC-1,Brightsons,active,2026-01-01,{}\n"


async def judged(ctx: Context, customer: Customer, product: str | None) -> tuple[Kind, Reason, str]:
    async with ctx.db.read() as session:
        conversation = await lifecycle.load(session, customer.id)
        row = await session.get_one(CustomerRow, conversation.customer_id)
        category = ctx.support.category("other")
        found = await judge_entitlement(session, ctx, row, category, ctx.clock(), product)
    return found.kind, found.reason, entitlement_reason(ctx.support.for_product(product), found, 0)


async def proves_it(ctx: Context, customer: Customer) -> None:
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id, lock=True)
        row = await session.get_one(CustomerRow, conversation.customer_id)
        row.contract_number, row.contract_proof = "C-1", "code"


@pytest.mark.parametrize("written", ["stockroom", "STOCKROOM", "stockroom; ledger"])
async def test_ids_are_read_in_any_letters(ctx: Context, written: str) -> None:
    ctx.support = two_products()
    (contract,) = read_contracts(CSV.format(written))
    await import_contracts(ctx, [contract])
    async with ctx.db.read() as session:
        assert (await session.get_one(Contract, "C-1")).products in ([STOCKROOM], [STOCKROOM, LEDGER])
    (shown,) = await contracts.find_contracts(ctx)
    assert shown["products"] in ("stockroom", "stockroom ledger")


async def test_a_product_that_there_is_not_is_refused_with_its_row(ctx: Context) -> None:
    ctx.support = two_products()
    with pytest.raises(BadContracts) as error:
        await import_contracts(ctx, read_contracts(CSV.format("till")))
    assert error.value.problems == [
        (2, "products", 'there is no product "till"; the ids in support.yml are: ledger, stockroom')
    ]
    assert await contracts.find_contracts(ctx) == []


async def test_a_contract_for_one_product_covers_that_one(ctx: Context, customer: Customer) -> None:
    ctx.support = two_products()
    await import_contracts(ctx, read_contracts(CSV.format("stockroom")))
    await proves_it(ctx, customer)
    assert (await judged(ctx, customer, STOCKROOM))[0] is Kind.CONTRACT
    assert (await judged(ctx, customer, None))[0] is Kind.CONTRACT, "nobody knows yet that it is another"
    kind, reason, words = await judged(ctx, customer, LEDGER)
    assert (kind, reason) == (Kind.PAYMENT_REQUIRED, Reason.OTHER_PRODUCT)
    assert words == "Your support contract does not include Ledger; support for it is paid ahead."


async def test_a_contract_that_names_none_is_for_all(ctx: Context, customer: Customer) -> None:
    ctx.support = two_products()
    async with ctx.db.write() as session:
        session.add(Contract(number="C-1", company="B", status="active", starts_on=date(2026, 1, 1)))
    await proves_it(ctx, customer)
    assert {(await judged(ctx, customer, one))[0] for one in (LEDGER, STOCKROOM, None)} == {Kind.CONTRACT}
