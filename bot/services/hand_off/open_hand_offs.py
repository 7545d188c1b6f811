"""The open hand-offs of one conversation: one for each issue that needs a technician, taken and passed on together.

A customer talks to one technician at a time, about all that they have reported; each issue is resolved by itself.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import PRIVATE_PROBLEM, PROBLEM, REQUEST
from bot.services.hand_off.returned import WAS_RETURNED
from bot.services.issue.issue_links import DUPLICATE
from bot.store.tables import Conversation, HandOff, Intake, IntakeAnswer, Issue, IssueLink
from bot.triage.issue.issue_status import IssueStatus

OPEN_STATES = WAITING, CLAIMED = "waiting", "claimed"


async def open_hand_offs(session: AsyncSession, conversation: Conversation) -> list[HandOff]:
    """Return what waits or is held, that of the issue which the conversation is about first."""
    query = select(HandOff).where(HandOff.conversation_id == conversation.id, HandOff.state.in_(OPEN_STATES))
    found = await session.scalars(query.order_by(HandOff.id))
    return sorted(found, key=lambda one: one.issue_id != conversation.issue_id)


async def issues_of(session: AsyncSession, hand_offs: Collection[HandOff]) -> list[Issue]:
    """Return the issues of these hand-offs, in their order."""
    return [await session.get_one(Issue, one.issue_id) for one in hand_offs]


async def never_handed_off(session: AsyncSession, conversation: Conversation) -> list[Issue]:
    """Return the open issues of this conversation that need a technician and that no technician was told of.

    A request needs none, nor does one that is solved together with another issue, or that a technician has taken up.
    """
    query = (
        select(Issue)
        .join(Intake, Intake.id == Issue.intake_id)
        .where(
            Issue.conversation_id == conversation.id,
            Issue.status != IssueStatus.RESOLVED,
            Issue.technician_id.is_(None),
            Intake.state != REQUEST,
            ~exists().where(HandOff.issue_id == Issue.id),
            ~exists().where(IssueLink.issue_id == Issue.id, IssueLink.kind == DUPLICATE),
        )
        .order_by(Issue.id)
    )
    return list(await session.scalars(query))


@dataclass(frozen=True)
class OpenIssue:
    """An open issue of a conversation. ``words``: its problem. ``returned_at``: since when it is given back."""

    issue: Issue
    words: str
    state: str | None
    returned_at: datetime | None


async def open_issues(session: AsyncSession, conversation: Conversation) -> list[OpenIssue]:
    """Return the open issues of the conversation, requests aside, in the order in which they were logged."""
    newest = select(func.max(HandOff.id)).where(HandOff.issue_id == Issue.id).correlate(Issue).scalar_subquery()
    query = (
        select(Issue, HandOff.state, HandOff.ended_at, WAS_RETURNED)
        .join(Intake, Intake.id == Issue.intake_id)
        .outerjoin(HandOff, HandOff.id == newest)
        .where(
            Issue.conversation_id == conversation.id,
            Issue.status != IssueStatus.RESOLVED,
            Intake.state != REQUEST,
        )
        .order_by(Issue.id)
    )
    rows = (await session.execute(query)).all()
    words = await _words(session, [row[0].intake_id for row in rows])
    return [
        OpenIssue(issue, words.get(issue.intake_id, ""), state, ended_at if was_returned else None)
        for issue, state, ended_at, was_returned in rows
    ]


async def _words(session: AsyncSession, intakes: list[int]) -> dict[int, str]:
    query = select(IntakeAnswer.intake_id, IntakeAnswer.value).where(
        IntakeAnswer.intake_id.in_(intakes), IntakeAnswer.question_id.in_((PROBLEM, PRIVATE_PROBLEM))
    )
    found: dict[int, str] = {}
    for intake, value in await session.execute(query):
        found[intake] = f"{found[intake]}\n{value}" if intake in found else value
    return found


async def follow_issue(session: AsyncSession, issue: Issue, now: datetime) -> None:
    """Let a hand-off that waits go to the issue's team; others only have to be looked at again."""
    query = select(HandOff).where(HandOff.issue_id == issue.id, HandOff.state.in_(OPEN_STATES))
    for open_one in await session.scalars(query):
        if open_one.state == "waiting":
            open_one.team = issue.team
        open_one.updated_at = now
