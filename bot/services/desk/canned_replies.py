"""Replies that are written often: kept once, for a team or for all, with placeholders that the desk fills in."""

from string import Formatter
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit, hours_wording
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NotFound
from bot.services.core.input_text import checked_text
from bot.services.core.input_values import is_one_of
from bot.services.technician import access
from bot.settings.problems import did_you_mean
from bot.store.lookup import its_issue
from bot.store.tables import CannedReply, Conversation, Customer, Technician

TITLE_LIMIT, TEXT_LIMIT = 100, 5000
PLACEHOLDERS = ("customer", "technician", "reference", "company", "product", "phone", "hours")


async def list_replies(ctx: Context, technician: Technician) -> list[dict[str, Any]]:
    """Return the replies this technician may use, by title: those of all, of their own team, and for
    supervisors of any.
    """
    async with ctx.db.read() as session:
        return [_shown(ctx, reply, technician) for reply in await _usable(session, technician)]


async def fill_replies(ctx: Context, technician: Technician, conversation_id: str) -> list[dict[str, Any]]:
    """Return the same with every placeholder filled in for a conversation; raises NotFound."""
    async with ctx.db.read() as session:
        conversation = await access.load_readable(session, technician, conversation_id)
        values = await placeholder_values(session, ctx, conversation, technician)
        replies = await _usable(session, technician)
    return [{**_shown(ctx, one, technician), "text": filled(one.text, values)} for one in replies]


def filled(text: str, values: dict[str, str]) -> str:
    """Return the text with its placeholders filled in; one without a value goes with the space before it."""
    said: list[str] = []
    for words, name, _, _ in Formatter().parse(text):
        said.append(words)
        if name is None:
            continue
        value = values[name]
        if not value and said[-1].endswith(" "):
            said[-1] = said[-1].rstrip(" ")
        said.append(value)
    return "".join(said)


async def _usable(session: AsyncSession, technician: Technician) -> list[CannedReply]:
    query = select(CannedReply).order_by(CannedReply.title, CannedReply.id)
    if technician.role not in access.SEES_ALL and technician.team is not None:
        query = query.where(or_(CannedReply.team.is_(None), CannedReply.team == technician.team))
    return list(await session.scalars(query))


def _shown(ctx: Context, reply: CannedReply, technician: Technician) -> dict[str, Any]:
    return {
        "id": reply.id,
        "title": reply.title,
        "text": reply.text,
        "team": reply.team,
        "team_title": ctx.support.team_titles.get(reply.team, reply.team) if reply.team else "All teams",
        "editable": may_edit(technician, reply.team),
    }


async def placeholder_values(
    session: AsyncSession, ctx: Context, conversation: Conversation, technician: Technician
) -> dict[str, str]:
    """Return what the placeholders of a reply stand for in this conversation."""
    customer = await session.get_one(Customer, conversation.customer_id)
    issue = await its_issue(session, conversation)
    office = ctx.office_for(conversation)
    return {
        "customer": customer.name or "",
        "technician": technician.name,
        "reference": issue.reference if issue else "",
        "company": office.company,
        "product": office.product,
        "phone": office.phone,
        "hours": hours_wording.hours_now(office, ctx.clock(), conversation.time_zone),
    }


async def save_reply(
    ctx: Context, technician: Technician, title: object, text: object, team: object, reply_id: int | None = None
) -> dict[str, Any]:
    """Add a reply, or change the one of ``reply_id``. ``team`` None is for all teams, which supervisors write.

    Raises Invalid, or NotFound also for one that this technician may not change.
    """
    name, words = checked_title(title), checked_reply(text)
    check_team(ctx, technician, team)
    now = ctx.clock()
    async with ctx.db.write() as session:
        if reply_id is None:
            reply = CannedReply(created_at=now)
            session.add(reply)
        else:
            reply = await _editable(session, technician, reply_id)
        reply.title, reply.text, reply.technician_id, reply.updated_at = name, words, technician.id, now
        reply.team = str(team) if team is not None else None
        await session.flush()
        details = {"reply": reply.id, "team": reply.team}
        audit.record(session, audit.technician_actor(technician), "canned.save", now, details=details)
    return _shown(ctx, reply, technician)


async def remove_reply(ctx: Context, technician: Technician, reply_id: int) -> None:
    """Take a reply away; raises NotFound."""
    async with ctx.db.write() as session:
        reply = await _editable(session, technician, reply_id)
        await session.delete(reply)
        details = {"reply": reply_id}
        audit.record(session, audit.technician_actor(technician), "canned.remove", ctx.clock(), details=details)


async def _editable(session: AsyncSession, technician: Technician, reply_id: int) -> CannedReply:
    reply = await session.get(CannedReply, reply_id, with_for_update=True)
    if reply is None or not may_edit(technician, reply.team):
        raise NotFound("There is no such canned reply for you to change.")
    return reply


def may_edit(technician: Technician, team: str | None) -> bool:
    """Supervisors any; technicians those of their own team."""
    return technician.role in access.SEES_ALL or (team is not None and team == technician.team)


def check_team(ctx: Context, technician: Technician, team: object) -> None:
    """Raise Invalid unless ``team`` is None or a team, and this technician may write for it."""
    if team is not None and not is_one_of(team, ctx.support.team_titles):
        raise Invalid("team must be the id of a team in support.yml, or null for all; nothing was kept.")
    if not may_edit(technician, str(team) if team is not None else None):
        raise Invalid("Replies for all teams, or for another team, are written by supervisors; nothing was kept.")


def checked_title(title: object) -> str:
    """Return a title in one line; raises Invalid."""
    if not isinstance(title, str) or not title.strip() or len(title) > TITLE_LIMIT:
        raise Invalid(f"The title must have 1 to {TITLE_LIMIT} characters; nothing was kept.")
    return " ".join(title.split())


def checked_reply(text: object) -> str:
    """Return the text of a reply, whose placeholders are known; raises Invalid."""
    words = checked_text(text)
    if len(words) > TEXT_LIMIT:
        raise Invalid(f"The reply may have {TEXT_LIMIT:,} characters; nothing was kept.")
    try:
        parts = [part for part in Formatter().parse(words) if part[1] is not None]
    except ValueError:
        raise Invalid("A { or } stands alone; write {{ or }} for the character itself. Nothing was kept.") from None
    for _, name, spec, conversion in parts:
        if name not in PLACEHOLDERS or spec or conversion:
            known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
            hint = did_you_mean(name or "", PLACEHOLDERS)
            raise Invalid(f"{{{name}}} is no placeholder; there are {known}.{hint} Nothing was kept.")
    return words
