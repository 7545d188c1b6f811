"""Saved views: a search with its filters under a name, for its technician or shared with all, with its count."""

from collections.abc import Mapping
from typing import TypedDict
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NotFound
from bot.services.desk.canned_replies import checked_title
from bot.services.desk.issue_filters import NAMES, SORT, apply_filters, read_filters
from bot.services.desk.issue_search import issue_rows
from bot.services.technician.access import QUERY_LIMIT, SEES_ALL
from bot.store.tables import SavedView, Technician

MOST = 20
KEPT = ("q", *(name for name in NAMES if name not in ("before", "page")), SORT)


class ViewOfIssues(TypedDict):
    """A saved view. ``query``: the address' query string; ``count``: how many issues it finds now."""

    id: int
    title: str
    query: str
    shared: bool
    mine: bool
    owner: str
    count: int


async def list_views(ctx: Context, technician: Technician) -> list[ViewOfIssues]:
    """Return the technician's views and those that are shared, by title, the newest 20 at most, each counted."""
    theirs = or_(SavedView.technician_id == technician.id, SavedView.shared)
    query = select(SavedView, Technician.name).join(Technician, Technician.id == SavedView.technician_id).where(theirs)
    async with ctx.db.read(long=True) as session:
        rows = (await session.execute(query.order_by(SavedView.id.desc()).limit(MOST))).all()
        found = [await _view(session, ctx, technician, view, owner) for view, owner in rows]
    return sorted(found, key=lambda one: one["title"].casefold())


async def _view(
    session: AsyncSession, ctx: Context, technician: Technician, view: SavedView, owner: str
) -> ViewOfIssues:
    try:
        narrowed = apply_filters(issue_rows(), read_filters(view.filters), ctx, technician.id).subquery()
        count = await session.scalar(select(func.count()).select_from(narrowed)) or 0
    except Invalid:  # a filter names what is no longer there
        count = 0
    return ViewOfIssues(
        id=view.id,
        title=view.title,
        query=urlencode(view.filters),
        shared=view.shared,
        mine=view.technician_id == technician.id,
        owner=owner,
        count=count,
    )


async def save_view(
    ctx: Context, technician: Technician, fields: Mapping[str, object], view_id: int | None = None
) -> int:
    """Save a view, or change the one of ``view_id``: ``title``, ``query`` and ``shared``; return its id.

    Raises Invalid, or NotFound for one that is not the technician's.
    """
    title, filters, now = (
        checked_title(fields.get("title")),
        _filters(ctx, technician, fields.get("query")),
        ctx.clock(),
    )
    async with ctx.db.write() as session:
        if view_id is None:
            mine = select(func.count()).where(SavedView.technician_id == technician.id)
            if (await session.scalar(mine) or 0) >= MOST:
                raise Invalid(f"You have {MOST} views; remove one first. Nothing was kept.")
        view = await _changeable(session, technician, view_id) if view_id else SavedView(created_at=now)
        view.technician_id = view.technician_id or technician.id
        view.title, view.filters, view.shared = title, filters, fields.get("shared") is True
        session.add(view)
        await session.flush()
        details = {"view": view.id, "shared": view.shared}
        audit.record(session, audit.technician_actor(technician), "view.save", now, details=details)
        return view.id


def _filters(ctx: Context, technician: Technician, query: object) -> dict[str, str]:
    """Return the filters of a query string; raises Invalid for what no list can be narrowed down by."""
    if not isinstance(query, str) or len(query) > 10 * QUERY_LIMIT:
        raise Invalid("query must be the query string of a list of issues; nothing was kept.")
    given = {name: value for name, value in parse_qsl(query) if name in KEPT and value}
    if not given:
        raise Invalid("There is nothing to save: search or filter first. Nothing was kept.")
    apply_filters(issue_rows(), read_filters(given), ctx, technician.id)
    return given


async def remove_view(ctx: Context, technician: Technician, view_id: int) -> None:
    """Remove a view of the technician's, or as a supervisor a shared one; raises NotFound."""
    async with ctx.db.write() as session:
        await session.delete(await _changeable(session, technician, view_id))
        details = {"view": view_id}
        audit.record(session, audit.technician_actor(technician), "view.remove", ctx.clock(), details=details)


async def _changeable(session: AsyncSession, technician: Technician, view_id: int) -> SavedView:
    view = await session.get(SavedView, view_id, with_for_update=True)
    theirs = view is not None and (view.technician_id == technician.id or (view.shared and technician.role in SEES_ALL))
    if view is None or not theirs:
        raise NotFound("There is no such view of yours.")
    return view
