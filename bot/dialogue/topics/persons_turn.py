"""Leave a mail to the technician once the assistant has said its part about an issue that waits."""

from bot.dialogue.intake.side_facts import fill_from
from bot.dialogue.topics import did_it_help
from bot.dialogue.turn import Turn
from bot.triage.reading.impact import assess


def is_persons(turn: Turn) -> bool:
    """Return whether a person answers; the end of an issue and harm are never left for later."""
    if not turn.context.persons_turn or not turn.typed or turn.open_issue_state is None:
        return False
    return not did_it_help.is_solved(turn) and assess(turn.typed, {}) is None


def leave_to_person(turn: Turn) -> None:
    """Take in the facts, add the words to the issue, and say nothing."""
    issue = turn.open_issue_state
    if issue is None:
        return
    if turn.draft is not None:
        fill_from(turn.draft, turn.said)
    turn.add_to_issue(issue.reference)
    turn.note_silently()
