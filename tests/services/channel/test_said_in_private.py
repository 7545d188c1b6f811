"""What is written in private never stands in a shared thread, whatever the conversation and whoever speaks."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.dialogue.draft import PRIVATE_PROBLEM, TECHNICIAN_ONLY
from bot.dialogue.plan import CancelHandOff, Plan, RequestHandOff, Say, SayText
from bot.services.channel import arrivals, private_questions, receive
from bot.services.channel.arrivals import Arrival, Place
from bot.services.channel.channel_people import Person
from bot.services.conversation import thread_privacy
from bot.services.core.context import Context
from bot.services.desk import technician_messages
from bot.services.hand_off import transitions
from bot.services.intake import draft as drafts
from bot.services.turn import turns
from bot.services.turn.read_by_rules import decide_here
from bot.services.turn.turns import Prepared
from bot.settings.env.settings import load_settings
from bot.store.database import Database
from bot.store.tables import Conversation, HandOff, Issue, Message, OutboxItem
from bot.triage.privacy.confidence import quotes
from bot.triage.privacy.confidence_words import asks_for_confidence
from bot.triage.text.plain_text import word_set
from tests.support.service_fixtures import SUPPORT, Clock, add_technician
from tests.support.turn_outcomes import outcome_of

FAY, BOB = Person("T-customer", "U-fay", "Fay"), Person("T-customer", "U-bob", "Bob")
THREAD = Place("T-host", "C1:100", {"channel": "C1"}, shared=True)
DIRECT = Place("T-host", "DU-fay", {"channel": "DU-fay"}, shared=False)
# Nobody says these words anywhere else, so every four in a row that come back were taken from a private message.
SECRETS = word_set("ledger deleted purposely accountant envelope drawer stolen tuesday midnight password guilty lawyer")
OPEN = word_set("printer prints invoices slowly crashes export fails backup window freezes report empty")
secret = st.lists(st.sampled_from(sorted(SECRETS)), min_size=4, max_size=9).map(" ".join)
public = st.lists(st.sampled_from(sorted(OPEN)), min_size=3, max_size=7).map(" ".join)
contact = st.sampled_from(["fay@brightsons.example", "call me at 212-555-0147", "I'd rather not"])
step = st.one_of(
    st.tuples(st.just("thread"), st.sampled_from([FAY, BOB]), public),
    st.tuples(st.just("form"), st.just(FAY), secret),
    st.tuples(st.just("reply to our direct message"), st.just(FAY), secret),
    st.tuples(st.just("direct"), st.just(FAY), secret | contact | st.tuples(contact, secret).map(" ".join)),
    st.tuples(st.just("thread"), st.just(FAY), secret.map("keep this between us, {}".format)),
    st.tuples(st.just("technician"), st.just(FAY), st.just("")),
)


@dataclass
class Thread:
    """One shared thread, with a mind that repeats all that it knows, and a technician who quotes."""

    ctx: Context
    technician: Any
    number: int = 0
    asked_in_private: list[str] = field(default_factory=list)

    async def happens(self, what: str, who: Person, text: str) -> None:
        self.number += 1
        if what == "technician":
            await self.a_technician_quotes()
            return
        arrival = Arrival("slack", f"event{self.number}", THREAD, who, text, private=what == "form")
        if what == "direct":
            question = await private_questions.answered_by(self.ctx, "slack", who, text)
            arrival = replace(arrival, place=replace(DIRECT, reply_to=question))
        elif what != "thread" and what != "form":
            arrival = replace(arrival, place=replace(DIRECT, reply_to=await self.our_last_private()))
        arrived = await arrivals.arrive(self.ctx, arrival)
        if arrived is not None:
            await self.answers(arrived.conversation_id)

    async def answers(self, conversation_id: str) -> None:
        """Answer by the product's rules, and add everything that could be told about the draft and the issue."""
        begun = await turns.begin(self.ctx, conversation_id)
        if begun is None:
            return
        lease, prepared = begun
        outcome = await decide_here(self.ctx, prepared.context, reason="test")
        plan = adds_to_the_reply(outcome.plan, await self.everything_known(prepared))
        await turns.complete(self.ctx, lease, prepared, replace(outcome, plan=plan))
        await self.everything_is_sent()

    async def everything_known(self, prepared: Prepared) -> list[str]:
        async with self.ctx.db.read() as session:
            draft = await drafts.current_draft(session, self.ctx.support, prepared.context.conversation_id)
        lines = [f"Noted: {answer.value}" for _, answer in draft.lines()] if draft else []
        status = prepared.context.newest_issue
        titles = [f"Your issue “{status.title}” is {status.status}"] if status and not status.private else []
        return [*lines, f"Noted: {prepared.text}", *titles, f"The title is {draft.title}" if draft else "Hello"]

    async def a_technician_quotes(self) -> None:
        async with self.ctx.db.read() as session:
            waiting = (await session.scalars(select(HandOff).where(HandOff.state == "waiting"))).first()
            held = (await session.scalars(select(HandOff).where(HandOff.state == "claimed"))).first()
        if waiting is not None and held is None:
            await transitions.claim(self.ctx, waiting.id, self.technician)
            held = waiting
        if held is None:
            return
        async with self.ctx.db.read() as session:
            written = select(Message.text).where(
                Message.conversation_id == held.conversation_id, Message.author == "customer"
            )
            last = (await session.scalars(written.order_by(Message.seq.desc()))).first() or ""
        quoted = receive.Incoming(f"technician{self.number}", text=f"You wrote: {last}. Is that so?")
        await technician_messages.send_message(self.ctx, self.technician, held.conversation_id, quoted)
        await self.everything_is_sent()

    async def everything_is_sent(self) -> None:
        async with self.ctx.db.write() as session:
            for delivery in await session.scalars(select(OutboxItem).where(OutboxItem.state != "sent")):
                delivery.state, delivery.outside_id = "sent", f"outside{delivery.id}"

    async def our_last_private(self) -> str | None:
        query = select(OutboxItem.outside_id).join(Message, Message.id == OutboxItem.message_id).where(Message.private)
        async with self.ctx.db.read() as session:
            return await session.scalar(query.order_by(OutboxItem.id.desc()))

    async def check(self) -> None:
        async with self.ctx.db.read() as session:
            shared = {one.id for one in await session.scalars(select(Conversation)) if await _shared(session, one)}
            messages = list(await session.scalars(select(Message)))
            issues = list(await session.scalars(select(Issue)))
        private = [
            one.text
            for one in messages
            if one.author == "customer" and (one.private or one.conversation_id not in shared)
        ]
        for message in messages:
            if message.author == "customer" or message.private or message.conversation_id not in shared:
                continue
            shown = [message.text, *(choice["title"] for choice in message.choices)]
            shown += [card[name] for card in message.cards for name in ("title", "excerpt")]
            assert not any(quotes(words, private) for words in shown), shown
        in_thread = [one.text for one in messages if one.author == "customer" and one.private]
        titles = [issue.title for issue in issues if issue.conversation_id in shared]
        assert not any(quotes(title, in_thread) for title in titles), "a title is shown to everybody in the thread"


def adds_to_the_reply(plan: Plan, words: list[str]) -> Plan:
    """The plan with these words in its reply, also on a card; what it says last is still said last."""
    said = [place for place, part in enumerate(plan.reply) if not isinstance(part, RequestHandOff | CancelHandOff)]
    last = said[-1] if said else len(plan.reply)
    shown = Say("utter_manual_says", {"answer": "x"}, cards=({"title": words[0], "url": "/manual/", "excerpt": "x"},))
    told = [SayText(one) for one in words]
    return replace(plan, reply=(*plan.reply[:last], *told, shown, *plan.reply[last:]))


async def _shared(session: Any, conversation: Conversation) -> bool:
    return await thread_privacy.is_shared(session, conversation)


@asynccontextmanager
async def a_thread(database: Path) -> AsyncIterator[Thread]:
    home = Path(tempfile.mkdtemp(prefix="thread"))
    shutil.copy(database, home / "techref.db")
    found = load_settings({"TECHREF_HOME": str(home)})
    ctx = Context(found, SUPPORT, Database(found.database_url), manual=None, clock=Clock())  # type: ignore[arg-type]
    try:
        yield Thread(ctx, await add_technician(ctx, "Anna"))
    finally:
        await ctx.db.close()
        shutil.rmtree(home)


@given(steps=st.lists(step, min_size=3, max_size=8))
@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_nothing_public_repeats_what_was_written_in_private(
    migrated: Path, steps: list[tuple[str, Person, str]]
) -> None:
    async def holds() -> None:
        async with a_thread(migrated) as thread:
            await thread.happens("thread", FAY, "printing an invoice crashes the program")
            for what, who, text in steps:
                await thread.happens(what, who, text)
            await thread.check()

    asyncio.run(holds())


async def open_thread(ctx: Context) -> Thread:
    thread = Thread(ctx, await add_technician(ctx, "Anna"))
    await thread.happens("thread", FAY, "printing an invoice crashes the program")
    return thread


async def all_messages(ctx: Context) -> list[Message]:
    async with ctx.db.read() as session:
        return list(await session.scalars(select(Message).order_by(Message.id)))


async def test_an_answer_in_the_direct_message_joins_the_thread_and_anything_else_is_its_own_conversation(
    ctx: Context,
) -> None:
    thread = await open_thread(ctx)
    await thread.happens("direct", FAY, "Bob from accounting deleted the ledger on purpose, that is confidential")
    await thread.happens("direct", FAY, "How do I restore a backup?")
    written = [one for one in await all_messages(ctx) if one.author == "customer"]
    assert written[1].conversation_id == written[2].conversation_id != written[0].conversation_id
    await thread.happens("thread", BOB, "it happens to me as well")
    await thread.check()


async def test_the_contact_is_taken_in_the_direct_message_and_the_reference_is_said_in_the_thread(ctx: Context) -> None:
    thread = await open_thread(ctx)
    await thread.happens("direct", FAY, "fay@brightsons.example")
    said = await all_messages(ctx)
    answer = next(one for one in said if one.text == "fay@brightsons.example")
    assert answer.private and len({one.conversation_id for one in said}) == 1
    (reference,) = [one for one in said if one.reference]
    assert not reference.private
    await thread.check()


async def test_what_is_added_in_private_is_of_the_issue_but_not_of_its_title(ctx: Context) -> None:
    thread = await open_thread(ctx)
    await thread.happens("direct", FAY, "fay@brightsons.example")
    await thread.happens("reply to our direct message", FAY, "Bob from accounting deleted the ledger on purpose")
    async with ctx.db.read() as session:
        issue = (await session.scalars(select(Issue))).one()
        draft = await drafts.draft_of_issue(session, ctx.support, issue)
    assert issue.title == "printing an invoice crashes the program"
    assert "deleted the ledger" in draft.problem
    assert draft.answers[PRIVATE_PROBLEM].visibility == TECHNICIAN_ONLY


async def test_a_problem_informed_only_in_private_has_its_category_for_a_title(ctx: Context) -> None:
    thread = Thread(ctx, await add_technician(ctx, "Anna"))
    await thread.happens("thread", FAY, "between us, printing an invoice crashes since Bob stole the money")
    await thread.happens("direct", FAY, "fay@brightsons.example")
    async with ctx.db.read() as session:
        issue = (await session.scalars(select(Issue))).one()
    assert issue.title == ctx.support.category(issue.category).title


async def test_a_technicians_answer_to_what_was_written_in_private_goes_there(ctx: Context) -> None:
    thread = await open_thread(ctx)
    await thread.happens("direct", FAY, "fay@brightsons.example")
    await thread.happens("thread", FAY, "it prints nothing at all now")
    await thread.happens("technician", FAY, "")
    await thread.happens("form", FAY, "Bob from accounting deleted the ledger")
    await thread.happens("technician", FAY, "")
    said = [one for one in await all_messages(ctx) if one.author == "technician"]
    assert [one.private for one in said] == [False, True]


async def test_replies_to_a_private_message_are_private_and_the_next_question_is_not(ctx: Context) -> None:
    thread = await open_thread(ctx)
    await thread.happens("direct", FAY, "fay@brightsons.example")
    before = len(await all_messages(ctx))
    arrival = Arrival("slack", "form1", THREAD, FAY, "what does the manual say on thefts", private=True)
    arrived = await arrivals.arrive(ctx, arrival)
    assert arrived is not None
    begun = await turns.begin(ctx, arrived.conversation_id)
    assert begun is not None
    async with ctx.db.write() as session:
        draft = await drafts.current_draft(session, ctx.support, arrived.conversation_id)
        assert draft is not None
        draft.intake.state, draft.intake.asking = "open", "product_version"
    pages = Say(
        "utter_manual_says", {"answer": "x"}, cards=({"title": "Damaged files", "url": "/manual/", "excerpt": "x"},)
    )
    await turns.complete(ctx, *begun, outcome_of(ctx, pages, "Which version do you use?"))
    page, question = (await all_messages(ctx))[before + 1 :]
    assert page.cards and page.private
    assert (question.text, question.private) == ("Which version do you use?", False)


@pytest.mark.parametrize(
    "text",
    [
        "Bob deleted the ledger, that is confidential",
        "only for the technician: I pressed the wrong key",
        "Only support staff: we lost the licence key",
        "please don’t tell my boss",
        "keep this to yourselves",
    ],
)
def test_a_wish_for_confidence_is_read(text: str) -> None:
    assert asks_for_confidence(text)


@pytest.mark.parametrize(
    "text",
    [
        "the confidential report prints nothing",
        "the private folder is empty",
        "only two users can log in",
        "support told me to reinstall",
    ],
)
def test_a_report_about_something_confidential_is_no_such_wish(text: str) -> None:
    assert not asks_for_confidence(text)
