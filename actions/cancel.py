"""Cancel: stop the questions, or leave the queue; the answers so far are kept."""

from actions.base import TurnAction
from actions.person import LeaveQueue
from actions.turn import Choice, Turn
from bot.services.intake import draft as drafts


class Cancel(TurnAction):
    action_name = "action_cancel"

    async def step(self, turn: Turn) -> None:
        turn.ask_about(None)
        async with turn.ctx.db.write() as session:
            draft = await drafts.current_draft(session, turn.ctx.support, turn.conversation_id)
            put_aside = draft is not None and draft.put_aside(turn.message_id)
            reference = draft.issue.reference if draft and draft.issue else ""
        if not put_aside:
            await LeaveQueue().step(turn)
            return
        turn.leave_questions()
        go_on = [Choice(turn.ctx.support.buttons.go_on, "continue_issue")]
        if reference:
            turn.say("utter_questions_stopped", reference=reference, choices=go_on)
        else:
            turn.effect("outcome", value="cancelled")
            turn.say("utter_cancelled", choices=go_on)
