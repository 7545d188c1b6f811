"""Existing issues: a reference is given, a status asked, a number missed."""

import re

from bot.dialogue.context import IssueState, NamedReference
from bot.dialogue.draft import title_of
from bot.dialogue.plan import AttachIssue, Choice
from bot.dialogue.topics.new_issue import report
from bot.dialogue.turn import LOST_REFERENCE, Turn
from bot.dialogue.user_message import states_problem
from bot.triage.reading.status_wish import asks_for_news, asks_own_number
from bot.triage.text.plain_text import fold

WORDS_OF_A_BARE_REFERENCE = 6
MOST_MISSES = 3
HAS_ONE = re.compile(r"\b(?:i|we) (?:do |already )?(?:have|got|'ve got)\b|\bi've\b")
HAS_NONE = re.compile(
    r"\b(?:no|not|never|didn't|don't|haven't|without|lost|missing|forgot|need|want|where|which|what)\b"
)


def give_reference(turn: Turn) -> None:
    """Reply to a Tech Reference that was written; the reply depends on its customer, and on nothing else."""
    named = turn.references
    if not named:
        turn.say("utter_ask_reference", choices=_help(turn))
        return
    _answer(turn, next((one for one in named if one.valid), named[0]))


def _answer(turn: Turn, named: NamedReference) -> None:
    if not named.valid:
        _missed(turn, "utter_reference_mistyped")
    elif named.own is not None:
        turn.do(AttachIssue(named.reference))
        if turn.word_count > WORDS_OF_A_BARE_REFERENCE:
            turn.add_to_issue(_reference_in_hand(turn, named))
        say_status(turn, named.own)
    elif turn.intent == "report_issue" and not turn.in_form and states_problem(turn.support, turn.text):
        turn.say("utter_reference_not_yours_logged_anew")
        report(turn)
    elif named.colleagues is not None:
        turn.say(
            "utter_status_colleague",
            reference=named.colleagues.reference,
            category=named.colleagues.category,
            status=turn.status_of(named.colleagues),
        )
    else:
        _missed(turn, "utter_reference_not_yours")


def _reference_in_hand(turn: Turn, named: NamedReference) -> str:
    """Return the reference of the conversation's issue: one that waits for a technician is not exchanged."""
    issue = turn.context.issue
    its_own = {one.state.reference for one in turn.context.open_issues}
    is_kept = turn.waiting and named.reference not in its_own
    return issue.reference if issue is not None and is_kept else named.reference


def _missed(turn: Turn, response: str) -> None:
    """Reply to an unknown reference; the third one ends the search for it, to save the customer's time."""
    if turn.count_reference_miss() >= MOST_MISSES:
        response = "utter_reference_enough"
    turn.say(response, choices=[] if turn.in_form else _help(turn))


def say_status(turn: Turn, status: IssueState) -> None:
    """Say the status in plain words, and the possible next steps."""
    private = status.private
    turn.say(
        "utter_status", private=private, reference=status.reference, title=status.title, status=turn.status_of(status)
    )
    if status.last_words:
        turn.say("utter_last_words", private=private, words=title_of(status.last_words))
    if status.queue_place is None and not turn.in_form:
        turn.say("utter_status_next", choices=[Choice(turn.support.buttons.person, "ask_person")])


def _help(turn: Turn) -> list[Choice]:
    buttons = turn.support.buttons
    return [Choice(buttons.new_issue, "new_issue"), Choice(buttons.person, "ask_person")]


def ask_status(turn: Turn) -> None:
    """Say the status of an issue: the one named, else the conversation's, else the customer's newest."""
    if turn.typed_references:
        give_reference(turn)
        return
    status = turn.known_issue
    if status is not None:
        say_status(turn, status)
        if turn.context.queue_place is not None:
            turn.say_queue_place()
    elif turn.in_form:
        turn.say("utter_being_logged")
    else:
        turn.ask_about(LOST_REFERENCE)
        turn.say("utter_no_issue_known", choices=_help(turn))


def missing_reference(turn: Turn) -> None:
    """Find the number that the page promises and the customer misses, or log the issue now."""
    words = fold(turn.typed)
    if HAS_ONE.search(words) and not HAS_NONE.search(words):
        give_reference(turn)
    elif turn.known_issue is not None:
        turn.say("utter_missing_reference_found", reference=turn.known_issue.reference)
    elif turn.in_form:
        turn.say("utter_being_logged")
    else:
        turn.ask_about(LOST_REFERENCE)
        turn.say("utter_missing_reference_sorry", choices=_help(turn))


def is_own_number_wanted(turn: Turn) -> bool:
    """Return whether the words ask for the customer's own Tech Reference, whatever their label."""
    return bool(turn.typed) and not turn.typed_references and asks_own_number(turn.typed)


def is_news_wanted(turn: Turn) -> bool:
    """Return whether somebody with an issue asks how it stands, or whether anybody is there."""
    known = turn.known_issue is not None
    return bool(turn.typed) and known and not turn.typed_references and asks_for_news(turn.typed)


def is_lost(turn: Turn) -> bool:
    """Return whether the answer about a lost Tech Reference says no more of it."""
    if turn.context.pending != LOST_REFERENCE or not turn.typed or turn.in_form or turn.typed_references:
        return False
    is_problem = turn.intent == "report_issue" and states_problem(turn.support, turn.typed)
    return not is_problem and turn.intent not in (
        "how_to",
        "ask_person",
        "greet",
        "goodbye",
        "thank",
        "ask_hours",
        "ask_contact",
    )


def lost(turn: Turn) -> None:
    """Say the ways that are left: the place where it was opened, a technician, a new issue."""
    turn.say("utter_reference_lost", choices=_help(turn))
