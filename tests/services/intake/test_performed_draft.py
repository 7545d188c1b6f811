"""The rows of a draft are after a turn what the copy was that the turn was decided on."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.dialogue.context import AnswerState, DraftState, IntakeState
from bot.dialogue.draft import Draft
from bot.dialogue.intake.dispatch_message import dispatch_message
from bot.dialogue.plan import Command
from bot.dialogue.working_draft import WorkingDraft
from bot.services.core.context import Context
from bot.services.turn.perform import Performance, perform
from bot.services.turn.turn_state import load_state
from bot.store.tables import Conversation, InboundEvent, Message
from tests.support.interview import Interview
from tests.support.service_fixtures import Customer
from tests.support.working_interview import said

PRINTING = {"problem": "it crashes when I print", "contact": "kim@brightsons.example"}
STRANGE = {**PRINTING, "problem": "a strange purple shape"}
FIELDS = tuple(IntakeState.__dataclass_fields__)
ANSWER_FIELDS = tuple(AnswerState.__dataclass_fields__)


def plain(draft: Draft) -> dict[str, Any]:
    answers = {
        name: {field: getattr(answer, field) for field in ANSWER_FIELDS} for name, answer in draft.answers.items()
    }
    return {"answers": answers, **{field: getattr(draft.intake, field) for field in FIELDS}}


def state_of(draft: Draft) -> DraftState:
    known = plain(draft)
    answers = {name: AnswerState(**answer) for name, answer in known.pop("answers").items()}
    return DraftState(IntakeState(**known), answers)


async def hears(interview: Interview, text: str, private: bool) -> None:
    """Decide a message and perform the commands; the rows must be what the copy became."""
    ctx, customer = interview.ctx, interview.customer
    shown = await customer.writes(text)
    commands: list[Command] = []
    async with ctx.db.write() as session:
        conversation = await session.get_one(Conversation, customer.id)
        query = select(Message).where(Message.conversation_id == customer.id, Message.seq == shown["seq"])
        message = (await session.scalars(query)).one()
        message.private = private
        copy = WorkingDraft(state_of(await interview.draft_in(session)), ctx.support, commands.append)
        copy.intake.asking = copy.intake.asking or copy.next_step()
        dispatch_message(copy, said(text, message_id=message.id, private=private))
        copy.intake.asking = copy.intake.asking or copy.next_step()
        copy.finish()
        event = await session.scalar(select(InboundEvent.id).where(InboundEvent.message_id == message.id))
        assert event is not None
        state = await load_state(session, [event])
        await perform(Performance(session, ctx, conversation, state, ctx.clock()), tuple(commands))
    assert plain(await interview.draft()) == plain(copy)


@pytest.mark.parametrize(
    ("answers", "texts", "private"),
    [
        (PRINTING, ("12.2.1", "no message", "skip", "don't tell my boss", "I deleted the driver", "me"), False),
        (PRINTING, ("no, version 12.3", "wrong e-mail, it is bob@y.example", "hmm ???", "hmm ???"), False),
        (PRINTING, ("12.2.1", "I deleted the driver"), True),
        (STRANGE, ("Printing", "my phone is 020 7946 0958, call me tomorrow at 3pm"), False),
        (STRANGE, ("I cannot say", "none"), True),
        ({}, ("it crashes when I print", "hmm", "kim@brightsons.example"), False),
    ],
)
async def test_the_rows_follow_the_copy(
    ctx: Context, customer: Customer, answers: dict[str, str], texts: tuple[str, ...], private: bool
) -> None:
    interview = Interview(ctx, customer)
    await interview.starts(**answers)
    for text in texts:
        await hears(interview, text, private)
