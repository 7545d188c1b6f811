"""Go on without Rasa: rules that need only the draft, until the customer has a reference and a place in the queue.

The same draft is continued, so that nothing already answered is asked again; when the reference is given a new
episode lets Rasa, once it is back, ask the rest.
"""

import json
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.hand_off import resume_wording
from bot.services.intake import draft
from bot.services.intake.draft import CONTACT, PROBLEM, Draft
from bot.services.intake.side_facts import fill_from
from bot.services.issue.open_issue import open_issue
from bot.services.queue import queue_order
from bot.services.turn.turns import Lease, Outcome, Prepared, held
from bot.store.lookup import its_issue
from bot.store.tables import Conversation, Issue
from bot.store.unit_of_work import unit_of_work

ACTOR = "fallback"
WORDS_OF_A_PROBLEM = 3
Reply = dict[str, Any]


@unit_of_work()
async def answer(session: AsyncSession, ctx: Context, lease: Lease, prepared: Prepared, reason: str) -> Outcome:
    """Return what to say to this event without Rasa; the answers it holds are saved."""
    conversation = await held(session, lease)
    if not prepared.text and not prepared.payload:
        unasked = resume_wording.resume_words(ctx, prepared.resume, await its_issue(session, conversation))
        if unasked is not None:
            return Outcome([{"text": unasked}], [], by="fallback", reason=reason)
    if conversation.owner == "queue" and conversation.issue_id is not None:
        replies, effects = await _while_waiting(session, ctx, conversation, prepared)
    else:
        replies, effects = await _toward_a_reference(session, ctx, conversation, prepared)
    return Outcome(replies=replies, effects=effects, by="fallback", reason=reason)


async def _while_waiting(
    session: AsyncSession, ctx: Context, conversation: Conversation, prepared: Prepared
) -> tuple[list[Reply], list[dict[str, Any]]]:
    issue = await session.get_one(Issue, conversation.issue_id)
    current = await draft.current_draft(session, ctx.support, conversation.id)
    if current is not None and prepared.text:
        await _take_in(session, ctx, current, prepared)
    place = await queue_order.queue_position(session, ctx.support.queue_policy, conversation)
    words = ctx.support.wording.fallback_noted.format(reference=issue.reference, place=place or 1)
    return [{"text": words}], []


async def _toward_a_reference(
    session: AsyncSession, ctx: Context, conversation: Conversation, prepared: Prepared
) -> tuple[list[Reply], list[dict[str, Any]]]:
    current = await draft.current_draft(session, ctx.support, conversation.id)
    message_id = int(prepared.message_id) if prepared.text or prepared.payload else None
    if current is None or current.intake.state == "done":
        current = await draft.begin_draft(session, ctx, conversation, message_id)
    current.intake.state = "open"
    if message_id is not None:
        await _take_in(session, ctx, current, prepared)
    if not current.has_essentials:
        return [{"text": _ask(ctx, current, conversation)}], [{"type": "fallback", "on": True}]
    issue = await open_issue(session, ctx, conversation, current, actor=ACTOR)
    told = ctx.support.wording.reference_given.format(reference=issue.reference)
    return [{"text": told}], [
        {"type": "hand_off", "reason": "assistant unavailable"},
        {"type": "fallback", "on": False},
    ]


async def _take_in(session: AsyncSession, ctx: Context, current: Draft, prepared: Prepared) -> None:
    """Save what the message says: an address when one was asked for, otherwise a part of the problem."""
    now, message_id = ctx.clock(), int(prepared.message_id)
    if prepared.payload is not None:
        await _take_choice(session, current, prepared.payload, now, message_id)
        return
    text = await draft.text_of(session, current.intake.conversation_id, message_id)
    asked = current.intake.asking
    filled = await fill_from(session, current, text, now, message_id)
    if CONTACT in filled and asked == CONTACT:
        return
    if current.has_problem and asked == CONTACT:
        await _no_address(session, ctx, current, message_id)
    elif current.has_problem or len(text.split()) >= WORDS_OF_A_PROBLEM or asked == PROBLEM:
        await draft.add_to_problem(session, current, text, now, message_id)


async def _take_choice(session: AsyncSession, current: Draft, payload: str, now: datetime, message_id: int) -> None:
    """A choice that answers a question is saved; any other has nothing to say to a draft."""
    _, brace, fields = payload.partition("{")
    chosen = json.loads(brace + fields) if brace else {}
    if chosen.get("question") == draft.CATEGORY and "value" in chosen:
        await draft.set_category(session, current, chosen["value"], now)
    elif "question" in chosen and "value" in chosen:
        await draft.save_answer(session, current, chosen["question"], chosen["value"], now, message_id=message_id)


async def _no_address(session: AsyncSession, ctx: Context, current: Draft, message_id: int) -> None:
    """Asked twice without an address: this chat is then the way to reach the customer."""
    current.intake.misses += 1
    if current.intake.misses > 1:
        await draft.save_answer(
            session,
            current,
            CONTACT,
            ctx.support.wording.contact_is_this_chat,
            ctx.clock(),
            message_id=message_id,
        )


def _ask(ctx: Context, current: Draft, conversation: Conversation) -> str:
    words = ctx.support.wording
    current.intake.asking = CONTACT if current.has_problem else PROBLEM
    question = words.fallback_ask_problem if current.intake.asking == PROBLEM else words.fallback_ask_contact
    apology = "" if conversation.fallback else words.assistant_unavailable + " "
    return apology + question
