"""An edit or a deletion outside of what was acted on is neither lost nor applied in silence."""

from typing import Any

import pytest
from sqlalchemy import select, update

from bot.dialogue.draft import CONTACT, PRIVATE_PROBLEM, PROBLEM
from bot.services.channel import arrivals, message_changes
from bot.services.channel.answer_change import MessageChangeSender
from bot.services.channel.arrivals import Arrival, Place
from bot.services.channel.channel_people import Person
from bot.services.conversation import lifecycle
from bot.services.core.context import Context
from bot.services.intake import draft as drafts
from bot.services.issue import open_issue
from bot.services.outbox.items import MESSAGE_CHANGE
from bot.services.privacy import erasure
from bot.store.tables import Conversation, InboundEvent, IntakeAnswer, Message, Turn
from bot.triage.hand_off.ownership import Owner
from tests.support.outbox import outbox_items, send_due
from tests.support.service_fixtures import Clock

KIM = Person("T", "U-kim", "Kim")
DIRECT, SHARED = Place("T", "D1", {"channel": "D1"}, shared=False), Place("T", "C1:1", {"channel": "C1"}, shared=True)


class Talk:
    """Somebody in Slack who reports a problem, message by message, and edits what they wrote."""

    def __init__(self, ctx: Context, place: Place = DIRECT) -> None:
        self.ctx, self.place, self.id, self.edits = ctx, place, "", 0

    async def writes(self, name: str, text: str, *, private: bool = False, status: str = "done") -> int:
        arrival = Arrival("slack", name, self.place, KIM, text, private=private)
        arrived = await arrivals.arrive(self.ctx, arrival)
        assert arrived is not None
        self.id = arrived.conversation_id
        await self.turn_is(status)
        return arrived.message_id

    async def turn_is(self, status: str) -> None:
        async with self.ctx.db.write() as session:
            await session.execute(update(InboundEvent).values(status=status))

    async def answered(self, name: str, question: str, text: str, value: str | None = None, **fields: Any) -> None:
        """Write a message and take it as the answer to a question."""
        message_id = await self.writes(name, text, **fields)
        async with self.ctx.db.write() as session:
            draft = await self.draft(session)
            if question == PROBLEM:
                await drafts.add_to_problem(session, draft, text, self.ctx.clock(), message_id)
                return
            await drafts.save_answer(session, draft, question, value or text, self.ctx.clock(), message_id=message_id)

    async def draft(self, session: Any) -> drafts.Draft:
        conversation = await lifecycle.load(session, self.id, lock=True)
        found = await drafts.current_draft(session, self.ctx.support, self.id)
        if found is None:
            found = await drafts.begin_draft(session, self.ctx, conversation)
            await drafts.set_category(session, found, "printing", self.ctx.clock())
        return found

    async def edits_to(self, name: str, text: str | None) -> None:
        """Change a message (None: delete it), and let that be answered."""
        self.edits += 1
        await message_changes.record_change(self.ctx, "slack", name, f"edit{self.edits}", text)
        await self.goes_on()

    async def goes_on(self) -> None:
        await send_due(self.ctx, MessageChangeSender(self.ctx))

    async def answers(self) -> dict[str, str]:
        async with self.ctx.db.read() as session:
            return {one.question_id: one.value for one in await session.scalars(select(IntakeAnswer))}

    async def said(self) -> list[tuple[str, bool]]:
        """(text, private) of what we said."""
        ours = select(Message).where(Message.author == "system").order_by(Message.id)
        async with self.ctx.db.read() as session:
            return [(one.text, one.private) for one in await session.scalars(ours)]

    async def logged(self) -> str:
        async with self.ctx.db.write() as session:
            conversation = await lifecycle.load(session, self.id, lock=True)
            draft = await self.draft(session)
            issue = await open_issue.open_issue(session, self.ctx, conversation, draft, actor="test")
            draft.intake.state = "done"
            return issue.reference


@pytest.fixture
def talk(ctx: Context) -> Talk:
    return Talk(ctx)


async def test_an_answer_of_the_open_draft_is_corrected_and_said(ctx: Context, talk: Talk) -> None:
    await talk.answered("m1", PROBLEM, "it crashes when I print")
    await talk.answered("m2", "product_version", "8.2")
    await talk.edits_to("m2", "8.3")
    assert (await talk.answers())["product_version"] == "8.3"
    label = ctx.support.line_label("product_version")
    assert [text.splitlines()[-1] for text, _ in await talk.said()] == [f"• {label}: 8.3"]
    await talk.edits_to("m2", "8.4")
    assert (await talk.answers())["product_version"] == "8.4" and len(await talk.said()) == 2


async def test_a_line_of_the_problem_is_corrected_and_no_other(talk: Talk) -> None:
    await talk.answered("m1", PROBLEM, "it crashes")
    await talk.answered("m2", PROBLEM, "now it crashes when I print")
    await talk.edits_to("m1", "it freezes")
    await talk.edits_to("m2", "now it freezes when I print")
    assert (await talk.answers())[PROBLEM] == "it freezes\nnow it freezes when I print"


async def test_a_fact_and_an_address_are_read_again(talk: Talk) -> None:
    await talk.answered("m1", "product_version", "since version 8.2 it crashes", "8.2")
    await talk.answered("m2", CONTACT, "mail me at kim@a.example", "kim@a.example")
    await talk.edits_to("m1", "since version 8.3 it crashes")
    await talk.edits_to("m2", "mail me at kim@b.example")
    assert await talk.answers() == {"product_version": "8.3", CONTACT: "kim@b.example"}


async def test_an_edit_that_waits_for_its_turn_is_answered_after_it(talk: Talk, clock: Clock) -> None:
    await talk.answered("m1", PROBLEM, "it crashes")
    await talk.writes("m2", "8.2", status="pending")
    await talk.edits_to("m2", "8.3")
    assert await talk.said() == []
    async with talk.ctx.db.write() as session:
        message_id = await session.scalar(select(Message.id).where(Message.text == "8.2"))
        await drafts.save_answer(
            session, await talk.draft(session), "product_version", "8.2", clock(), message_id=message_id
        )
    await talk.turn_is("done")
    clock.advance(seconds=2)
    await talk.goes_on()
    assert (await talk.answers())["product_version"] == "8.3"


async def test_an_edit_of_what_is_logged_is_noted_once_and_changes_nothing(ctx: Context, talk: Talk) -> None:
    await talk.answered("m1", PROBLEM, "it crashes")
    await talk.answered("m2", "product_version", "8.2")
    reference = await talk.logged()
    for text in ("8.3", "8.4", None):
        await talk.edits_to("m2", text)
    assert (await talk.answers())["product_version"] == "8.2"
    words = ctx.support.wording
    noted = [one.format(reference=reference) for one in (words.edit_noted, words.deletion_noted)]
    assert [text for text, _ in await talk.said()] == noted


async def test_a_deletion_takes_nothing_away_and_is_said_once(ctx: Context, talk: Talk) -> None:
    await talk.answered("m1", PROBLEM, "it crashes")
    await talk.edits_to("m1", None)
    await talk.edits_to("m1", "it crashes")
    await talk.edits_to("m1", None)
    assert (await talk.answers())[PROBLEM] == "it crashes"
    assert await talk.said() == [(ctx.support.wording.deletion_kept, False)]


async def test_an_edited_yes_is_not_lost(ctx: Context, talk: Talk) -> None:
    await talk.writes("m1", "yes")
    async with ctx.db.write() as session:
        event = (await session.scalars(select(InboundEvent))).one()
        acted = {"result": "done", "intent": "affirm", "evidence": [], "commands": [], "milliseconds": 1}
        session.add(Turn(conversation_id=talk.id, inbound_event_id=event.id, created_at=ctx.clock(), **acted))
    await talk.edits_to("m1", "no")
    assert await talk.said() == [(ctx.support.wording.edit_kept, False)]


async def test_an_edit_of_what_nothing_was_done_with_is_only_recorded(talk: Talk) -> None:
    await talk.writes("m1", "helo")
    await talk.edits_to("m1", "hello")
    assert await talk.said() == []
    (item,) = await outbox_items(talk.ctx, MESSAGE_CHANGE)
    assert item.state == "sent"


async def test_a_technician_is_not_interrupted(ctx: Context, talk: Talk) -> None:
    await talk.answered("m1", PROBLEM, "it crashes")
    async with ctx.db.write() as session:
        await session.execute(update(Conversation).values(owner=Owner.TECHNICIAN))
    await talk.edits_to("m1", "it freezes")
    assert await talk.said() == [] and (await talk.answers())[PROBLEM] == "it crashes"


async def test_the_edit_of_a_private_answer_stays_private(ctx: Context) -> None:
    talk = Talk(ctx, SHARED)
    await talk.answered("m1", PROBLEM, "printing crashes")
    await talk.answered("m2", PROBLEM, "Bob deleted the ledger on purpose", private=True)
    await talk.edits_to("m2", "Rob deleted the ledger by mistake")
    answers = await talk.answers()
    assert answers[PROBLEM] == "printing crashes"
    assert answers[PRIVATE_PROBLEM] == "Rob deleted the ledger by mistake"
    await talk.edits_to("m2", None)
    assert [private for _, private in await talk.said()] == [True, True]


async def test_the_same_edit_again_is_answered_once(talk: Talk) -> None:
    await talk.answered("m1", PROBLEM, "it crashes")
    for _ in range(3):
        await message_changes.record_change(talk.ctx, "slack", "m1", "same", "it freezes")
        await talk.goes_on()
    assert len(await talk.said()) == 1 and len(await outbox_items(talk.ctx, MESSAGE_CHANGE)) == 1


async def test_only_the_newest_of_several_edits_is_answered(talk: Talk) -> None:
    await talk.answered("m1", PROBLEM, "it crashes")
    for number, text in enumerate(("it hangs", "it freezes")):
        await message_changes.record_change(talk.ctx, "slack", "m1", str(number), text)
    await talk.goes_on()
    await talk.goes_on()
    assert (await talk.answers())[PROBLEM] == "it freezes" and len(await talk.said()) == 1


async def test_an_erased_conversation_hears_nothing(ctx: Context, talk: Talk) -> None:
    await talk.answered("m1", PROBLEM, "it crashes")
    await message_changes.record_change(ctx, "slack", "m1", "e", "it freezes")
    async with ctx.db.read() as session:
        customer_id = (await lifecycle.load(session, talk.id)).customer_id
    await erasure.erase_customer(ctx, customer_id, actor="test")
    await talk.goes_on()
    assert await talk.said() == []
