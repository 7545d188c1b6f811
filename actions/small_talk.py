"""Small talk: why do you ask, anger, hello and goodbye, and out of scope."""

from actions.base import TurnAction
from actions.frustration import place_in_queue, remark, says_what_is_wrong, shorten
from actions.issue_form import announce
from actions.new_issue import report
from actions.turn import Choice, Turn
from bot.services.intake import draft as drafts
from bot.services.intake.draft import CATEGORY, CONTACT, PROBLEM
from bot.services.issue.follow_up import newest_issue, open_issue_of, status_of
from bot.services.issue.open_issue import open_issue


class AskWhy(TurnAction):
    """Say why the present question is asked."""

    action_name = "action_ask_why"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.read() as session:
            draft = await drafts.current_draft(session, turn.ctx.support, turn.conversation_id)
        asked = draft.intake.asking if draft is not None and draft.intake.state == "open" else None
        question = draft.question(asked) if draft is not None and asked else None
        if question is not None:
            turn.say_text(question.why)
        elif asked in (PROBLEM, CONTACT, CATEGORY):
            turn.say(f"utter_why_{asked}")
        else:
            turn.say("utter_why_questions")


class Temper(TurnAction):
    """Anger: one sentence, and then on with the questions, or with what else helps."""

    async def step(self, turn: Turn) -> None:
        await remark(turn)
        if turn.in_form:
            return
        place = await place_in_queue(turn)
        if place is not None:
            turn.say_text(place)
        elif not await _has_open_issue(turn):
            await report(turn, text_is_problem=await says_what_is_wrong(turn))
            if turn.intent == "frustrated":
                await shorten(turn)


class Frustrated(Temper):
    action_name = "action_frustrated"


class Abusive(Temper):
    action_name = "action_abusive"


async def _has_open_issue(turn: Turn) -> bool:
    async with turn.ctx.db.read() as session:
        return await open_issue_of(session, await turn.conversation(session)) is not None


class BotChallenge(TurnAction):
    action_name = "action_bot_challenge"

    async def step(self, turn: Turn) -> None:
        turn.say("utter_i_am_an_assistant", name=turn.ctx.support.assistant_name)


class Greet(TurnAction):
    """Greet; mention the unfinished draft of a returning customer."""

    action_name = "action_greet"

    async def step(self, turn: Turn) -> None:
        if turn.in_form:
            turn.say("utter_hello_again")
            return
        async with turn.ctx.db.read() as session:
            draft = await drafts.current_draft(session, turn.ctx.support, turn.conversation_id)
            conversation = await turn.conversation(session)
            issue = await newest_issue(session, conversation) if conversation.issue_id else None
            status = await status_of(session, turn.ctx, conversation, issue) if issue else None
        buttons = turn.ctx.support.buttons
        if draft is not None and draft.intake.state == "kept":
            title = draft.title if draft.has_problem else ""
            go_on = [Choice(buttons.go_on, "continue_issue"), Choice(buttons.new_issue, "new_issue")]
            response = "utter_hello_unfinished" if title else "utter_hello_unfinished_untold"
            turn.say(response, title=title, choices=go_on)
        elif status is not None:
            turn.say("utter_hello_issue", reference=status.reference, status=status.status)
        else:
            turn.say("utter_greet", product=turn.ctx.support.product, choices=ways(turn))


def ways(turn: Turn) -> list[Choice]:
    """Return the three things that can be done here."""
    buttons = turn.ctx.support.buttons
    return [
        Choice(buttons.how_to, "how_to"),
        Choice(buttons.report, "report_issue"),
        Choice(buttons.person, "ask_person"),
    ]


class Goodbye(TurnAction):
    """Log the issue of a customer who leaves in the middle of the questions, if the problem is known."""

    action_name = "action_goodbye"

    async def step(self, turn: Turn) -> None:
        turn.ask_about(None)
        async with turn.ctx.db.write() as session:
            draft = await drafts.current_draft(session, turn.ctx.support, turn.conversation_id)
            conversation = await turn.conversation(session)
            ended = conversation.outcome is not None
            logged = None
            if draft is not None and draft.put_aside(turn.message_id) and draft.problem:
                if CONTACT not in draft.answers:
                    words = turn.ctx.support.wording.contact_is_this_chat
                    await drafts.save_answer(
                        session, draft, CONTACT, words, turn.ctx.clock(), message_id=turn.message_id
                    )
                logged = await open_issue(session, turn.ctx, conversation, draft, actor="assistant")
        if turn.in_form:
            turn.leave_questions()
        if logged is not None and logged.announced_at is None:
            announce(turn, logged.reference, wants_person=True)
        elif not ended:
            turn.effect("outcome", value="cancelled")
        turn.say("utter_goodbye")
