"""A turn that failed is tried again with the same message: the same is said, and nothing is stored twice."""

from dataclasses import dataclass
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import func, select

from actions.base import TurnAction
from actions.server import all_actions
from actions.turn import Turn
from bot.services.core.context import Context
from bot.services.intake import draft as drafts
from bot.store.tables import AuditEntry, Conversation, Intake, Issue, Message
from tests.support.interview import Interview
from tests.support.service_fixtures import Customer

ACTIONS: dict[str, TurnAction] = {action.name(): action for action in all_actions()}
FORM = ("validate_issue_form", "action_ask_issue_form_answer")
ESSENTIALS = {"problem": "it crashes when I print", "contact": "kim@brightsons.example"}
Json = dict[str, Any]


@dataclass
class Engine:
    """Runs the actions of one turn as Rasa does, without keeping the tracker: as when the turn fails at its end."""

    ctx: Context
    conversation_id: str
    message_id: int

    async def runs(self, text: str, intent: str, names: tuple[str, ...], **tracker: Any) -> list[Json]:
        """What is said, and which effects are asked for."""
        said: list[Json] = []
        for name in names:
            dispatcher = CollectingDispatcher()
            turn = Turn.of(self.ctx, dispatcher, self._tracker(text, intent, **tracker))
            await ACTIONS[name].step(turn)
            said += [_spoken(message) for message in dispatcher.messages]
        return said

    def _tracker(
        self, text: str, intent: str, *, slots: Json | None = None, form: bool = False, waiting: bool = False
    ) -> Tracker:
        metadata = {"message_id": str(self.message_id), "mode": "waiting" if waiting else "assistant"}
        message = {"text": text, "intent": {"name": intent, "confidence": 0.95}, "entities": [], "metadata": metadata}
        loop = {"name": "issue_form"} if form else {}
        sender = f"{self.conversation_id}.1"
        return Tracker(sender, slots or {}, message, [], False, None, loop, "action_listen")


def _spoken(message: Json) -> Json:
    return {key: message[key] for key in ("response", "text", "custom", "reference") if message.get(key)}


async def everything(ctx: Context, conversation_id: str) -> Json:
    """All that a turn may write, without the times."""
    async with ctx.db.read() as session:
        draft = await drafts.current_draft(session, ctx.support, conversation_id)
        issues = list(await session.scalars(select(Issue).where(Issue.conversation_id == conversation_id)))
        return {
            "answers": {name: (one.value, one.status) for name, one in draft.answers.items()} if draft else {},
            "state": (draft.intake.state, draft.intake.asking, draft.intake.misses) if draft else None,
            "intakes": await session.scalar(select(func.count()).select_from(Intake)),
            "issues": [(issue.reference, issue.status, issue.entitlement, issue.title) for issue in issues],
            "abuse": await session.scalar(
                select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "mood.abusive")
            ),
        }


@pytest.fixture
def interview(ctx: Context, customer: Customer) -> Interview:
    return Interview(ctx, customer)


async def twice(interview: Interview, text: str, intent: str, *names: str, **tracker: Any) -> list[Json]:
    """Run the turn, run it again, and hold both to the same words and the same database."""
    message = await interview.customer.writes(text)
    async with interview.ctx.db.read() as session:
        message_id = await session.scalar(
            select(Message.id).where(Message.conversation_id == interview.customer.id, Message.seq == message["seq"])
        )
    engine = Engine(interview.ctx, interview.customer.id, message_id or 0)
    first = await engine.runs(text, intent, names, **tracker)
    stored = await everything(interview.ctx, interview.customer.id)
    assert await engine.runs(text, intent, names, **tracker) == first
    assert await everything(interview.ctx, interview.customer.id) == stored
    return first


async def test_a_report_with_everything_in_it_is_one_issue(interview: Interview) -> None:
    text = "it crashes when I print, kim@brightsons.example"
    said = await twice(interview, text, "report_issue", "action_report_issue", "action_ask_issue_form_answer")
    assert said[0]["response"] == "utter_reference"
    assert {"type": "hand_off", "reason": "issue logged"} in [one.get("custom", {}).get("effect") for one in said]


async def test_the_address_brings_the_reference_again(interview: Interview) -> None:
    await interview.starts(problem="it crashes when I print")
    said = await twice(interview, "kim@brightsons.example", "inform", *FORM, form=True)
    assert said[0]["response"] == "utter_reference"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("12.2.1", "inform"),
        ("no, it is bob@y.example", "correct_answer"),
        ("call me tomorrow at 3 pm", "inform"),
        ("yes", "affirm"),
        ("we have a support contract", "inform"),
    ],
)
async def test_an_answer_is_taken_once(interview: Interview, text: str, intent: str) -> None:
    await interview.starts(**ESSENTIALS)
    await interview.is_logged()
    await twice(interview, text, intent, *FORM, form=True)


async def test_cancelling_the_questions_does_not_leave_the_queue_as_well(interview: Interview) -> None:
    await interview.starts(**ESSENTIALS)
    await interview.is_logged()
    said = await twice(interview, "never mind", "cancel", "action_cancel", form=True, waiting=True)
    assert [one["response"] for one in said] == ["utter_questions_stopped"]


async def test_one_insult_is_counted_once(interview: Interview) -> None:
    await interview.starts(**ESSENTIALS)
    await twice(interview, "you idiots", "abusive", "action_abusive", form=True)
    assert (await everything(interview.ctx, interview.customer.id))["abuse"] == 1


@pytest.mark.parametrize(
    ("text", "intent", "action"),
    [
        ("the printer is a Canon by the way", "follow_up", "action_follow_up"),
        ("the import fails too", "report_issue", "action_report_issue"),
        ("wrong e-mail, it is bob@y.example", "correct_answer", "action_correct_answer"),
        ("blorp of the printer", "nlu_fallback", "action_unsure"),
        ("we have a support contract", "ask_coverage", "action_ask_coverage"),
        ("call me tomorrow at 3 pm", "ask_person", "action_ask_person"),
        ("you never gave me a number", "missing_reference", "action_missing_reference"),
        ("what about my issue?", "ask_status", "action_ask_status"),
        ("this takes forever", "frustrated", "action_frustrated"),
    ],
)
async def test_what_is_said_in_the_queue_is_added_once(
    interview: Interview, text: str, intent: str, action: str
) -> None:
    await interview.starts(**ESSENTIALS)
    await interview.is_logged()
    async with interview.ctx.db.write() as session:
        draft = await interview.draft_in(session)
        draft.intake.state = "done"
        conversation = await session.get_one(Conversation, interview.customer.id)
        conversation.owner = "queue"
    await twice(interview, text, intent, action, waiting=True)


async def test_another_problem_is_one_more_draft(interview: Interview) -> None:
    await interview.starts(**ESSENTIALS)
    await interview.is_logged()
    await twice(interview, "This is another problem", "new_issue", "action_new_issue", "action_ask_issue_form_answer")
    assert (await everything(interview.ctx, interview.customer.id))["intakes"] == 2


async def test_another_language_is_logged_once(interview: Interview) -> None:
    await interview.starts()
    text = "Guten Tag, unser Programm startet nicht mehr"
    said = await twice(interview, text, "out_of_scope", "validate_issue_form", form=True)
    assert said[0]["response"] == "utter_foreign_de"
    assert len((await everything(interview.ctx, interview.customer.id))["issues"]) == 1


async def test_goodbye_logs_once(interview: Interview) -> None:
    await interview.starts(problem="it crashes when I print")
    said = await twice(interview, "bye", "goodbye", "action_goodbye", form=True)
    assert said[0]["response"] == "utter_reference"


@pytest.mark.parametrize(("pending", "expected"), [("did_it_help", 0), ("helped_at_last", 1)])
async def test_no_to_the_manual_opens_one_draft_at_the_second_time(
    interview: Interview, pending: str, expected: int
) -> None:
    await twice(interview, "no", "deny", "action_deny", slots={"pending_question": pending})
    assert (await everything(interview.ctx, interview.customer.id))["intakes"] == expected
