"""Words in confidence stay out of every row that leaves, whenever confidence was asked for."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.dialogue.reading import Reading
from bot.services.conversation import transcript_mail
from bot.services.core.context import Context
from bot.services.turn import turns
from bot.services.turn.decision import decide_with_evidence
from bot.services.turn.turns import Outcome
from bot.settings.env.settings import load_settings
from bot.store.tables import Conversation, Customer, IntakeAnswer, Issue, Message, OutboxItem
from bot.triage.privacy.confidence import quotes
from tests.support.service_fixtures import Customer as Writer

SECRET = "I deleted the whole ledger of last autumn"
ADDRESS = "val@bakery.example"
WISH = "please keep that to yourself"
ORDERS = {
    "at once": [f"{SECRET} and my boss must not know", ADDRESS],
    "with the address": [f"between you and me: {SECRET}, {ADDRESS}"],
    "before": ["can this stay between us?", SECRET, ADDRESS],
    "after the problem": [SECRET, "is it possible to keep this from my manager?", ADDRESS],
    "after the reference": [SECRET, ADDRESS, "please don't show what I wrote there to my colleagues"],
    "at another question": ["it prints blank pages", ADDRESS, f"off the record: {SECRET}"],
    "when it waits": [f"{SECRET}, {ADDRESS}", "goodbye", WISH],
}


async def says(ctx: Context, writer: Writer, text: str) -> list[str]:
    """Let the customer write, and the table decide on it as a report; return what was answered."""
    before = (await writer.reads())[-1:]
    await writer.writes(text)
    lease, prepared = await writer.begins_a_turn()
    reading = Reading("goodbye" if text == "goodbye" else "report_issue", 0.9)
    plan, evidence = await decide_with_evidence(prepared.context, reading, ctx.support, ctx.manual)
    await turns.complete(ctx, lease, prepared, Outcome(plan, reading, evidence, ctx.support.digest))
    async with ctx.db.write() as session:
        (await session.get_one(Conversation, writer.id)).lease_until = None
    after = before[0]["seq"] if before else 0
    return [one["text"] for one in await writer.reads(after) if one["author"] == "assistant"]


async def leaving(ctx: Context) -> list[str]:
    """The words of everything in the outbox, and the titles that people outside the desk are told."""
    async with ctx.db.read() as session:
        rows = list(await session.scalars(select(OutboxItem)))
        titles = list(await session.scalars(select(Issue.title)))
    return [*(json.dumps([row.key, row.target, row.payload]) for row in rows), *titles]


@pytest.mark.parametrize("order", ORDERS)
async def test_words_in_confidence_leave_in_no_row(ctx: Context, customer: Writer, order: str) -> None:
    settings = load_settings({"TECHREF_HOME": str(ctx.home), "TECHREF_NOTIFY_URLS": "json://hooks.example/a"})
    ctx = replace(ctx, settings=replace(settings, smtp_url="smtp://127.0.0.1:1"))
    heard = [await says(ctx, customer, text) for text in ORDERS[order]]
    assert sum("That stays confidential: only our support staff see it." in "".join(said) for said in heard) == 1
    async with ctx.db.write() as session:
        conversation = await session.get_one(Conversation, customer.id)
        owner = await session.get_one(Customer, conversation.customer_id)
        owner.email = ADDRESS  # vouched for by the customer's site
    await transcript_mail.request_transcript(ctx, customer.id, ADDRESS)
    rows = await leaving(ctx)
    assert len(rows) >= 3
    assert not [row for row in rows if quotes(row, [SECRET])]
    async with ctx.db.read() as session:
        told = (await session.scalars(select(Message).where(Message.text.contains("ledger")))).all()
        answers = (await session.scalars(select(IntakeAnswer).where(IntakeAnswer.value.contains("ledger")))).all()
    assert all(one.private for one in told if one.author == "customer")
    assert answers and all(one.visibility == "technician" for one in answers)


async def test_a_boss_who_comes_back_is_no_secret(ctx: Context, customer: Writer) -> None:
    await says(ctx, customer, f"The menu is empty and our manager returns at 3. {ADDRESS}")
    async with ctx.db.read() as session:
        answers = (await session.scalars(select(IntakeAnswer))).all()
    assert {one.visibility for one in answers} == {"everyone"}
