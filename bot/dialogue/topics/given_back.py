"""The issues that a technician gave back together, of which each is answered for."""

from bot.dialogue.context import OpenIssueState
from bot.dialogue.plan import AttachIssue, Choice
from bot.dialogue.topics.new_issue import FIXED_BY_TECHNICIAN
from bot.dialogue.turn import Turn


def given_back_last(turn: Turn) -> list[OpenIssueState]:
    """Return the open issues that were given back together last."""
    back = [one for one in turn.context.open_issues if one.returned_at is not None and not one.waiting]
    newest = max((one.returned_at for one in back if one.returned_at is not None), default=None)
    return [one for one in back if one.returned_at == newest]


def go_on_with_the_other(turn: Turn, settled: str) -> None:
    """Ask about an issue that was given back together with the one just resolved."""
    left = [one.state for one in given_back_last(turn) if one.state.reference != settled]
    if not left:
        return
    turn.do(AttachIssue(left[0].reference))
    turn.ask_about(FIXED_BY_TECHNICIAN)
    buttons = turn.support.buttons
    choices = [Choice(buttons.solved, "solved"), Choice(buttons.not_solved, "not_solved")]
    turn.say("utter_and_the_other", reference=left[0].reference, title=left[0].title, choices=choices)
