"""What people say besides: why do you ask, corrections, anger, and what nobody understood."""

from actions.base import TurnAction
from actions.report import report
from actions.turn import Choice, Turn
from bot.services import draft as drafts
from bot.services.draft import CATEGORY, CONTACT, PROBLEM
from bot.services.follow_up import add_to_issue
from bot.services.mood import count_abuse

MOST_ABUSE = 3


class AskWhy(TurnAction):
    """Why the present question is asked."""

    action_name = "action_ask_why"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.read() as session:
            draft = await drafts.current(session, turn.ctx.support, turn.conversation_id)
        asked = draft.intake.asking if draft is not None and draft.intake.state == "open" else None
        question = draft.question(asked) if draft is not None and asked else None
        if question is not None:
            turn.say_text(question.why)
        elif asked in (PROBLEM, CONTACT, CATEGORY):
            turn.say(f"utter_why_{asked}")
        else:
            turn.say("utter_why_questions")


class CorrectAnswer(TurnAction):
    """A correction when no question is open: it is added to the issue, so that the technician reads it."""

    action_name = "action_correct_answer"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.write() as session:
            conversation = await turn.conversation(session)
            text = await turn.text(session)
            issue = await add_to_issue(session, turn.ctx, conversation, text, turn.message_id or 0)
        if issue is not None:
            turn.say("utter_added", reference=issue.reference)
        else:
            turn.say("utter_nothing_to_correct")


class Frustrated(TurnAction):
    """Acknowledge, flag it for the technician, offer a person."""

    action_name = "action_frustrated"

    async def step(self, turn: Turn) -> None:
        turn.effect("mood", value="frustrated")
        person = [] if turn.waiting else [Choice(turn.ctx.support.buttons.person, "ask_person")]
        turn.say("utter_frustrated", choices=person)


class Abusive(TurnAction):
    """One calm sentence about a professional tone, then help goes on; said often, a supervisor sees it."""

    action_name = "action_abusive"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.write() as session:
            conversation = await turn.conversation(session)
            times = await count_abuse(session, turn.ctx, conversation)
        turn.effect("mood", value="abusive" if times < MOST_ABUSE else "abusive_repeated")
        turn.say("utter_professional_tone" if times < MOST_ABUSE else "utter_tone_supervisor")


class Unsure(TurnAction):
    """Not understood, or not ours: offer what was probably meant; after the second time offer every way out."""

    action_name = "action_unsure"

    async def step(self, turn: Turn) -> None:
        if turn.waiting:
            await _note_while_waiting(turn)
            return
        buttons = turn.ctx.support.buttons
        meant = {"about": turn.message_id} if turn.message_id is not None else {}
        again = turn.pending == "unsure"
        turn.ask_about("unsure")
        choices = [
            Choice(buttons.how_to, "how_to", meant),
            Choice(buttons.report, "report_issue", meant),
            Choice(buttons.person, "ask_person"),
        ]
        turn.say("utter_unsure_again" if again else "utter_unsure", choices=choices)


async def _note_while_waiting(turn: Turn) -> None:
    """In the queue nothing is misunderstood: what is written is for the technician."""
    async with turn.ctx.db.write() as session:
        conversation = await turn.conversation(session)
        text = await turn.text(session)
        issue = await add_to_issue(session, turn.ctx, conversation, text, turn.message_id or 0)
    if issue is not None:
        turn.say("utter_added", reference=issue.reference)
    else:
        await report(turn)


class OutOfScope(TurnAction):
    action_name = "action_out_of_scope"

    async def step(self, turn: Turn) -> None:
        turn.say("utter_out_of_scope", product=turn.ctx.support.product)


class BotChallenge(TurnAction):
    action_name = "action_bot_challenge"

    async def step(self, turn: Turn) -> None:
        turn.say("utter_i_am_an_assistant", name=turn.ctx.support.assistant_name)


class Greet(TurnAction):
    action_name = "action_greet"

    async def step(self, turn: Turn) -> None:
        buttons = turn.ctx.support.buttons
        if turn.in_form or turn.waiting:
            turn.say("utter_hello_again")
            return
        turn.say(
            "utter_greet",
            product=turn.ctx.support.product,
            choices=[
                Choice(buttons.how_to, "how_to"),
                Choice(buttons.report, "report_issue"),
                Choice(buttons.person, "ask_person"),
            ],
        )


class DontKnow(TurnAction):
    """ "No idea" when nothing was asked."""

    action_name = "action_dont_know"

    async def step(self, turn: Turn) -> None:
        await Unsure().step(turn)


class StaleChoice(TurnAction):
    """A button of questions that are over. Corrections are still welcome: they reopen the draft's summary."""

    action_name = "action_stale_choice"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.write() as session:
            draft = await drafts.current(session, turn.ctx.support, turn.conversation_id)
            line = turn.field("question") if turn.intent == "correct_line" else None
            reopens = draft is not None and turn.field("intake") == draft.intake.id
            if draft is not None and reopens:
                draft.intake.state, draft.intake.opened_by = "open", turn.message_id
                draft.intake.asking = str(line) if line else "summary"
        if reopens:
            turn.go_on_with_questions()
        else:
            turn.say("utter_choice_stale")
