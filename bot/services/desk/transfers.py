"""Passing a conversation on: the technician's request checked, then done by ``hand_off``."""

from typing import TypedDict, TypeGuard

from sqlalchemy import select

from bot.services.core.context import Context
from bot.services.core.errors import Invalid, UnknownTarget
from bot.services.core.input_text import checked_text
from bot.services.core.input_values import whole_number
from bot.services.desk import delayed_actions
from bot.services.desk.delayed_actions import Delayed
from bot.services.hand_off import resolve_issues, transitions
from bot.services.technician.accounts import by_email
from bot.store.tables import Technician
from bot.triage.privacy.redaction import redact_cards

NOTE_LIMIT = 2000


async def give_back(ctx: Context, conversation_id: str, technician: Technician, note: object) -> None:
    """Back to the assistant with a note that it tells the customer; an absent note says nothing.

    Raises Invalid, NotFound, or Conflict (``not_owner``).
    """
    await transitions.give_back(ctx, conversation_id, technician, checked_note(note))


async def resolve(
    ctx: Context, conversation_id: str, technician: Technician, references: object, *, delay: bool = False
) -> Delayed | None:
    """Resolve issues of the conversation that the technician holds, by their references; None for all of them.

    With ``delay`` in a few seconds, until when it can be undone. Raises Invalid, NotFound, or Conflict (``not_owner``,
    ``not_handed_off``, ``delayed``).
    """
    if references is not None and not _is_list_of_text(references):
        raise Invalid("references must list Tech References; nothing was changed.")
    if delay:
        return await delayed_actions.delay_resolve(ctx, conversation_id, technician, references)
    await resolve_issues.resolve(ctx, conversation_id, technician, references)
    return None


def _is_list_of_text(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def checked_note(note: object) -> str:
    """Return a note for whoever goes on, "" when there is none; raises Invalid."""
    text = "" if note in (None, "") else redact_cards(checked_text(note)).text
    if len(text) > NOTE_LIMIT:
        raise Invalid(f"The note may have {NOTE_LIMIT:,} characters; nothing was changed.")
    return text


async def transfer(
    ctx: Context,
    conversation_id: str,
    technician: Technician,
    team: object,
    colleague: object,
    note: object = None,
    *,
    delay: bool = False,
) -> Delayed | None:
    """To a team by its id, or to a colleague by id or e-mail, with a note for them that the customer does not see.

    With ``delay`` in a few seconds, until when it can be undone. Raises Invalid unless exactly one is named.
    """
    words = checked_note(note) or None
    target = await _target(ctx, technician, team, colleague)
    if delay:
        return await delayed_actions.delay_transfer(ctx, conversation_id, technician, **target, note=words)
    await transitions.transfer(ctx, conversation_id, technician, **target, note=words)
    return None


class _Target(TypedDict, total=False):
    team: str
    to_technician_id: int


async def _target(ctx: Context, technician: Technician, team: object, colleague: object) -> _Target:
    if (team is None) == (colleague is None):
        raise UnknownTarget("Name either a team or a technician; nothing was transferred.")
    if team is not None:
        if not isinstance(team, str):
            raise UnknownTarget("team must be the id of a team; nothing was transferred.")
        return {"team": team}
    colleague_id = await colleague_named(ctx, colleague)
    if colleague_id == technician.id:
        raise UnknownTarget("You have this conversation already; nothing was transferred.")
    return {"to_technician_id": colleague_id}


async def colleague_named(ctx: Context, named: object) -> int:
    """Return the id of a colleague who is named by id or e-mail; raises Invalid."""
    if isinstance(named, int) and not isinstance(named, bool):
        return named
    if (number := whole_number(named, 9)) is not None:
        return number
    if isinstance(named, str) and named.isprintable():
        async with ctx.db.read() as session:
            found = await by_email(session, named)
        if found is not None:
            return found.id
    message = "technician must be the id or e-mail of a colleague; nothing was transferred."
    raise UnknownTarget(message)


class TargetTeam(TypedDict):
    id: str
    title: str


class TargetTechnician(TypedDict):
    id: int
    name: str
    team: str | None
    availability: str


class TransferTargets(TypedDict):
    """Teams, and the colleagues who can sign in, to whom a conversation can be transferred."""

    teams: list[TargetTeam]
    technicians: list[TargetTechnician]


async def transfer_targets(ctx: Context, technician: Technician) -> TransferTargets:
    """Return the teams, and the colleagues who can sign in."""
    others = select(Technician).where(Technician.active, Technician.id != technician.id)
    async with ctx.db.read() as session:
        colleagues = list(await session.scalars(others.order_by(Technician.name)))
    return {
        "teams": [{"id": team, "title": title} for team, title in ctx.support.team_titles.items()],
        "technicians": [
            {"id": one.id, "name": one.name, "team": one.team, "availability": one.availability} for one in colleagues
        ],
    }
