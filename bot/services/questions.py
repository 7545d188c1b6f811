"""Take a message as an answer to the question that was put, or as something else.

One set of rules for "what does this message do to the draft"; the form in Rasa only carries it out. Nothing here
speaks.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services import draft as drafts
from bot.services.draft import CATEGORY, CONTACT, PROBLEM, SKIPPED, SUMMARY, UNKNOWN, Draft
from bot.triage.details import find_details
from bot.triage.routing import categorise
from bot.triage.tech_reference import find_references

WHICH_LINE = "which_line"
SURE = 0.55
MOST_MISSES = 2

# What a customer may say at any question without answering it; everything else is taken as the answer.
ASIDES = frozenset(
    [
        "ask_hours",
        "ask_contact",
        "ask_coverage",
        "ask_person",
        "ask_tips",
        "ask_status",
        "missing_reference",
        "ask_why",
        "cancel",
        "abusive",
        "bot_challenge",
        "greet",
        "goodbye",
        "thank",
        "continue_issue",
        "frustrated",
        "give_reference",
    ]
)
BUTTONS_OF_THE_FORM = frozenset(
    ["answer_question", "skip_question", "private_answer", "correct_line", "confirm_summary"]
)
SAYS_SKIP = re.compile(r"^\W*(skip( it| this| that)?|next( one| question)?|pass)\W*$", re.IGNORECASE)
ASKS = re.compile(r"\?\s*$|^\W*(how|where|what|which|can|could|is there|do you)\b", re.IGNORECASE)


class Taken(StrEnum):
    """What became of a message: ``aside`` answers nothing and wants an answer of its own."""

    ASIDE = "aside"
    SAVED = "saved"
    UNCLEAR = "unclear"
    CONFIRMED = "confirmed"
    OUTDATED = "outdated"


@dataclass(frozen=True)
class Said:
    """A message with what the classifier makes of it. ``fields`` are a pressed choice's."""

    text: str
    intent: str
    confidence: float
    message_id: int | None
    unseen: bool
    is_choice: bool
    fields: dict[str, object]

    def means(self, *intents: str) -> bool:
        return self.intent in intents and self.confidence >= SURE


async def take(session: AsyncSession, draft: Draft, said: Said, now: datetime) -> Taken:
    """Apply a message to the draft; the same message again changes nothing."""
    if said.message_id is not None and _taken_before(draft, said.message_id):
        return Taken.SAVED
    if said.is_choice:
        if said.intent in BUTTONS_OF_THE_FORM:
            return await _choice(session, draft, said, now)
        return Taken.ASIDE
    asked = draft.intake.asking or draft.next_step()
    aside = _is_aside(draft, asked, said)
    if said.unseen:
        # One breath with what came before: kept whatever it sounds like, and answered too if it asks something.
        await _more_of_the_problem(session, draft, said, now)
    if aside or said.unseen:
        return Taken.ASIDE if aside else Taken.SAVED
    if said.means("correct_answer") and await _corrected(session, draft, said, asked, now):
        return Taken.SAVED
    return await _answer(session, draft, asked, said, now)


def _taken_before(draft: Draft, message_id: int) -> bool:
    return any(answer.message_id == message_id for answer in draft.answers.values())


def _is_aside(draft: Draft, asked: str, said: Said) -> bool:
    if said.means("how_to"):
        return bool(ASKS.search(said.text)) and asked != PROBLEM
    if said.intent in ("give_reference", "follow_up", "ask_status") and find_references(said.text):
        return True
    if asked == SUMMARY and said.means("solved"):
        return True
    return said.intent in ASIDES and said.confidence >= SURE and not _answers_format(draft, asked, said.text)


def _answers_format(draft: Draft, asked: str, text: str) -> bool:
    """Whether the words hold exactly what was asked for, whatever else they sound like."""
    details = find_details(text)
    if asked == CONTACT:
        return bool(details.email or details.phone)
    question = draft.question(asked)
    if question is None:
        return False
    if question.detail and getattr(details, question.detail):
        return True
    return text.strip().casefold() in {choice.casefold() for choice in question.choices}


async def _more_of_the_problem(session: AsyncSession, draft: Draft, said: Said, now: datetime) -> Taken:
    """Written before the question was seen: it adds to what came before and never answers."""
    await drafts.fill_from(session, draft, said.text, now, said.message_id)
    await drafts.add_to_problem(session, draft, said.text, now, said.message_id)
    return Taken.SAVED


async def _corrected(session: AsyncSession, draft: Draft, said: Said, asked: str, now: datetime) -> bool:
    """Change the one answer a correction names by what it holds; False when it names none."""
    details = find_details(said.text)
    contact = details.email or details.phone
    if contact and CONTACT in draft.answers and asked != CONTACT:
        await drafts.save(session, draft, CONTACT, contact, now, message_id=said.message_id)
        return True
    for question in draft.category.questions if draft.category else ():
        value = getattr(details, question.detail) if question.detail else None
        if value and question.id in draft.answers and question.id != asked:
            await drafts.save(session, draft, question.id, value, now, message_id=said.message_id)
            return True
    if not contact and re.search(r"\b(e-?mail|phone|number|address)\b", said.text, re.IGNORECASE):
        draft.intake.asking = CONTACT
        return True
    return False


async def _answer(session: AsyncSession, draft: Draft, asked: str, said: Said, now: datetime) -> Taken:
    if asked == CONTACT:
        return await _contact(session, draft, said, now)
    if asked == PROBLEM:
        return await _problem(session, draft, said, now)
    if asked in (SUMMARY, WHICH_LINE):
        return await _summary(session, draft, asked, said, now)
    if asked == CATEGORY:
        return await _category(session, draft, said, now)
    skipped = bool(SAYS_SKIP.match(said.text))
    if skipped or said.means("dont_know"):
        status = SKIPPED if skipped else UNKNOWN
        await drafts.save(session, draft, asked, said.text, now, status=status, message_id=said.message_id)
        return Taken.SAVED
    await drafts.save(session, draft, asked, said.text, now, message_id=said.message_id)
    if draft.answers[asked].visibility != drafts.TECHNICIAN_ONLY:
        await drafts.fill_from(session, draft, said.text, now, said.message_id)
    return Taken.SAVED


async def _contact(session: AsyncSession, draft: Draft, said: Said, now: datetime) -> Taken:
    details = find_details(said.text)
    contact = details.email or details.phone
    if contact:
        await drafts.save(session, draft, CONTACT, contact, now, message_id=said.message_id)
        await drafts.fill_from(session, draft, said.text, now, said.message_id)
        return Taken.SAVED
    draft.intake.misses += 1
    if draft.intake.misses >= MOST_MISSES:
        # Nobody is left without a reference for want of an address: this chat reaches them.
        words = draft.support.wording.contact_is_this_chat
        await drafts.save(session, draft, CONTACT, words, now, message_id=said.message_id)
        return Taken.SAVED
    if not said.means("dont_know", "deny", "affirm"):
        await drafts.add_to_problem(session, draft, said.text, now, said.message_id)
    return Taken.UNCLEAR


async def _problem(session: AsyncSession, draft: Draft, said: Said, now: datetime) -> Taken:
    if said.means("affirm", "deny", "dont_know") and len(said.text.split()) < 4:
        return Taken.UNCLEAR
    await drafts.fill_from(session, draft, said.text, now, said.message_id)
    await drafts.add_to_problem(session, draft, said.text, now, said.message_id)
    return Taken.SAVED


async def _category(session: AsyncSession, draft: Draft, said: Said, now: datetime) -> Taken:
    titles = {category.title.casefold(): category for category in draft.support.categories}
    named = titles.get(said.text.strip().casefold()) or categorise(said.text, draft.support.categories)
    await drafts.set_category(session, draft, named.id if named else "other", now)
    if not named:
        await drafts.add_to_problem(session, draft, said.text, now, said.message_id)
    return Taken.SAVED


async def _summary(session: AsyncSession, draft: Draft, asked: str, said: Said, now: datetime) -> Taken:
    if said.means("affirm", "thank") and asked == SUMMARY:
        draft.intake.state = "done"
        return Taken.CONFIRMED
    line = _named_line(draft, said.text)
    if said.means("deny", "correct_answer") or line:
        draft.intake.asking = line or WHICH_LINE
        return Taken.SAVED
    await drafts.add_to_problem(session, draft, said.text, now, said.message_id)
    draft.intake.asking = None
    return Taken.SAVED


def _named_line(draft: Draft, text: str) -> str | None:
    """The line of the summary that a short message names, such as "the version"."""
    words = set(re.findall(r"[a-z]+", text.casefold()))
    if len(words) > 4:
        return None
    names = {name: set(name.split("_")) for name, _ in draft.lines()}
    return next((name for name, parts in names.items() if parts & words), None)


async def _choice(session: AsyncSession, draft: Draft, said: Said, now: datetime) -> Taken:
    question = str(said.fields.get("question") or "")
    if said.intent in ("correct_line", "confirm_summary"):
        return _summary_choice(draft, said, question)
    if question == CATEGORY:
        await drafts.set_category(session, draft, str(said.fields.get("value")), now)
        return Taken.SAVED
    if draft.question(question) is None:
        # The question went away with its category: there is nothing left to answer.
        return Taken.OUTDATED
    if said.intent == "private_answer":
        draft.intake.asking, draft.intake.asking_private = question, True
        return Taken.SAVED
    if said.intent == "skip_question":
        await drafts.save(session, draft, question, said.text, now, status=SKIPPED, message_id=said.message_id)
        return Taken.SAVED
    value = str(said.fields.get("value"))
    await drafts.save(session, draft, question, value, now, message_id=said.message_id)
    return Taken.SAVED


def _summary_choice(draft: Draft, said: Said, question: str) -> Taken:
    if said.fields.get("intake") != draft.intake.id:
        return Taken.OUTDATED
    if said.intent == "correct_line":
        draft.intake.asking = question or WHICH_LINE
        return Taken.SAVED
    if said.fields.get("version") != draft.intake.version:
        draft.intake.asking = SUMMARY
        return Taken.OUTDATED
    draft.intake.state = "done"
    return Taken.CONFIRMED
