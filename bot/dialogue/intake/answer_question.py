"""Save what a message answers: the essentials, a routing question, the summary.

``dispatch_message`` decides that it does.
"""

import re

from bot.dialogue.draft import (
    CATEGORY,
    CONTACT,
    DONE,
    OTHER,
    PROBLEM,
    SKIPPED,
    SUMMARY,
    TECHNICIAN_ONLY,
    UNKNOWN,
    Draft,
)
from bot.dialogue.intake.corrections import (
    WHICH_LINE,
    correct_draft,
    names_only_a_line,
    of_the_problem,
    says_only_facts,
)
from bot.dialogue.intake.plausible import could_answer
from bot.dialogue.intake.side_facts import fill_from, joined_contact
from bot.dialogue.user_message import IntakeOutcome, IntakeResult, UserMessage, adds_to_a_problem
from bot.dialogue.working_draft import WorkingDraft
from bot.triage.issue.routing import categorise
from bot.triage.reading.control_words import Control, read_control
from bot.triage.reading.details import Details, find_details
from bot.triage.reading.own_contact import find_given_email
from bot.triage.reading.report_words import names_a_problem
from bot.triage.text.plain_text import fold

MOST_MISSES = 2
MOST_WORDS_OF_A_YES = 2
KEEPS_CONTACT_BACK = re.compile(
    r"\b(?:rather not|don't want|do not want|won't|will not|not going to|prefer not|just log it|none of your|"
    r"just (?:use )?this chat|(?:use |in |via )(?:this|the) chat|chat (?:is fine|only)|"
    r"no (?:e-?mail|phone|contact|address))\b"
)
# A technician makes more of a mistyped address than of none.
_ALMOST_A_CONTACT = re.compile(r"\S@\S|(?:\d[ ().-]{0,2}){6,}")
_MAYBE_A_NUMBER = re.compile(r"(?<![\w/-])\+?\(?\d(?:[ ()./-]{0,3}\d){6,14}(?![\w/-])")
WORD = re.compile(r"[^\W_]")


def contact_in(text: str, details: Details | None = None) -> str:
    """Return the address and number in words that were asked for one: a number then need not be called one.

    ``details`` are those of the whole message, of which ``text`` may be the beginning.
    """
    details = details or find_details(text)
    email = details.email or find_given_email(text)
    number = _MAYBE_A_NUMBER.search(text) if not (email or details.phone) else None
    return ", ".join(filter(None, (email, details.phone or (number[0].strip() if number else None))))


def answers_in_private(asked: str, text: str) -> bool:
    """Return whether a message in the personal chat answers the question that was put there in private.

    The contact has a form; any other question is answered by all that asks nothing itself.
    """
    if asked == CONTACT:
        given = contact_in(text) or _ALMOST_A_CONTACT.search(text)
        return bool(given or keeps_contact_back(text) or read_control(text) is Control.SKIP)
    return not text.rstrip().endswith("?")


def keeps_contact_back(text: str) -> bool:
    """Return whether somebody who was asked for an address would rather not give one."""
    return bool(KEEPS_CONTACT_BACK.search(fold(text)))


def more_of_the_problem(draft: WorkingDraft, said: UserMessage) -> IntakeResult:
    """Written before the question was seen: it adds to what came before and never answers."""
    fill_from(draft, said)
    for part in said.each:
        if not says_only_facts(draft.support, part.text):
            draft.add_to_problem(part)
    return IntakeResult(IntakeOutcome.SAVED)


def answer_to(draft: WorkingDraft, asked: str, said: UserMessage) -> IntakeResult:
    if not WORD.search(said.text):
        return IntakeResult(_missed(draft, asked, said))
    if asked in (SUMMARY, WHICH_LINE):
        return _summary(draft, asked, said)
    if asked == CONTACT:
        return IntakeResult(_contact(draft, said))
    if asked == PROBLEM:
        return IntakeResult(_problem(draft, said))
    if asked == CATEGORY:
        return IntakeResult(_category(draft, said))
    return IntakeResult(_routing(draft, asked, said))


def _routing(draft: WorkingDraft, asked: str, said: UserMessage) -> IntakeOutcome:
    skipped = read_control(said.text) is Control.SKIP
    if skipped or said.means("dont_know"):
        words = draft.support.summary.not_answered if skipped else said.text
        draft.save_answer(asked, words, said, status=SKIPPED if skipped else UNKNOWN)
        return IntakeOutcome.SAVED
    if said.means("affirm") and len(said.words) <= MOST_WORDS_OF_A_YES and draft.intake.misses == 0:
        return _missed(draft, asked, said)
    question = draft.question(asked)
    if question is not None and not could_answer(question, said.text, said.details):
        return _missed(draft, asked, said)
    draft.save_answer(asked, said.text, said)
    if draft.answers[asked].visibility != TECHNICIAN_ONLY:
        fill_from(draft, said)
    return IntakeOutcome.SAVED


def _missed(draft: WorkingDraft, asked: str, said: UserMessage) -> IntakeOutcome:
    """It answers nothing: the question is put once more; after that it counts as skipped where it may be."""
    draft.intake.misses += 1
    if draft.intake.misses < MOST_MISSES or draft.question(asked) is None:
        return IntakeOutcome.UNCLEAR
    draft.save_answer(asked, said.text, said, status=SKIPPED)
    return IntakeOutcome.SAVED


def _contact(draft: WorkingDraft, said: UserMessage) -> IntakeOutcome:
    said_contact = contact_in(said.text, said.details)
    if said_contact:
        contact = joined_contact(said_contact, draft.contact)
        draft.save_answer(CONTACT, contact, said)
        fill_from(draft, said)
        return IntakeOutcome.SAVED
    draft.intake.misses += 1
    keeps_back = keeps_contact_back(said.text) or said.means("deny", "dont_know")
    if keeps_back or read_control(said.text) is Control.SKIP or draft.intake.misses >= MOST_MISSES:
        # Nobody is left without a reference for want of an address: this chat reaches them.
        _keep_trouble(draft, said)
        written = said.text if _ALMOST_A_CONTACT.search(said.text) and not keeps_back else ""
        words = written or draft.contact or draft.support.wording.contact_is_this_chat
        draft.save_answer(CONTACT, words, said)
        draft.intake.asking = None
        return IntakeOutcome.SAVED
    _keep_trouble(draft, said)
    return IntakeOutcome.UNCLEAR


def _keep_trouble(draft: WorkingDraft, said: UserMessage) -> None:
    """More of the problem, written where an address was asked for, is not lost."""
    if said.means("report_issue") or adds_to_a_problem(draft.support, said.text):
        fill_from(draft, said)
        draft.add_to_problem(of_the_problem(draft.support, said))


def _problem(draft: WorkingDraft, said: UserMessage) -> IntakeOutcome:
    tells_nothing = said.means("affirm", "deny", "dont_know") and len(said.words) < 4
    if (tells_nothing or not names_a_problem(said.text)) and draft.intake.misses < MOST_MISSES - 1:
        draft.intake.misses += 1
        return IntakeOutcome.UNCLEAR
    if draft.has_problem:
        # It was asked for again because the first words were wrong.
        draft.save_answer(PROBLEM, said.text, said)
    else:
        draft.add_to_problem(of_the_problem(draft.support, said))
    fill_from(draft, said)
    return IntakeOutcome.SAVED


def _category(draft: WorkingDraft, said: UserMessage) -> IntakeOutcome:
    titles = {category.title.casefold(): category for category in draft.support.categories}
    named = titles.get(said.text.strip().casefold()) or categorise(said.text, draft.support.categories)
    if named is None and said.means("affirm") and draft.intake.misses == 0:
        return _missed(draft, CATEGORY, said)
    draft.set_category(named.id if named else OTHER)
    if not said.means("dont_know", "deny", "affirm") and said.text.strip().casefold() not in titles:
        draft.add_to_problem(said)
    return IntakeOutcome.SAVED


def _summary(draft: WorkingDraft, asked: str, said: UserMessage) -> IntakeResult:
    if said.means("affirm", "thank") and asked == SUMMARY:
        draft.intake.state = DONE
        return IntakeResult(IntakeOutcome.CONFIRMED)
    if asked == WHICH_LINE and said.means("affirm", "deny", "dont_know", "thank"):
        draft.intake.asking = None
        return IntakeResult(IntakeOutcome.SAVED)
    line = names_only_a_line(draft, said.text)
    if line:
        draft.intake.asking = line
        return IntakeResult(IntakeOutcome.SAVED)
    corrected = correct_draft(draft, None, said) if _changes_something(draft, said) else None
    if corrected is not None:
        return corrected
    if said.means("deny"):
        draft.intake.asking = WHICH_LINE
        return IntakeResult(IntakeOutcome.SAVED)
    draft.intake.asking = None
    if not names_a_problem(said.text) or said.means("dont_know"):
        return IntakeResult(IntakeOutcome.SAVED)
    draft.add_to_problem(said)
    return IntakeResult(IntakeOutcome.NOTED, (PROBLEM,))


def _changes_something(draft: Draft, said: UserMessage) -> bool:
    details = said.details
    facts = (details.email, details.phone, details.version, details.error_code, details.impact, details.since)
    return said.means("correct_answer") or any(facts)
