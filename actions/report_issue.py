"""Reports from customers: a problem, facts, an addition to an issue, a correction."""

from actions.ask_question import say_noted
from actions.base import TurnAction
from actions.existing_issue import GiveReference
from actions.how_to import look_up_again
from actions.new_issue import (
    ABOUT_THE_MANUAL,
    DID_IT_HELP,
    SAY_IT_DIFFERENTLY,
    NewIssue,
    back_to_the_technician,
    is_back,
    report,
)
from actions.turn import Choice, Turn
from bot.services.intake import draft as drafts
from bot.services.intake.corrections import correct_draft, says_only_facts
from bot.services.intake.user_message import IntakeOutcome, IntakeResult, UserMessage
from bot.services.issue.follow_up import add_to_issue
from bot.services.manual.answer import mark_solved
from bot.triage.reading.tech_reference import find_references


class ReportIssue(TurnAction):
    action_name = "action_report_issue"

    async def step(self, turn: Turn) -> None:
        if turn.typed.strip(" .!").casefold() == turn.ctx.support.buttons.new_issue.casefold():
            await NewIssue().step(turn)
        elif any(found.valid for found in find_references(turn.typed)):
            await GiveReference().step(turn)
        elif await is_back(turn):
            await back_to_the_technician(turn)
        else:
            if turn.pending in ABOUT_THE_MANUAL:
                await mark_solved(turn.ctx, turn.conversation_id, solved=False)
            await report(turn)


class Inform(TurnAction):
    """Facts without a question: more about what was asked or about the issue that waits, else the beginning of one."""

    action_name = "action_inform"

    async def step(self, turn: Turn) -> None:
        if turn.pending == SAY_IT_DIFFERENTLY or (turn.pending == DID_IT_HELP and turn.unseen_question):
            await look_up_again(turn)
        elif await is_back(turn):
            await back_to_the_technician(turn)
        else:
            await report(turn, text_is_problem=not says_only_facts(turn.ctx.support, turn.typed))


class FollowUp(TurnAction):
    """More about an issue: with its reference it is found, without one it is the conversation's own."""

    action_name = "action_follow_up"

    async def step(self, turn: Turn) -> None:
        if find_references(turn.typed):
            await GiveReference().step(turn)
        elif await is_back(turn):
            await back_to_the_technician(turn)
        elif not await added(turn):
            turn.say("utter_ask_reference", choices=[Choice(turn.ctx.support.buttons.new_issue, "new_issue")])


async def added(turn: Turn) -> bool:
    """Add the words to the conversation's issue and confirm; False when it has none."""
    async with turn.ctx.db.write() as session:
        conversation = await turn.conversation(session)
        text = await turn.text(session)
        issue = await add_to_issue(session, turn.ctx, conversation, text, turn.message_id or 0)
    if issue is not None:
        turn.say("utter_added", reference=issue.reference)
    return issue is not None


class CorrectAnswer(TurnAction):
    """A correction when no question is open: it changes the line it names, or is added for the technician to read."""

    action_name = "action_correct_answer"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.write() as session:
            draft = await drafts.current_draft(session, turn.ctx.support, turn.conversation_id)
            took = None
            if draft is not None and draft.answers:
                said = UserMessage(
                    await turn.text(session), turn.intent, turn.confidence, turn.message_id, False, False, {}
                )
                took = draft.took(turn.message_id) or await correct_draft(session, draft, None, said, turn.ctx.clock())
                draft.remember(turn.message_id, took or IntakeResult(IntakeOutcome.ASIDE))
            if draft is not None and took is not None and took.what is IntakeOutcome.SAVED:
                draft.intake.state, draft.intake.opened_by = "open", turn.message_id
        if draft is not None and took is not None and took.what is IntakeOutcome.NOTED:
            say_noted(turn, draft, took)
        elif took is not None and took.what is IntakeOutcome.SAVED:
            turn.go_on_with_questions()
        elif draft is None or not draft.has_problem or not await added(turn):
            turn.say("utter_nothing_to_correct")
