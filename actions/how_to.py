"""How-to questions: the manual first, as the vendor's page asks."""

from actions.base import TurnAction
from actions.report import report
from actions.turn import Choice, Turn
from bot.services import draft as drafts
from bot.services import issue_life
from bot.services.answer import Found, mark_solved, search_manual
from bot.services.draft import Draft

DID_IT_HELP, SAY_IT_DIFFERENTLY, FIXED_BY_TECHNICIAN = (
    "did_it_help",
    "say_it_differently",
    "fixed_by_technician",
)


class AnswerHowTo(TurnAction):
    """Show the best passages and ask whether that solved it; in the middle of questions, only show them."""

    action_name = "action_answer_how_to"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.read() as session:
            text = await turn.text(session)
            draft = await drafts.current(session, turn.ctx.support, turn.conversation_id)
        if turn.is_choice and not turn.field("about"):
            turn.say("utter_ask_how_to")
            return
        if turn.in_form and draft is not None and _asks_for_help(turn, draft, text):
            return
        found = await search_manual(turn.ctx, turn.conversation_id, turn.message_id, text)
        self._show(turn, found)

    def _show(self, turn: Turn, found: Found) -> None:
        if not found.cards:
            turn.say(
                "utter_manual_has_nothing" if found.searched else "utter_manual_unavailable",
                choices=[] if turn.in_form else offers(turn),
            )
            return
        turn.say("utter_manual_found", cards=found.cards)
        if not turn.in_form:
            turn.ask_about(DID_IT_HELP)
            turn.say("utter_did_it_help", choices=_helped(turn))


def _asks_for_help(turn: Turn, draft: Draft, text: str) -> bool:
    """ "Where do I find the version?" is about the question just put, not about the manual."""
    question = draft.question(draft.intake.asking or "")
    if question is None or not question.help or "where" not in text.casefold():
        return False
    turn.say_text(question.help)
    return True


def _helped(turn: Turn) -> list[Choice]:
    buttons = turn.ctx.support.buttons
    return [
        Choice(buttons.solved, "solved"),
        Choice(buttons.not_solved, "not_solved"),
        Choice(buttons.person, "ask_person"),
    ]


def offers(turn: Turn) -> list[Choice]:
    """What can be done when the manual does not help."""
    buttons = turn.ctx.support.buttons
    message = {"about": turn.message_id} if turn.message_id is not None else {}
    return [
        Choice(buttons.report, "report_issue", message),
        Choice(buttons.person, "ask_person"),
    ]


class Solved(TurnAction):
    """The customer says that it works: recorded as solved, whatever it was."""

    action_name = "action_solved"

    async def step(self, turn: Turn) -> None:
        turn.ask_about(None)
        search = await mark_solved(turn.ctx, turn.conversation_id, solved=True)
        reference = await _resolve_waiting(turn)
        turn.effect("outcome", value="solved")
        if reference:
            turn.effect("cancel_hand_off")
            turn.say("utter_issue_solved", reference=reference)
        else:
            turn.say("utter_solved" if search else "utter_glad")


async def _resolve_waiting(turn: Turn) -> str | None:
    """Close the conversation's issue when its customer says it is solved; None when there is none open."""
    async with turn.ctx.db.write() as session:
        conversation = await turn.conversation(session)
        return await issue_life.resolve_for_customer(session, turn.ctx, conversation)


class NotSolved(TurnAction):
    """It did not help: ask once in other words, then log it with the question and the pages shown."""

    action_name = "action_not_solved"

    async def step(self, turn: Turn) -> None:
        if turn.pending == FIXED_BY_TECHNICIAN:
            turn.ask_about(None)
            await back_to_the_technician(turn)
            return
        first_time = turn.pending == DID_IT_HELP
        await mark_solved(turn.ctx, turn.conversation_id, solved=False)
        turn.ask_about(SAY_IT_DIFFERENTLY)
        turn.say(
            "utter_say_it_differently" if first_time else "utter_not_solved",
            choices=offers_after_search(turn),
        )


def offers_after_search(turn: Turn) -> list[Choice]:
    buttons = turn.ctx.support.buttons
    return [Choice(buttons.report, "report_issue"), Choice(buttons.person, "ask_person")]


async def back_to_the_technician(turn: Turn) -> None:
    """What the technician did has not worked: the same issue goes back into the queue."""
    async with turn.ctx.db.write() as session:
        conversation = await turn.conversation(session)
        reference = await issue_life.reopen(session, turn.ctx, conversation)
    if reference is None:
        await report(turn, text_is_problem=False)
        return
    turn.say("utter_back_to_technician", reference=reference)
    turn.effect("hand_off", reason="not solved")


class Affirm(TurnAction):
    """A plain yes answers whatever was asked last."""

    action_name = "action_affirm"

    async def step(self, turn: Turn) -> None:
        if turn.pending in (DID_IT_HELP, FIXED_BY_TECHNICIAN):
            await Solved().step(turn)
        elif turn.pending == SAY_IT_DIFFERENTLY:
            turn.ask_about(None)
            await report(turn, text_is_problem=False)
        else:
            turn.say("utter_what_next", choices=offers_after_search(turn))


class Deny(TurnAction):
    """A plain no; one with more to say ("no, it still crashes") is a report."""

    action_name = "action_deny"
    words_of_a_plain_no = 4

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.read() as session:
            text = await turn.text(session)
        if turn.pending and len(text.split()) > self.words_of_a_plain_no:
            await mark_solved(turn.ctx, turn.conversation_id, solved=False)
            turn.ask_about(None)
            await report(turn)
        elif turn.pending in (DID_IT_HELP, FIXED_BY_TECHNICIAN):
            await NotSolved().step(turn)
        else:
            turn.ask_about(None)
            turn.say("utter_anything_else")
