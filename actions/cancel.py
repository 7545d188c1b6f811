"""Never mind: put the questions aside, or leave the queue; what was answered is kept."""

from rasa_sdk.events import ActiveLoop, SlotSet

from actions.base import TurnAction
from actions.person import LeaveQueue
from actions.turn import FORM_SLOT, Turn
from bot.services import draft as drafts


class Cancel(TurnAction):
    action_name = "action_cancel"

    async def step(self, turn: Turn) -> None:
        turn.ask_about(None)
        async with turn.ctx.db.write() as session:
            draft = await drafts.current(session, turn.ctx.support, turn.conversation_id)
            asking = draft is not None and draft.intake.state == "open"
            if draft is not None and asking:
                draft.intake.state, draft.intake.asking = "kept", None
            reference = draft.issue.reference if draft and draft.issue else ""
        if not asking:
            await LeaveQueue().step(turn)
            return
        turn.events += [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet(FORM_SLOT, None)]
        if reference:
            turn.say("utter_questions_stopped", reference=reference)
        else:
            turn.effect("outcome", value="cancelled")
            turn.say("utter_cancelled")
