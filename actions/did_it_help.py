"""Feedback on an answer: yes ends it as solved; no asks once more in other words, then hands off to a technician."""

from actions.base import TurnAction
from actions.how_to import offers
from actions.new_issue import (
    ABOUT_THE_MANUAL,
    DID_IT_HELP,
    FIXED_BY_TECHNICIAN,
    HELPED_AT_LAST,
    SAY_IT_DIFFERENTLY,
    back_to_the_technician,
    report,
)
from actions.turn import Choice, Turn
from bot.services.intake import draft as drafts
from bot.services.issue import issue_status
from bot.services.issue.follow_up import open_issue_of
from bot.services.manual.answer import mark_solved
from bot.triage.reading.report_words import names_a_problem

ANYTHING_ELSE = "anything_else"
WORDS_OF_A_PLAIN_NO = 4


class Solved(TurnAction):
    """The customer reports that it works: recorded as solved, whatever it was."""

    action_name = "action_solved"

    async def step(self, turn: Turn) -> None:
        about_the_manual = turn.pending in ABOUT_THE_MANUAL
        turn.ask_about(None)
        search = await mark_solved(turn.ctx, turn.conversation_id, solved=True)
        if about_the_manual and await _still_open(turn):
            return
        reference = await _resolve_waiting(turn)
        turn.effect("outcome", value="solved")
        if turn.in_form:
            turn.leave_questions()
        if reference:
            turn.effect("cancel_hand_off")
            turn.say("utter_issue_solved", reference=reference)
        else:
            turn.say("utter_solved" if search else "utter_glad")


async def _still_open(turn: Turn) -> bool:
    """Return True after a side question, whose answer does not solve the waiting issue."""
    async with turn.ctx.db.read() as session:
        issue = await open_issue_of(session, await turn.conversation(session))
    if issue is not None:
        turn.say("utter_solved_issue_stays", reference=issue.reference)
    return issue is not None


async def _resolve_waiting(turn: Turn) -> str | None:
    """Close the conversation's issue when its customer reports it solved; None when there is none open."""
    async with turn.ctx.db.write() as session:
        conversation = await turn.conversation(session)
        draft = await drafts.current_draft(session, turn.ctx.support, turn.conversation_id)
        if draft is not None and draft.intake.state == "open":
            draft.intake.state, draft.intake.asking = "done", None
        return await issue_status.resolve_for_customer(session, turn.ctx, conversation)


class NotSolved(TurnAction):
    """It did not help: ask once in other words, then log it with the question and the pages shown."""

    action_name = "action_not_solved"

    async def step(self, turn: Turn) -> None:
        if turn.pending == FIXED_BY_TECHNICIAN:
            await back_to_the_technician(turn)
            return
        await mark_solved(turn.ctx, turn.conversation_id, solved=False)
        if turn.pending in (HELPED_AT_LAST, SAY_IT_DIFFERENTLY):
            turn.say("utter_not_solved_log_it")
            await report(turn, text_is_problem=False)
            return
        turn.ask_about(SAY_IT_DIFFERENTLY)
        turn.say("utter_say_it_differently", choices=offers(turn))


class Affirm(TurnAction):
    """A plain yes answers whatever was asked last."""

    action_name = "action_affirm"

    async def step(self, turn: Turn) -> None:
        if turn.pending in (DID_IT_HELP, HELPED_AT_LAST, FIXED_BY_TECHNICIAN):
            await Solved().step(turn)
        elif turn.pending == SAY_IT_DIFFERENTLY:
            await report(turn, text_is_problem=False)
        elif turn.waiting:
            turn.say("utter_waiting")
        else:
            turn.ask_about(None)
            turn.say("utter_what_next", choices=offers(turn))


class Deny(TurnAction):
    """A plain no; one with more to say ("no, it still crashes") is a report."""

    action_name = "action_deny"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.read() as session:
            text = await turn.text(session)
        if turn.pending == FIXED_BY_TECHNICIAN:
            await back_to_the_technician(turn)
        elif turn.pending and len(text.split()) > WORDS_OF_A_PLAIN_NO and names_a_problem(text):
            await mark_solved(turn.ctx, turn.conversation_id, solved=False)
            await report(turn)
        elif turn.pending in ABOUT_THE_MANUAL:
            await NotSolved().step(turn)
        elif turn.waiting:
            turn.say("utter_waiting")
        elif turn.pending == ANYTHING_ELSE:
            turn.ask_about(None)
            turn.say("utter_goodbye")
        else:
            turn.ask_about(ANYTHING_ELSE)
            turn.say("utter_anything_else")


class Thank(TurnAction):
    """Thanks after a passage of the manual say that it helped."""

    action_name = "action_thank"

    async def step(self, turn: Turn) -> None:
        if turn.pending in (DID_IT_HELP, HELPED_AT_LAST):
            await Solved().step(turn)
        else:
            turn.say("utter_welcome")


def fixed_or_not(turn: Turn) -> list[Choice]:
    """Return the two answers to "does it work now?"."""
    buttons = turn.ctx.support.buttons
    return [Choice(buttons.solved, "solved"), Choice(buttons.not_solved, "not_solved")]
