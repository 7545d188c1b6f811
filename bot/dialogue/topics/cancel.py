"""Cancel: stop the questions, or leave the queue; the answers so far are kept."""

from bot.dialogue.plan import Choice
from bot.dialogue.topics.person import leave_queue
from bot.dialogue.turn import Turn


def cancel(turn: Turn) -> None:
    turn.ask_about(None)
    draft = turn.draft
    if draft is None or not draft.put_aside():
        leave_queue(turn)
        return
    go_on = [Choice(turn.support.buttons.go_on, "continue_issue")]
    if draft.logged:
        turn.say("utter_questions_stopped", reference=turn.issue_reference(draft), choices=go_on)
    else:
        turn.set_outcome("cancelled")
        turn.say("utter_cancelled", choices=go_on)
