"""Readings without the engine: a pressed choice states its meaning, words are left to the table's rules for them."""

from bot.dialogue.context import TurnContext
from bot.dialogue.reading import NOT_UNDERSTOOD, RULES, Reading
from bot.services.core.context import Context
from bot.services.turn.decision import decide_with_evidence
from bot.services.turn.turns import Outcome


def read_by_rules(context: TurnContext) -> Reading:
    """Return the reading of the context's message, marked as made by rules."""
    if context.choice is not None:
        return Reading(context.choice.intent, 1.0, (context.choice.intent,), RULES)
    return Reading(NOT_UNDERSTOOD, 0.0, (), RULES)


async def decide_here(ctx: Context, context: TurnContext, *, reason: str | None) -> Outcome:
    """Decide in this process, on a reading made by rules: the same table as in the action server.

    ``reason`` says why the engine did not read; None for an event without words, which it never does.
    """
    reading = read_by_rules(context)
    plan, evidence = await decide_with_evidence(context, reading, ctx.support, ctx.manual)
    by = "rules" if reason is not None else "engine"
    return Outcome(plan, reading, evidence, ctx.support.digest, by=by, reason=reason)
