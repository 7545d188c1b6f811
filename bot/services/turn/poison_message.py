"""A message of which no turn could be made, however often it was tried: it goes to a person, unread by any machine.

Only the essentials are touched: the words as they stand become part of the problem, and the issue gets its reference
and its place in the queue. So one message that breaks us holds up neither its conversation nor the others.
"""

from bot.dialogue.context import TurnContext
from bot.dialogue.draft import CONTACT, DONE
from bot.dialogue.evidence import Evidence
from bot.dialogue.reading import NOT_UNDERSTOOD, RULES, Reading
from bot.dialogue.turn import Turn
from bot.services.turn.turns import Outcome
from bot.settings.support.support import Support

BY, REASON = "set aside", "kept failing"


def escalate(context: TurnContext, support: Support) -> Outcome:
    """Return what is said and done about this event instead of a decision of the rules."""
    reading = Reading(NOT_UNDERSTOOD, 0.0, (), RULES)
    turn = Turn(context, reading, Evidence(), support)
    draft = turn.draft
    if draft is None or (context.issue is None and draft.intake.state == DONE):
        draft = turn.begin_draft()
    if context.message is not None:
        draft.add_to_problem(turn.said)
    if CONTACT not in draft.answers:
        draft.save_answer(CONTACT, support.wording.contact_is_this_chat)
    if context.issue is None:
        turn.open_issue(draft)
    turn.say_text(support.wording.kept_for_a_person)
    turn.hand_off(REASON)
    return Outcome(turn.plan(BY), reading, turn.evidence, support.digest, by=BY, reason=REASON)
