"""The outcome of an answer or an issue: solved, not solved, tried later. Only a button or the words end it."""

from bot.dialogue.draft import DONE, OPEN
from bot.dialogue.plan import MarkSearch, ResolveIssue
from bot.dialogue.topics.closing import ask_to_close, asked_last
from bot.dialogue.topics.frustration import stand_by
from bot.dialogue.topics.given_back import go_on_with_the_other
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
from bot.dialogue.turn import CLOSE_IT, UNWANTED, Turn
from bot.dialogue.user_message import states_problem
from bot.triage.reading.complaints import says_it_did_not_help
from bot.triage.reading.courtesies import is_courtesy, is_plain_no, is_plain_yes
from bot.triage.reading.outcome import Outcome, denies, is_answer_found, read_outcome
from bot.triage.reading.report_words import names_a_problem

ANYTHING_ELSE = "anything_else"
WORDS_OF_A_PLAIN_NO = 4
ASKED_WHETHER = (DID_IT_HELP, HELPED_AT_LAST, FIXED_BY_TECHNICIAN, CLOSE_IT, UNWANTED)


def is_solved(turn: Turn) -> bool:
    """Return whether a button, or the words by themselves, say that it is solved."""
    if turn.is_choice:
        return turn.intent == "solved"
    if not turn.typed:
        return False
    if read_outcome(turn.typed) is Outcome.SOLVED:
        return True
    if turn.in_form:
        return False
    if turn.pending in ABOUT_THE_MANUAL and _manual_helped(turn):
        return True
    return turn.pending in ASKED_WHETHER and is_plain_yes(turn.typed)


def _manual_helped(turn: Turn) -> bool:
    """Return whether the words, though they close nothing, say that the page shown was the answer."""
    if is_answer_found(turn.typed) or read_outcome(turn.typed) is Outcome.SEEMS_SOLVED:
        return True
    return turn.pending != SAY_IT_DIFFERENTLY and is_courtesy(turn.typed)


def solved(turn: Turn) -> None:
    """Record as solved what the customer reports to work; a way back is said."""
    about_the_manual = turn.pending in ABOUT_THE_MANUAL
    turn.ask_about(None)
    mark_search(turn, solved=True)
    if about_the_manual and turn.open_issue_state is not None:
        # A side question, whose answer does not solve the waiting issue.
        turn.say("utter_solved_issue_stays", reference=turn.open_issue_state.reference)
        return
    reference = resolve(turn)
    turn.set_outcome("solved")
    if reference:
        turn.cancel_hand_off(reference)
        turn.say("utter_issue_solved_waiting" if turn.waiting else "utter_issue_solved", reference=reference)
        go_on_with_the_other(turn, reference)
    else:
        turn.say("utter_solved" if turn.context.last_search_open else "utter_glad")


def mark_search(turn: Turn, *, solved: bool) -> None:
    """Record whether the last answer from the manual helped, if there was one."""
    if turn.context.last_search_open:
        turn.do(MarkSearch(solved))


def resolve(turn: Turn) -> str | None:
    """End the questions and resolve the conversation's issue; return its reference, or None when none is open."""
    issue, draft = turn.open_issue_state, turn.draft
    if issue is not None:
        turn.do(ResolveIssue())
    if draft is not None and (draft.intake.state == OPEN or (issue is not None and draft.reference == issue.reference)):
        draft.intake.state, draft.intake.asking = DONE, None
    return issue.reference if issue is not None else None


def seems_solved(turn: Turn) -> bool:
    """Return whether the words nearly say that the open issue is solved."""
    return turn.open_issue_state is not None and read_outcome(turn.typed) is Outcome.SEEMS_SOLVED


def is_no_help(turn: Turn) -> bool:
    """Return whether the words say that what the manual said did not help, and nothing of what goes wrong."""
    asked = turn.pending in ABOUT_THE_MANUAL and not turn.in_form and bool(turn.typed)
    return asked and says_it_did_not_help(turn.typed) and not states_problem(turn.support, turn.typed)


def is_tried_later(turn: Turn) -> bool:
    """Return whether what the manual said will be tried later."""
    asked = turn.pending in (DID_IT_HELP, HELPED_AT_LAST) and not turn.in_form
    return asked and read_outcome(turn.typed) is Outcome.LATER


def tried_later(turn: Turn) -> None:
    turn.say("utter_try_and_tell")


def labelled_solved(turn: Turn) -> None:
    """Do nothing on the label alone: ask, or stand by a customer whose words deny it."""
    text = turn.typed
    if turn.pending in (DID_IT_HELP, HELPED_AT_LAST):
        _ask_again(turn)
    elif denies(text):
        stand_by(turn)
    elif turn.open_issue_state is not None:
        ask_to_close(turn)
    elif names_a_problem(text):
        report(turn)
    else:
        stand_by(turn)


def _ask_again(turn: Turn) -> None:
    """Take a denial as "not solved"; ask anew after anything else."""
    again = asked_last(turn)
    if denies(turn.typed) or again is None:
        not_solved(turn)
    else:
        turn.say_again(again)


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
    if turn.pending in (DID_IT_HELP, HELPED_AT_LAST):
        _ask_again(turn)
    elif turn.pending == FIXED_BY_TECHNICIAN and turn.open_issue_state is not None:
        ask_to_close(turn)
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
    elif turn.pending == ANYTHING_ELSE and is_plain_no(turn.typed):
        turn.ask_about(None)
        turn.say("utter_goodbye")
    else:
        turn.ask_about(ANYTHING_ELSE)
        turn.say("utter_anything_else")


def thank(turn: Turn) -> None:
    """Answer thanks; praise that mocks is none."""
    if is_courtesy(turn.typed) or not denies(turn.typed):
        turn.say("utter_welcome")
    else:
        labelled_solved(turn)
