"""Export issues as HTML pages: the facts, the answers, the conversation, notes and files."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.data_export.files import kept_as
from bot.services.core.context import Context
from bot.services.desk.labels import ENTITLEMENTS, STATUSES, word_for
from bot.store.tables import Attachment, Conversation, Customer, IntakeAnswer, Issue, Message, Note, Technician

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


@dataclass(frozen=True)
class Entry:
    """A line of the contents."""

    file: str
    issue: Issue
    customer: str


async def count(session: AsyncSession) -> int:
    """Return the number of pages to write."""
    issues = await session.scalar(select(func.count(Issue.id))) or 0
    return issues + (await session.scalar(select(func.count()).where(~_has_issue())) or 0)


async def write(session: AsyncSession, ctx: Context, folder: Path, each: Callable[[], None]) -> None:
    """Write a page for each issue, one for each conversation without, and ``index.html``."""
    names = {one.id: one.name for one in await session.scalars(select(Technician))}
    entries = []
    for (issue_id,) in (await session.execute(select(Issue.id).order_by(Issue.id))).all():
        issue = await session.get_one(Issue, issue_id)
        conversation = await session.get_one(Conversation, issue.conversation_id)
        customer = await session.get_one(Customer, issue.customer_id)
        file = f"{issue.reference}.html"
        (folder / file).write_text(await _page(session, ctx, conversation, names, issue), encoding="utf-8")
        entries.append(Entry(file, issue, customer.name or customer.email or f"#{customer.id}"))
        each()
    others = folder / "without-issue"
    others.mkdir()
    for (conversation_id,) in (await session.execute(select(Conversation.id).where(~_has_issue()))).all():
        conversation = await session.get_one(Conversation, conversation_id)
        page = await _page(session, ctx, conversation, names, None)
        (others / f"{conversation_id}.html").write_text(page, encoding="utf-8")
        each()
    shown = _TEMPLATES.get_template("index.html").render(entries=entries, company=ctx.support.company, status=_status)
    (folder / "index.html").write_text(shown, encoding="utf-8")


def _has_issue() -> Any:
    return select(Issue.id).where(Issue.conversation_id == Conversation.id).exists()


async def _page(
    session: AsyncSession, ctx: Context, conversation: Conversation, names: dict[int, str], issue: Issue | None
) -> str:
    here = conversation.id
    messages = await session.scalars(select(Message).where(Message.conversation_id == here).order_by(Message.seq))
    notes = await session.scalars(select(Note).where(Note.conversation_id == here).order_by(Note.id))
    files = await session.scalars(select(Attachment).where(Attachment.conversation_id == here).order_by(Attachment.id))
    said: list[tuple[int, int, str, Any]] = [(one.seq, 0, "message", one) for one in messages]
    said += [(one.after_seq, 1, "note", one) for one in notes]
    page = _TEMPLATES.get_template("conversation.html").render(
        up="" if issue else "../",
        conversation=conversation,
        customer=await session.get_one(Customer, conversation.customer_id),
        issue=issue,
        status=_status,
        entitlement=word_for(ENTITLEMENTS, issue.entitlement) if issue else "",
        answers=[(ctx.support.line_label(one.question_id), one.value) for one in await _answers(session, issue)],
        said=sorted(said, key=lambda one: one[:2]),
        names=names,
        files=[(one, kept_as(one)) for one in files],
        company=ctx.support.company,
    )
    session.expunge_all()  # a page's rows are not read again
    return page


async def _answers(session: AsyncSession, issue: Issue | None) -> list[IntakeAnswer]:
    if issue is None:
        return []
    mine = select(IntakeAnswer).where(IntakeAnswer.intake_id == issue.intake_id).order_by(IntakeAnswer.id)
    return list(await session.scalars(mine))


def _status(issue: Issue) -> str | None:
    return word_for(STATUSES, issue.status)
