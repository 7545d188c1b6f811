"""The open questions of a draft as one form: which they are, what could answer them, and what was sent."""

from bot.dialogue.draft import CONTACT, OPEN, SKIPPED, TOGETHER, Draft
from bot.dialogue.intake.answer_list import fits, take
from bot.dialogue.intake.answer_question import contact_in, keeps_contact_back
from bot.dialogue.intake.side_facts import joined_contact
from bot.dialogue.user_message import IntakeOutcome, IntakeResult, UserMessage
from bot.dialogue.working_draft import WorkingDraft
from bot.triage.reading.control_words import Control, read_control

# Fewer need no form.
FEWEST = 2
# What the dialogue may have of a message, less room for the labels.
MOST_CHARACTERS = 1_600
_BETWEEN = "|"


def fields_of(draft: Draft) -> list[str]:
    """Return the ids of the questions that a form would ask now; none while no question is open that has one."""
    asking = draft.intake.asking
    if draft.intake.state != OPEN or draft.category is None or not draft.has_problem or asking in (None, TOGETHER):
        return []
    if asking != CONTACT and draft.question(asking or "") is None:
        return []
    contact = [CONTACT] if draft.needs_contact and CONTACT not in draft.answers else []
    return [*contact, *(one for one in draft.listed_together() if draft.question(one) is not None)]


def could_be_sent(draft: Draft, name: str, words: str) -> bool:
    """Return whether the words could answer the question: the same that is taken when they are written."""
    if name == CONTACT:
        return bool(contact_in(words) or _keeps_back(words))
    return fits(draft, name, words)


def choice_value(answered: list[str], blank: list[str]) -> str:
    """Return what a sent form says in its payload: which questions its lines answer, in order, and which it left."""
    return f"{' '.join(answered)}{_BETWEEN}{' '.join(blank)}"


def is_form(said: UserMessage) -> bool:
    """Return whether a choice is a form that was sent."""
    return "question" not in said.fields and _BETWEEN in str(said.fields.get("value") or "")


def answer_form(draft: WorkingDraft, said: UserMessage) -> IntakeResult:
    """Save each line of a form as the answer to its question; what was left blank is skipped, but for the contact."""
    if said.fields.get("intake") != draft.intake.id:
        return IntakeResult(IntakeOutcome.OUTDATED)
    answered, _, blank = str(said.fields["value"]).partition(_BETWEEN)
    for name, line in zip(answered.split(), said.text.split("\n"), strict=False):
        words = line.partition(": ")[2].strip()
        if name == CONTACT:
            _take_contact(draft, words, said)
        elif draft.question(name) is not None:
            take(draft, name, words, said)
    for name in blank.split():
        if name not in draft.answers and draft.question(name) is not None:
            draft.save_answer(name, draft.support.summary.not_answered, said, status=SKIPPED)
    draft.intake.asking, draft.intake.misses = None, 0
    return IntakeResult(IntakeOutcome.SAVED)


def _take_contact(draft: WorkingDraft, words: str, said: UserMessage) -> None:
    given = contact_in(words)
    contact = joined_contact(given, draft.contact) if given else draft.support.wording.contact_is_this_chat
    draft.save_answer(CONTACT, contact, said.excerpt(words, draft.support.details_of(words)))


def _keeps_back(words: str) -> bool:
    return keeps_contact_back(words) or read_control(words) is Control.SKIP
