"""A customer whose draft is in the database: begun, partly answered, logged."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.intake import draft as drafts
from bot.services.intake.draft import Draft
from bot.services.issue.open_issue import open_issue
from bot.store.tables import Conversation
from tests.support.service_fixtures import Customer


@dataclass
class Interview:
    """The draft of one customer's conversation."""

    ctx: Context
    customer: Customer

    async def starts(self, **answers: str) -> None:
        """A draft whose named questions have been answered."""
        async with self.ctx.db.write() as session:
            conversation = await session.get_one(Conversation, self.customer.id)
            draft = await drafts.begin_draft(session, self.ctx, conversation)
            if "problem" in answers:
                await drafts.add_to_problem(session, draft, answers.pop("problem"), self.ctx.clock(), None)
            for name, value in answers.items():
                await drafts.save_answer(session, draft, name, value, self.ctx.clock())

    async def is_logged(self) -> str:
        async with self.ctx.db.write() as session:
            conversation = await session.get_one(Conversation, self.customer.id)
            draft = await self.draft_in(session)
            return (await open_issue(session, self.ctx, conversation, draft, actor="test")).reference

    async def draft(self) -> Draft:
        async with self.ctx.db.read() as session:
            return await self.draft_in(session)

    async def draft_in(self, session: AsyncSession) -> Draft:
        draft = await drafts.current_draft(session, self.ctx.support, self.customer.id)
        assert draft is not None
        return draft

    async def answers(self) -> dict[str, str]:
        return {name: answer.value for name, answer in (await self.draft()).answers.items()}
