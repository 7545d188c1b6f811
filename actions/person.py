"""A person, at any moment: only the essentials first, then the reference and the place in the queue."""

from sqlalchemy.ext.asyncio import AsyncSession

from actions.ask_question import say_call_back
from actions.base import TurnAction
from actions.frustration import place_in_queue, says_what_is_wrong
from actions.new_issue import report
from actions.turn import Choice, Turn
from bot.services.conversation.lifecycle import Conversation
from bot.services.intake import draft as drafts
from bot.services.intake.draft import CALL_BACK
from bot.services.intake.side_facts import fill_from
from bot.services.issue.follow_up import open_issue_of


class AskPerson(TurnAction):
    action_name = "action_ask_person"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.write() as session:
            conversation = await turn.conversation(session)
            issue = await open_issue_of(session, conversation)
            call_back = await _noted_call_back(session, turn, conversation) if issue else None
        place = await place_in_queue(turn)
        if call_back:
            say_call_back(turn, call_back)
        if place is not None and call_back:
            turn.ask_about(None)
        elif place is not None:
            turn.ask_about(None)
            turn.say_text(place, choices=[Choice(turn.ctx.support.buttons.leave_queue, "leave_queue")])
        elif issue is not None:
            turn.ask_about(None)
            turn.say("utter_person_coming")
            turn.effect("outcome", value="hand_off")
            turn.effect("hand_off", reason="customer asked")
        else:
            turn.say("utter_person_after_essentials")
            await report(turn, text_is_problem=await says_what_is_wrong(turn))


async def _noted_call_back(session: AsyncSession, turn: Turn, conversation: Conversation) -> str | None:
    """Save the time to call from the message to the open issue, and return it; None without one."""
    issue = await open_issue_of(session, conversation)
    if issue is None:
        return None
    draft = await drafts.draft_of_issue(session, turn.ctx.support, issue)
    text = await turn.text(session)
    filled = await fill_from(session, draft, text, turn.ctx.clock(), turn.message_id)
    return draft.answers[CALL_BACK].value if CALL_BACK in filled else None


class LeaveQueue(TurnAction):
    """The customer no longer waits; the issue stays logged."""

    action_name = "action_leave_queue"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.read() as session:
            issue = await open_issue_of(session, await turn.conversation(session))
        if turn.waiting and issue is not None:
            turn.effect("cancel_hand_off")
            turn.say_text(turn.ctx.support.wording.queue_cancelled.format(reference=issue.reference))
        else:
            turn.say("utter_nothing_to_cancel")
