"""Questions by their form: the manual is asked first, whatever label the classifier gave them."""

import re

from bot.dialogue.evidence import LookUp
from bot.dialogue.reading import NOT_UNDERSTOOD
from bot.dialogue.topics.how_to import look_up
from bot.dialogue.topics.new_issue import FIXED_BY_TECHNICIAN
from bot.dialogue.turn import Turn
from bot.triage.reading.form import asks, is_yes_no_question, orders
from bot.triage.reading.question_topics import topic_asked
from bot.triage.reading.status_wish import asks_for_news, asks_own_number
from bot.triage.reading.trouble import says_trouble
from bot.triage.reading.version_and_error import find_error_code
from bot.triage.reading.wanted_answer import asks_about_product, asks_for_way, asks_price_of_support
from bot.triage.text.language import foreign_language
from bot.triage.text.plain_text import fold

# Labels that a question about the product gets by mistake. The others are about the support or the customer's issue.
MISTAKEN = frozenset(
    [
        "report_issue",
        "inform",
        "new_issue",
        "correct_answer",
        "missing_reference",
        "affirm",
        "deny",
        "dont_know",
        "follow_up",
        "continue_issue",
        "greet",
        "ask_tips",
        "out_of_scope",
        NOT_UNDERSTOOD,
    ]
)
# Labels of questions about the support: what is none by its words is about the product.
ABOUT_US = frozenset(
    ("ask_why", "ask_status", "ask_hours", "ask_contact", "bot_challenge", "solved", "not_solved", "goodbye")
)
# Labels under which an issue would be begun, or a meaning be taken, that no question has.
OPENS = (MISTAKEN | ABOUT_US) - {"out_of_scope", NOT_UNDERSTOOD, "ask_tips", "greet"}
# An order to the assistant itself is no question about the product.
_TO_THE_ASSISTANT = re.compile(
    r"^\W{0,4}(?:(?:please|now|just) )?(?:ignore|disregard|pretend|act|you are|you're|say|repeat|tell me|write|sing|"
    r"draw|translate|confirm|grant|imagine|roleplay|play|buy|order|recommend)\b|"
    r"\b(?:previous|prior|your) (?:instructions|rules)\b"
)


def is_answered_by_the_manual(turn: Turn) -> bool:
    """Return whether the words ask about the product and the manual answers: neither a problem nor "not ours"."""
    if not _is_open(turn) or not _may_be_a_question(turn):
        return False
    return turn.evidence.of(LookUp(turn.text)).confident


def is_not_in_the_manual(turn: Turn) -> bool:
    """Return whether the words ask about the product, and the manual says nothing of it: no issue is begun for that."""
    if not _is_open(turn) or not asks_about_product(turn.text):
        return False
    if turn.intent == "ask_coverage":
        return not asks_price_of_support(turn.text)
    named = turn.support.product.casefold() in turn.text.casefold()
    unread = turn.intent == NOT_UNDERSTOOD and is_yes_no_question(turn.text)
    return turn.intent in OPENS or named or unread


def answer_question(turn: Turn) -> None:
    """Look the question up, and say so when the manual has nothing."""
    look_up(turn, turn.text)


def _is_open(turn: Turn) -> bool:
    """Return whether typed English words stand for themselves: nothing is being asked, nobody is waited for."""
    if turn.by_rules or turn.is_choice or turn.context.event is not None or not turn.typed:
        return False
    if turn.in_form or turn.waiting or turn.pending == FIXED_BY_TECHNICIAN:
        return False
    known = turn.intent in MISTAKEN or turn.intent == "ask_coverage"
    known = known or (turn.intent in ABOUT_US and is_about_product(turn.typed))
    return known and not turn.references and foreign_language(turn.text) is None


def is_about_product(text: str) -> bool:
    """Return whether a question is none about the support or the customer's own issue, by its words."""
    about_us = topic_asked(text) is not None or asks_for_news(text) or asks_own_number(text)
    return not about_us and (asks_about_product(text) or asks_for_way(text))


def _may_be_a_question(turn: Turn) -> bool:
    text = turn.text
    if turn.intent == "ask_coverage":
        return asks_about_product(text) and not asks_price_of_support(text)
    if asks_about_product(text):
        return True
    if asks_for_way(text):
        return find_error_code(text) is None
    if turn.intent == "out_of_scope":
        to_us = orders(text) or _TO_THE_ASSISTANT.search(fold(text)) is not None
        return not to_us and not says_trouble(text)
    return turn.intent == NOT_UNDERSTOOD and asks(text) and not says_trouble(text)
