"""Hand over my day: all of a technician's open work goes to others, with a note for each."""

from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import lifecycle
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NotFound, ServiceError, UnknownTarget
from bot.services.desk import transfers
from bot.services.desk.labels import STATUSES, word_for
from bot.services.hand_off import transitions
from bot.services.hand_off.open_hand_offs import open_hand_offs
from bot.store.tables import Conversation, Customer, HandOff, Issue, Note, Technician
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.issue.issue_status import IssueStatus

MOST = 200


async def open_work(ctx: Context, technician: Technician) -> list[dict[str, Any]]:
    """Return the technician's open work: conversations they have, then issues of theirs that wait."""
    claimed = and_(HandOff.issue_id == Issue.id, HandOff.state == "claimed", HandOff.technician_id == technician.id)
    query = (
        select(Issue, Customer.name.label("customer"), HandOff.id.label("held"))
        .join(Customer, Customer.id == Issue.customer_id)
        .outerjoin(HandOff, claimed)
        .where(Issue.technician_id == technician.id, Issue.status != IssueStatus.RESOLVED)
        .order_by(HandOff.id.is_(None), Issue.id)
        .limit(MOST)
    )
    async with ctx.db.read() as session:
        rows = (await session.execute(query)).all()
    return [
        {
            "reference": row.Issue.reference,
            "title": row.Issue.title,
            "customer": row.customer,
            "conversation_id": row.Issue.conversation_id,
            "in_conversation": row.held is not None,
            "status": row.Issue.status,
            "status_text": word_for(STATUSES, row.Issue.status),
            "waiting_until": row.Issue.waiting_until.isoformat() if row.Issue.waiting_until else None,
            "reminded": row.Issue.reminded_at is not None,
            "category": row.Issue.category,
            "team": row.Issue.team,
        }
        for row in rows
    ]


async def hand_over(ctx: Context, technician: Technician, items: object) -> list[dict[str, Any]]:
    """Pass each item {reference, team | technician, note?} on; what fails is told and the others go on.

    Gives {reference, done, message} for each. Raises Invalid when ``items`` is no such list.
    """
    if not isinstance(items, list) or not items or len(items) > MOST or not all(isinstance(one, dict) for one in items):
        raise Invalid("items must list what is handed over; nothing was changed.")
    return [await _one(ctx, technician, item) for item in items]


async def _one(ctx: Context, technician: Technician, item: dict[str, Any]) -> dict[str, Any]:
    reference = str(item.get("reference") or "")
    try:
        await _hand_over(ctx, technician, reference, item)
    except ServiceError as error:
        return {"reference": reference, "done": False, "message": str(error)}
    return {"reference": reference, "done": True, "message": None}


async def _hand_over(ctx: Context, technician: Technician, reference: str, item: dict[str, Any]) -> None:
    team, colleague = item.get("team"), item.get("technician")
    note = transfers.checked_note(item.get("note")) or None
    if (team is None) == (colleague is None):
        raise UnknownTarget("Name either a team or a technician; nothing was changed.")
    colleague_id = await transfers.colleague_named(ctx, colleague) if colleague is not None else None
    team_id = str(team) if team is not None else None
    await _move(ctx, technician, reference, team_id, colleague_id, note)


@unit_of_work()
async def _move(
    session: AsyncSession,
    ctx: Context,
    technician: Technician,
    reference: str,
    team: str | None,
    colleague_id: int | None,
    note: str | None,
) -> None:
    """Pass one issue on, with the conversation about it; the note is where the next technician reads it."""
    conversation, issue = await _locked(session, technician, reference)
    await transitions.target_name(session, ctx, team, colleague_id)
    if conversation.technician_id == technician.id and await _is_held(session, conversation, issue):
        await transitions.requeue(
            session,
            ctx,
            conversation,
            technician,
            team=team,
            to_technician_id=colleague_id,
            note=note,
            for_today=True,
        )
    _reassign(session, ctx, technician, issue, conversation, team, colleague_id)
    if note:
        session.add(_note(conversation, technician, note, ctx))
    after_commit(session, transitions.wake_conversation, ctx, conversation)


async def _is_held(session: AsyncSession, conversation: Conversation, issue: Issue) -> bool:
    return any(one.issue_id == issue.id for one in await open_hand_offs(session, conversation))


async def _locked(session: AsyncSession, technician: Technician, reference: str) -> tuple[Conversation, Issue]:
    """Lock the conversation, and check only then that the issue is the technician's: another may have claimed it.

    Raises NotFound.
    """
    place = await session.scalar(select(Issue.conversation_id).where(Issue.reference == reference))
    conversation = await lifecycle.load(session, place, lock=True, erased=True) if place is not None else None
    issue = await session.scalar(select(Issue).where(Issue.reference == reference))
    open_one = issue is not None and issue.technician_id == technician.id and issue.status != IssueStatus.RESOLVED
    if conversation is None or issue is None or not open_one:
        raise NotFound("This is no open issue of yours; nothing was changed.")
    return conversation, issue


def _reassign(
    session: AsyncSession,
    ctx: Context,
    technician: Technician,
    issue: Issue,
    conversation: Conversation,
    team: str | None,
    colleague_id: int | None,
) -> None:
    """The issue is the colleague's, or nobody's in the team."""
    now = ctx.clock()
    issue.technician_id, issue.team, issue.updated_at = colleague_id, team or issue.team, now
    conversation.updated_at = now
    details = {"team": team, "technician": colleague_id}
    audit.record(session, audit.technician_actor(technician), "issue.hand_over", now, issue=issue, details=details)


def _note(conversation: Conversation, technician: Technician, text: str, ctx: Context) -> Note:
    return Note(
        conversation_id=conversation.id,
        technician_id=technician.id,
        after_seq=conversation.last_seq,
        text=text,
        created_at=ctx.clock(),
    )
