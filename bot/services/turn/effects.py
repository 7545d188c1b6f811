"""The effects of a turn besides its replies; the gateway performs them in the transaction that stores those.

Effects, by ``type``: ``hand_off`` {reason}, ``cancel_hand_off``, ``mood`` {value}, ``outcome`` {value},
``noted`` (nothing to say, on purpose), ``fallback`` {on}.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import episodes, thread_privacy, transcript
from bot.services.core.context import Context
from bot.services.core.topics import DESK
from bot.services.hand_off import transitions
from bot.store.tables import Conversation, Issue

ASSISTANT = "assistant"
Effect = dict[str, Any]


async def speak_and_apply(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    replies: Sequence[dict[str, Any]],
    effects: Sequence[Effect],
    now: datetime,
    unspoken: Sequence[Issue],
    *,
    private: bool = False,
) -> None:
    """Store the replies in order and apply the effects; of ``unspoken`` issues, those that a reply names are announced.

    The place in the queue is said right after the reference, or before the last reply (usually a question).
    ``private``: they answer what was written in private, and are as private, except for the reference and for the
    next question of the draft, which hold nothing of it: with these the shared thread goes on.
    """
    owner_effects = [effect for effect in effects if effect["type"] in _OWNER]
    break_at = _where_to_break(replies, unspoken)
    for place, reply in enumerate(replies):
        if place == break_at:
            await _apply(session, ctx, conversation, owner_effects)
            owner_effects = []
        said = [issue for issue in unspoken if issue.reference in reply["text"]]
        last = place == len(replies) - 1
        goes_on = bool(said) or (last and await thread_privacy.asks_in_public(session, conversation))
        await transcript.say(
            session,
            conversation,
            now,
            reply["text"],
            author=ASSISTANT,
            author_name=ctx.support.assistant_name,
            choices=reply.get("choices", ()),
            cards=reply.get("cards", ()),
            reference=said[0].reference if said else None,
            private=bool(reply.get("private")) or (private and (not goes_on or bool(reply.get("cards")))),
            asks=last,
        )
        for issue in said:
            issue.announced_at = now
    await _apply(session, ctx, conversation, owner_effects)
    await _apply(session, ctx, conversation, [effect for effect in effects if effect["type"] not in _OWNER])


def _where_to_break(replies: Sequence[dict[str, Any]], unspoken: Sequence[Issue]) -> int:
    for place, reply in enumerate(replies):
        if any(issue.reference in reply["text"] for issue in unspoken):
            return place + 1
    return len(replies) - 1 if replies and replies[-1].get("choices") else len(replies)


async def _apply(session: AsyncSession, ctx: Context, conversation: Conversation, effects: Sequence[Effect]) -> None:
    for effect in effects:
        await _APPLY[effect["type"]](session, ctx, conversation, effect)


async def _hand_off(session: AsyncSession, ctx: Context, conversation: Conversation, effect: Effect) -> None:
    await transitions.request_hand_off(session, ctx, conversation, reason=effect["reason"], actor=ASSISTANT)
    ctx.wake(DESK)


async def _cancel(session: AsyncSession, ctx: Context, conversation: Conversation, effect: Effect) -> None:
    await transitions.cancel_hand_off(session, ctx, conversation, reason="customer", actor=ASSISTANT)
    ctx.wake(DESK)


async def _mood(session: AsyncSession, ctx: Context, conversation: Conversation, effect: Effect) -> None:
    conversation.mood = effect["value"]


async def _outcome(session: AsyncSession, ctx: Context, conversation: Conversation, effect: Effect) -> None:
    conversation.outcome = effect["value"]


async def _noted(session: AsyncSession, ctx: Context, conversation: Conversation, effect: Effect) -> None:
    """Taken in without a word: the customer is in the middle of saying something."""


async def _fallback(session: AsyncSession, ctx: Context, conversation: Conversation, effect: Effect) -> None:
    conversation.fallback = bool(effect["on"])
    if not effect["on"]:
        episodes.begin(conversation, {"kind": "fallback_over"})


_OWNER = {"hand_off", "cancel_hand_off"}
_APPLY = {
    "hand_off": _hand_off,
    "cancel_hand_off": _cancel,
    "mood": _mood,
    "outcome": _outcome,
    "noted": _noted,
    "fallback": _fallback,
}
