"""Begin a page for a question that the manual does not answer, with the answer of a technician that solved it.

Only what was said openly is used: an issue whose customer told anything in confidence gives nothing. Names, addresses
and numbers are masked by rules, so a person reads the draft before it is published.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import CONTACT, EVERYONE
from bot.services.core.context import Context
from bot.services.core.worker_threads import READING
from bot.services.manual import search_gaps
from bot.store.tables import Contract, Customer, IntakeAnswer, Issue, Message, Technician
from bot.triage.privacy.anonymise import anonymise, customer_names

RESOLVED = "resolved"

MOST_MESSAGES, FEWEST_WORDS, LONGEST_LINE = 4, 6, 2000


@dataclass(frozen=True)
class Begun:
    """The fields of a page that is begun; ``origin`` is the reference of the issue whose answer it holds."""

    title: str
    text: str = ""
    origin: str | None = None


async def begin_page(ctx: Context, question: str, days: int, product: str | None = None) -> Begun:
    """Return a page for a question of the list of gaps, with the newest answer that solved it, if there is one."""
    gaps = await search_gaps.search_gaps(ctx, days, product=product)
    gap = next((one for one in gaps.questions if one.question == question), None)
    title = question[:1].upper() + question[1:].rstrip("?.! ")
    if gap is None or not gap.issue_ids:
        return Begun(title)
    async with ctx.db.read() as session:
        solved = await _solved_openly(session, gap.issue_ids)
        for issue in solved:
            said = await _answers(session, issue)
            if said:
                names, company = await _names(session, issue)
                text = await READING.run(_masked, said, names, company)
                return Begun(title, text, issue.reference)
    return Begun(title)


async def _solved_openly(session: AsyncSession, issue_ids: Sequence[int]) -> list[Issue]:
    """Return the resolved issues in which nothing was told in confidence, the newest first."""
    confided = exists().where(IntakeAnswer.intake_id == Issue.intake_id, IntakeAnswer.visibility != EVERYONE)
    private = exists().where(Message.conversation_id == Issue.conversation_id, Message.private)
    query = (
        select(Issue)
        .where(Issue.id.in_(issue_ids), Issue.status == RESOLVED, ~confided, ~private)
        .order_by(Issue.resolved_at.desc())
    )
    return list(await session.scalars(query))


async def _answers(session: AsyncSession, issue: Issue) -> list[str]:
    """Return the technician's last messages of the issue that say something, in order; questions are left out."""
    query = (
        select(Message.text)
        .where(
            Message.conversation_id == issue.conversation_id,
            Message.technician_id.is_not(None),
            Message.created_at >= issue.created_at,
            *([Message.created_at <= issue.resolved_at] if issue.resolved_at else []),
        )
        .order_by(Message.seq)
    )
    texts = [text for text in await session.scalars(query) if _says_something(text)]
    return texts[-MOST_MESSAGES:]


def _says_something(text: str) -> bool:
    return len(text.split()) >= FEWEST_WORDS and not text.rstrip().endswith("?")


async def _names(session: AsyncSession, issue: Issue) -> tuple[list[str], str | None]:
    """Return the names to mask: of the customer, of what they gave as their contact, of every technician."""
    query = (
        select(Customer.name, Customer.email, Contract.company)
        .outerjoin(Contract, Contract.number == Customer.contract_number)
        .where(Customer.id == issue.customer_id)
    )
    name, email, company = (await session.execute(query)).one()
    contact = await session.scalar(
        select(IntakeAnswer.value).where(IntakeAnswer.intake_id == issue.intake_id, IntakeAnswer.question_id == CONTACT)
    )
    technicians = await session.scalars(select(Technician.name))
    given = [word for word in (contact or "").split() if word[:1].isupper() and word.strip(",.;").isalpha()]
    return [*customer_names(name, email), *given, *technicians], company


def _masked(texts: Iterable[str], names: Sequence[str], company: str | None) -> str:
    return "\n\n".join(
        "\n".join(anonymise(line, names, company, LONGEST_LINE) if line.strip() else "" for line in text.splitlines())
        for text in texts
    )
