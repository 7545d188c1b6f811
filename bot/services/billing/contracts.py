"""Support contracts from a CSV file: every row is checked before the first is stored."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Text, cast, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.billing import entitlement
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.spreadsheet import BadSpreadsheet, read_table
from bot.settings.support.support import Support
from bot.store.folded import holds
from bot.store.tables import Contract, Customer
from bot.store.unit_of_work import unit_of_work
from bot.triage.billing.contract_number import number_key
from bot.triage.billing.entitlement import ACTIVE
from bot.triage.privacy.redaction import redact_cards
from bot.triage.text.free_mail import is_free_mail
from bot.triage.text.mail_address import sendable
from bot.triage.text.plain_text import visible

COLUMNS = [
    "number",
    "company",
    "status",
    "starts_on",
    "ends_on",
    "contact_email",
    "email_domains",
    "slack_team_id",
    "teams_tenant_id",
    "products",
]
REQUIRED = ("number", "company", "status", "starts_on")
STATUSES = ("active", "suspended", "ended")
STATES = ("in_force", "ends_soon", "ended", "not_begun", "suspended")
SOON = timedelta(days=30)
LONGEST_NUMBER = 64
# Where dates are written with dots the day comes first; with slashes nobody knows.
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
Problem = tuple[int, str, str]


class BadContracts(Exception):
    """The file cannot be imported; ``problems`` are (row, column, what is wrong)."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems; nothing was changed. Correct the file and import it again.")
        self.problems = problems

    def in_words(self) -> str:
        """Return every problem with its row and column, at most twenty."""
        named = [f"Row {row}, {column or 'the whole row'}: {what}." for row, column, what in self.problems[:20]]
        more = len(self.problems) - len(named)
        return " ".join([*named, *([f"And {more} more."] if more > 0 else [])])


def read_contracts(content: bytes | str) -> list[Contract]:
    """Return the contracts of a CSV file with a header row; raise BadContracts with every problem at once."""
    try:
        header, rows = read_table(content)
    except BadSpreadsheet as error:
        raise BadContracts([(error.row, "", str(error))]) from error
    problems: list[Problem] = [(1, name, "this column is missing") for name in REQUIRED if name not in header]
    problems += [(1, name, "there is no such column") for name in header if name not in COLUMNS]
    if problems:
        raise BadContracts(problems)
    contracts: list[Contract] = []
    numbers: set[str] = set()
    for row in rows:
        if row.extra:
            problems.append((row.number, "", "this row has more cells than the first one"))
        values = _row(row.number, row.cells, problems)
        number = number_key(str(values.get("number", "")))
        if number and number in numbers:
            problems.append((row.number, "number", "this number is in the file twice"))
        numbers.add(number)
        contracts.append(Contract(**values))
    if problems:
        raise BadContracts(problems)
    return contracts


def _row(row_number: int, row: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in COLUMNS:
        written = visible(str(row.get(column) or "")).strip()
        if not written and column in REQUIRED:
            problems.append((row_number, column, "this must be filled in"))
            continue
        try:
            values[column] = _READ[column](written)
        except (ValueError, EmailNotValidError) as error:
            problems.append((row_number, column, str(error)))
    starts, ends = values.get("starts_on"), values.get("ends_on")
    if starts and ends and ends < starts:
        problems.append((row_number, "ends_on", "the contract ends before it begins"))
    return values


def _text(most: int) -> Callable[[str], str]:
    def read(written: str) -> str:
        if len(written) > most:
            raise ValueError(f"at most {most} characters")
        if redact_cards(written).found:
            raise ValueError("this looks like a card number")
        return written

    return read


def _number(written: str) -> str:
    # One character may be many in the normal form, which an index keeps.
    _text(LONGEST_NUMBER)(number_key(written))
    return _text(LONGEST_NUMBER)(written)


def _places(written: str) -> str | None:
    """Return the workspaces or tenants, with spaces between."""
    places = written.replace(";", " ").replace(",", " ").split()
    return " ".join(_text(64)(one) for one in places) or None


def _date_or_none(written: str) -> date | None:
    day = _DAY_FIRST.fullmatch(written)
    try:
        if day:
            return date(int(day[3]), int(day[2]), int(day[1]))
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise ValueError("write the date as 2026-12-31") from None


def _status(written: str) -> str:
    if written.lower() not in STATUSES:
        raise ValueError(f"write one of {', '.join(STATUSES)}")
    return written.lower()


def _email(written: str) -> str | None:
    return sendable(written) if written else None


def _domains(written: str) -> list[str]:
    domains = []
    for part in written.replace(";", " ").replace(",", " ").split():
        checked = validate_email(f"somebody@{part.lstrip('@')}", check_deliverability=False, test_environment=True)
        domain = checked.ascii_domain.lower()
        if is_free_mail(domain):
            raise ValueError(f"{domain} gives an address to anybody, so it proves nothing; leave it out")
        domains.append(domain)
    return domains


_READ: dict[str, Callable[[str], Any]] = {
    "number": _number,
    "company": _text(200),
    "status": _status,
    "starts_on": _date_or_none,
    "ends_on": _date_or_none,
    "contact_email": _email,
    "email_domains": _domains,
    "slack_team_id": _places,
    "teams_tenant_id": _places,
    "products": lambda written: written.replace(";", " ").replace(",", " ").lower().split() or None,
}


def check_products(support: Support, contracts: Sequence[Contract]) -> None:
    """Raise BadContracts for contracts that name products which support.yml does not have."""
    known = ", ".join(support.products) or "none"
    problems = [
        (row, "products", f'there is no product "{product}"; the ids in support.yml are: {known}')
        for row, contract in enumerate(contracts, 2)
        for product in contract.products or ()
        if product not in support.products
    ]
    if problems:
        raise BadContracts(problems)


# Two imports at once may both add a number: the second then finds it.
@unit_of_work(retried=(IntegrityError,))
async def import_contracts(
    session: AsyncSession, ctx: Context, contracts: list[Contract], *, actor: str = "operator"
) -> None:
    """Add or replace the contracts, in one transaction, and judge anew who of their customers pays.

    Raises BadContracts for products that there are not.
    """
    check_products(ctx.support, contracts)
    numbered = await session.execute(select(Contract.number_key, Contract.number))
    stored = {row.number_key: row.number for row in numbered}
    for contract in contracts:
        # The same number in other capitals, spaces or dashes is the same contract; what it is called by stays.
        contract.number = stored.get(number_key(contract.number), contract.number)
    numbers = [contract.number for contract in contracts]
    customers: list[int] = []
    for start in range(0, len(numbers), 500):
        some = numbers[start : start + 500]
        theirs = select(Customer.id).where(Customer.contract_number.in_(some), Customer.erased_at.is_(None))
        customers.extend(await session.scalars(theirs))
    # Before the contracts: issues come first in the lock order, and all of them in one call.
    await entitlement.lock_open_issues(session, customers)
    for contract in contracts:
        await session.merge(contract)
    await session.flush()
    for customer_id in customers:
        await entitlement.refresh_entitlements(session, ctx, customer_id)
    details = {"contracts": len(contracts), **({"number": numbers[0]} if len(numbers) == 1 else {})}
    audit.record(session, actor, "contracts.import", ctx.clock(), details=details)


async def save_contract(ctx: Context, fields: dict[str, Any], *, actor: str) -> Contract:
    """Add or change one contract from its fields as text; raises BadContracts with what is wrong in which field."""
    problems: list[Problem] = []
    values = _row(1, {name: fields.get(name) for name in COLUMNS}, problems)
    if problems:
        raise BadContracts(problems)
    contract = Contract(**values)
    await import_contracts(ctx, [contract], actor=actor)
    return contract


async def find_contracts(ctx: Context, query: str = "", state: str = "") -> list[dict[str, Any]]:
    """Return the contracts that ``query`` finds (number, company, domain) in this ``state``, those that end
    first on top.
    """
    today = ctx.clock().astimezone(ctx.support.office_hours.zone).date()
    wanted = select(Contract).order_by(Contract.ends_on.is_(None), Contract.ends_on, Contract.number)
    if query.strip():
        columns = (Contract.number, Contract.company, cast(Contract.email_domains, Text))
        wanted = wanted.where(or_(*(holds(column, query.strip()) for column in columns)))
    async with ctx.db.read() as session:
        counted = await session.execute(
            select(Customer.contract_number, func.count())
            .where(Customer.contract_number.is_not(None))
            .group_by(Customer.contract_number)
        )
        people = {row[0]: row[1] for row in counted}
        found = [
            contract_view(contract, today, people.get(contract.number, 0)) for contract in await session.scalars(wanted)
        ]
    return [one for one in found if not state or one["state"] == state]


def contract_view(contract: Contract, today: date, customers: int = 0) -> dict[str, Any]:
    """Return a contract as the desk shows it; ``state``: in_force, ends_soon, ended, not_begun or the status it has."""
    return {
        "number": contract.number,
        "company": contract.company,
        "status": contract.status,
        "starts_on": contract.starts_on.isoformat(),
        "ends_on": contract.ends_on.isoformat() if contract.ends_on else "",
        "contact_email": contract.contact_email or "",
        "email_domains": " ".join(contract.email_domains),
        "slack_team_id": contract.slack_team_id or "",
        "teams_tenant_id": contract.teams_tenant_id or "",
        "products": " ".join(contract.products or ()),
        "customers": customers,
        "state": state_of(contract, today),
    }


def state_of(contract: Contract, today: date) -> str:
    """Return how the contract stands today."""
    if contract.ends_on is not None and contract.ends_on < today:
        return "ended"
    if contract.starts_on > today:
        return "not_begun"
    if contract.status != ACTIVE:
        return contract.status
    if contract.ends_on is not None and contract.ends_on - today <= SOON:
        return "ends_soon"
    return "in_force"
