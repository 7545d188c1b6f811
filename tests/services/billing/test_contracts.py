"""Contracts from a CSV file: every problem at its row and column, all of it or nothing; edited one by one."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.services.billing import contract_lookup, contract_proof, contracts
from bot.services.billing.contracts import BadContracts, import_contracts, read_contracts
from bot.services.conversation import lifecycle
from bot.services.core.context import Context
from bot.store.tables import AuditEntry, Contract, Issue
from tests.support.service_fixtures import Clock, Customer
from tests.support.service_steps import logged

HEADER = "number,company,status,starts_on,ends_on,contact_email,email_domains,slack_team_id,teams_tenant_id"
GOOD = f"{HEADER}\nC-1,Bakery,active,2026-01-01,2026-12-31,boss@bakery.example,bakery.example;shop.example,T1,\n"


async def stored(ctx: Context) -> list[Contract]:
    async with ctx.db.read() as session:
        return list(await session.scalars(select(Contract).order_by(Contract.number)))


def test_a_good_file_is_read() -> None:
    (contract,) = read_contracts(GOOD)
    assert (contract.number, contract.email_domains, contract.teams_tenant_id) == (
        "C-1",
        ["bakery.example", "shop.example"],
        None,
    )


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        (",Bakery,active,2026-01-01,,,,,", "number", "must be filled in"),
        ("C-2,,active,2026-01-01,,,,,", "company", "must be filled in"),
        ("C-2,B,running,2026-01-01,,,,,", "status", "active, suspended, ended"),
        ("C-2,B,active,01/02/2026,,,,,", "starts_on", "2026-12-31"),
        ("C-2,B,active,2026-01-01,2025-01-01,,,,", "ends_on", "ends before it begins"),
        ("C-2,B,active,2026-01-01,,boss@,,,", "contact_email", ""),
        ("C-2,B,active,2026-01-01,,,not a domain,,", "email_domains", ""),
        ("C-2,B,active,2026-01-01,,,gmail.com,,", "email_domains", "proves nothing"),
        (f"{'C' * 65},B,active,2026-01-01,,,,,", "number", "at most 64"),
        ("C-2,B,active,2026-01-01,,,,,,extra", "", "more cells"),
        ("c-1,B,active,2026-01-01,,,,,", "number", "twice"),
        ("C 1,B,active,2026-01-01,,,,,", "number", "twice"),
        ("c‑１,B,active,2026-01-01,,,,,", "number", "twice"),
        (f"{'ﷺ' * 20},B,active,2026-01-01,,,,,", "number", "at most 64"),
        ("4111111111111111,B,active,2026-01-01,,,,,", "number", "card number"),
    ],
)
def test_a_wrong_row_is_informed_by_row_and_column(row: str, column: str, told: str) -> None:
    with pytest.raises(BadContracts) as raised:
        read_contracts(GOOD + row + "\n")
    assert [(at, name) for at, name, _ in raised.value.problems] == [(3, column)]
    assert told in raised.value.problems[0][2]


def test_every_problem_is_informed_at_once_and_columns_must_be_known() -> None:
    with pytest.raises(BadContracts) as raised:
        read_contracts(f"{HEADER}\n,,x,y,z,,,,\nC,B,active,bad,,,,,\n")
    assert len(raised.value.problems) >= 5
    with pytest.raises(BadContracts) as raised:
        read_contracts("number,firm\n")
    assert {name for _, name, _ in raised.value.problems} == {"company", "status", "starts_on", "firm"}
    with pytest.raises(BadContracts):
        read_contracts("")


async def test_an_import_replaces_and_is_audited_and_half_of_one_never_happens(ctx: Context) -> None:
    await import_contracts(ctx, read_contracts(GOOD))
    await import_contracts(ctx, read_contracts(GOOD.replace("Bakery", "Bakery & Co")))
    assert [one.company for one in await stored(ctx)] == ["Bakery & Co"]
    broken = [*read_contracts(GOOD.replace("C-1", "C-9")), Contract(number="C-10")]
    with pytest.raises(IntegrityError):
        await import_contracts(ctx, broken)
    assert [one.number for one in await stored(ctx)] == ["C-1"]
    async with ctx.db.read() as session:
        rows = list(await session.scalars(select(AuditEntry).where(AuditEntry.action == "contracts.import")))
    assert len(rows) == 2 and rows[0].details["contracts"] == 1


async def test_a_suspended_contract_moves_what_waits(ctx: Context, customer: Customer) -> None:
    await import_contracts(ctx, read_contracts(GOOD))
    issue = await logged(ctx, customer)
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id, lock=True)
        await contract_proof.prove_contract(session, ctx, conversation, "C-1", "technician", actor="technician:1")
    await import_contracts(ctx, read_contracts(GOOD.replace("active", "suspended")))
    async with ctx.db.read() as session:
        assert (await session.get_one(Issue, issue.id)).entitlement == "payment_required"


def fields(**changed: Any) -> dict[str, Any]:
    return {"number": "C-5", "company": "Mill", "status": "active", "starts_on": "2026-01-01", **changed}


async def test_one_contract_is_edited_by_the_same_rules(ctx: Context) -> None:
    await contracts.save_contract(ctx, fields(email_domains="mill.example"), actor="technician:1")
    await contracts.save_contract(ctx, fields(ends_on="2026-06-30"), actor="technician:1")
    (contract,) = await stored(ctx)
    assert contract.ends_on is not None and contract.email_domains == []
    with pytest.raises(BadContracts):
        await contracts.save_contract(ctx, fields(email_domains="gmx.de", starts_on=""), actor="technician:1")


async def test_what_ends_soon_is_on_top(ctx: Context, clock: Clock) -> None:
    today = clock().date().isoformat()
    for number, changed in {
        "A": {},
        "B": {"ends_on": "2026-07-17"},  # thirty days
        "C": {"ends_on": "2026-07-18"},
        "D": {"ends_on": "2026-06-16"},
        "E": {"starts_on": "2026-06-18"},
        "F": {"status": "suspended"},
        "G": {"ends_on": today},
    }.items():
        await contracts.save_contract(ctx, fields(number=number, **changed), actor="operator")
    states = {one["number"]: one["state"] for one in await contracts.find_contracts(ctx)}
    assert states == {
        "D": "ended",
        "G": "ends_soon",
        "B": "ends_soon",
        "C": "in_force",
        "A": "in_force",
        "E": "not_begun",
        "F": "suspended",
    }
    assert list(states)[:3] == ["D", "G", "B"]
    assert [one["number"] for one in await contracts.find_contracts(ctx, state="ends_soon")] == ["G", "B"]
    assert [one["number"] for one in await contracts.find_contracts(ctx, "mill")] == list(states)
    assert await contracts.find_contracts(ctx, "%") == []


ROW = "SC-1,Müller GmbH,active,2026-01-01,2027-12-31,it@mueller.example,mueller.example,,"
WAYS = {
    "Excel's semicolons and mark": ("\ufeff" + f"{HEADER}\r\n{ROW}\r\n".replace(",", ";")).encode(),
    "tabs": f"{HEADER}\n{ROW}\n".replace(",", "\t").encode(),
    "UTF-16 with its mark": f"{HEADER}\r\n{ROW}\r\n".encode("utf-16"),
    "UTF-16 without": f"{HEADER}\r\n{ROW}\r\n".encode("utf-16-le"),
    "sep=": f"sep=;\r\n{HEADER}\r\n{ROW}\r\n".replace(",", ";").encode(),
    "capital headings with spaces": f"{HEADER.replace('_', ' ').title()}\n{ROW}\n".encode(),
    "empty rows": f"\n{HEADER}\n,,,,,,,,\n\n{ROW}\n{',' * 8}\n{',' * 8}\n".encode(),
    "empty columns": f"{HEADER},,,\n{ROW},,,\n".encode(),
    "an empty column within": f"number,,{HEADER.removeprefix('number,')}\nSC-1,,{ROW.removeprefix('SC-1,')}\n".encode(),
    "quoted": (f"{HEADER}\n" + ",".join(f'"{cell}"' for cell in ROW.split(",")) + "\n").encode(),
    "dates with dots": f"{HEADER}\n{ROW}\n".replace("2026-01-01", "01.01.2026")
    .replace("2027-12-31", "31.12.2027")
    .encode(),
    "old Mac line ends": f"{HEADER}\r{ROW}\r".encode(),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_spreadsheets_write_is_read(way: str) -> None:
    (contract,) = read_contracts(WAYS[way])
    assert (contract.number, contract.company, contract.email_domains) == ("SC-1", "Müller GmbH", ["mueller.example"])
    assert (contract.starts_on.isoformat(), str(contract.ends_on)) == ("2026-01-01", "2027-12-31")


@pytest.mark.parametrize(
    ("content", "row", "told"),
    [
        (
            f'{HEADER}\nSC-1,"Müller,active,2026-01-01,,,,,\nSC-2,F,active,2026-01-01,,,,,\n'.encode(),
            2,
            "quotation mark",
        ),
        (f'{HEADER}\n{ROW}\nSC-2,"a" b,active,2026-01-01,,,,,\n'.encode(), 3, "quotation mark"),
        (f'{HEADER}\nSC-1,"A,active,x\nSC-2,"B,active,x\n'.encode(), 2, "quotation mark"),
        (f"{HEADER}\n{ROW}\nSC-2,F\0,active,2026-01-01,,,,,\n".encode(), 3, "NUL"),
        (f"{HEADER}\n{ROW}\n".encode("cp1252"), 2, "UTF-8"),
        (f"{HEADER},number\n{ROW},\n".encode(), 1, "twice"),
        (f'{HEADER}\nSC-1,"{"x" * 200_000}",active,2026-01-01,,,,,\n'.encode(), 2, ""),
        (b"", 1, "empty"),
        (b"\xff\xfe\x00", 1, "UTF-8"),
    ],
)
def test_what_cannot_be_read_is_refused_once_with_row_and_remedy(content: bytes, row: int, told: str) -> None:
    with pytest.raises(BadContracts) as raised:
        read_contracts(content)
    assert [problem[0] for problem in raised.value.problems] == [row] and told in raised.value.problems[0][2]


async def test_a_number_in_other_capitals_is_the_same_contract(ctx: Context) -> None:
    await import_contracts(ctx, read_contracts(GOOD.replace("C-1", "AB-77")))
    await import_contracts(ctx, read_contracts(GOOD.replace("C-1", "ab-77").replace("Bakery", "BAKERY")))
    await contracts.save_contract(ctx, fields(number="Ab-77 ", company="Third"), actor="technician:1")
    assert [(one.number, one.company) for one in await stored(ctx)] == [("AB-77", "Third")]


@pytest.mark.parametrize("written", ["AB77", "ab 77", "AB – 77", "A-B77", "ａｂ‑７７"])
async def test_a_number_in_other_spaces_and_dashes_is_the_same_contract(ctx: Context, written: str) -> None:
    await import_contracts(ctx, read_contracts(GOOD.replace("C-1", "AB-77")))
    await contracts.save_contract(ctx, fields(number=written, company="Second"), actor="technician:1")
    assert [(one.number, one.company) for one in await stored(ctx)] == [("AB-77", "Second")]
    async with ctx.db.read() as session:
        found = await contract_lookup.by_number(session, written)
    assert found is not None and found.number == "AB-77"


async def test_a_number_with_other_letters_than_english_is_found_in_any_case(ctx: Context) -> None:
    await contracts.save_contract(ctx, fields(number="MÜ-1"), actor="technician:1")
    async with ctx.db.read() as session:
        found = await contract_lookup.by_number(session, "mü 1")
    assert found is not None and found.number == "MÜ-1"


async def test_the_database_keeps_a_number_from_being_there_twice(ctx: Context) -> None:
    await import_contracts(ctx, read_contracts(GOOD.replace("C-1", "AB-77")))
    (there,) = await stored(ctx)
    with pytest.raises(IntegrityError):
        async with ctx.db.write() as session:
            values = {"company": "Other", "status": "active", "starts_on": there.starts_on, "email_domains": []}
            session.add(Contract(number="ab 77", **values))


async def test_domains_of_other_scripts_are_one_in_both_forms(ctx: Context, clock: Clock) -> None:
    await import_contracts(ctx, read_contracts(GOOD.replace("bakery.example;shop.example", "Müller.example")))
    async with ctx.db.read() as session:
        for address in ("kim@müller.example", "kim@xn--mller-kva.example", "kim@MÜLLER.example"):
            found = await contract_lookup.by_address(session, address, clock().date())
            assert found is not None and found.email_domains == ["xn--mller-kva.example"]
