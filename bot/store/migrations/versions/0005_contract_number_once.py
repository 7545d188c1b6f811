"""A contract's number is there once, whatever its case, spaces and dashes

Of contracts whose numbers are one and the same all stay. The one in force that lasts longest keeps its number; each
other gets a mark behind its own, such as "AB 77 (2)", and its customers go with it. The audit names both numbers.
"""

from datetime import UTC, date, datetime
from itertools import count

import sqlalchemy as sa
from alembic import op

from bot.triage.billing.contract_number import number_key

revision = "0005_contract_number_once"
down_revision = "0004_outbox"
branch_labels = None
depends_on = None

LONGEST = 64
CONTRACTS = sa.table(
    "contracts",
    sa.column("number", sa.String),
    sa.column("number_key", sa.Text),
    sa.column("company", sa.String),
    sa.column("status", sa.String),
    sa.column("starts_on", sa.Date),
    sa.column("ends_on", sa.Date),
    sa.column("contact_email", sa.String),
    sa.column("email_domains", sa.JSON),
    sa.column("slack_team_id", sa.String),
    sa.column("teams_tenant_id", sa.String),
)
AUDIT = sa.table(
    "audit",
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("actor", sa.String),
    sa.column("action", sa.String),
    sa.column("details", sa.JSON),
)
THEIR_NUMBER = ("customers", "one_time_codes")


def upgrade() -> None:
    op.add_column("contracts", sa.Column("number_key", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    rows = connection.execute(sa.select(CONTRACTS.c.number, CONTRACTS.c.status, CONTRACTS.c.ends_on)).all()
    taken: set[str] = set()
    for number, _status, _ends_on in sorted(rows, key=lambda row: _precedence(*row)):
        kept = number if number_key(number) not in taken else _marked(number, taken)
        if kept != number:
            _renumber(connection, number, kept)
        taken.add(number_key(kept))
        this = CONTRACTS.c.number == kept
        connection.execute(sa.update(CONTRACTS).where(this).values(number_key=number_key(kept)))
    op.create_index("ix_contracts_number_key", "contracts", ["number_key"], unique=True)


def _precedence(number: str, status: str, ends_on: date | None) -> tuple[bool, int, str]:
    return status != "active", -(ends_on or date.max).toordinal(), number


def _marked(number: str, taken: set[str]) -> str:
    marked = (f"{number[: LONGEST - len(mark)]}{mark}" for mark in (f" ({counted})" for counted in count(2)))
    return next(one for one in marked if number_key(one) not in taken)


def _renumber(connection: sa.Connection, number: str, marked: str) -> None:
    """Rows refer to the number, so the contract is copied under the new one before they are changed."""
    columns = [column for column in CONTRACTS.c if column.name != "number"]
    copied = sa.select(sa.literal(marked, sa.String), *columns).where(CONTRACTS.c.number == number)
    names = ["number", *(column.name for column in columns)]
    # Until the keys are written they are all empty.
    connection.execute(sa.insert(CONTRACTS).from_select(names, copied))
    for name in THEIR_NUMBER:
        theirs = sa.table(name, sa.column("contract_number", sa.String))
        of_this = theirs.c.contract_number == number
        connection.execute(sa.update(theirs).where(of_this).values(contract_number=marked))
    connection.execute(sa.delete(CONTRACTS).where(CONTRACTS.c.number == number))
    changed = {"at": datetime.now(UTC), "actor": "operator", "action": "contracts.renumber"}
    connection.execute(sa.insert(AUDIT).values(**changed, details={"from": number, "to": marked}))
