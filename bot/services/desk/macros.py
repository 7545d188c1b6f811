"""Macros: a reply with what is done along with it (tags, status, team), kept once and applied to a conversation.

Who may use and write them is as with canned replies.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.channel.receive import Incoming
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NotFound
from bot.services.core.input_values import is_one_of
from bot.services.desk import canned_replies, tags, technician_messages
from bot.services.desk.labels import STATUSES
from bot.services.hand_off import resolve_issues, transitions
from bot.services.issue import issue_links, issue_status
from bot.services.technician import access
from bot.store.locks import lock_conversations
from bot.store.tables import Conversation, Macro, Technician
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.issue.issue_status import IssueStatus

SETTABLE = (IssueStatus.IN_PROGRESS, IssueStatus.WAITING_CUSTOMER, IssueStatus.RESOLVED)
MOST_TAGS = 6


class MacroView(TypedDict):
    """A macro as pages show it. ``text``: the reply, "" for none; ``does``: everything else in words."""

    id: int
    title: str
    text: str
    team: str | None
    team_title: str
    status: str | None
    to_team: str | None
    tags: list[str]
    does: list[str]
    editable: bool


async def list_macros(ctx: Context, technician: Technician, conversation_id: str | None = None) -> list[MacroView]:
    """Return the macros this technician may use, by title; for a conversation with the placeholders filled in.

    Raises NotFound for a conversation that they may not read.
    """
    async with ctx.db.read() as session:
        values = await _values(session, ctx, technician, conversation_id) if conversation_id else None
        return [_view(ctx, one, technician, values) for one in await _usable(session, technician)]


async def _values(session: AsyncSession, ctx: Context, technician: Technician, conversation_id: str) -> dict[str, str]:
    conversation = await access.load_readable(session, technician, conversation_id)
    return await canned_replies.placeholder_values(session, ctx, conversation, technician)


async def _usable(session: AsyncSession, technician: Technician) -> Sequence[Macro]:
    query = select(Macro).order_by(Macro.title, Macro.id)
    if technician.role not in access.SEES_ALL and technician.team is not None:
        query = query.where(or_(Macro.team.is_(None), Macro.team == technician.team))
    return (await session.scalars(query)).all()


def _view(ctx: Context, macro: Macro, technician: Technician, values: dict[str, str] | None) -> MacroView:
    text = canned_replies.filled(macro.text, values) if values is not None else macro.text
    return MacroView(
        id=macro.id,
        title=macro.title,
        text=text,
        team=macro.team,
        team_title=ctx.support.team_title(macro.team) if macro.team else "All teams",
        status=macro.status,
        to_team=macro.to_team,
        tags=macro.tags,
        does=_effects(ctx, macro),
        editable=canned_replies.may_edit(technician, macro.team),
    )


def _effects(ctx: Context, macro: Macro) -> list[str]:
    """Return what the macro does besides replying, in words and in the order in which it is done."""
    return [
        *(f"Adds the tag “{name}”" for name in macro.tags),
        *([f"Sets the status: {STATUSES[macro.status]}"] if macro.status else []),
        *([f"Transfers to {ctx.support.team_title(macro.to_team)}"] if macro.to_team else []),
    ]


async def save_macro(
    ctx: Context, technician: Technician, fields: Mapping[str, object], macro_id: int | None = None
) -> MacroView:
    """Add a macro, or change the one of ``macro_id``: ``title``, ``text``, ``team`` (None for all), ``status``,
    ``to_team``, ``tags``.

    Raises Invalid, or NotFound also for one that this technician may not change.
    """
    checked, now = _checked(ctx, technician, fields), ctx.clock()
    async with ctx.db.write() as session:
        macro = await _editable(session, technician, macro_id) if macro_id is not None else Macro(created_at=now)
        session.add(macro)
        for name, value in checked.items():
            setattr(macro, name, value)
        macro.technician_id, macro.updated_at = technician.id, now
        await session.flush()
        details = {"macro": macro.id, "team": macro.team}
        audit.record(session, audit.technician_actor(technician), "macro.save", now, details=details)
        return _view(ctx, macro, technician, None)


def _checked(ctx: Context, technician: Technician, fields: Mapping[str, object]) -> dict[str, Any]:
    team, status, to_team = (fields.get(name) or None for name in ("team", "status", "to_team"))
    canned_replies.check_team(ctx, technician, team)
    if status is not None and not is_one_of(status, SETTABLE):
        raise Invalid(f"status must be empty or one of {', '.join(SETTABLE)}; nothing was kept.")
    if to_team is not None and not is_one_of(to_team, ctx.support.team_titles):
        raise Invalid("to_team must be the id of a team in support.yml; nothing was kept.")
    if status == IssueStatus.RESOLVED and to_team is not None:
        raise Invalid("What is resolved is not transferred as well; nothing was kept. Choose one of them.")
    text = canned_replies.checked_reply(fields["text"]) if fields.get("text") else ""
    names = _checked_tags(fields.get("tags") or [])
    if not (text or names or status or to_team):
        raise Invalid("A macro must do something: a reply, a tag, a status or a team. Nothing was kept.")
    title = canned_replies.checked_title(fields.get("title"))
    return {"title": title, "text": text, "team": team, "status": status, "to_team": to_team, "tags": names}


def _checked_tags(value: object) -> list[str]:
    """Return the names of a list, or of text with commas between them."""
    names = [one for one in value.split(",") if one.strip()] if isinstance(value, str) else value
    if not isinstance(names, list) or len(names) > MOST_TAGS:
        raise Invalid(f"tags must list {MOST_TAGS} names at most; nothing was kept.")
    return [tags.checked_name(name) for name in names]


async def remove_macro(ctx: Context, technician: Technician, macro_id: int) -> None:
    """Take a macro away; raises NotFound."""
    async with ctx.db.write() as session:
        await session.delete(await _editable(session, technician, macro_id))
        details = {"macro": macro_id}
        audit.record(session, audit.technician_actor(technician), "macro.remove", ctx.clock(), details=details)


async def _editable(session: AsyncSession, technician: Technician, macro_id: int) -> Macro:
    macro = await session.get(Macro, macro_id, with_for_update=True)
    if macro is None or not canned_replies.may_edit(technician, macro.team):
        raise NotFound("There is no such macro for you to change.")
    return macro


@unit_of_work()
async def apply_macro(
    session: AsyncSession,
    ctx: Context,
    technician: Technician,
    conversation_id: str,
    macro_id: int,
    reply: Incoming | None,
) -> None:
    """Do all that the macro says, in one transaction; ``reply`` is its text as the technician sends it, None for none.

    The same ``client_message_id`` again changes nothing. Raises NotFound, or Conflict (``not_owner``,
    ``wrong_status``).
    """
    duplicates = await issue_links.conversations_of_duplicates(session, conversation_id)
    await lock_conversations(session, [conversation_id, *duplicates])
    if reply and await technician_messages.sent_before(session, technician, conversation_id, reply):
        return
    conversation = await transitions.owned_by(session, conversation_id, technician)
    macro = next((one for one in await _usable(session, technician) if one.id == macro_id), None)
    if macro is None:
        raise NotFound("There is no such macro any more; nothing was done.")
    if reply:
        await technician_messages.send_within(session, ctx, technician, conversation_id, reply)
    await _apply_rest(session, ctx, technician, conversation, macro)
    actor, details = audit.technician_actor(technician), {"macro": macro.id}
    audit.record(session, actor, "desk.macro", ctx.clock(), conversation=conversation, details=details)
    after_commit(session, transitions.wake_conversation, ctx, conversation)


async def _apply_rest(
    session: AsyncSession, ctx: Context, technician: Technician, conversation: Conversation, macro: Macro
) -> None:
    issue = await transitions.issue_of(session, conversation)
    for name in macro.tags:
        await tags.add_within(session, ctx, technician, issue, conversation, name)
    if macro.status == IssueStatus.RESOLVED:
        await resolve_issues.resolve_within(session, ctx, conversation.id, technician, [issue.reference])
    elif macro.status is not None:
        actor = audit.technician_actor(technician)
        issue_status.change_status(session, issue, IssueStatus(macro.status), actor=actor, now=ctx.clock())
    if macro.to_team is not None:
        await transitions.transfer_within(session, ctx, conversation.id, technician, team=macro.to_team)
