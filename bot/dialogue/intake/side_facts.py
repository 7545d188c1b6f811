"""Find the side facts of a message and save them to the draft: address, version, error code, time to call back."""

import re

from bot.dialogue.draft import CALL_BACK, CONTACT, SINCE, Draft
from bot.dialogue.user_message import UserMessage
from bot.dialogue.working_draft import WorkingDraft
from bot.triage.reading.details import Details, find_details

# Where no number was asked for, "Number 2024-0882" is an invoice's; so only what has a telephone's shape counts.
_IS_SURELY_A_PHONE = re.compile(r"[+(0]|\d{3}[ .-]?\d{3}[ .-]?\d{4}\b")

# "After I click print" tells what brings it on; only a date tells since when.
_WHAT_BRINGS_IT_ON = re.compile(r"\bafter\b", re.IGNORECASE)


def fill_from(draft: WorkingDraft, said: UserMessage) -> list[str]:
    """Save what a message says in passing (an address, a version, an error code); return the ids that were filled."""
    facts = side_facts(draft, said.details, said.call_back)
    for question_id, value in facts.items():
        draft.save_answer(question_id, value, said)
    return list(facts)


def side_facts(draft: Draft, details: Details, call_back: str | None) -> dict[str, str]:
    """Return the answers that a message gives in passing, by the question's id.

    Never overwrites an answer: a correction is made on purpose, not in passing. Only the wish for a call back is
    replaced by a later one, and a telephone number joins an e-mail address.
    """
    found = mentioned_facts(draft, details)
    facts = {name: value for name, value in found.items() if name not in draft.answers}
    if CONTACT in found:
        contact = joined_contact(found[CONTACT], draft.contact, keep=draft.contact)
        if contact != draft.contact or CONTACT in facts:
            facts[CONTACT] = contact
    if call_back:
        facts[CALL_BACK] = call_back
    return facts


def mentioned_facts(draft: Draft, details: Details) -> dict[str, str]:
    """Return the lines of the draft that the details of a message would answer, and how.

    Every question counts, also those of other categories: what was said is kept, whatever is asked later.
    """
    phone = details.phone if details.phone and _IS_SURELY_A_PHONE.match(details.phone) else None
    found: dict[str, str | None] = {CONTACT: ", ".join(filter(None, (details.email, phone)))}
    for name, question in draft.support.questions.items():
        found[name] = details.answer_to(name, question.detail)
    if SINCE in draft.support.questions:
        found[SINCE] = details.since if details.since and not _is_what_brings_it_on(details) else None
    return {name: value for name, value in found.items() if value}


def _is_what_brings_it_on(details: Details) -> bool:
    """Return whether the time is an event that repeats, and no change of which a beginning could be told."""
    since, changed = details.since or "", details.what_changed or ""
    return bool(_WHAT_BRINGS_IT_ON.search(since)) and since not in changed


def joined_contact(said: str, known: str, *, keep: str = "") -> str:
    """Return one way of each kind: what was said stands for its kind, what is known for the other.

    With ``keep`` what it holds stands, and what was said only adds the kind it lacks.
    """
    new, old = find_details(said), find_details(known)
    first, second = (old, new) if keep else (new, old)
    return ", ".join(filter(None, (first.email or second.email, first.phone or second.phone))) or said
