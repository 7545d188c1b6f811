"""Send the news of a known problem to each affected issue, and ask whether it works when the problem is over."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.context import KNOWN_PROBLEM_OVER
from bot.services.conversation import lifecycle, transcript
from bot.services.core.context import Context
from bot.services.core.topics import DESK
from bot.services.hand_off import pending_events
from bot.services.intake.known_problem_offer import OVER
from bot.services.issue.known_problems import RESOLVED_ISSUE
from bot.services.outbox import leases
from bot.services.outbox.items import KNOWN_PROBLEM_NEWS
from bot.services.outbox.outcomes import NotNeeded
from bot.store.tables import (
    Conversation,
    InboundEvent,
    Issue,
    KnownProblem,
    KnownProblemUpdate,
    OutboxItem,
)
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.hand_off.ownership import Owner


class KnownProblemNewsSender:
    """Says each update in the conversation of one issue, in one transaction with the end of its outbox item."""

    kind, at_once = KNOWN_PROBLEM_NEWS, 2

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def targets(self) -> None:
        """Any issue can be reached."""

    async def send(self, item: OutboxItem) -> None:
        """Say the update; raises NotNeeded for an issue that was resolved meanwhile."""
        await _send(self._ctx, item)


@unit_of_work()
async def _send(session: AsyncSession, ctx: Context, item: OutboxItem) -> None:
    now = ctx.clock()
    conversation = await lifecycle.load(session, str(item.conversation_id), lock=True)
    issue = await session.get_one(Issue, item.issue_id)
    if issue.status == RESOLVED_ISSUE or conversation.erased_at is not None:
        raise NotNeeded
    await leases.sent(session, item, now)
    news = await session.get_one(KnownProblemUpdate, item.update_id)
    if await _say(session, ctx, conversation, issue, news):
        after_commit(session, ctx.work, conversation.id)
    issue.updated_at = now


async def _say(
    session: AsyncSession, ctx: Context, conversation: Conversation, issue: Issue, news: KnownProblemUpdate
) -> bool:
    """Say the update, or let the assistant ask whether the problem is over; return True for the latter."""
    now, words = ctx.clock(), ctx.support_for(conversation).wording
    problem = await session.get_one(KnownProblem, news.problem_id)
    if (
        news.kind == OVER
        and conversation.issue_id == issue.id
        and conversation.owner in (Owner.ASSISTANT, Owner.QUEUE)
        # What the customer has just written is answered first, as what it was written to.
        and not await pending_events.is_waiting(session, conversation.id)
    ):
        _let_the_assistant_ask(session, conversation, problem, news, now)
        return True
    sentence = words.known_problem_over if news.kind == OVER else words.known_problem_update
    text = sentence.format(reference=issue.reference, title=problem.title, text=news.text)
    await transcript.say(
        session, conversation, now, text, author_name=ctx.office_for(conversation).company, reference=issue.reference
    )
    return False


def _let_the_assistant_ask(
    session: AsyncSession,
    conversation: Conversation,
    problem: KnownProblem,
    news: KnownProblemUpdate,
    now: datetime,
) -> None:
    """Yes and no are then answers, as after a hand-back: an event of its own makes it a turn."""
    session.add(
        InboundEvent(
            source=DESK,
            source_id=f"known-problem:{news.id}:{conversation.id}",
            conversation_id=conversation.id,
            payload={"kind": KNOWN_PROBLEM_OVER, "title": problem.title, "text": news.text},
            created_at=now,
        )
    )
