"""The label "cancel" on words that say it in no plain way: what is to stop is asked, and nothing is done."""

from bot.dialogue.draft import KEPT
from bot.dialogue.plan import Choice
from bot.dialogue.topics.closing import ask_to_leave
from bot.dialogue.turn import Turn


def cancel(turn: Turn) -> None:
    """Say how the questions, or the place in the queue, are given up."""
    draft = turn.draft
    if turn.in_form:
        turn.say("utter_say_stop")
    elif turn.waiting:
        ask_to_leave(turn)
    elif draft is not None and draft.intake.state == KEPT:
        turn.say("utter_dropped", choices=[Choice(turn.support.buttons.go_on, "continue_issue")])
    else:
        turn.say("utter_nothing_to_cancel")
