"""A person, at any moment: only the essentials first, then the reference and the place in the queue."""

from actions.base import TurnAction
from actions.report import report
from actions.turn import Choice, Turn
from bot.services import draft as drafts
from bot.services import queue
from bot.services.wording import queue_place


class AskPerson(TurnAction):
    action_name = "action_ask_person"

    async def step(self, turn: Turn) -> None:
        turn.ask_about(None)
        async with turn.ctx.db.write() as session:
            conversation = await turn.conversation(session)
            place = await queue.position(session, turn.ctx.support.queue_policy, conversation)
            draft = await drafts.current(session, turn.ctx.support, turn.conversation_id)
            logged = draft is not None and draft.issue is not None and draft.issue.status != "resolved"
            if draft is not None:
                draft.intake.wants_person = True
        if place is not None:
            turn.say_text(
                queue_place(turn.ctx.support, turn.ctx.clock(), place, conversation.time_zone),
                choices=[Choice(turn.ctx.support.buttons.leave_queue, "leave_queue")],
            )
        elif logged:
            turn.say("utter_person_coming")
            turn.effect("hand_off", reason="customer asked")
        else:
            turn.say("utter_person_after_essentials")
            await report(turn, text_is_problem=False)


class LeaveQueue(TurnAction):
    """The customer no longer waits; the issue stays logged."""

    action_name = "action_leave_queue"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.read() as session:
            draft = await drafts.current(session, turn.ctx.support, turn.conversation_id)
        reference = draft.issue.reference if draft and draft.issue else ""
        turn.effect("cancel_hand_off")
        if turn.waiting and reference:
            turn.say_text(turn.ctx.support.wording.queue_cancelled.format(reference=reference))
        else:
            turn.say("utter_nothing_to_cancel")
