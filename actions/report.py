"""A problem is reported, by itself or on top of an earlier one."""

from sqlalchemy.ext.asyncio import AsyncSession

from actions.base import TurnAction
from actions.turn import Choice, Turn
from bot.services import draft as drafts
from bot.services.conversations import Conversation
from bot.services.draft import Draft
from bot.services.follow_up import add_to_issue
from bot.triage.impact import Impact, assess

# Harm that goes on while people talk: said before anything is asked.
FIRST_AID = (Impact.DATA_LOSS, Impact.JOB_RUNNING)


async def report(turn: Turn, *, wants_person: bool = True, text_is_problem: bool = True) -> None:
    """Start the draft, or add to what is there, and let the form go on with the questions."""
    async with turn.ctx.db.write() as session:
        conversation = await turn.conversation(session)
        draft = await drafts.current(session, turn.ctx.support, turn.conversation_id)
        text = await turn.text(session) if text_is_problem else ""
        if draft is not None and _is_addition(conversation, draft) and text:
            issue = await add_to_issue(session, turn.ctx, conversation, text, turn.message_id or 0)
            reference = issue.reference if issue else ""
        else:
            draft = await _open(session, turn, conversation, draft, text, wants_person)
            reference = ""
        asked_more = draft.intake.state == "open"
    if reference:
        turn.say("utter_added", reference=reference, choices=_another(turn))
    impact = assess(text, {})
    if impact in FIRST_AID:
        turn.say(f"utter_first_aid_{impact}")
    if asked_more:
        turn.go_on_with_questions()


def _is_addition(conversation: Conversation, draft: Draft) -> bool:
    """While an issue waits for a technician, more trouble is taken as more of the same unless said otherwise."""
    return draft.intake.state == "done" and conversation.owner == "queue"


def _another(turn: Turn) -> list[Choice]:
    return [Choice(turn.ctx.support.buttons.new_issue, "new_issue")]


async def _open(
    session: AsyncSession,
    turn: Turn,
    conversation: Conversation,
    draft: Draft | None,
    text: str,
    wants_person: bool,
) -> Draft:
    if draft is None or draft.intake.state == "done":
        draft = await drafts.begin(session, turn.ctx, conversation, turn.message_id)
    draft.intake.state, draft.intake.opened_by = "open", turn.message_id
    draft.intake.wants_person = draft.intake.wants_person or wants_person
    if text:
        await drafts.add_to_problem(session, draft, text, turn.ctx.clock(), turn.message_id)
        await drafts.fill_from(session, draft, text, turn.ctx.clock(), turn.message_id)
    return draft


class ReportIssue(TurnAction):
    action_name = "action_report_issue"

    async def step(self, turn: Turn) -> None:
        if not turn.is_choice or turn.field("about"):
            await report(turn)
        else:
            await report(turn, text_is_problem=False)


class NewIssue(TurnAction):
    """The customer says that this is another problem: a draft of its own."""

    action_name = "action_new_issue"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.write() as session:
            conversation = await turn.conversation(session)
            draft = await drafts.current(session, turn.ctx.support, turn.conversation_id)
            opened_now = draft is not None and draft.intake.opened_by == turn.message_id
            if not opened_now and (draft is None or draft.issue is not None):
                await drafts.begin(session, turn.ctx, conversation, turn.message_id)
            elif draft is not None:
                draft.intake.state, draft.intake.opened_by = "open", turn.message_id
        turn.go_on_with_questions()


class Inform(TurnAction):
    """Facts without a question: more about the issue that waits, else the beginning of one."""

    action_name = "action_inform"

    async def step(self, turn: Turn) -> None:
        await report(turn)
