"""Steps that tests of several services begin with: an issue logged, in the queue, answered; the mails so far."""

from sqlalchemy import select

from bot.dialogue.draft import CONTACT, PROBLEM
from bot.dialogue.plan import RequestHandOff
from bot.services.conversation import lifecycle
from bot.services.core.context import Context
from bot.services.desk.technician_messages import parse, send_message
from bot.services.hand_off import transitions
from bot.services.intake import draft
from bot.services.issue.open_issue import open_issue
from bot.services.queue import queue_order
from bot.store.tables import Conversation, HandOff, Issue, Technician
from tests.support.service_fixtures import Customer


async def log_an_issue(ctx: Context, customer: Customer) -> str:
    """What an action does in the middle of a turn."""
    async with ctx.db.write() as session:
        conversation = await session.get_one(Conversation, customer.id)
        current = await draft.begin_draft(session, ctx, conversation)
        await draft.save_answer(session, current, PROBLEM, "it crashes", ctx.clock())
        await draft.save_answer(session, current, CONTACT, "a@b.example", ctx.clock())
        return (await open_issue(session, ctx, conversation, current, actor="test")).reference


async def wait_in_the_queue(ctx: Context, customer: Customer) -> None:
    await customer.writes("it crashes, my address is a@b.example")
    reference = await log_an_issue(ctx, customer)
    await customer.is_answered(f"Logged: {reference}", RequestHandOff("issue logged"))


async def only_hand_off(ctx: Context) -> int:
    async with ctx.db.read() as session:
        return (await queue_order.waiting_hand_offs(session, ctx.support.queue_policy))[0].hand_off_id


async def logged(ctx: Context, customer: Customer, contact: str = "mia@bakery.example") -> Issue:
    """An issue as the dialogue logs it, with a hand-off."""
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id, lock=True)
        asked = await draft.begin_draft(session, ctx, conversation)
        await draft.add_to_problem(session, asked, "It crashes when I print", ctx.clock(), None)
        await draft.save_answer(session, asked, CONTACT, contact, ctx.clock())
        issue = await open_issue(session, ctx, conversation, asked, actor="assistant")
        await transitions.request_hand_off(session, ctx, conversation, reason="asked", actor="assistant")
        await transitions.post_queue_notices(session, ctx, conversation)
    return issue


async def answered(ctx: Context, customer: Customer, technician: Technician, *texts: str) -> None:
    async with ctx.db.read() as session:
        conversation = await lifecycle.load(session, customer.id)
        waiting = await session.scalar(select(HandOff.id).where(HandOff.state == "waiting"))
    if conversation.owner == "queue":
        assert waiting is not None
        await transitions.claim(ctx, waiting, technician)
    for number, text in enumerate(texts):
        body = {"client_message_id": f"{ctx.clock().timestamp()}-{number}", "text": text}
        await send_message(ctx, technician, customer.id, parse(body))
