"""Name what we said last, of all that a turn context holds: the same short words mean another thing after each.

The gateway sends the name with the message; the classifier was trained on the same names (data/nlu/in_context.yml).
"""

from bot.dialogue.context import TurnContext
from bot.dialogue.draft import DONE, OPEN, PROBLEM
from bot.dialogue.topics.new_issue import DID_IT_HELP, FIXED_BY_TECHNICIAN, HELPED_AT_LAST, SAY_IT_DIFFERENTLY
from bot.dialogue.turn import CLOSE_IT, LEAVE_QUEUE, PERSON

# Nothing but a greeting; what is it about; a routing question; pages were shown, or did they help; does it work now,
# or may it be closed; a reference was given and nothing is open.
FIRST, ASKED_PROBLEM, ASKED_QUESTION, ASKED_HELPED, ASKED_FIXED, LOGGED = (
    "first",
    "problem",
    "question",
    "helped",
    "fixed",
    "logged",
)
NAMES = (FIRST, ASKED_PROBLEM, ASKED_QUESTION, ASKED_HELPED, ASKED_FIXED, LOGGED)
# No name: what was said last says nothing of the next message.
NONE = ""
_BY_PENDING = {
    DID_IT_HELP: ASKED_HELPED,
    HELPED_AT_LAST: ASKED_HELPED,
    FIXED_BY_TECHNICIAN: ASKED_FIXED,
    CLOSE_IT: ASKED_FIXED,
    LEAVE_QUEUE: ASKED_FIXED,
    SAY_IT_DIFFERENTLY: ASKED_PROBLEM,
    PERSON: ASKED_PROBLEM,
}
_GREETINGS = (None, "hello")


def said_last(context: TurnContext) -> str:
    """Return one of NAMES, or the empty string when none fits.

    A message that was written before the customer saw our last one answers nothing that we said.
    """
    if context.unseen_question:
        return NONE
    draft = context.draft.intake if context.draft is not None else None
    if draft is not None and draft.state == OPEN and draft.asking is not None:
        return ASKED_PROBLEM if draft.asking == PROBLEM else ASKED_QUESTION
    if context.pending is not None:
        return _BY_PENDING.get(context.pending, NONE)
    if context.shown is not None:
        return ASKED_HELPED
    if context.issue is not None and not context.issue.resolved and (draft is None or draft.state == DONE):
        return LOGGED
    return FIRST if context.issue is None and draft is None and context.last_rule in _GREETINGS else NONE
