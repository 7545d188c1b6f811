"""Tell what is new about a known problem to everyone affected, and ask whether it works when it is over."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import episodes, lifecycle, transcript
from bot.services.core.context import Context
from bot.services.core.topics import DESK
from bot.services.hand_off import pending_events
from bot.services.hand_off.resume_wording import KNOWN_PROBLEM_OVER
from bot.services.intake.known_problem_offer import OVER
from bot.services.issue.known_problems import RESOLVED_ISSUE
from bot.store.tables import (
    Conversation,
    InboundEvent,
    Issue,
    KnownProblem,
    KnownProblemNews,
    KnownProblemUpdate,
)
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.hand_off.ownership import Owner

AT_ONCE = 200


async def tell_news(ctx: Context) -> None:
    """Tell every update to every open issue that has not heard it; each in a transaction of its own."""
    async with ctx.db.read() as session:
        heard = exists().where(
            KnownProblemNews.update_id == KnownProblemUpdate.id, KnownProblemNews.issue_id == Issue.id
        )
        query = (
            select(KnownProblemUpdate.id, Issue.id)
            .join(Issue, Issue.known_problem_id == KnownProblemUpdate.problem_id)
            # Who joins later reads the problem's text as it is then.
            .where(Issue.created_at <= KnownProblemUpdate.created_at, Issue.status != RESOLVED_ISSUE, ~heard)
            .order_by(KnownProblemUpdate.id, Issue.id)
            .limit(AT_ONCE)
        )
        due = [(row[0], row[1]) for row in await session.execute(query)]
    for update_id, issue_id in due:
        await _tell(ctx, update_id, issue_id)


@unit_of_work()
async def _tell(session: AsyncSession, ctx: Context, update_id: int, issue_id: int) -> None:
    now = ctx.clock()
    issue = await session.get_one(Issue, issue_id)
    conversation = await lifecycle.load(session, issue.conversation_id, lock=True)
    if await session.get(KnownProblemNews, (update_id, issue_id)) is not None:
        return
    session.add(KnownProblemNews(update_id=update_id, issue_id=issue_id, told_at=now))
    news = await session.get_one(KnownProblemUpdate, update_id)
    problem = await session.get_one(KnownProblem, news.problem_id)
    by_assistant = (
        news.kind == OVER
        and conversation.issue_id == issue.id
        and conversation.owner in (Owner.ASSISTANT, Owner.QUEUE)
        # What the customer has just written is answered in the episode that it was written in.
        and not await pending_events.is_waiting(session, conversation.id)
    )
    if by_assistant:
        _let_the_assistant_ask(session, conversation, problem, news, now)
    else:
        words = ctx.support.wording
        sentence = words.known_problem_over if news.kind == OVER else words.known_problem_update
        text = sentence.format(reference=issue.reference, title=problem.title, text=news.text)
        await transcript.say(
            session, conversation, now, text, author_name=ctx.support.company, reference=issue.reference
        )
    issue.updated_at = now
    after_commit(session, ctx.wake, conversation.id)
    if by_assistant:
        after_commit(session, ctx.work, conversation.id)


def _let_the_assistant_ask(
    session: AsyncSession,
    conversation: Conversation,
    problem: KnownProblem,
    news: KnownProblemUpdate,
    now: datetime,
) -> None:
    """Yes and no are then answers, as after a hand-back: an event of its own makes it a turn."""
    episodes.begin(conversation, {"kind": KNOWN_PROBLEM_OVER, "title": problem.title, "text": news.text})
    session.add(
        InboundEvent(
            source=DESK,
            source_id=f"known-problem:{news.id}:{conversation.id}",
            conversation_id=conversation.id,
            created_at=now,
        )
    )
