"""Generate a few hundred made-up conversations, so that a newcomer can try queue, search and reports at once.

The use cases of real ones create them, with the clock set back. Demo rows are recognised by their customers
(``subject`` begins with "demo:") and technicians (``@demo.invalid``), and can be removed without a trace. The customers
have telephone numbers of the fictional 555-01 range and no e-mail address, so that no message leaves.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import CATEGORY, CONTACT
from bot.services.conversation import lifecycle, transcript
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import DatabaseNotEmpty
from bot.services.demo import demo_words
from bot.services.hand_off import resolve_issues, transitions
from bot.services.hand_off.pending_events import DONE
from bot.services.intake import draft
from bot.services.issue import issue_status
from bot.services.issue.open_issue import open_issue
from bot.store.tables import (
    Base,
    Contract,
    Conversation,
    Customer,
    InboundEvent,
    Note,
    Rating,
    SearchRecord,
    Technician,
    Turn,
)
from bot.triage.hand_off.ownership import Owner

MARK, TECHNICIANS_HOST, CONTRACT = "demo:", "@demo.invalid", "DEMO-"
DAYS = 60
# No password has this hash.
NO_PASSWORD = "!"  # noqa: S105
# Conversations without an issue, per issue: answered by the manual, or abandoned.
WITHOUT_ISSUE = 0.6
HOURS = (8, 9, 9, 10, 10, 10, 11, 11, 12, 13, 13, 14, 14, 15, 16, 18)
# So many of the newest issues are still waiting or claimed.
STILL_WAITING, IN_HAND = 8, 10


@dataclass
class _Cast:
    """The seeded random choice of the demo, with its technicians and payers."""

    chance: random.Random
    technicians: list[Technician]
    contracts: list[str]


async def fill_demo(
    ctx: Context, issues: int = 300, seed: int = 1, told: Callable[[int], None] = lambda _: None
) -> int:
    """Fill the database with the demo; return the number of conversations.

    Raises Conflict (``not_empty``) when there are real conversations, or a demo already.
    """
    await _check_empty(ctx)
    cast = await _engage(ctx, random.Random(seed))  # noqa: S311 - repeatable, and no secret
    moments = _moments(ctx, cast, issues + int(issues * WITHOUT_ISSUE))
    with_issue = set(
        cast.chance.sample(range(len(moments) - STILL_WAITING - IN_HAND), issues - STILL_WAITING - IN_HAND)
    )
    with_issue |= set(range(len(moments) - STILL_WAITING - IN_HAND, len(moments)))
    for place, moment in enumerate(moments):
        left = len(moments) - place
        if place in with_issue:
            await _case(ctx, cast, place, moment, left)
        else:
            await _question(ctx, cast, place, moment)
        told(place + 1)
    return len(moments)


async def _check_empty(ctx: Context) -> None:
    async with ctx.db.read() as session:
        demo = await session.scalar(select(exists().where(Customer.subject.startswith(MARK))))
        real = await session.scalar(
            select(func.count())
            .select_from(Conversation)
            .join(Customer, Customer.id == Conversation.customer_id)
            .where(_not_demo())
        )
    if demo:
        raise DatabaseNotEmpty("The demonstration is there already. Take it out with: techref demo --remove")
    if real:
        message = (
            f"This database has {real} real conversations; the demonstration would hide them. Nothing was changed."
        )
        raise DatabaseNotEmpty(f"{message} Use an empty one: TECHREF_HOME=/tmp/demo techref demo")


def _not_demo() -> ColumnElement[bool]:
    return or_(Customer.subject.is_(None), Customer.subject.not_like(f"{MARK}%"))


async def _engage(ctx: Context, chance: random.Random) -> _Cast:
    now = ctx.clock()
    async with ctx.db.write() as session:
        technicians = [
            Technician(
                email=f"{name.split()[0].lower()}{TECHNICIANS_HOST}",
                name=f"{name} (demo)",
                password_hash=NO_PASSWORD,
                team=team if team in ctx.support.team_titles else None,
                created_at=now - timedelta(days=DAYS),
            )
            for name, team in demo_words.TECHNICIANS
        ]
        contracts = [
            Contract(
                number=f"{CONTRACT}{place:03d}",
                company=f"{company} (demo)",
                starts_on=(now - timedelta(days=400)).date(),
            )
            for place, company in enumerate(demo_words.COMPANIES)
        ]
        session.add_all([*technicians, *contracts])
    return _Cast(chance, technicians, [one.number for one in contracts])


def _moments(ctx: Context, cast: _Cast, number: int) -> list[datetime]:
    """Return moments of the last 60 days, mostly of office hours on weekdays, the last hour among them; in order."""
    zone, now, found = ctx.support.office_hours.zone, ctx.clock(), list[datetime]()
    while len(found) < number - STILL_WAITING:
        day = now.astimezone(zone) - timedelta(days=cast.chance.randint(1, DAYS))
        if day.weekday() >= 5 and cast.chance.random() < 0.85:
            continue
        found.append(day.replace(hour=cast.chance.choice(HOURS), minute=cast.chance.randint(0, 59)))
    found += [now - timedelta(minutes=3 + 9 * place) for place in range(STILL_WAITING)]
    return sorted(found)


async def _case(ctx: Context, cast: _Cast, place: int, moment: datetime, left: int) -> None:
    """Create an issue from its first message to its present status; ``left``: the number of moments after it."""
    then = _at(ctx, moment)
    categories = [one for one in demo_words.PROBLEMS if any(known.id == one for known in ctx.support.categories)]
    category = cast.chance.choice(categories or ["other"])
    problem = cast.chance.choice(demo_words.PROBLEMS[category])
    async with ctx.db.write() as session:
        conversation = await _begin(session, cast, place, moment)
        first = await _customer_says(session, conversation, moment, problem)
        asked = await draft.begin_draft(session, then, conversation)
        await draft.add_to_problem(session, asked, problem, moment, first)
        await draft.save_answer(session, asked, CATEGORY, category, moment)
        await draft.save_answer(session, asked, CONTACT, f"212-555-01{place % 100:02d}", moment)
        issue = await open_issue(session, then, conversation, asked, actor="assistant")
        said = ctx.support.wording.reference_given.format(reference=issue.reference)
        await transcript.say(
            session, conversation, moment, said, author_name=ctx.support.company, reference=issue.reference
        )
        if cast.chance.random() < 0.85:
            await draft.save_answer(session, asked, "product_version", cast.chance.choice(demo_words.VERSIONS), moment)
            await draft.save_answer(session, asked, "impact", cast.chance.choice(demo_words.IMPACTS), moment)
            issue.details_complete = cast.chance.random() < 0.85
        waiting = await transitions.request_hand_off(session, then, conversation, reason="asked", actor="assistant")
        await transitions.post_queue_notices(session, then, conversation)
        conversation.outcome = "hand_off"
    if waiting is None or left <= STILL_WAITING:
        return
    if cast.chance.random() < 0.05:
        await _leave_queue(_at(ctx, moment + timedelta(minutes=12)), conversation.id)
        return
    await _work(ctx, cast, conversation.id, waiting.id, moment, left)


async def _work(ctx: Context, cast: _Cast, conversation_id: str, hand_off_id: int, moment: datetime, left: int) -> None:
    technician = cast.chance.choice(cast.technicians)
    claimed = moment + timedelta(minutes=min(240, 2 + cast.chance.expovariate(1 / 14)))
    answered = claimed + timedelta(minutes=1 + cast.chance.expovariate(1 / 4))
    await transitions.claim(_at(ctx, claimed), hand_off_id, technician)
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, conversation_id, lock=True)
        await transcript.append_message(
            session,
            conversation,
            answered,
            author="technician",
            author_name=technician.name,
            text=cast.chance.choice(demo_words.ANSWERS),
            technician_id=technician.id,
        )
        if cast.chance.random() < 0.15:
            text = cast.chance.choice(demo_words.NOTES)
            session.add(
                Note(
                    conversation_id=conversation_id,
                    technician_id=technician.id,
                    after_seq=conversation.last_seq,
                    text=text,
                    created_at=answered,
                )
            )
        if left <= STILL_WAITING + IN_HAND:
            return
        # The office may be open: the silence rule must not take the conversation before it is resolved.
        conversation.promised_until = ctx.clock() + timedelta(hours=1)
        thanked = answered + timedelta(minutes=3 + cast.chance.expovariate(1 / 90))
        await _customer_says(session, conversation, thanked, cast.chance.choice(demo_words.THANKS))
    resolved = min(thanked + timedelta(minutes=4), ctx.clock() - timedelta(minutes=1))
    await resolve_issues.resolve(_at(ctx, resolved), conversation_id, technician)
    if cast.chance.random() < 0.4:
        await _rate(ctx, cast, conversation_id, technician, resolved)
    if cast.chance.random() < 0.06:
        again = _at(ctx, min(resolved + timedelta(hours=20), ctx.clock() - timedelta(seconds=30)))
        async with ctx.db.write() as session:
            conversation = await lifecycle.load(session, conversation_id, lock=True)
            await issue_status.reopen_issue(session, again, conversation)


async def _rate(ctx: Context, cast: _Cast, conversation_id: str, technician: Technician, moment: datetime) -> None:
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, conversation_id, lock=True)
        session.add(
            Rating(
                issue_id=conversation.issue_id,
                conversation_id=conversation_id,
                technician_id=technician.id,
                score=cast.chance.choices((5, 4, 3, 2, 1), (50, 28, 12, 6, 4))[0],
                created_at=moment,
                updated_at=moment,
            )
        )


async def _leave_queue(then: Context, conversation_id: str) -> None:
    async with then.db.write() as session:
        conversation = await lifecycle.load(session, conversation_id, lock=True)
        await transitions.cancel_hand_off(session, then, conversation, reason="asked", actor="customer")


async def _question(ctx: Context, cast: _Cast, place: int, moment: datetime) -> None:
    """Create a question that the manual answers, or an abandoned one; now and then a misunderstood one."""
    question = cast.chance.choice(demo_words.QUESTIONS)
    solved = cast.chance.random() < 0.72
    async with ctx.db.write() as session:
        conversation = await _begin(session, cast, place, moment)
        if cast.chance.random() < 0.2:
            await _misunderstood(session, cast, conversation, moment)
        message_id = await _customer_says(session, conversation, moment, question)
        await transcript.say(
            session,
            conversation,
            moment + timedelta(seconds=2),
            "This is what the manual says:",
            author="assistant",
            author_name=ctx.support.assistant_name,
        )
        session.add(
            SearchRecord(
                conversation_id=conversation.id,
                message_id=message_id,
                question=question,
                shown=[],
                score=0.8,
                confident=True,
                solved=True if solved else None,
                created_at=moment,
            )
        )
        conversation.outcome = "solved" if solved else None
        conversation.updated_at = moment


async def _misunderstood(session: AsyncSession, cast: _Cast, conversation: Conversation, moment: datetime) -> None:
    text = cast.chance.choice(demo_words.NOT_UNDERSTOOD)
    message_id = await _customer_says(session, conversation, moment, text)
    event = InboundEvent(
        source="demo",
        source_id=f"{conversation.id}:{message_id}",
        conversation_id=conversation.id,
        message_id=message_id,
        status=DONE,
        created_at=moment,
        done_at=moment,
    )
    session.add(event)
    await session.flush()
    session.add(
        Turn(
            conversation_id=conversation.id,
            inbound_event_id=event.id,
            result="done",
            intent="nlu_fallback",
            confidence=0.2,
            rule="not understood",
            commands=["expect", "say"],
            created_at=moment,
        )
    )


async def _begin(session: AsyncSession, cast: _Cast, place: int, moment: datetime) -> Conversation:
    name = f"{cast.chance.choice(demo_words.FIRST)} {cast.chance.choice(demo_words.LAST)} (demo)"
    paying = cast.chance.random()
    customer = Customer(
        subject=f"{MARK}{place}",
        name=name,
        phone=f"212-555-01{place % 100:02d}",
        contract_number=cast.chance.choice(cast.contracts) if paying < 0.6 else None,
        contract_proof="technician" if paying < 0.6 else None,
        created_at=moment,
    )
    session.add(customer)
    await session.flush()
    conversation = Conversation(
        id=f"demo{cast.chance.getrandbits(80):020x}",
        customer_id=customer.id,
        owner=str(Owner.ASSISTANT),
        created_at=moment,
        updated_at=moment,
        customer_seen_at=moment,
    )
    session.add(conversation)
    await session.flush()
    lifecycle.note_new(session, conversation)
    return conversation


async def _customer_says(session: AsyncSession, conversation: Conversation, moment: datetime, text: str) -> int:
    message = await transcript.append_message(
        session, conversation, moment, author="customer", author_name="You", text=text
    )
    return message.id


def _at(ctx: Context, moment: datetime) -> Context:
    """Return the same context with the clock at ``moment``, which wakes nobody and notifies no team."""
    then = replace(ctx, clock=lambda: moment, settings=replace(ctx.settings, notify_urls=()))
    then.wake = then.work = lambda _: None
    return then


async def remove_demo(ctx: Context) -> int:
    """Remove the demo; return the number of conversations. Technicians named by real work stay, inactive."""
    customers = select(Customer.id).where(Customer.subject.startswith(MARK))
    conversations = select(Conversation.id).where(Conversation.customer_id.in_(customers))
    async with ctx.db.write() as session:
        number = await session.scalar(select(func.count()).select_from(conversations.subquery())) or 0
        await session.execute(update(Conversation).where(Conversation.id.in_(conversations)).values(issue_id=None))
        for table in reversed(Base.metadata.sorted_tables):
            if belonging := _belonging(table, conversations):
                await session.execute(delete(table).where(or_(*belonging)))
        await session.execute(delete(Conversation).where(Conversation.id.in_(conversations)))
        await session.execute(delete(Customer).where(Customer.subject.startswith(MARK)))
        unused = ~exists().where(Customer.contract_number == Contract.number)
        await session.execute(delete(Contract).where(Contract.number.startswith(CONTRACT), unused))
        audit.record(session, "command line", "demo.remove", ctx.clock(), details={"conversations": number})
    await _dismiss(ctx)
    return number


def _belonging(table: Table, conversations: Any) -> list[ColumnElement[bool]]:
    """Return the conditions that tie a row to a conversation: its own column, or that of a row it points to."""
    if table.name == Conversation.__tablename__:
        return []
    if "conversation_id" in table.columns:
        return [table.c.conversation_id.in_(conversations)]
    ties: list[ColumnElement[bool]] = []
    for column in table.columns:
        for key in column.foreign_keys:
            target = key.column.table
            if "conversation_id" in target.columns:
                ties.append(column.in_(select(key.column).where(target.c.conversation_id.in_(conversations))))
    return ties


async def _dismiss(ctx: Context) -> None:
    async with ctx.db.read() as session:
        ids = list(await session.scalars(select(Technician.id).where(Technician.email.endswith(TECHNICIANS_HOST))))
    for technician_id in ids:
        try:
            async with ctx.db.write() as session:
                await session.execute(delete(Technician).where(Technician.id == technician_id))
        except IntegrityError:
            async with ctx.db.write() as session:
                (await session.get_one(Technician, technician_id)).active = False
