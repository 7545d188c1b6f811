"""Misunderstood or out of scope, or an outdated button: offer the likely meanings, then every way out."""

import re

from bot.dialogue.draft import OPEN, SUMMARY
from bot.dialogue.evidence import LookUp
from bot.dialogue.plan import Choice
from bot.dialogue.topics.how_to import look_up_again, question_help
from bot.dialogue.topics.new_issue import SAY_IT_DIFFERENTLY, report
from bot.dialogue.topics.person import ask_person
from bot.dialogue.topics.report_issue import added, reports
from bot.dialogue.topics.small_talk import ways
from bot.dialogue.turn import UNSURE, UNSURE_AGAIN, Turn
from bot.triage.reading.assistant_orders import orders_the_assistant
from bot.triage.reading.other_makers import is_about_another_program, is_anothers_trouble
from bot.triage.reading.report_words import names_a_problem
from bot.triage.text.plain_text import fold

MOST_GUESSES = 3
# What another maker's program shows of these is of ours.
_OF_OUR_WORK = re.compile(
    r"\b(?:invoic\w*|bills?|billing|export\w*|import\w*|reports?|backups?|company file|book(?:s|keeping)|statements?|"
    r"reminders?|"
    r"customers?|licen[cs]e|csv|pdfs?|print\w*)\b"
)


def unsure(turn: Turn) -> None:
    """Offer the likeliest meanings; after the second time in a row a person first, the third time hand over."""
    if turn.pending == SAY_IT_DIFFERENTLY:
        look_up_again(turn)
    elif turn.waiting:
        _for_the_technician(turn)
    elif reports(turn):
        report(turn)
    elif turn.pending == UNSURE_AGAIN:
        turn.say("utter_hand_over")
        ask_person(turn)
    elif turn.pending == UNSURE:
        turn.ask_about(UNSURE_AGAIN)
        turn.say("utter_unsure_again", choices=ways(turn)[::-1])
    else:
        turn.ask_about(UNSURE)
        turn.say("utter_unsure", choices=_did_you_mean(turn))


def _for_the_technician(turn: Turn) -> None:
    """Leave a message in the queue to the technician, if it says anything."""
    if not names_a_problem(turn.typed):
        turn.say("utter_waiting")
    elif not added(turn):
        report(turn)


def _did_you_mean(turn: Turn) -> list[Choice]:
    """Return the likeliest meanings that have a title, then the three ways; each acts on the message."""
    buttons = turn.support.buttons
    about = {"about": turn.message_id} if turn.message_id is not None else {}
    known = {
        "how_to": Choice(buttons.how_to, "how_to", about),
        "report_issue": Choice(buttons.report, "report_issue", about),
        "ask_person": Choice(buttons.person, "ask_person", about),
        "ask_hours": Choice(buttons.hours, "ask_hours"),
        "ask_status": Choice(buttons.status, "ask_status"),
        "ask_coverage": Choice(buttons.cost, "ask_coverage"),
    }
    likely = [intent for intent in turn.reading.ranking[:MOST_GUESSES] if intent in known]
    return [known[intent] for intent in dict.fromkeys([*likely, "how_to", "report_issue", "ask_person"])]


def out_of_scope(turn: Turn) -> None:
    if turn.pending == SAY_IT_DIFFERENTLY:
        look_up_again(turn)
    elif turn.pending in (UNSURE, UNSURE_AGAIN):
        unsure(turn)
    else:
        turn.ask_about(UNSURE)
        turn.say("utter_out_of_scope", product=turn.support.product)


def is_order_to_the_assistant(turn: Turn) -> bool:
    """Return whether typed words order the assistant to leave its task: no question, no answer, no problem."""
    return bool(turn.typed) and not turn.by_rules and orders_the_assistant(turn.typed)


def is_anothers(turn: Turn) -> bool:
    """Return whether another maker's program or thing is spoken of, that has nothing to do with the product."""
    if not turn.typed or turn.by_rules or turn.in_form or turn.waiting or turn.context.issue is not None:
        return False
    if turn.support.product.casefold() in turn.typed.casefold() or turn.said.details.email:
        return False
    if is_about_another_program(turn.typed):
        return True
    code = turn.said.details.error_code
    known = code is not None and turn.evidence.of(LookUp(code, code=code)).confident
    if known or not is_anothers_trouble(turn.typed) or _OF_OUR_WORK.search(fold(turn.typed)):
        return False
    return not turn.evidence.of(LookUp(turn.typed, cure=True)).confident


def dont_know(turn: Turn) -> None:
    """Help with the question after "I don't know where to find it"; "no idea" when nothing was asked is unclear."""
    help_text = question_help(turn)
    if help_text:
        turn.say_text(help_text)
    elif turn.waiting:
        turn.say("utter_waiting")
    else:
        unsure(turn)


def stale_choice(turn: Turn) -> None:
    """Take a button of finished questions. Corrections are still welcome: they reopen the draft's summary."""
    draft = turn.draft
    if draft is None or turn.field("intake") != draft.intake.id:
        turn.say("utter_choice_stale")
        return
    line = turn.field("question") if turn.intent == "correct_line" else None
    draft.intake.state, draft.intake.asking = OPEN, str(line) if line else SUMMARY
    turn.go_on_with_questions()
