"""One action on many issues: each is a transaction of its own with a result of its own."""

from collections.abc import Mapping
from typing import Any, TypedDict

from bot.services.core.context import Context
from bot.services.core.errors import Invalid, ServiceError
from bot.services.desk import assign_issue, delayed_actions, tags, transfers
from bot.services.desk.delayed_actions import Delayed
from bot.store.tables import Technician

MOST = 100
ASSIGN, TRANSFER, TAG, UNTAG, RESOLVE = "assign", "transfer", "tag", "untag", "resolve"
ACTIONS = (ASSIGN, TRANSFER, TAG, UNTAG, RESOLVE)


class BulkResult(TypedDict):
    """The result for one issue. ``message``: why it was not done; ``delayed``: what can be undone."""

    reference: str
    done: bool
    message: str | None
    delayed: Delayed | None


async def act_on_many(ctx: Context, technician: Technician, fields: Mapping[str, Any]) -> list[BulkResult]:
    """Do ``action`` with each of ``references``: assign (``technician``), transfer (``team``), tag or untag (``name``),
    resolve, which can be undone.

    Raises Invalid when the request as a whole makes no sense; nothing was changed then.
    """
    references, action = fields.get("references"), fields.get("action")
    if action not in ACTIONS:
        raise Invalid(f"action must be one of {', '.join(ACTIONS)}; nothing was changed.")
    if not isinstance(references, list) or not 0 < len(references) <= MOST:
        raise Invalid(f"references must list 1 to {MOST} Tech References; nothing was changed.")
    target = await _target(ctx, action, fields)
    return [await _one(ctx, technician, str(reference), action, target) for reference in dict.fromkeys(references)]


async def _target(ctx: Context, action: str, fields: Mapping[str, Any]) -> Any:
    if action == ASSIGN:
        return await transfers.colleague_named(ctx, fields.get("technician"))
    if action == TRANSFER:
        team = fields.get("team")
        if not isinstance(team, str) or team not in ctx.support.team_titles:
            raise Invalid("team must be the id of a team in support.yml; nothing was changed.")
        return team
    return tags.checked_name(fields.get("name")) if action in (TAG, UNTAG) else None


async def _one(ctx: Context, technician: Technician, reference: str, action: str, target: Any) -> BulkResult:
    try:
        delayed = await _act(ctx, technician, reference, action, target)
    except ServiceError as error:
        return BulkResult(reference=reference, done=False, message=str(error), delayed=None)
    return BulkResult(reference=reference, done=True, message=None, delayed=delayed)


async def _act(ctx: Context, technician: Technician, reference: str, action: str, target: Any) -> Delayed | None:
    if action == RESOLVE:
        return await delayed_actions.delay_resolve_issue(ctx, technician, reference)
    if action == ASSIGN:
        await assign_issue.assign_issue(ctx, technician, reference, to_technician_id=target)
    elif action == TRANSFER:
        await assign_issue.assign_issue(ctx, technician, reference, team=target)
    else:
        change = tags.add_tag if action == TAG else tags.remove_tag
        await change(ctx, technician, reference, target)
    return None
