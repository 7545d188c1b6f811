"""Reports from customers: a problem, facts, an addition to an issue, a correction."""

from dataclasses import replace

from bot.dialogue.draft import DONE, OPEN
from bot.dialogue.intake.corrections import correct_draft, says_only_facts
from bot.dialogue.intake.side_facts import fill_from
from bot.dialogue.plan import Choice
from bot.dialogue.topics.ask_question import say_noted
from bot.dialogue.topics.did_it_help import mark_search
from bot.dialogue.topics.existing_issue import give_reference
from bot.dialogue.topics.how_to import look_up_again
from bot.dialogue.topics.new_issue import (
    ABOUT_THE_MANUAL,
    DID_IT_HELP,
    SAY_IT_DIFFERENTLY,
    log_message,
    new_issue,
    report,
)
from bot.dialogue.turn import Turn
from bot.dialogue.user_message import IntakeOutcome, IntakeResult, states_problem
from bot.triage.reading.form import asks
from bot.triage.reading.impact import assess
from bot.triage.reading.report_words import names_a_problem, orders_logging
from bot.triage.reading.trouble import says_trouble

FEWEST_WORDS_OF_A_REPORT, FEWEST_WORDS_OF_A_LETTER = 6, 40


def report_issue(turn: Turn) -> None:
    if turn.typed.strip(" .!").casefold() == turn.support.buttons.new_issue.casefold():
        new_issue(turn)
    elif any(named.valid for named in turn.typed_references):
        give_reference(turn)
    elif turn.logs_chosen:
        log_message(turn)
    else:
        if turn.pending in ABOUT_THE_MANUAL:
            mark_search(turn, solved=False)
        report(turn)


def speaks_of_harm(turn: Turn) -> bool:
    """Return whether typed words tell of lost data, a running job or a standstill: before any label is looked at."""
    if not turn.typed or turn.in_form or any(named.valid for named in turn.typed_references):
        return False
    return assess(turn.typed, {}) is not None and turn.intent not in ("how_to", "report_issue") and not asks(turn.typed)


def report_harm(turn: Turn) -> None:
    if turn.pending in ABOUT_THE_MANUAL:
        mark_search(turn, solved=False)
    report(turn)


def is_to_be_logged(turn: Turn) -> bool:
    """Return whether typed words order that what they tell be logged, whatever they were taken for."""
    if not turn.typed or turn.by_rules or turn.in_form or turn.waiting or turn.typed_references:
        return False
    return orders_logging(turn.typed) and names_a_problem(turn.typed) and says_trouble(turn.typed)


def inform(turn: Turn) -> None:
    """Take facts as more about what was asked or about the issue that waits, else as the beginning of one."""
    if turn.pending == SAY_IT_DIFFERENTLY or (turn.pending == DID_IT_HELP and turn.unseen_question):
        look_up_again(turn)
    elif not _notes_facts(turn):
        report(turn, text_is_problem=not says_only_facts(turn.support, turn.typed))


def _notes_facts(turn: Turn) -> bool:
    """Save the facts of a message that says nothing else to the issue that waits; False when none waits."""
    draft, issue = turn.draft, turn.context.issue
    if draft is None or issue is None or draft.reference != issue.reference or draft.intake.state == OPEN:
        return False
    if not turn.waiting or not says_only_facts(turn.support, turn.typed):
        return False
    filled = fill_from(draft, turn.said)
    say_noted(turn, draft, IntakeResult(IntakeOutcome.NOTED, tuple(filled)))
    return bool(filled) or added(turn)


def follow_up(turn: Turn) -> None:
    """Add to an issue: with its reference it is found, without one it is the conversation's own."""
    if turn.typed_references:
        give_reference(turn)
    elif turn.context.issue is None and reports(turn):
        report(turn)
    elif not added(turn):
        turn.say("utter_ask_reference", choices=[Choice(turn.support.buttons.new_issue, "new_issue")])


def reports(turn: Turn) -> bool:
    """Return whether typed words of some length tell of a problem or give its facts, whatever their label."""
    text, details = turn.typed, turn.said.details
    if turn.word_count < FEWEST_WORDS_OF_A_REPORT or asks(text):
        return turn.word_count >= FEWEST_WORDS_OF_A_LETTER and states_problem(turn.support, text)
    return states_problem(turn.support, text) or bool(details.email and (details.version or details.error))


def added(turn: Turn) -> bool:
    """Add the words to the conversation's issue and confirm; False when it has none."""
    issue = turn.context.issue
    if issue is None:
        return False
    turn.add_to_issue(issue.reference)
    turn.say("utter_added", reference=issue.reference)
    return True


def correct_answer(turn: Turn) -> None:
    """Change the line that a correction names when no question is open, or add it for the technician to read."""
    draft = turn.draft
    result = None
    if draft is not None and draft.answers:
        result = correct_draft(draft, None, replace(turn.said, unseen=False, is_choice=False, fields={}))
    if draft is not None and result is not None and result.what is IntakeOutcome.NOTED:
        say_noted(turn, draft, result)
    elif draft is not None and result is not None and result.what is IntakeOutcome.SAVED:
        draft.intake.state = OPEN
        turn.go_on_with_questions()
    elif draft is None or not draft.has_problem or not added(turn):
        turn.say("utter_nothing_to_correct")


def continue_issue(turn: Turn) -> None:
    """Resume the stopped questions."""
    draft = turn.draft
    if draft is None or draft.intake.state == DONE:
        turn.say("utter_nothing_to_continue")
        return
    draft.intake.state, draft.intake.asking = OPEN, None
    turn.say("utter_going_on")
    turn.go_on_with_questions()
