"""Misunderstood or out of scope, or an outdated button: offer the likely meanings, then every way out."""

from actions.base import TurnAction
from actions.how_to import look_up_again
from actions.new_issue import SAY_IT_DIFFERENTLY, report
from actions.report_issue import added
from actions.small_talk import ways
from actions.turn import UNSURE, Choice, Turn
from bot.services.intake import draft as drafts
from bot.services.intake.dispatch_message import help_for
from bot.triage.reading.report_words import names_a_problem

MOST_GUESSES = 3


class Unsure(TurnAction):
    """First the likeliest meanings as quick replies; after the second time in a row every way out."""

    action_name = "action_unsure"

    async def step(self, turn: Turn) -> None:
        if turn.pending == SAY_IT_DIFFERENTLY:
            await look_up_again(turn)
        elif turn.waiting:
            await _for_the_technician(turn)
        elif turn.pending == UNSURE:
            turn.ask_about(UNSURE)
            turn.say("utter_unsure_again", choices=ways(turn))
        else:
            turn.ask_about(UNSURE)
            turn.say("utter_unsure", choices=_did_you_mean(turn))


async def _for_the_technician(turn: Turn) -> None:
    """Leave a message in the queue to the technician, if it says anything."""
    if not names_a_problem(turn.typed):
        turn.say("utter_waiting")
    elif not await added(turn):
        await report(turn)


def _did_you_mean(turn: Turn) -> list[Choice]:
    """Return the likeliest meanings that have a title, then the three ways; each acts on the message."""
    buttons = turn.ctx.support.buttons
    about = {"about": turn.message_id} if turn.message_id is not None else {}
    known = {
        "how_to": Choice(buttons.how_to, "how_to", about),
        "report_issue": Choice(buttons.report, "report_issue", about),
        "ask_person": Choice(buttons.person, "ask_person", about),
        "ask_hours": Choice(buttons.hours, "ask_hours"),
        "ask_status": Choice(buttons.status, "ask_status"),
        "ask_coverage": Choice(buttons.cost, "ask_coverage"),
    }
    likely = [intent for intent in turn.ranking[:MOST_GUESSES] if intent in known]
    return [known[intent] for intent in dict.fromkeys([*likely, "how_to", "report_issue", "ask_person"])]


class OutOfScope(TurnAction):
    action_name = "action_out_of_scope"

    async def step(self, turn: Turn) -> None:
        if turn.pending == SAY_IT_DIFFERENTLY:
            await look_up_again(turn)
        elif turn.pending == UNSURE:
            await Unsure().step(turn)
        else:
            turn.ask_about(UNSURE)
            turn.say("utter_out_of_scope", product=turn.ctx.support.product)


class DontKnow(TurnAction):
    """ "I don't know where to find it" gets the help for the question; "no idea" when nothing was asked is unclear."""

    action_name = "action_dont_know"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.read() as session:
            draft = await drafts.current_draft(session, turn.ctx.support, turn.conversation_id)
            text = await turn.text(session)
        help_text = help_for(draft, text) if turn.in_form and draft is not None else None
        if help_text:
            turn.say_text(help_text)
        elif turn.waiting:
            turn.say("utter_waiting")
        else:
            await Unsure().step(turn)


class StaleChoice(TurnAction):
    """A button of finished questions. Corrections are still welcome: they reopen the draft's summary."""

    action_name = "action_stale_choice"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.write() as session:
            draft = await drafts.current_draft(session, turn.ctx.support, turn.conversation_id)
            line = turn.field("question") if turn.intent == "correct_line" else None
            reopens = draft is not None and turn.field("intake") == draft.intake.id
            if draft is not None and reopens:
                draft.intake.state, draft.intake.opened_by = "open", turn.message_id
                draft.intake.asking = str(line) if line else "summary"
        if reopens:
            turn.go_on_with_questions()
        else:
            turn.say("utter_choice_stale")
