"""Support contracts from a CSV file: every row is checked before the first is stored."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from email_validator import EmailNotValidError, validate_email

from bot.services import audit
from bot.store.database import Database
from bot.store.tables import Contract

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
]
REQUIRED = ("number", "company", "status", "starts_on")
STATUSES = ("active", "suspended", "ended")
Problem = tuple[int, str, str]


class BadContracts(Exception):
    """The file cannot be imported; ``problems`` are (row, column, what is wrong)."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems; nothing was changed. Mend the file and import it again.")
        self.problems = problems


def read_contracts(text: str) -> list[Contract]:
    """The contracts of a CSV file with a header row; raises BadContracts with every problem at once."""
    reader = csv.DictReader(io.StringIO(text))
    header = [name.strip() for name in reader.fieldnames or []]
    reader.fieldnames = header
    problems: list[Problem] = [(1, name, "this column is missing") for name in REQUIRED if name not in header]
    problems += [(1, name, "there is no such column") for name in header if name not in COLUMNS]
    if problems:
        raise BadContracts(problems)
    contracts, numbers = [], set()
    for row_number, row in enumerate(reader, start=2):
        values = _row(row_number, row, problems)
        if values.get("number") in numbers:
            problems.append((row_number, "number", "this number is in the file twice"))
        numbers.add(values.get("number"))
        contracts.append(Contract(**values))
    if problems:
        raise BadContracts(problems)
    return contracts


def _row(row_number: int, row: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in COLUMNS:
        written = (row.get(column) or "").strip()
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


def _text(written: str) -> str:
    if len(written) > 200:
        raise ValueError("at most 200 characters")
    return written


def _text_or_none(written: str) -> str | None:
    return _text(written) or None


def _date_or_none(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise ValueError("write the date as 2026-12-31") from None


def _status(written: str) -> str:
    if written.lower() not in STATUSES:
        raise ValueError(f"write one of {', '.join(STATUSES)}")
    return written.lower()


def _email(written: str) -> str | None:
    return validate_email(written, check_deliverability=False).normalized if written else None


def _domains(written: str) -> list[str]:
    domains = [part.strip().lower().lstrip("@") for part in written.replace(";", " ").replace(",", " ").split()]
    for domain in domains:
        validate_email(f"somebody@{domain}", check_deliverability=False)
    return domains


_READ: dict[str, Callable[[str], Any]] = {
    "number": _text,
    "company": _text,
    "status": _status,
    "starts_on": _date_or_none,
    "ends_on": _date_or_none,
    "contact_email": _email,
    "email_domains": _domains,
    "slack_team_id": _text_or_none,
    "teams_tenant_id": _text_or_none,
}


async def import_contracts(database: Database, contracts: list[Contract]) -> None:
    """Add or replace the contracts, in one transaction."""
    async with database.write() as session:
        for contract in contracts:
            await session.merge(contract)
        audit.record(session, "operator", "contracts.import", datetime.now(UTC), details={"contracts": len(contracts)})
