"""Frustration: acknowledge or calm it in one sentence, flag it for the technician, and go on helping."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from actions.turn import Choice, Turn
from bot.services.conversation.mood import count_abuse
from bot.services.core.hours_wording import queue_place
from bot.services.intake import draft as drafts
from bot.services.intake.draft import SKIPPED, Draft
from bot.services.intake.user_message import states_problem
from bot.services.issue.follow_up import open_issue_of
from bot.services.queue import queue_order

MOST_ABUSE = 3
TOLD_BEFORE = re.compile(r"\b(?:already|just) (?:told|said|answered|gave|wrote|explained)|told you\b", re.IGNORECASE)


async def remark(turn: Turn) -> None:
    """Say one sentence that fits the customer's tone; the questions get fewer for an impatient customer."""
    if turn.intent == "abusive":
        await _about_tone(turn)
        return
    turn.effect("mood", value="frustrated")
    left = await shorten(turn)
    if left:
        turn.say("utter_frustrated_one_question" if left == 1 else "utter_frustrated_few_questions", count=left)
    else:
        turn.say("utter_frustrated", choices=_person(turn))


async def _about_tone(turn: Turn) -> None:
    async with turn.ctx.db.write() as session:
        conversation = await turn.conversation(session)
        times = await count_abuse(session, turn.ctx, conversation, turn.message_id)
        issue = await open_issue_of(session, conversation)
    turn.effect("mood", value="abusive" if times < MOST_ABUSE else "abusive_repeated")
    if times < MOST_ABUSE:
        turn.say("utter_professional_tone")
        return
    turn.say("utter_tone_supervisor")
    if issue is not None:
        turn.effect("hand_off", reason="supervisor")


async def shorten(turn: Turn) -> int:
    """Return the number of questions left when only those asked even in a hurry remain; 0 outside the questions."""
    async with turn.ctx.db.write() as session:
        draft = await drafts.current_draft(session, turn.ctx.support, turn.conversation_id)
        if draft is None or draft.intake.state != "open":
            return 0
        text = await turn.text(session)
        await _take_their_word(session, turn, draft, text)
        draft.shorten()
        return draft.questions_left()


async def _take_their_word(session: AsyncSession, turn: Turn, draft: Draft, text: str) -> None:
    """Skip the question after "I already told you": the words are in the conversation."""
    asked = draft.question(draft.intake.asking or "")
    if asked is not None and TOLD_BEFORE.search(text):
        now = turn.ctx.clock()
        await drafts.save_answer(session, draft, asked.id, text, now, status=SKIPPED, message_id=turn.message_id)


def _person(turn: Turn) -> list[Choice]:
    return [] if turn.waiting else [Choice(turn.ctx.support.buttons.person, "ask_person")]


async def says_what_is_wrong(turn: Turn) -> bool:
    """Return True when the message also describes a problem."""
    async with turn.ctx.db.read() as session:
        return states_problem(turn.ctx.support, await turn.text(session))


async def place_in_queue(turn: Turn) -> str | None:
    """Return the queue position in words; None when the conversation does not wait."""
    async with turn.ctx.db.read() as session:
        conversation = await turn.conversation(session)
        place = await queue_order.queue_position(session, turn.ctx.support.queue_policy, conversation)
    if place is None:
        return None
    return queue_place(turn.ctx.support, turn.ctx.clock(), place, conversation.time_zone)
