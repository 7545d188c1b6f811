"""Read whether a message makes a request of the company that is no technical problem. Pure."""

import re
from dataclasses import replace

from bot.dialogue.context import InboundMessage, TurnContext
from bot.dialogue.draft import OPEN, PROBLEM
from bot.dialogue.evidence import Evidence
from bot.dialogue.intake.harm_warning import first_harm
from bot.dialogue.reading import RULES, Reading
from bot.settings.support.requests import names_reference
from bot.settings.support.support import Support
from bot.triage.issue.requests import Doubt, Request, request_by_words, request_of
from bot.triage.privacy.secrets_in_words import without_passwords
from bot.triage.reading.form import asks, is_yes_no_question, word_count
from bot.triage.reading.leaning import leans_on_before
from bot.triage.reading.person_wish import wishes_person
from bot.triage.reading.report_words import names_a_problem
from bot.triage.reading.segments import segments
from bot.triage.reading.trouble import says_trouble
from bot.triage.reading.version_and_error import find_error_code
from bot.triage.reading.wanted_answer import asks_for_way
from bot.triage.text.plain_text import fold

# The confidences from which the classifier is sure of another label, and inclined to it.
SURE_OF_ANOTHER, INCLINED_TO_ANOTHER = 0.8, 0.5
# Labels that a request is not taken for with much confidence; any other says nothing against one.
LABELS_OF_OTHER_THINGS = frozenset(
    [
        "report_issue",
        "how_to",
        "thank",
        "ask_person",
        "ask_hours",
        "ask_status",
        "greet",
        "goodbye",
        "affirm",
        "deny",
        "solved",
        "not_solved",
        "give_reference",
        "continue_issue",
        "dont_know",
        "bot_challenge",
        "abusive",
    ]
)
# At a routing question "we moved to another office" is an answer; only what asks or wants something is a request.
_WANTS = re.compile(
    r"\?\s*$|\b(?:please|pls|can|could|would|i want|we want|we need|i need|wish|like to|how much|send|cancel|renew|"
    r"refund|request|complain|report)\b"
)
# Within these, words of trouble tell none: "we miss a shortcut", "there was never any trouble".
_PRAISES_OR_WISHES = re.compile(
    r"\b(?:(?:i|we) (?:really )?miss|it lacks|lacking|missing|no (?:trouble|problems?|issues?)|"
    r"(?:solved|fixed|cured|sorted)(?: \w+){0,3} (?:problems?|issues?|trouble|errors?)|"
    r"(?:could|would|wish|would be|should|please|dark|nice|handy|great)\b[^.?!\n]*|"
    r"(?:helped|help|patient|kind|stayed) (?:\w+ ){0,3}with (?:my|our|the|a) (?:\w+ ){0,2}(?:problems?|issues?|"
    r"trouble))\b"
)
# Who asks for one of them has a question for the support, whatever else the words sound like.
_A_TECHNICIAN = re.compile(
    r"\b(?:to|with|from|of your|your|an?|some|one|any|the) (?:real |live |human )?(?:technicians?|engineers?|"
    r"persons?|humans?|specialists?|"
    r"experts?|support(?! (?:is|was|are|were|has|have|does|did)\b)(?: \w+)?)\b"
)
# "Call 555-010-2211", "mail kim@…": how to reach somebody, and no request.
_A_WAY_TO_REACH = re.compile(
    r"(?:\b(?:please |or |and )?(?:call|ring|phone|tel\.?|telephone|mobile|mail|e-?mail|write|reach)\b"
    r"[\s:.]{0,3}(?:(?:me|us|to|at|on|under|number|is)\b[\s:]{1,3}){0,3})?"
    r"(?:[^\s@]{1,64}@[^\s@]{1,190}|(?:\+ ?)?\(?\d[\d ().-]{5,18}\d)",
    re.IGNORECASE,
)
# What the program does once the licence is over is for the manual to say.
_WHAT_COMES_OF_IT = re.compile(
    r"\b(?:how long|what (?:happens|will happen|becomes|about)|until when|how many (?:days|weeks|months)|"
    r"(?:can|could|may|will|would|do|does|is|are) (?:i|we|it|the \w+|our \w+|my \w+) (?:\w+ ){0,2}still)\b"
    r"[^.?!\n]{0,80}\b(?:once|when|after|if|as soon as)\b"
)
FEWEST_WORDS_OF_A_PART = 3
_SOMEBODY_ELSE, _ADDRESSES_YOU = re.compile(r"\b(?:he|she|him|her|his|they|them|their)\b"), re.compile(r"\byou")
_ADDRESSES_US = re.compile(r"\b(?:you|your|us)\b")


def request_in(context: TurnContext, reading: Reading, evidence: Evidence, support: Support) -> Request | None:
    """Return the request that the typed message makes; None for any other. May raise LookUpWanted."""
    message = context.message
    if message is None or context.choice is not None or reading.by == RULES or not support.requests:
        return None
    if any(named.valid for named in message.references) or not _may_be_one(context, message.text):
        return None
    about_a_page = context.shown is not None and leans_on_before(message.text)
    technical = bool(message.details.error_code or message.details.version)
    doubt = "sure" if about_a_page or technical else _doubt(reading, message.text)
    found = _found(message.text, doubt, evidence, support)
    if found is None or (first_harm(message.text) and not found.urgent) or _is_answer(context, found, support):
        return None
    if wishes_person(message.text) and _A_TECHNICIAN.search(fold(message.text)) and not found.urgent:
        return None
    return None if found.asks_nothing and _is_more_than_praise(message) else found


def request_in_part(text: str, evidence: Evidence, support: Support) -> Request | None:
    """Return the request that one part of a message makes, for which its team has to do something.

    May raise LookUpWanted.
    """
    technical = asks_for_way(text) or find_error_code(text) is not None
    if not support.requests or technical or not names_a_problem(text):
        return None
    if word_count(_A_WAY_TO_REACH.sub(" ", text)) < FEWEST_WORDS_OF_A_PART:
        return None
    about_us = is_yes_no_question(text) and _ADDRESSES_US.search(fold(text)) is not None
    found = _found(
        text, "sure" if says_trouble(text) or (asks(text) and not about_us) else "inclined", evidence, support
    )
    if found is None or not names_reference(found.reply) or (first_harm(text) and not found.urgent):
        return None
    return None if wishes_person(text) and _A_TECHNICIAN.search(fold(text)) and not found.urgent else found


def _is_more_than_praise(message: InboundMessage) -> bool:
    """Return whether the message tells of trouble, or confides, beside praise or a wish that nobody has to act on."""
    if message.asks_confidence or message.details.error:
        return True
    return any(says_trouble(_PRAISES_OR_WISHES.sub(" ", fold(one.text))) for one in segments(message.text))


def _found(text: str, doubt: Doubt, evidence: Evidence, support: Support) -> Request | None:
    # An address or a number says nothing of a request, and its letters may be near to anything.
    text = with_a_common_name(_A_WAY_TO_REACH.sub(" ", without_passwords(text)), support.product)
    sentences = evidence.nearness_of(text).sentences
    if not sentences:
        return None if doubt == "sure" else request_by_words(text, support.requests)
    found = (request_of(replace(one, around=_around(one.text, text)), support.requests, doubt) for one in sentences)
    return next((request for request in found if request is not None), None)


def _around(sentence: str, text: str) -> str:
    """Return the whole text for a sentence about somebody named before: "A client rang. She has paid"."""
    folded = fold(sentence)
    return text if _SOMEBODY_ELSE.search(folded) and not _ADDRESSES_YOU.search(folded) else ""


def with_a_common_name(text: str, product: str) -> str:
    """Return the text with "the program" for the product's name: the examples of support.yml hold no names."""
    return re.sub(rf"(?<!\w)(?:the )?{re.escape(product)}(?!\w)", "the program", text, flags=re.IGNORECASE)


def _doubt(reading: Reading, text: str) -> Doubt:
    folded = fold(text)
    if (is_yes_no_question(text) or _WHAT_COMES_OF_IT.search(folded)) and not _ADDRESSES_US.search(folded):
        return "sure"  # "can it print labels", "is there an app": the manual answers what the program does
    if reading.intent not in LABELS_OF_OTHER_THINGS or reading.confidence < INCLINED_TO_ANOTHER:
        return "unsure"
    return "sure" if reading.confidence >= SURE_OF_ANOTHER else "inclined"


def _may_be_one(context: TurnContext, text: str) -> bool:
    """Return False for "I want to report an issue", and for words that only answer the open routing question."""
    if not names_a_problem(text):
        return False
    draft = context.draft
    if draft is None or draft.intake.state != OPEN or draft.intake.asking in (None, PROBLEM):
        return True
    return bool(_WANTS.search(fold(text)))


def _is_answer(context: TurnContext, request: Request, support: Support) -> bool:
    """Return whether a category that the same team takes asks in its own words for what the request wants."""
    draft = context.draft
    if draft is None or draft.intake.state != OPEN or draft.intake.category is None:
        return False
    category = support.category(draft.intake.category)
    asked = next((one for one in category.questions if one.id == draft.intake.asking), None)
    free_text = asked is not None and asked.detail is None and not asked.choices
    return free_text and category.free_of_charge and category.team == request.team
