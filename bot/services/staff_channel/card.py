"""The card of a hand-off: what a technician must know to claim it, how it stands, and what can be done with it.

What the customer told in confidence is not on it, nor the contact: those are read at the desk.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import ANSWERED, CONTACT, PRIVATE_PROBLEM, PROBLEM
from bot.services.conversation import thread_privacy
from bot.services.conversation.continue_link import own_address
from bot.services.conversation.thread_privacy import Confided
from bot.services.core.context import Context
from bot.services.core.errors import NotFound
from bot.services.desk import collected_answers, entitlement_view
from bot.services.desk.labels import IMPACTS, word_for
from bot.services.hand_off.open_hand_offs import CLAIMED, OPEN_STATES, WAITING
from bot.services.staff_channel.wording import CONFIDED, ERASED
from bot.services.technician import access
from bot.settings.support.teams import ALERTS_ONLY
from bot.store.tables import Conversation, Customer, HandOff, Issue, SearchRecord, Technician
from bot.triage.issue.issue_status import IssueStatus
from bot.triage.text.print_lines import plain

CLAIM, REPLY, ASK, CANNED, MANUAL = "claim", "reply", "ask", "canned", "manual"
GIVE_BACK, TRANSFER, RESOLVE = "give_back", "transfer", "resolve"
# What the claimant can do, with the words of its button.
OF_CLAIMANT = {
    REPLY: "Reply",
    ASK: "Ask a missing fact",
    CANNED: "Canned reply",
    MANUAL: "Manual page",
    GIVE_BACK: "Give back",
    TRANSFER: "Transfer",
    RESOLVE: "Resolve",
}
BUTTONS = {CLAIM: "Claim", **OF_CLAIMANT}
MOST_PAGES = 5
LONGEST_TEXT, LONGEST_LINE = 1500, 300


@dataclass(frozen=True)
class Card:
    """``lines`` are (label, value) in order, ``pages`` (title, address) of the manual that the customer was shown."""

    hand_off_id: int
    reference: str
    title: str
    state: str
    problem: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    pages: tuple[tuple[str, str], ...] = ()
    actions: tuple[str, ...] = ()
    desk: str | None = None

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr(self).encode()).hexdigest()


async def card_of(session: AsyncSession, ctx: Context, hand_off_id: int) -> Card:
    """Return the card as it is to be shown now."""
    hand_off = await session.get_one(HandOff, hand_off_id)
    issue = await session.get_one(Issue, hand_off.issue_id)
    conversation = await session.get_one(Conversation, hand_off.conversation_id)
    if conversation.erased_at is not None:
        return Card(hand_off.id, issue.reference, "", ERASED)
    customer = await session.get_one(Customer, conversation.customer_id)
    hidden = await thread_privacy.confided(session, conversation)
    asked = await collected_answers.asked_for(session, ctx, issue)
    facts = collected_answers.collect_answers(ctx, asked)
    told = [one["value"] for one in facts["answers"] if one["question_id"] == PROBLEM]
    base = own_address(ctx)
    return Card(
        hand_off_id=hand_off.id,
        reference=issue.reference,
        title=shown(issue.title, hidden, LONGEST_LINE),
        state=await _state(session, ctx, hand_off, issue),
        problem=shown("\n".join(told), hidden, LONGEST_TEXT) or CONFIDED,
        lines=(
            *await _about(session, ctx, hand_off, issue, customer, hidden),
            *_facts(facts["answers"], hidden),
            *([("Not known yet", ", ".join(facts["missing"]))] if facts["missing"] else []),
        ),
        pages=await _pages(session, conversation, base),
        actions=_actions(ctx, hand_off),
        desk=f"{base}/desk/conversations/{conversation.id}",
    )


async def card_view(ctx: Context, technician: Technician, hand_off_id: int) -> Card:
    """Return the card of a hand-off for one technician; the reading is recorded. Raises NotFound."""
    async with ctx.db.read() as session:
        hand_off = await session.get(HandOff, hand_off_id)
    if hand_off is None:
        raise NotFound("There is no such hand-off.")
    await access.open_conversation(ctx, technician, hand_off.conversation_id)
    async with ctx.db.read() as session:
        return await card_of(session, ctx, hand_off.id)


def shown(text: str, hidden: Confided, longest: int) -> str:
    """Return a text for the staff channel: without marks, cut, and without what was told in confidence."""
    words = plain(text).strip()
    if words and hidden.is_in(words):
        return CONFIDED
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


async def _about(
    session: AsyncSession, ctx: Context, hand_off: HandOff, issue: Issue, customer: Customer, hidden: Confided
) -> list[tuple[str, str]]:
    entitled = await entitlement_view.entitlement_view(session, ctx, issue, customer)
    contract = ": ".join(filter(None, (entitled["text"], entitled["company"])))
    wanted = await session.get(Technician, hand_off.for_technician_id) if hand_off.for_technician_id else None
    lines = (
        ("Team", ctx.support.team_title(hand_off.team)),
        ("For", wanted.name if wanted else ""),
        ("Note", hand_off.note or ""),
        ("Impact", word_for(IMPACTS, issue.impact) or ""),
        ("Customer", customer.name or ""),
        ("Contract", contract),
    )
    return [(label, shown(value, hidden, LONGEST_LINE)) for label, value in lines if value]


def _facts(answers: Iterable[dict[str, object]], hidden: Confided) -> list[tuple[str, str]]:
    """Return the answers besides the problem and the contact."""
    kept = [one for one in answers if one["question_id"] not in (PROBLEM, PRIVATE_PROBLEM, CONTACT)]
    return [
        (str(one["label"]), CONFIDED if one["only_technician"] else shown(str(one["value"]), hidden, LONGEST_LINE))
        for one in kept
        if one["status"] == ANSWERED
    ]


async def _pages(session: AsyncSession, conversation: Conversation, base: str) -> tuple[tuple[str, str], ...]:
    query = select(SearchRecord.shown).where(SearchRecord.conversation_id == conversation.id).order_by(SearchRecord.id)
    found = [page for pages in await session.scalars(query) for page in pages]
    named = {(str(page.get("title", "")), urljoin(base, str(page.get("url", "")))): None for page in found}
    return tuple(named)[:MOST_PAGES]


def _actions(ctx: Context, hand_off: HandOff) -> tuple[str, ...]:
    if ctx.support.staff_channels.thread == ALERTS_ONLY or hand_off.state not in OPEN_STATES:
        return ()
    return (CLAIM,) if hand_off.state == WAITING else tuple(OF_CLAIMANT)


async def _state(session: AsyncSession, ctx: Context, hand_off: HandOff, issue: Issue) -> str:
    """Return how the hand-off stands, or what became of it."""
    holder = await session.get(Technician, hand_off.technician_id) if hand_off.technician_id else None
    name = holder.name if holder else ""
    if hand_off.state == WAITING:
        return "Waits for a technician"
    if hand_off.state == CLAIMED:
        return f"{name} has it"
    if issue.status == IssueStatus.RESOLVED:
        return f"Resolved by {name}" if name else "Resolved"
    later = select(HandOff).where(HandOff.issue_id == issue.id, HandOff.id > hand_off.id).order_by(HandOff.id).limit(1)
    after = await session.scalar(later)
    if after is not None and after.reason == "transfer":
        wanted = await session.get(Technician, after.for_technician_id) if after.for_technician_id else None
        return f"Transferred to {wanted.name if wanted else ctx.support.team_title(after.team)}"
    if after is not None and after.reason == "silence":
        return f"In the queue again: {name} did not answer"
    if hand_off.state == "cancelled":
        return "The customer left the queue"
    return f"Given back to the assistant by {name}"
