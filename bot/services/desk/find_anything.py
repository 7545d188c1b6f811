"""The command bar's search: issues by whatever identifies them, customers with issues, and colleagues."""

from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.desk import issue_search
from bot.services.desk.issue_filters import MOST_WORDS, Filters
from bot.services.technician.access import QUERY_LIMIT
from bot.store.folded import holds
from bot.store.tables import Contract, Customer, Issue, Technician

MOST_ISSUES, MOST_PEOPLE = 7, 4


async def find_anything(ctx: Context, technician: Technician, query: str) -> dict[str, Any]:
    """Return {issues, total, meant, people}: the newest few of each; a person is {name, about, href}."""
    found = await issue_search.search_issues(ctx, technician, Filters(query=query), MOST_ISSUES)
    words = query[:QUERY_LIMIT].split()[:MOST_WORDS]
    async with ctx.db.read() as session:
        people = [*await _customers(session, words), *await _colleagues(session, words)] if words else []
    return {"issues": found.issues, "total": found.total, "meant": found.meant, "people": people}


async def _customers(session: AsyncSession, words: list[str]) -> list[dict[str, Any]]:
    known = (Customer.name, Customer.email, Contract.company)
    query = (
        select(Customer.id, Customer.name, Customer.email, Contract.company, func.count(Issue.id).label("issues"))
        .join(Issue, Issue.customer_id == Customer.id)
        .outerjoin(Contract, Contract.number == Customer.contract_number)
        .where(*(or_(*(holds(column, word) for column in known)) for word in words))
        .group_by(Customer.id, Customer.name, Customer.email, Contract.company)
        .order_by(func.max(Issue.id).desc())
        .limit(MOST_PEOPLE)
    )
    return [
        {
            "name": row.name or row.email or row.company,
            "about": " · ".join(filter(None, (row.company, f"{row.issues} issue{'' if row.issues == 1 else 's'}"))),
            "href": f"/desk/issues?customer={row.id}",
        }
        for row in await session.execute(query)
    ]


async def _colleagues(session: AsyncSession, words: list[str]) -> list[dict[str, Any]]:
    query = (
        select(Technician.id, Technician.name)
        .where(Technician.active, *(holds(Technician.name, word) for word in words))
        .order_by(Technician.name)
        .limit(MOST_PEOPLE)
    )
    return [
        {"name": row.name, "about": "colleague: open issues", "href": f"/desk/issues?technician={row.id}&status=open"}
        for row in await session.execute(query)
    ]
