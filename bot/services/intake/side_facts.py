"""Save side facts of a message to the draft: address, version, error code, time to call back."""

import re
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.intake import draft as drafts
from bot.services.intake.draft import CALL_BACK, CONTACT, SINCE, Draft
from bot.triage.reading.call_back import find_call_back
from bot.triage.reading.details import Details, find_details

# Where no number was asked for, "Number 2024-0882" is an invoice's; so only what has a telephone's shape counts.
_IS_SURELY_A_PHONE = re.compile(r"[+(0]|\d{3}[ .-]?\d{3}[ .-]?\d{4}\b")

# "After I click print" tells what brings it on; only a date tells since when.
_WHAT_BRINGS_IT_ON = re.compile(r"\bafter\b", re.IGNORECASE)


async def fill_from(session: AsyncSession, draft: Draft, text: str, now: datetime, message_id: int | None) -> list[str]:
    """Save what a message says in passing (an address, a version, an error code); the ids that were filled.

    Never overwrites an answer: a correction is made on purpose, not in passing. Only the wish for a call back is
    replaced by a later one, and a telephone number joins an e-mail address.
    """
    found = mentioned_facts(draft, find_details(text, draft.support.product))
    filled = [name for name in found if name not in draft.answers]
    if CONTACT in found:
        found[CONTACT] = joined_contact(found[CONTACT], draft.contact, keep=draft.contact)
        if found[CONTACT] != draft.contact and CONTACT not in filled:
            filled.append(CONTACT)
    when = find_call_back(text)
    if when:
        found[CALL_BACK] = when
        filled.append(CALL_BACK)
    for question_id in filled:
        await drafts.save_answer(session, draft, question_id, found[question_id], now, message_id=message_id)
    return filled


def mentioned_facts(draft: Draft, details: Details) -> dict[str, str]:
    """Return the lines of the draft that the details of a message would answer, and how.

    Before the category is known every question counts: what was said early is not asked later.
    """
    phone = details.phone if details.phone and _IS_SURELY_A_PHONE.match(details.phone) else None
    found: dict[str, str | None] = {CONTACT: ", ".join(filter(None, (details.email, phone)))}
    ids = [question.id for question in draft.category.questions] if draft.category else draft.support.questions
    for name in ids:
        detail = draft.support.questions[name].detail
        if detail:
            found[name] = getattr(details, detail)
    if SINCE in draft.support.questions and details.since and not _WHAT_BRINGS_IT_ON.search(details.since):
        found.setdefault(SINCE, details.since)
    return {name: value for name, value in found.items() if value}


def joined_contact(said: str, known: str, *, keep: str = "") -> str:
    """Return one way of each kind: what was said stands for its kind, what is known for the other.

    With ``keep`` what it holds stands, and what was said only adds the kind it lacks.
    """
    new, old = find_details(said), find_details(known)
    first, second = (old, new) if keep else (new, old)
    return ", ".join(filter(None, (first.email or second.email, first.phone or second.phone))) or said
