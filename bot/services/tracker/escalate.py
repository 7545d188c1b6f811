"""Bring an issue to the developers' tracker: a text is proposed, the technician edits it, and only that leaves.

What is proposed is anonymised, and holds nothing that was told in confidence; what is sent is searched for that again.
"""

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import String, and_, cast, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import ANSWERED, CONTACT, EVERYONE, PRIVATE_PROBLEM, PROBLEM, WHO_PAYS
from bot.services.conversation import thread_privacy
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import HoldsConfidence, Invalid, NotFound
from bot.services.core.input_text import checked_text
from bot.services.core.input_values import whole_number
from bot.services.core.topics import DESK
from bot.services.desk import collected_answers
from bot.services.intake import draft
from bot.services.outbox import items
from bot.services.outbox.items import ESCALATION, FAILED
from bot.services.technician import access
from bot.services.tracker.tracker_api import GITHUB, KINDS
from bot.store.tables import ChannelUser, Contract, Customer, Escalation, Issue, OutboxItem, Technician, Tracker
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.privacy.anonymise import anonymise, customer_names
from bot.triage.privacy.redaction import redact_cards

TITLE_LIMIT, CLIENT_ID_LIMIT, LONGEST_LINE, MOST_LINES = 200, 150, 1500, 60
QUEUED, WAITS = "queued", "waiting"
_KEY = "escalation:"


async def propose(ctx: Context, technician: Technician, reference: str) -> dict[str, Any]:
    """Return ``trackers`` for the issue's team, and an anonymised ``title`` and ``text`` to begin with.

    Raises BadReference or NotFound.
    """
    async with ctx.db.read() as session:
        issue, _ = await access.readable_issue(session, ctx, technician, reference)
        trackers = await session.scalars(
            select(Tracker)
            .where(Tracker.removed_at.is_(None), or_(Tracker.team.is_(None), Tracker.team == issue.team))
            .order_by(Tracker.team.is_(None), Tracker.name)
        )
        asked = await collected_answers.asked_for(session, ctx, issue)
        names, company = await _names(session, issue)
        title = issue.title if PROBLEM in asked.answers else ctx.support.category_title(issue.category)
        lines = [anonymise(line, names, company, LONGEST_LINE) for line in _lines(ctx, asked)]
        return {
            "reference": issue.reference,
            "trackers": [
                {"id": one.id, "name": one.name, "kind": KINDS[one.kind], "project": one.project} for one in trackers
            ],
            "title": anonymise(title, names, company),
            "text": "\n".join(lines),
        }


async def _names(session: AsyncSession, issue: Issue) -> tuple[list[str], str | None]:
    """Return the names that are masked: of the customer and of those who wrote beside them, and their company."""
    customer = await session.get_one(Customer, issue.customer_id)
    contract = await session.get(Contract, customer.contract_number) if customer.contract_number else None
    others = await session.scalars(select(ChannelUser.name).where(ChannelUser.customer_id == customer.id))
    names = [*customer_names(customer.name, customer.email), *(name for name in others if name)]
    return names, contract.company if contract else None


def _lines(ctx: Context, asked: draft.Draft) -> Iterator[str]:
    """Yield the problem and the answers that everybody may read; never the contact or who pays."""
    shown = {name: one for name, one in asked.answers.items() if one.visibility == EVERYONE}
    if PROBLEM in shown:
        yield from shown[PROBLEM].value.splitlines()[:MOST_LINES]
    for name, one in shown.items():
        if name not in (PROBLEM, PRIVATE_PROBLEM, CONTACT, WHO_PAYS) and one.status == ANSWERED:
            yield f"{ctx.support.line_label(name)}: {one.value}"


@unit_of_work()
async def escalate(
    session: AsyncSession, ctx: Context, technician: Technician, reference: str, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """Queue the issue for the ``tracker`` with this ``title`` and ``text``; a ``client_id`` again changes nothing.

    Raises Invalid, HoldsConfidence when the text repeats what was told in private, NotFound.
    """
    client_id = _client_id(technician, fields.get("client_id"))
    title, text = _title(fields.get("title")), redact_cards(checked_text(fields.get("text"))).text
    issue, conversation = await access.readable_issue(session, ctx, technician, reference, lock=True)
    tracker = await _tracker(session, fields.get("tracker"))
    earlier = await session.scalar(select(Escalation).where(Escalation.client_id == client_id))
    if earlier is not None:
        return escalation_view(earlier, tracker, None)
    if await thread_privacy.repeats_private(session, conversation, f"{title}\n{text}"):
        raise HoldsConfidence(
            "The text repeats what the customer told in private, or how to reach them. Nothing was sent: take that out."
        )
    now, actor = ctx.clock(), audit.technician_actor(technician)
    made = Escalation(
        conversation_id=conversation.id,
        issue_id=issue.id,
        tracker_id=tracker.id,
        marker=f"techref-{secrets.token_hex(8)}",
        client_id=client_id,
        title=title,
        text=text,
        state=QUEUED,
        technician_id=technician.id,
        created_at=now,
    )
    session.add(made)
    await session.flush()
    await items.enqueue(
        session,
        kind=ESCALATION,
        key=f"{_KEY}{made.id}",
        target=f"tracker:{tracker.id}",
        now=now,
        conversation_id=conversation.id,
        issue_id=issue.id,
        payload={"escalation": made.id},
    )
    audit.record(session, actor, "issue.escalate", now, issue=issue, details={"tracker": tracker.id})
    after_commit(session, ctx.wake, DESK)
    return escalation_view(made, tracker, None)


async def list_escalations(ctx: Context, technician: Technician, reference: str) -> list[dict[str, Any]]:
    """Return where the issue was brought to, and how it stands there. Raises BadReference or NotFound."""
    async with ctx.db.read() as session:
        issue, _ = await access.readable_issue(session, ctx, technician, reference)
        key = literal(_KEY).concat(cast(Escalation.id, String))
        query = (
            select(Escalation, Tracker, OutboxItem)
            .join(Tracker, Tracker.id == Escalation.tracker_id)
            .outerjoin(OutboxItem, and_(OutboxItem.kind == ESCALATION, OutboxItem.key == key))
            .where(Escalation.issue_id == issue.id)
            .order_by(Escalation.id)
        )
        return [escalation_view(*row) for row in await session.execute(query)]


def escalation_view(made: Escalation, tracker: Tracker, item: OutboxItem | None) -> dict[str, Any]:
    """Return an escalation as the desk shows it; ``state``: queued, waiting, failed, open, closed."""
    state = made.state
    if state == QUEUED and item is not None and (item.state == FAILED or item.attempts):
        state = FAILED if item.state == FAILED else WAITS
    return {
        "id": made.id,
        "tracker": tracker.name,
        "kind": KINDS[tracker.kind],
        "key": place_of(tracker, made.outside_id) if made.outside_id else None,
        "url": made.url,
        "state": state,
        "why": item.error if item is not None and state in (FAILED, WAITS) else None,
        "at": made.created_at.isoformat(),
        "closed_at": made.closed_at.isoformat() if made.closed_at else None,
    }


def place_of(tracker: Tracker, key: str) -> str:
    """Return the name of an issue at the tracker, as people there write it."""
    return f"{tracker.project}#{key}" if tracker.kind == GITHUB else key


async def _tracker(session: AsyncSession, value: object) -> Tracker:
    number = whole_number(str(value), 9) if isinstance(value, (int, str)) else None
    tracker = await session.get(Tracker, number) if number is not None else None
    if tracker is None or tracker.removed_at is not None:
        raise NotFound("There is no such tracker; nothing was sent. Ask an administrator to add it.")
    return tracker


def _client_id(technician: Technician, value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= CLIENT_ID_LIMIT or not value.isprintable():
        raise Invalid(f"client_id must be text of at most {CLIENT_ID_LIMIT} characters; nothing was sent.")
    return f"{technician.id}:{value}"


def _title(value: object) -> str:
    title = " ".join(redact_cards(checked_text(value)).text.split())
    if len(title) > TITLE_LIMIT:
        raise Invalid(f"title may have {TITLE_LIMIT} characters; nothing was sent. Shorten it.")
    return title
