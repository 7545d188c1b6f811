"""Ask before what the customer cannot undo: to close the issue, to leave the queue. A button or plain yes acts."""

from bot.dialogue.draft import OPEN
from bot.dialogue.plan import Choice, Say
from bot.dialogue.topics.how_to import helped, offers
from bot.dialogue.topics.new_issue import (
    DID_IT_HELP,
    FIXED_BY_TECHNICIAN,
    HELPED_AT_LAST,
    SAY_IT_DIFFERENTLY,
    back_to_the_technician,
)
from bot.dialogue.turn import CLOSE_IT, LEAVE_QUEUE, UNWANTED, Turn
from bot.triage.reading.courtesies import is_plain_no, is_plain_yes


def asked_last(turn: Turn) -> Say | None:
    """Return the question outside the form that a yes or no answers now; None when there is none."""
    issue = turn.open_issue_state
    if turn.pending in (DID_IT_HELP, HELPED_AT_LAST):
        return Say("utter_did_it_help", choices=tuple(helped(turn)))
    if turn.pending == SAY_IT_DIFFERENTLY:
        return Say("utter_say_it_differently", choices=tuple(offers(turn)))
    if issue is None:
        return None
    if turn.pending == FIXED_BY_TECHNICIAN:
        return Say("utter_ask_works", choices=tuple(fixed_or_not(turn)))
    if turn.pending == CLOSE_IT:
        return Say("utter_ask_close", {"reference": issue.reference}, tuple(_close_or_not(turn)))
    if turn.pending == UNWANTED:
        return Say("utter_ask_close_unwanted", {"reference": issue.reference}, tuple(_close_unwanted(turn)))
    if turn.pending == LEAVE_QUEUE and turn.waiting:
        return Say("utter_ask_leave_queue", {"reference": issue.reference}, tuple(_leave_or_not(turn)))
    return None


def fixed_or_not(turn: Turn) -> list[Choice]:
    """Return the two answers to "does it work now?"."""
    buttons = turn.support.buttons
    return [Choice(buttons.solved, "solved"), Choice(buttons.not_solved, "not_solved")]


def ask_to_close(turn: Turn) -> None:
    """Ask whether the conversation's open issue is to be closed."""
    _ask(turn, CLOSE_IT)


def ask_to_close_unwanted(turn: Turn) -> None:
    """Ask whether the issue that the customer did not want is to be closed."""
    _ask(turn, UNWANTED)


def ask_to_leave(turn: Turn) -> None:
    """Ask whether the place in the queue is to be given up; without an open issue there is none to give up."""
    if turn.open_issue_state is None:
        turn.ask_about(None)
        turn.say("utter_nothing_to_cancel")
    else:
        _ask(turn, LEAVE_QUEUE)


def _ask(turn: Turn, pending: str) -> None:
    turn.ask_about(pending)
    turn.leave_question_open()
    question = asked_last(turn)
    if question is not None:
        turn.say_again(question)


def _close_or_not(turn: Turn) -> list[Choice]:
    buttons = turn.support.buttons
    return [Choice(buttons.close_it, "solved"), Choice(buttons.keep_open, "not_solved")]


def _close_unwanted(turn: Turn) -> list[Choice]:
    buttons = turn.support.buttons
    return [Choice(buttons.close_unwanted, "solved"), Choice(buttons.keep_open, "not_solved")]


def _leave_or_not(turn: Turn) -> list[Choice]:
    buttons = turn.support.buttons
    return [Choice(buttons.leave_queue, "leave_queue"), Choice(buttons.keep_place, "deny")]


def is_leaving_answered(turn: Turn) -> bool:
    """Return whether this is the yes or no to "shall I take you out of the queue?"."""
    if turn.context.pending != LEAVE_QUEUE or not turn.waiting:
        return False
    return turn.intent == "deny" if turn.is_choice else is_plain_yes(turn.typed) or is_plain_no(turn.typed)


def answer_leaving(turn: Turn) -> None:
    if not turn.is_choice and is_plain_yes(turn.typed):
        leave_queue(turn)
    else:
        turn.ask_about(None)
        turn.say("utter_place_kept")
        turn.say_queue_place()


def leave_queue(turn: Turn) -> None:
    """Leave the queue; the issue stays logged."""
    issue = turn.open_issue_state
    turn.ask_about(None)
    if turn.waiting and issue is not None:
        turn.cancel_hand_off()
        turn.say_text(turn.support.wording.queue_cancelled, values={"reference": issue.reference})
    else:
        turn.say("utter_nothing_to_cancel")


def is_closing_denied(turn: Turn) -> bool:
    """Return whether "shall I close it?" is answered with no."""
    if turn.context.pending not in (CLOSE_IT, UNWANTED) or turn.open_issue_state is None:
        return False
    return turn.intent == "not_solved" if turn.is_choice else is_plain_no(turn.typed)


def keep_open(turn: Turn) -> None:
    """Leave the issue as it is: in the queue, or back to the technician who gave it back."""
    if not turn.waiting and not turn.in_form:
        back_to_the_technician(turn)
        return
    turn.ask_about(None)
    turn.say("utter_stays_open", reference=turn.open_issue_state.reference if turn.open_issue_state else "")
    if turn.waiting and not _is_asking(turn):
        turn.say_queue_place()


def _is_asking(turn: Turn) -> bool:
    return turn.in_form and turn.draft is not None and turn.draft.intake.state == OPEN
