"""Save what a message answers: the essentials, a routing question, the summary. ``questions`` decides that it does."""

import re
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.intake import draft as drafts
from bot.services.intake.corrections import WHICH_LINE, correct_draft, names_only_a_line, says_only_facts
from bot.services.intake.draft import CATEGORY, CONTACT, PROBLEM, SKIPPED, SUMMARY, UNKNOWN, Draft
from bot.services.intake.side_facts import fill_from, joined_contact
from bot.services.intake.user_message import WORDS, IntakeOutcome, IntakeResult, UserMessage, adds_to_a_problem
from bot.triage.issue.routing import categorise
from bot.triage.reading.details import find_details
from bot.triage.reading.own_contact import find_given_email
from bot.triage.reading.report_words import names_a_problem
from bot.triage.text.plain_text import fold

MOST_MISSES = 2
MOST_WORDS_OF_A_YES = 2
SAYS_SKIP = re.compile(r"^\W*(skip( it| this| that)?|next( one| question)?|pass)\W*$", re.IGNORECASE)
KEEPS_CONTACT_BACK = re.compile(
    r"\b(?:rather not|don't want|do not want|won't|will not|not going to|prefer not|just log it|none of your|"
    r"just (?:use )?this chat|(?:use |in |via )(?:this|the) chat|chat (?:is fine|only)|"
    r"no (?:e-?mail|phone|contact|address))\b"
)
PRIVATELY = re.compile(
    r"\b(?:between (?:us|you and me)|only (?:the|a|to the) technician|technician only|in confidence|"
    r"confidential(?:ly)?|privately|in private|off the record|keep (?:it|this|that) (?:quiet|secret|to yourself)|"
    r"(?:not|don't|never) tell (?:my|our|the|anyone|anybody)|"
    r"(?:my |our |the )?(?:boss|manager|supervisor) (?:must|should|can) ?(?:not|n't) (?:know|see|hear|find out)|"
    r"(?:without|don't want|do not want) (?:my |our |the )?(?:boss|manager|supervisor|colleagues|anyone|anybody)"
    r"(?: to)? (?:know|see|hear|find)(?:ing)?)\b"
)
FEWEST_WORDS_OF_A_CONFESSION = 3
_CLAUSE = re.compile(r"[,.;:!\n]| - |\bbut\b")
# A technician makes more of a mistyped address than of none.
_ALMOST_A_CONTACT = re.compile(r"\S@\S|(?:\d[ ().-]{0,2}){6,}")
_MAYBE_A_NUMBER = re.compile(r"(?<![\w/-])\+?\(?\d(?:[ ()./-]{0,3}\d){6,14}(?![\w/-])")
WORD = re.compile(r"[^\W_]")


def contact_in(text: str) -> str:
    """Return the address and number in words that were asked for one: a number then need not be called one."""
    details, email = find_details(text), find_given_email(text)
    number = _MAYBE_A_NUMBER.search(text) if not (email or details.phone) else None
    return ", ".join(filter(None, (email, details.phone or (number[0].strip() if number else None))))


def answers_in_private(asked: str, text: str) -> bool:
    """Return whether a message in the personal chat answers the question that was put there in private.

    The contact has a form; any other question is answered by all that asks nothing itself.
    """
    if asked == CONTACT:
        given = contact_in(text) or _ALMOST_A_CONTACT.search(text)
        return bool(given or keeps_contact_back(text) or SAYS_SKIP.match(text))
    return not text.rstrip().endswith("?")


def keeps_contact_back(text: str) -> bool:
    """Return whether somebody who was asked for an address would rather not give one."""
    return bool(KEEPS_CONTACT_BACK.search(fold(text)))


def states_fact_in_confidence(text: str) -> bool:
    """Return whether a message that asks for confidence says at once what is to be kept: "I deleted it, but
    don't tell".
    """
    clauses = (clause for clause in _CLAUSE.split(text) if not PRIVATELY.search(fold(clause)))
    return any(len(WORDS.findall(clause)) >= FEWEST_WORDS_OF_A_CONFESSION for clause in clauses)


async def more_of_the_problem(session: AsyncSession, draft: Draft, said: UserMessage, now: datetime) -> IntakeResult:
    """Written before the question was seen: it adds to what came before and never answers."""
    await fill_from(session, draft, said.text, now, said.message_id)
    if not says_only_facts(draft.support, said.text):
        await drafts.add_to_problem(session, draft, said.text, now, said.message_id)
    return IntakeResult(IntakeOutcome.SAVED)


async def answer_to(session: AsyncSession, draft: Draft, asked: str, said: UserMessage, now: datetime) -> IntakeResult:
    if not WORD.search(said.text):
        return IntakeResult(await _missed(session, draft, asked, said, now))
    if asked in (SUMMARY, WHICH_LINE):
        return await _summary(session, draft, asked, said, now)
    if asked == CONTACT:
        return IntakeResult(await _contact(session, draft, said, now))
    if asked == PROBLEM:
        return IntakeResult(await _problem(session, draft, said, now))
    if asked == CATEGORY:
        return IntakeResult(await _category(session, draft, said, now))
    return IntakeResult(await _routing(session, draft, asked, said, now))


async def _routing(session: AsyncSession, draft: Draft, asked: str, said: UserMessage, now: datetime) -> IntakeOutcome:
    question = draft.question(asked)
    skipped = bool(SAYS_SKIP.match(said.text))
    if skipped or said.means("dont_know"):
        status = SKIPPED if skipped else UNKNOWN
        await drafts.save_answer(session, draft, asked, said.text, now, status=status, message_id=said.message_id)
        return IntakeOutcome.SAVED
    if question is not None and question.private_offer and PRIVATELY.search(fold(said.text)):
        draft.intake.asking, draft.intake.asking_private = asked, True
        if states_fact_in_confidence(said.text):
            await drafts.save_answer(session, draft, asked, said.text, now, message_id=said.message_id)
        return IntakeOutcome.SAVED
    if said.means("affirm") and len(said.words) <= MOST_WORDS_OF_A_YES and draft.intake.misses == 0:
        return await _missed(session, draft, asked, said, now)
    await drafts.save_answer(session, draft, asked, said.text, now, message_id=said.message_id)
    if draft.answers[asked].visibility != drafts.TECHNICIAN_ONLY:
        await fill_from(session, draft, said.text, now, said.message_id)
    return IntakeOutcome.SAVED


async def _missed(session: AsyncSession, draft: Draft, asked: str, said: UserMessage, now: datetime) -> IntakeOutcome:
    """It answers nothing: the question is put once more; after that it counts as skipped where it may be."""
    draft.intake.misses += 1
    if draft.intake.misses < MOST_MISSES or draft.question(asked) is None:
        return IntakeOutcome.UNCLEAR
    await drafts.save_answer(session, draft, asked, said.text, now, status=SKIPPED, message_id=said.message_id)
    return IntakeOutcome.SAVED


async def _contact(session: AsyncSession, draft: Draft, said: UserMessage, now: datetime) -> IntakeOutcome:
    said_contact = contact_in(said.text)
    if said_contact:
        contact = joined_contact(said_contact, draft.contact)
        await drafts.save_answer(session, draft, CONTACT, contact, now, message_id=said.message_id)
        await fill_from(session, draft, said.text, now, said.message_id)
        return IntakeOutcome.SAVED
    draft.intake.misses += 1
    keeps_back = keeps_contact_back(said.text) or said.means("deny", "dont_know")
    if keeps_back or SAYS_SKIP.match(said.text) or draft.intake.misses >= MOST_MISSES:
        # Nobody is left without a reference for want of an address: this chat reaches them.
        await _keep_trouble(session, draft, said, now)
        written = said.text if _ALMOST_A_CONTACT.search(said.text) and not keeps_back else ""
        words = written or draft.contact or draft.support.wording.contact_is_this_chat
        await drafts.save_answer(session, draft, CONTACT, words, now, message_id=said.message_id)
        draft.intake.asking = None
        return IntakeOutcome.SAVED
    await _keep_trouble(session, draft, said, now)
    return IntakeOutcome.UNCLEAR


async def _keep_trouble(session: AsyncSession, draft: Draft, said: UserMessage, now: datetime) -> None:
    """More of the problem, written where an address was asked for, is not lost."""
    if said.means("report_issue") or adds_to_a_problem(draft.support, said.text):
        await fill_from(session, draft, said.text, now, said.message_id)
        await drafts.add_to_problem(session, draft, said.text, now, said.message_id)


async def _problem(session: AsyncSession, draft: Draft, said: UserMessage, now: datetime) -> IntakeOutcome:
    tells_nothing = said.means("affirm", "deny", "dont_know") and len(said.words) < 4
    if (tells_nothing or not names_a_problem(said.text)) and draft.intake.misses < MOST_MISSES - 1:
        draft.intake.misses += 1
        return IntakeOutcome.UNCLEAR
    if draft.has_problem:
        # It was asked for again because the first words were wrong.
        await drafts.save_answer(session, draft, PROBLEM, said.text, now, message_id=said.message_id)
    else:
        await drafts.add_to_problem(session, draft, said.text, now, said.message_id)
    await fill_from(session, draft, said.text, now, said.message_id)
    return IntakeOutcome.SAVED


async def _category(session: AsyncSession, draft: Draft, said: UserMessage, now: datetime) -> IntakeOutcome:
    titles = {category.title.casefold(): category for category in draft.support.categories}
    named = titles.get(said.text.strip().casefold()) or categorise(said.text, draft.support.categories)
    if named is None and said.means("affirm") and draft.intake.misses == 0:
        return await _missed(session, draft, CATEGORY, said, now)
    await drafts.set_category(session, draft, named.id if named else drafts.OTHER, now)
    if not said.means("dont_know", "deny", "affirm") and said.text.strip().casefold() not in titles:
        await drafts.add_to_problem(session, draft, said.text, now, said.message_id)
    return IntakeOutcome.SAVED


async def _summary(session: AsyncSession, draft: Draft, asked: str, said: UserMessage, now: datetime) -> IntakeResult:
    if said.means("affirm", "thank") and asked == SUMMARY:
        draft.intake.state = "done"
        return IntakeResult(IntakeOutcome.CONFIRMED)
    if asked == WHICH_LINE and said.means("affirm", "deny", "dont_know", "thank"):
        draft.intake.asking = None
        return IntakeResult(IntakeOutcome.SAVED)
    line = names_only_a_line(draft, said.text)
    if line:
        draft.intake.asking = line
        return IntakeResult(IntakeOutcome.SAVED)
    corrected = await correct_draft(session, draft, None, said, now) if _changes_something(draft, said) else None
    if corrected is not None:
        return corrected
    if said.means("deny"):
        draft.intake.asking = WHICH_LINE
        return IntakeResult(IntakeOutcome.SAVED)
    draft.intake.asking = None
    if not names_a_problem(said.text) or said.means("dont_know"):
        return IntakeResult(IntakeOutcome.SAVED)
    await drafts.add_to_problem(session, draft, said.text, now, said.message_id)
    return IntakeResult(IntakeOutcome.NOTED, (PROBLEM,))


def _changes_something(draft: Draft, said: UserMessage) -> bool:
    details = find_details(said.text, draft.support.product)
    facts = (details.email, details.phone, details.version, details.error_code, details.impact, details.since)
    return said.means("correct_answer") or any(facts)
