"""A contract is proven by a mailed code, a technician's word, or the web site; until then nothing is disclosed."""

import re
from datetime import date, timedelta
from typing import Any

import jwt
import pytest
from sqlalchemy import select

from bot.services.billing import one_time_codes
from bot.services.conversation import identity_token
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import Conflict, Invalid, TooMany, Unauthorised
from bot.services.desk import verify_caller
from bot.services.outbox.items import without_text
from bot.store.tables import (
    AuditEntry,
    Base,
    Contract,
    Conversation,
    InboundEvent,
    Issue,
    OneTimeCode,
    OutboxItem,
    Technician,
)
from bot.store.tables import Customer as CustomerRow
from tests.support.outbox import mails, payload
from tests.support.service_fixtures import Clock, Customer
from tests.support.service_steps import logged


@pytest.fixture(autouse=True)
async def contracts(ctx: Context) -> None:
    async with ctx.db.write() as session:
        changes: dict[str, dict[str, Any]] = {
            "C-1001": {"contact_email": "boss@bakery.example", "email_domains": ["bakery.example", "gmail.com"]},
            "C-0001": {"ends_on": date(2020, 1, 1), "email_domains": ["bakery.example"]},
            "C-2002": {"contact_email": None},
        }
        for number, changed in changes.items():
            fields: dict[str, Any] = {"company": "Bakery", "status": "active", "starts_on": date(2019, 1, 1), **changed}
            session.add(Contract(number=number, **fields))


async def person(ctx: Context) -> CustomerRow:
    async with ctx.db.read() as session:
        return (await session.scalars(select(CustomerRow).order_by(CustomerRow.id))).first() or CustomerRow()


async def code_mailed(ctx: Context) -> tuple[str, str]:
    """Address and code of the newest code that was mailed."""
    newest = (await mails(ctx, "code"))[-1]
    found = re.search(r"\b\d{6}\b", payload(newest)["text"])
    assert found
    return newest.target, found[0]


async def last(customer: Customer) -> str:
    return str((await customer.reads())[-1]["text"])


async def pending(ctx: Context) -> int:
    async with ctx.db.read() as session:
        return len(list(await session.scalars(select(InboundEvent.id).where(InboundEvent.status == "pending"))))


async def test_number_then_code_proves_the_contract_and_moves_what_waits(ctx: Context, customer: Customer) -> None:
    issue = await logged(ctx, customer)
    await customer.writes("Can I prove my contract?")
    assert await last(customer) == ctx.support.wording.ask_for_contract
    await customer.writes("c-1001")
    address, code = await code_mailed(ctx)
    assert address == "boss@bakery.example"
    await customer.writes(f"the code is {code}")
    assert "is confirmed. Your support contract covers this" in await last(customer)
    proven = await person(ctx)
    assert (proven.contract_number, proven.contract_proof) == ("C-1001", "contract_code")
    assert not proven.contract_claimed
    async with ctx.db.read() as session:
        assert (await session.get_one(Issue, issue.id)).entitlement == "contract"
    assert await pending(ctx) == 0, "none of it was a turn for the engine"


async def test_the_code_is_nowhere_but_in_the_mail(ctx: Context, customer: Customer) -> None:
    await customer.writes("our contract number is C-1001")
    _, code = await code_mailed(ctx)
    await customer.writes(code)
    async with ctx.db.write() as session:
        for mail in await session.scalars(select(OutboxItem)):
            mail.payload = without_text(mail.payload)  # as when it has been sent
    rows: list[object] = []
    async with ctx.db.read() as session:
        for table in Base.metadata.sorted_tables:
            rows += await session.execute(select(table))
    assert not any(code in str(row) for row in rows)
    assert [one["text"] for one in await customer.reads() if one["author"] == "customer"][-1] == "[code entered]"


@pytest.mark.parametrize("number", ["C-1001", "C-2002", "C-0001", "X-9999"])
async def test_the_same_is_said_whatever_exists(ctx: Context, customer: Customer, number: str) -> None:
    await customer.writes("prove my contract")
    await customer.writes(number)
    assert await last(customer) == ctx.support.wording.code_not_mailed  # mail is off here
    assert (await person(ctx)).contract_claimed and (await person(ctx)).contract_number is None
    async with ctx.db.read() as session:
        (row,) = await session.scalars(select(OneTimeCode))
    assert (row.tries, row.used_at) == (0, None)
    await customer.writes("000000")
    assert await last(customer) == ctx.support.wording.code_wrong
    assert (await person(ctx)).contract_proof is None


async def test_an_address_at_the_company_gets_the_code_itself(ctx: Context, customer: Customer) -> None:
    await customer.writes("prove my contract")
    await customer.writes("mia@bakery.example")
    address, code = await code_mailed(ctx)
    assert address == "mia@bakery.example"
    await customer.writes(code)
    proven = await person(ctx)
    assert (proven.contract_number, proven.contract_proof) == ("C-1001", "domain_code"), "the one in force"
    assert proven.email == "mia@bakery.example"


@pytest.mark.parametrize("address", ["a@gmail.com", "a@other.example", "a@sub.bakery.example", "a@xbakery.example"])
async def test_free_mail_and_other_domains_get_the_same_answer_and_no_mail(
    ctx: Context, customer: Customer, address: str
) -> None:
    await customer.writes("prove my contract")
    await customer.writes(address)
    assert await last(customer) == ctx.support.wording.code_not_mailed
    assert await mails(ctx, "code") == []


async def test_five_tries_and_then_it_counts_no_more(ctx: Context, customer: Customer) -> None:
    await customer.writes("our contract number is C-1001")
    _, code = await code_mailed(ctx)
    for wrong in range(5):
        await customer.writes(f"{(int(code) + wrong + 1) % 1_000_000:06d}")
    assert await last(customer) == ctx.support.wording.code_used_up
    await customer.writes(code)
    assert await last(customer) == ctx.support.wording.code_used_up
    assert (await person(ctx)).contract_proof is None
    assert code not in str([one["text"] for one in await customer.reads()])


async def test_ten_minutes_and_then_it_counts_no_more(ctx: Context, customer: Customer, clock: Clock) -> None:
    await customer.writes("our contract number is C-1001")
    _, code = await code_mailed(ctx)
    clock.advance(minutes=10)
    await customer.writes(code)
    assert (await person(ctx)).contract_proof is None and "[code entered]" in str(await customer.reads())


async def test_a_new_code_makes_the_old_one_worthless_and_a_right_one_works_once(
    ctx: Context, customer: Customer
) -> None:
    await customer.writes("our contract number is C-1001")
    _, old = await code_mailed(ctx)
    await customer.writes("contract number C-1001")
    _, new = await code_mailed(ctx)
    await customer.writes(old)
    if old != new:
        assert (await person(ctx)).contract_proof is None
    await customer.writes(new)
    assert (await person(ctx)).contract_proof == "contract_code"
    await customer.writes("123456")
    assert "123456" in str([one["text"] for one in await customer.reads()]), "from now on six digits are a message"


async def test_anothers_code_opens_nothing(ctx: Context, customer: Customer) -> None:
    other = await Customer.arrives(ctx)
    await customer.writes("our contract number is C-1001")
    _, code = await code_mailed(ctx)
    await other.writes(code)
    async with ctx.db.read() as session:
        assert [one.contract_proof for one in await session.scalars(select(CustomerRow))] == [None, None]


async def test_codes_are_mailed_so_often_only(ctx: Context, customer: Customer, clock: Clock) -> None:
    for _ in range(one_time_codes.MOST_ASKED + 2):
        await customer.writes("our contract number is C-1001")
    assert len(await mails(ctx, "code")) == one_time_codes.MOST_ASKED
    assert await last(customer) == ctx.support.wording.code_too_often
    for _ in range(one_time_codes.MOST_FOR_ONE):
        await (await Customer.arrives(ctx)).writes("our contract number is C-1001")
    assert len(await mails(ctx, "code")) == one_time_codes.MOST_FOR_ONE, "whoever asks for this contract"
    clock.advance(hours=1)
    await customer.writes("our contract number is C-1001")
    assert len(await mails(ctx, "code")) == one_time_codes.MOST_FOR_ONE + 1


async def test_codes_for_a_domain_are_counted_over_all_conversations_and_addresses(ctx: Context) -> None:
    for number in range(one_time_codes.MOST_FOR_ONE + 6):
        guest = await Customer.arrives(ctx)
        await guest.writes("I want to prove our contract")
        await guest.writes(f"boss+{number}@bakery.example" if number % 2 else f"e{number}@bakery.example")
    assert len(await mails(ctx, "code")) == one_time_codes.MOST_FOR_ONE


async def test_one_number_is_counted_as_one_in_whatever_way_it_is_written(ctx: Context) -> None:
    """Each way of writing a number would else be asked, and guessed, as often as another contract."""
    said = []
    for number in ("X-2002", "x2002", "X2-002", "x200-2", "X-20-02", "x-2-002", "X-2-0-0-2"):
        guest = await Customer.arrives(ctx)
        await guest.writes(f"our contract number is {number}")
        said.append(await last(guest))
    assert len(said) == one_time_codes.MOST_FOR_ONE + 1 and said[-1] == ctx.support.wording.code_too_often


async def test_number_and_domain_of_one_contract_mail_no_more_together_and_say_the_same(ctx: Context) -> None:
    said = []
    for _ in range(one_time_codes.MOST_FOR_ONE):
        guest = await Customer.arrives(ctx)
        await guest.writes("our contract number is C-1001")
        said.append(await last(guest))
    guest = await Customer.arrives(ctx)
    await guest.writes("I want to prove our contract")
    await guest.writes("mia@bakery.example")
    assert await last(guest) == said[0]
    assert len(await mails(ctx, "code")) == one_time_codes.MOST_FOR_ONE


async def test_wrong_codes_are_counted_over_all_conversations(ctx: Context) -> None:
    guests = [await Customer.arrives(ctx) for _ in range(4)]
    for guest in guests:
        await guest.writes("our contract number is C-1001")
    _, last_code = await code_mailed(ctx)
    wrong = "000001" if last_code != "000001" else "000002"
    for guest in guests[:3]:
        for _ in range(one_time_codes.MOST_TRIES):
            await guest.writes(wrong)
    await guests[3].writes(last_code)
    assert await last(guests[3]) == ctx.support.wording.code_used_up
    async with ctx.db.read() as session:
        assert not any(one.contract_proof for one in await session.scalars(select(CustomerRow)))


async def test_a_longer_message_with_the_number_is_still_answered(ctx: Context, customer: Customer) -> None:
    await customer.writes("Printing crashes. Our contract number is C-1001.")
    assert await pending(ctx) == 1 and len(await mails(ctx, "code")) == 1


async def test_the_button_asks_for_the_number(ctx: Context, customer: Customer) -> None:
    await customer.writes("our contract number is X-1")
    await logged(ctx, customer)
    (choice,) = [choice for message in await customer.reads() for choice in message["choices"]]
    assert choice["title"] == "Prove my contract"
    await customer.chooses(choice["id"])
    assert await last(customer) == ctx.support.wording.ask_for_contract


async def actions_of(ctx: Context, technician: Technician) -> list[str]:
    async with ctx.db.read() as session:
        rows = await session.scalars(select(AuditEntry).where(AuditEntry.actor == audit.technician_actor(technician)))
        return [row.action for row in rows]


async def test_one_audited_click_and_its_way_back(ctx: Context, customer: Customer, anna: Technician) -> None:
    await logged(ctx, customer)
    assert "Bakery" in await verify_caller.confirm_contract(ctx, anna, customer.id, "c-1001")
    assert ((await person(ctx)).contract_number, (await person(ctx)).contract_proof) == ("C-1001", "technician")
    with pytest.raises(Invalid):
        await verify_caller.confirm_contract(ctx, anna, customer.id, "X-9")
    await verify_caller.confirm_contract(ctx, anna, customer.id, None)
    assert (await person(ctx)).contract_proof is None
    assert await actions_of(ctx, anna) == ["proof.contract", "proof.withdrawn"]


async def test_a_caller_reads_the_code_out(ctx: Context, customer: Customer, anna: Technician) -> None:
    await logged(ctx, customer)
    await verify_caller.send_code(ctx, anna, customer.id, "C-1001")
    address, code = await code_mailed(ctx)
    assert address == "boss@bakery.example"
    with pytest.raises(Conflict, match="4 tries"):
        await verify_caller.check_code(ctx, anna, customer.id, f"{(int(code) + 1) % 1_000_000:06d}")
    await verify_caller.check_code(ctx, anna, customer.id, code)
    assert (await person(ctx)).contract_proof == "caller_code"
    with pytest.raises(Conflict):
        await verify_caller.check_code(ctx, anna, customer.id, code)


async def test_a_caller_without_a_contract_is_verified_by_their_own_address(
    ctx: Context, customer: Customer, anna: Technician
) -> None:
    await logged(ctx, customer)
    await verify_caller.send_code(ctx, anna, customer.id, "")
    address, code = await code_mailed(ctx)
    await verify_caller.check_code(ctx, anna, customer.id, code)
    async with ctx.db.read() as session:
        conversation = await session.get_one(Conversation, customer.id)
        verified = await verify_caller.verified_caller(session, ctx, conversation)
    assert address == "mia@bakery.example" and verified is not None and verified["address"] == "m…@bakery.example"
    assert (await person(ctx)).contract_proof is None
    with pytest.raises(Invalid):
        await verify_caller.send_code(ctx, anna, customer.id, "C-2002")
    for _ in range(3):
        await verify_caller.send_code(ctx, anna, customer.id, "")
    with pytest.raises(TooMany):
        await verify_caller.send_code(ctx, anna, customer.id, "")


OLD, NEW = "o" * 40, "n" * 40


def token(ctx: Context, key: str = NEW, **changed: Any) -> str:
    now = ctx.clock().timestamp()
    claims = {"sub": "u1", "iat": now, "exp": now + 600, **changed}
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, key, algorithm="HS256")


async def test_identity_tokens_of_both_keys_while_they_are_changed(ctx: Context) -> None:
    object.__setattr__(ctx.settings, "identity_secret", f"{NEW}, {OLD}")
    for key in (NEW, OLD):
        assert (
            await identity_token.verify_identity_token(ctx, token(ctx, key, contract="C-1001"))
        ).contract_number == "C-1001"
    with pytest.raises(Unauthorised):
        await identity_token.verify_identity_token(ctx, token(ctx, "x" * 40))
    with pytest.raises(Unauthorised):
        await identity_token.verify_identity_token(ctx, token(ctx, f"{NEW}, {OLD}"))


@pytest.mark.parametrize(
    ("shift", "valid"),
    [
        ({"exp": -30}, True),  # a minute's difference of two clocks
        ({"exp": -61}, False),
        ({"iat": 30}, True),
        ({"iat": 120, "exp": 700}, False),
        ({"iat": 0, "exp": 24 * 3600}, True),
        ({"iat": 0, "exp": 24 * 3600 + 1}, False),
        ({"iat": -48 * 3600, "exp": 600}, False),  # a year's token does not become good on its last day
        ({"iat": None, "exp": 25 * 3600}, False),
        ({"iat": None, "exp": 600}, True),
    ],
)
async def test_the_window_in_which_a_token_counts(ctx: Context, shift: dict[str, int | None], valid: bool) -> None:
    object.__setattr__(ctx.settings, "identity_secret", NEW)
    now = int(ctx.clock().timestamp())
    moments: dict[str, Any] = {name: None if by is None else now + by for name, by in shift.items()}
    if valid:
        assert (await identity_token.verify_identity_token(ctx, token(ctx, **moments))).subject == "u1"
    else:
        with pytest.raises(Unauthorised):
            await identity_token.verify_identity_token(ctx, token(ctx, **moments))


async def test_a_token_with_an_id_counts_once_and_odd_ones_never(ctx: Context) -> None:
    object.__setattr__(ctx.settings, "identity_secret", NEW)
    once = token(ctx, jti="a")
    await identity_token.verify_identity_token(ctx, once)
    for bad in (once, token(ctx, exp="soon"), token(ctx, sub=None), token(ctx, iat=True), "x.y.z", ""):
        with pytest.raises(Unauthorised):
            await identity_token.verify_identity_token(ctx, bad)
    unsigned = jwt.encode({"sub": "u1", "exp": ctx.clock().timestamp() + timedelta(minutes=5).seconds}, "", "none")
    with pytest.raises(Unauthorised):
        await identity_token.verify_identity_token(ctx, unsigned)
