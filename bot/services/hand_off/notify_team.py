"""Notify a Slack or Teams channel, a mailbox or a telephone that somebody waits, or of an urgent request, by Apprise.

Each address has an outbox item of its own, so that it is notified once whatever the others do. A notice holds the
reference and the team only, and whether something was told in confidence: what customers write stays here.
"""

import asyncio
import hashlib
import hmac
from datetime import timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import TECHNICIAN_ONLY
from bot.services.core.context import Context
from bot.services.core.errors import ChannelFailed
from bot.services.outbox import items, leases
from bot.services.outbox.items import TEAM_NOTICE
from bot.services.outbox.outcomes import NotNeeded, NotNow, Refused
from bot.services.outbox.recording import until_recorded
from bot.services.queue import queue_order
from bot.store.tables import HandOff, IntakeAnswer, Issue, OutboxItem
from bot.store.unit_of_work import unit_of_work
from bot.triage.issue.issue_status import IssueStatus

USEFUL_FOR = timedelta(hours=1)
LIMIT_SECONDS = 30
# Stands for every address of the team: of a hand-off that was to be announced before each address had its own item.
ALL = "*"


async def enqueue_notices(session: AsyncSession, ctx: Context, hand_off: HandOff) -> None:
    """Queue a notice for each address of the hand-off's team, in the transaction that makes the hand-off."""
    await _enqueue(
        session,
        ctx,
        hand_off.team,
        hand_off.id,
        conversation_id=hand_off.conversation_id,
        hand_off_id=hand_off.id,
        expires_at=hand_off.created_at + USEFUL_FOR,
    )


async def enqueue_urgent_request(session: AsyncSession, ctx: Context, issue: Issue) -> None:
    """Queue a notice of an urgent request for each address of its team, in the transaction that logs it."""
    await _enqueue(session, ctx, issue.team, issue.reference, conversation_id=issue.conversation_id, issue_id=issue.id)


async def _enqueue(session: AsyncSession, ctx: Context, team: str, subject: int | str, **fields: Any) -> None:
    """Queue an item for each address of the team; ``subject`` keeps an address from being notified of it twice."""
    for wanted, address in ctx.settings.notify_urls:
        if wanted in (None, team):
            target = fingerprint(ctx, address)
            key = f"notice:{subject}:{target}"
            await items.enqueue(session, kind=TEAM_NOTICE, key=key, target=target, now=ctx.clock(), **fields)


def fingerprint(ctx: Context, address: str) -> str:
    """Return the name of a notify address: its service and a keyed hash, since the address itself is a secret."""
    key = (ctx.settings.internal_secret or "").encode()
    return f"{address.partition('://')[0]}:{hmac.new(key, address.encode(), hashlib.sha256).hexdigest()[:12]}"


class TeamNoticeSender:
    """Sends each notice to its one address."""

    kind, at_once = TEAM_NOTICE, 5

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def targets(self) -> None:
        """Any address can be reached."""

    async def send(self, item: OutboxItem) -> None:
        """Notify the address; raises NotNeeded when nobody waits any more, or the address was taken out."""
        if item.issue_id is not None:
            await self._announce_request(item, item.issue_id)
            return
        async with self._ctx.db.read() as session:
            hand_off = await session.get_one(HandOff, item.hand_off_id)
            issue = await session.get_one(Issue, hand_off.issue_id)
            confided = await _is_confided(session, issue)
        if hand_off.state != queue_order.WAITING:
            raise NotNeeded
        if item.target != ALL:
            await _notify(
                self._ctx, item.target, self._ctx.support.wording.waiting_announced, issue, hand_off.team, confided
            )
        await until_recorded(lambda: _sent(self._ctx, item, hand_off))

    async def _announce_request(self, item: OutboxItem, issue_id: int) -> None:
        async with self._ctx.db.read() as session:
            issue = await session.get_one(Issue, issue_id)
            confided = await _is_confided(session, issue)
        if issue.technician_id is not None or issue.status == IssueStatus.RESOLVED:
            raise NotNeeded
        await _notify(self._ctx, item.target, self._ctx.support.wording.request_announced, issue, issue.team, confided)
        await until_recorded(lambda: _sent(self._ctx, item, None))


@unit_of_work(priority=True)
async def _sent(session: AsyncSession, ctx: Context, item: OutboxItem, hand_off: HandOff | None) -> None:
    if item.target == ALL and hand_off is not None:
        await enqueue_notices(session, ctx, hand_off)
    await leases.sent(session, item, ctx.clock())


async def _is_confided(session: AsyncSession, issue: Issue) -> bool:
    """Return whether something of the issue is for support alone."""
    told = exists().where(IntakeAnswer.intake_id == issue.intake_id, IntakeAnswer.visibility == TECHNICIAN_ONLY)
    return bool(await session.scalar(select(told)))


async def send_test_notice(ctx: Context) -> str:
    """Send a test notice to every address, and say how many took it. Raises ChannelFailed when one did not."""
    from apprise import Apprise  # as below

    failed = 0
    for _, address in ctx.settings.notify_urls:
        apprise = Apprise()
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                taken = apprise.add(address) and await apprise.async_notify(
                    body=ctx.support.email.texts.test.format(company=ctx.support.company), title=ctx.support.company
                )
        except TimeoutError:
            taken = False
        failed += not taken
    if not ctx.settings.notify_urls:
        raise ChannelFailed("There is no address to notify yet.")
    if failed:
        raise ChannelFailed(f"{failed} of {len(ctx.settings.notify_urls)} addresses did not take the test notice.")
    return f"Every address took the test notice ({len(ctx.settings.notify_urls)})."


def _address(ctx: Context, target: str) -> str:
    for _, address in ctx.settings.notify_urls:
        if fingerprint(ctx, address) == target:
            return address
    raise NotNeeded


async def _notify(ctx: Context, target: str, sentence: str, issue: Issue, team: str, confided: bool) -> None:
    from apprise import Apprise  # some megabytes that only those hold who have addresses to notify

    address = _address(ctx, target)
    apprise = Apprise()
    if not apprise.add(address):
        raise Refused("address unknown to Apprise")
    words = sentence.format(reference=issue.reference, team=ctx.support.team_title(team))
    if confided:
        words = f"{words} {ctx.support.wording.told_in_confidence}"
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            if not await apprise.async_notify(body=words, title=ctx.support.company):
                raise NotNow("not accepted")
    except TimeoutError:
        raise NotNow("no answer") from None
