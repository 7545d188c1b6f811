"""Tags of issues: short names that technicians give them, shared by all, by which lists are narrowed down."""

from collections.abc import Collection
from typing import TypedDict

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import Invalid
from bot.services.hand_off import transitions
from bot.services.technician import access
from bot.store.tables import Conversation, Issue, IssueTag, Tag, Technician
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.privacy.redaction import redact_cards
from bot.triage.text.plain_text import visible

NAME_LIMIT, MOST_OF_ISSUE = 40, 12
# As many as the style sheets have; the name stands beside the colour.
COLOURS = 6


class TagView(TypedDict):
    """A tag as pages show it. ``colour``: a number from 0 to 5."""

    name: str
    colour: int


class CountedTag(TagView):
    """A tag with the number of issues that have it."""

    issues: int


def tag_key(name: str) -> str:
    """Return the form by which names are the same: without case and surplus spaces."""
    return " ".join(name.split()).casefold()


def checked_name(name: object) -> str:
    """Return the name of a tag in one line, without a leading ``#``; raises Invalid."""
    line = " ".join(visible(name).split()).removeprefix("#").strip() if isinstance(name, str) else ""
    if not line or len(line) > NAME_LIMIT or len(tag_key(line)) > NAME_LIMIT or redact_cards(line).text != line:
        raise Invalid(f"A tag is a name of 1 to {NAME_LIMIT} characters; nothing was changed.")
    return line


async def list_tags(ctx: Context) -> list[CountedTag]:
    """Return all tags by name, each with the number of its issues."""
    number = func.count(IssueTag.issue_id)
    query = select(Tag, number).outerjoin(IssueTag, IssueTag.tag_id == Tag.id).group_by(Tag.id).order_by(Tag.key)
    async with ctx.db.read() as session:
        return [{**_view(tag), "issues": issues} for tag, issues in await session.execute(query)]


async def tags_of(session: AsyncSession, references: Collection[str]) -> dict[str, list[TagView]]:
    """Return the tags of these issues by reference, each list by name. One query."""
    query = (
        select(Issue.reference, Tag)
        .join(IssueTag, IssueTag.issue_id == Issue.id)
        .join(Tag, Tag.id == IssueTag.tag_id)
        .where(Issue.reference.in_(references))
        .order_by(Tag.key)
    )
    found: dict[str, list[TagView]] = {}
    for reference, tag in await session.execute(query):
        found.setdefault(reference, []).append(_view(tag))
    return found


def _view(tag: Tag) -> TagView:
    return {"name": tag.name, "colour": tag.id % COLOURS}


@unit_of_work(retried=(IntegrityError,))
async def add_tag(session: AsyncSession, ctx: Context, technician: Technician, reference: str, name: object) -> None:
    """Give an issue a tag, which is made when it is new; one that it has already changes nothing.

    Raises Invalid or NotFound.
    """
    wanted = checked_name(name)
    issue, conversation = await access.readable_issue(session, ctx, technician, reference, lock=True)
    await add_within(session, ctx, technician, issue, conversation, wanted)


async def add_within(
    session: AsyncSession, ctx: Context, technician: Technician, issue: Issue, conversation: Conversation, name: str
) -> None:
    """Give an issue, whose conversation is locked, a tag of a checked name; raises Invalid for one too many."""
    tag, now = await _tag(session, ctx, technician, name), ctx.clock()
    held = set(await session.scalars(select(IssueTag.tag_id).where(IssueTag.issue_id == issue.id)))
    if tag.id in held:
        return
    if len(held) >= MOST_OF_ISSUE:
        raise Invalid(f"An issue has {MOST_OF_ISSUE} tags at most; remove one first. Nothing was changed.")
    session.add(IssueTag(issue_id=issue.id, tag_id=tag.id, technician_id=technician.id, at=now))
    _changed(session, ctx, technician, issue, conversation, "issue.tag", tag)


async def _tag(session: AsyncSession, ctx: Context, technician: Technician, name: str) -> Tag:
    found = await session.scalar(select(Tag).where(Tag.key == tag_key(name)))
    if found is not None:
        return found
    made = Tag(name=name, key=tag_key(name), technician_id=technician.id, created_at=ctx.clock())
    session.add(made)
    await session.flush()
    return made


@unit_of_work(retried=(IntegrityError,))
async def remove_tag(session: AsyncSession, ctx: Context, technician: Technician, reference: str, name: object) -> None:
    """Take a tag from an issue; one that it has not changes nothing. Raises Invalid or NotFound.

    A tag that no issue has any more goes with it.
    """
    wanted = checked_name(name)
    issue, conversation = await access.readable_issue(session, ctx, technician, reference, lock=True)
    tag = await session.scalar(select(Tag).where(Tag.key == tag_key(wanted)))
    given = await session.get(IssueTag, (issue.id, tag.id)) if tag is not None else None
    if tag is None or given is None:
        return
    await session.delete(given)
    _changed(session, ctx, technician, issue, conversation, "issue.untag", tag)
    await session.flush()
    used = select(IssueTag.issue_id).where(IssueTag.tag_id == tag.id).exists()
    await session.execute(delete(Tag).where(Tag.id == tag.id, ~used))


def _changed(
    session: AsyncSession,
    ctx: Context,
    technician: Technician,
    issue: Issue,
    conversation: Conversation,
    action: str,
    tag: Tag,
) -> None:
    now = ctx.clock()
    issue.updated_at = conversation.updated_at = now
    audit.record(session, audit.technician_actor(technician), action, now, issue=issue, details={"tag": tag.id})
    after_commit(session, transitions.wake_conversation, ctx, conversation)
