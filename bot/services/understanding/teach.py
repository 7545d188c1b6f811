"""Teach many sentences at once: pasted ones, and suggestions out of the manual's headings and resolved issues."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import EVERYONE
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import HeldOutSentence, Invalid
from bot.services.core.worker_threads import FILES
from bot.services.understanding import learned_examples
from bot.store.tables import Contract, Customer, IntakeAnswer, Issue
from bot.triage.privacy.anonymise import anonymise, as_example, customer_names, phrase_key
from knowledge_base.pages import Page, PageUnreadable, read_manual
from knowledge_base.sources import Library, SourceError

HOW_TO, REPORT = "how_to", "report_issue"
MOST_SENTENCES, LONGEST_PASTE, MOST_SUGGESTED, MOST_ISSUES = 300, 60_000, 30, 2_000
FEWEST_WORDS, MOST_WORDS = 3, 16


@dataclass(frozen=True)
class Taught:
    """The result of a list: sentences added, known already, and refused because they measure the model."""

    added: int
    known: int
    held_out: int


async def teach_sentences(ctx: Context, intent: str, text: object, *, actor: str) -> Taught:
    """Teach each line as ``intent``, anonymised; a line that is known already is skipped.

    Raises Invalid for an unknown intent, no sentence, or more than 300.
    """
    if not isinstance(text, str) or len(text) > LONGEST_PASTE:
        raise Invalid(f"Paste at most {MOST_SENTENCES} sentences, one a line; nothing was taught.")
    sentences = [as_example(anonymise(line)) for line in text.splitlines() if phrase_key(line)]
    sentences = [sentence for sentence in dict.fromkeys(sentences) if phrase_key(sentence)]
    if not sentences or len(sentences) > MOST_SENTENCES:
        raise Invalid(f"Paste 1 to {MOST_SENTENCES} sentences, one a line; nothing was taught.")
    taught = await FILES.run(_add, learned_examples.own_file(ctx.home), intent, sentences)
    async with ctx.db.write() as session:
        details = {"intent": intent, "added": taught.added}
        audit.record(session, actor, "nlu.teach", ctx.clock(), details=details)
    return taught


async def suggested_sentences(ctx: Context) -> dict[str, list[str]]:
    """Return sentences that may be taught, by intent: own headings as how_to, resolved titles as report_issue."""
    known = await FILES.run(_known, ctx.home)
    headings = await FILES.run(_headings, ctx.home)
    async with ctx.db.read(long=True) as session:
        titles = await _titles(session)
    found = {HOW_TO: _new(headings, known), REPORT: _new(titles, known)}
    return {intent: sentences for intent, sentences in found.items() if sentences}


def _add(file: Path, intent: str, sentences: list[str]) -> Taught:
    added = held_out = 0
    for sentence in sentences:
        try:
            added += bool(learned_examples.add_example(file, intent, sentence))
        except HeldOutSentence:
            held_out += 1
    return Taught(added, len(sentences) - added - held_out, held_out)


def _known(home: Path) -> set[str]:
    taught = [*learned_examples.list_intents().values(), *learned_examples.learned_examples(home).values()]
    return {phrase_key(one) for sentences in taught for one in sentences}


def _headings(home: Path) -> list[str]:
    """Return the headings of the department's own and imported pages; none of the demo product's."""
    pages: list[Page] = []
    try:
        pages += read_manual(home / "manual") if (home / "manual").is_dir() else []
        pages += Library(home).pages()
    except (PageUnreadable, SourceError):
        return []  # the page of sources says what is wrong with them
    return [section.heading for page in pages for section in page.sections]


async def _titles(session: AsyncSession) -> list[str]:
    """Return the titles of resolved issues without names, the newest first; none of which anything was confided."""
    confided = exists().where(IntakeAnswer.intake_id == Issue.intake_id, IntakeAnswer.visibility != EVERYONE)
    query = (
        select(Issue.title, Customer.name, Customer.email, Contract.company)
        .join(Customer, Customer.id == Issue.customer_id)
        .outerjoin(Contract, Contract.number == Customer.contract_number)
        .where(Issue.resolved_at.is_not(None), ~confided)
        .order_by(Issue.resolved_at.desc())
        .limit(MOST_ISSUES)
    )
    rows = await session.execute(query)
    return [anonymise(title, customer_names(name, email), company) for title, name, email, company in rows]


def _new(texts: Iterable[str], known: set[str]) -> list[str]:
    """Return what could be said by a customer and is not known yet, each once."""
    found: dict[str, str] = {}
    for text in texts:
        sentence = as_example(text)
        key = phrase_key(sentence)
        # Capitals alone are of licences and legal notices.
        said = FEWEST_WORDS <= len(sentence.split()) <= MOST_WORDS and not sentence.isupper()
        if said and key not in known:
            found.setdefault(key, sentence)
    return list(found.values())[:MOST_SUGGESTED]
