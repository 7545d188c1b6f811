"""Feedback on an answer: yes ends it as solved; no asks once more in other words, then hands off to a technician."""

from bot.dialogue.draft import DONE, OPEN
from bot.dialogue.plan import Choice, MarkSearch, ResolveIssue
from bot.dialogue.topics.how_to import offers
from bot.dialogue.topics.new_issue import (
    ABOUT_THE_MANUAL,
    DID_IT_HELP,
    FIXED_BY_TECHNICIAN,
    HELPED_AT_LAST,
    SAY_IT_DIFFERENTLY,
    back_to_the_technician,
    report,
)
from bot.dialogue.turn import Turn
from bot.triage.reading.report_words import names_a_problem

ANYTHING_ELSE = "anything_else"
WORDS_OF_A_PLAIN_NO = 4


def solved(turn: Turn) -> None:
    """Record as solved whatever the customer reports to work."""
    about_the_manual = turn.pending in ABOUT_THE_MANUAL
    turn.ask_about(None)
    mark_search(turn, solved=True)
    if about_the_manual and turn.open_issue_state is not None:
        # A side question, whose answer does not solve the waiting issue.
        turn.say("utter_solved_issue_stays", reference=turn.open_issue_state.reference)
        return
    reference = _resolve(turn)
    turn.set_outcome("solved")
    if reference:
        turn.cancel_hand_off()
        turn.say("utter_issue_solved", reference=reference)
    else:
        turn.say("utter_solved" if turn.context.last_search_open else "utter_glad")


def mark_search(turn: Turn, *, solved: bool) -> None:
    """Record whether the last answer from the manual helped, if there was one."""
    if turn.context.last_search_open:
        turn.do(MarkSearch(solved))


def _resolve(turn: Turn) -> str | None:
    """End the questions and resolve the conversation's issue; return its reference, or None when none is open."""
    issue, draft = turn.open_issue_state, turn.draft
    if issue is not None:
        turn.do(ResolveIssue())
    if draft is not None and (draft.intake.state == OPEN or (issue is not None and draft.reference == issue.reference)):
        draft.intake.state, draft.intake.asking = DONE, None
    return issue.reference if issue is not None else None


def not_solved(turn: Turn) -> None:
    """Ask once in other words, then log it with the question and the pages shown."""
    if turn.pending == FIXED_BY_TECHNICIAN:
        back_to_the_technician(turn)
        return
    mark_search(turn, solved=False)
    if turn.pending in (HELPED_AT_LAST, SAY_IT_DIFFERENTLY):
        turn.say("utter_not_solved_log_it")
        report(turn, text_is_problem=False)
        return
    turn.ask_about(SAY_IT_DIFFERENTLY)
    turn.say("utter_say_it_differently", choices=offers(turn))


def affirm(turn: Turn) -> None:
    """Take a plain yes as the answer to whatever was asked last."""
    if turn.pending in (DID_IT_HELP, HELPED_AT_LAST, FIXED_BY_TECHNICIAN):
        solved(turn)
    elif turn.pending == SAY_IT_DIFFERENTLY:
        report(turn, text_is_problem=False)
    elif turn.waiting:
        turn.say("utter_waiting")
    else:
        turn.ask_about(None)
        turn.say("utter_what_next", choices=offers(turn))


def deny(turn: Turn) -> None:
    """Take a plain no as an answer; one with more to say ("no, it still crashes") is a report."""
    if turn.pending == FIXED_BY_TECHNICIAN:
        back_to_the_technician(turn)
    elif turn.pending and turn.word_count > WORDS_OF_A_PLAIN_NO and names_a_problem(turn.text):
        mark_search(turn, solved=False)
        report(turn)
    elif turn.pending in ABOUT_THE_MANUAL:
        not_solved(turn)
    elif turn.waiting:
        turn.say("utter_waiting")
    elif turn.pending == ANYTHING_ELSE:
        turn.ask_about(None)
        turn.say("utter_goodbye")
    else:
        turn.ask_about(ANYTHING_ELSE)
        turn.say("utter_anything_else")


def thank(turn: Turn) -> None:
    """Take thanks after a passage of the manual as word that it helped."""
    if turn.pending in (DID_IT_HELP, HELPED_AT_LAST):
        solved(turn)
    else:
        turn.say("utter_welcome")


def fixed_or_not(turn: Turn) -> list[Choice]:
    """Return the two answers to "does it work now?"."""
    buttons = turn.support.buttons
    return [Choice(buttons.solved, "solved"), Choice(buttons.not_solved, "not_solved")]
