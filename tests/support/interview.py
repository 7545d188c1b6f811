"""A customer who is asked the draft's questions, with what the classifier would make of each line given by the test."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.services.core.context import Context
from bot.services.intake import draft as drafts
from bot.services.intake.dispatch_message import dispatch_message
from bot.services.intake.draft import Draft
from bot.services.intake.user_message import IntakeResult, UserMessage
from bot.services.issue.open_issue import open_issue
from bot.store.tables import Conversation, Message
from tests.support.service_fixtures import Customer


@dataclass
class Interview:
    """``hears`` takes one message in, as the form does; ``message_id`` is the last message's."""

    ctx: Context
    customer: Customer
    message_id: int = 0

    async def starts(self, **answers: str) -> None:
        """A draft whose named questions have been answered."""
        async with self.ctx.db.write() as session:
            conversation = await session.get_one(Conversation, self.customer.id)
            draft = await drafts.begin_draft(session, self.ctx, conversation, None)
            if "problem" in answers:
                await drafts.add_to_problem(session, draft, answers.pop("problem"), self.ctx.clock(), None)
            for name, value in answers.items():
                await drafts.save_answer(session, draft, name, value, self.ctx.clock())

    async def is_logged(self) -> str:
        async with self.ctx.db.write() as session:
            conversation = await session.get_one(Conversation, self.customer.id)
            draft = await self.draft_in(session)
            return (await open_issue(session, self.ctx, conversation, draft, actor="test")).reference

    async def hears(
        self,
        text: str,
        intent: str = "inform",
        *,
        confidence: float = 0.9,
        unseen: bool = False,
        fields: dict[str, Any] | None = None,
    ) -> IntakeResult:
        await self.customer.writes(text)
        async with self.ctx.db.read() as session:
            newest = select(Message.id).where(Message.conversation_id == self.customer.id, Message.author == "customer")
            self.message_id = max(await session.scalars(newest))
        return await self.hears_again(text, intent, confidence=confidence, unseen=unseen, fields=fields)

    async def hears_again(
        self,
        text: str,
        intent: str = "inform",
        *,
        confidence: float = 0.9,
        unseen: bool = False,
        fields: dict[str, Any] | None = None,
    ) -> IntakeResult:
        """The last message once more, as when its turn is tried again."""
        said = UserMessage(text, intent, confidence, self.message_id, unseen, fields is not None, fields or {})
        async with self.ctx.db.write() as session:
            draft = await self.draft_in(session)
            if draft.intake.asking is None:
                draft.intake.asking = draft.next_step()
            took = await dispatch_message(session, draft, said, self.ctx.clock())
            if draft.intake.asking is None:
                draft.intake.asking = draft.next_step()
            return took

    async def draft(self) -> Draft:
        async with self.ctx.db.read() as session:
            return await self.draft_in(session)

    async def draft_in(self, session: Any) -> Draft:
        draft = await drafts.current_draft(session, self.ctx.support, self.customer.id)
        assert draft is not None
        return draft

    async def answers(self) -> dict[str, str]:
        return {name: answer.value for name, answer in (await self.draft()).answers.items()}

    async def asking(self) -> str | None:
        return (await self.draft()).intake.asking
