"""Somebody else than the customer writes in the customer's thread: nothing of it is an answer, a wish or an end.

A fact that answers the open question is offered to the customer. A question for the manual is answered like anybody's
while we ask nothing ourselves. Everything else stays in the transcript, where the technician reads it.
"""

from bot.dialogue.draft import TECHNICIAN_ONLY
from bot.dialogue.plan import Choice
from bot.dialogue.turn import Turn
from bot.dialogue.user_message import WORDS
from bot.triage.issue.routing import Question
from bot.triage.reading.form import asks
from bot.triage.text.plain_text import fold

OFFERED = "use:"
# What a question kept in the conversation may have, less the mark before it.
MOST_KEPT = 40 - len(OFFERED)
FOR_ANYBODY = frozenset(("how_to", "ask_hours", "ask_contact", "ask_coverage", "ask_tips"))
_YES = frozenset(("yes", "yes please", "yep", "yeah", "ok", "okay", "use it", "yes use it", "correct", "right"))


def is_left_to_people(turn: Turn) -> bool:
    """Return whether a colleague writes what we have no part in, or what may answer for the customer."""
    if not turn.context.colleague or turn.context.message is None or turn.logs_chosen:
        return False
    return turn.in_form or turn.is_choice or turn.intent not in FOR_ANYBODY or not asks(turn.typed)


def offer_answer(turn: Turn) -> None:
    """Offer a fact that answers the open question; say nothing about anything else."""
    turn.ask_about(turn.context.pending)
    asked = _asked(turn)
    value = turn.said.details.answer_to(asked.id, asked.detail) if asked is not None else None
    if asked is None or not value or turn.is_choice:
        turn.note_silently()
        return
    words = turn.support.chat
    use = Choice(words.use_it, "answer_question", {"question": asked.id, "value": value})
    turn.say_text(words.colleague_says, values={"name": turn.context.colleague, "value": value}, choices=[use])
    turn.ask_about(f"{OFFERED}{value}" if len(value) <= MOST_KEPT else turn.context.pending)


def is_offer_taken(turn: Turn) -> bool:
    """Return whether the customer agrees to what a colleague said."""
    if turn.context.colleague or not (turn.pending or "").startswith(OFFERED) or _asked(turn) is None:
        return False
    return " ".join(WORDS.findall(fold(turn.typed))) in _YES


def take_offered(turn: Turn) -> None:
    """Save the colleague's fact as the customer's answer, and go on."""
    draft, asked = turn.draft, _asked(turn)
    if draft is None or asked is None:
        return
    draft.save_answer(asked.id, (turn.pending or "").removeprefix(OFFERED), turn.said)
    turn.ask_about(None)
    turn.go_on_with_questions()


def _asked(turn: Turn) -> Question | None:
    """Return the routing question that is open for everybody to read; None for the contact and what is confided."""
    draft = turn.draft
    if draft is None or not turn.in_form or draft.intake.asking_private:
        return None
    asked = draft.question(draft.intake.asking or "")
    known = draft.answers.get(asked.id) if asked is not None else None
    return None if known is not None and known.visibility == TECHNICIAN_ONLY else asked
