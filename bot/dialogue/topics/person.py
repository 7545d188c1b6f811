"""A person, at any moment: only the essentials first, then the reference and the place in the queue."""

from bot.dialogue.context import IssueState
from bot.dialogue.intake.side_facts import fill_from
from bot.dialogue.plan import Choice, NoteFacts
from bot.dialogue.topics.ask_question import say_call_back
from bot.dialogue.topics.new_issue import report
from bot.dialogue.turn import Turn
from bot.dialogue.user_message import states_problem


def ask_person(turn: Turn) -> None:
    issue, place = turn.open_issue_state, turn.context.queue_place
    call_back = _noted_call_back(turn, issue) if issue is not None else None
    if call_back:
        say_call_back(turn, call_back)
    if place is not None:
        turn.ask_about(None)
        if not call_back:
            turn.say_queue_place(choices=[Choice(turn.support.buttons.leave_queue, "leave_queue")])
    elif issue is not None:
        turn.ask_about(None)
        turn.say("utter_person_coming")
        turn.set_outcome("hand_off")
        turn.hand_off("customer asked")
    else:
        turn.say("utter_person_after_essentials")
        report(turn, text_is_problem=states_problem(turn.support, turn.text))


def _noted_call_back(turn: Turn, issue: IssueState) -> str | None:
    """Save the facts of the message to the open issue, and return the time to call; None without one."""
    said, draft = turn.said, turn.draft
    if draft is not None and draft.reference == issue.reference:
        fill_from(draft, said)
    else:
        for part in said.each:
            if part.message_id is not None:
                turn.do(NoteFacts(part.message_id))
    return said.call_back


def leave_queue(turn: Turn) -> None:
    """Leave the queue; the issue stays logged."""
    issue = turn.open_issue_state
    if turn.waiting and issue is not None:
        turn.cancel_hand_off()
        turn.say_text(turn.support.wording.queue_cancelled, values={"reference": issue.reference})
    else:
        turn.say("utter_nothing_to_cancel")
