"""Events without words of the customer: a technician gives the conversation back, a known problem is over."""

from bot.dialogue.context import GIVEN_BACK, KNOWN_PROBLEM_OVER, REFERENCE_UNTOLD
from bot.dialogue.topics.closing import fixed_or_not
from bot.dialogue.topics.new_issue import FIXED_BY_TECHNICIAN
from bot.dialogue.turn import Turn


def is_given_back(turn: Turn) -> bool:
    return turn.context.event is not None and turn.context.event.kind == GIVEN_BACK


def given_back(turn: Turn) -> None:
    """Say that the technician has handed the conversation back, with their note, and ask whether it works."""
    event = turn.context.event
    if event is None:
        return
    _ask_whether_it_works(turn)
    note = f"“{event.note}”" if event.note else ""
    turn.say(
        "utter_given_back" if note else "utter_given_back_without_note",
        technician=event.technician,
        note=note,
        choices=fixed_or_not(turn),
    )
    if len(event.references) > 1:
        told = f" {turn.support.hours_words.also} ".join(event.references)
        turn.say("utter_given_back_together", references=told)


def _ask_whether_it_works(turn: Turn) -> None:
    """Let a plain yes or no answer this, rather than a question about the issue that is still open."""
    turn.ask_about(FIXED_BY_TECHNICIAN)
    if turn.draft is not None:
        turn.draft.put_aside()


def is_known_problem_over(turn: Turn) -> bool:
    return turn.context.event is not None and turn.context.event.kind == KNOWN_PROBLEM_OVER


def known_problem_over(turn: Turn) -> None:
    """Say that the known problem is over, and ask whether it works."""
    event = turn.context.event
    if event is None:
        return
    _ask_whether_it_works(turn)
    turn.say("utter_known_problem_over", choices=fixed_or_not(turn), title=event.title, details=event.text)


def is_reference_untold(turn: Turn) -> bool:
    return turn.context.event is not None and turn.context.event.kind == REFERENCE_UNTOLD


def reference_untold(turn: Turn) -> None:
    """Say the reference of an issue that no reply has named."""
    if turn.context.event is not None:
        turn.say_text(turn.support.wording.reference_given, values={"reference": turn.context.event.reference})
