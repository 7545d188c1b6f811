"""How-to questions: the manual first, as the vendor's page asks."""

from actions.base import TurnAction
from actions.new_issue import DID_IT_HELP, HELPED_AT_LAST, SAY_IT_DIFFERENTLY
from actions.turn import Choice, Turn
from bot.services.intake import draft as drafts
from bot.services.intake.dispatch_message import help_for
from bot.services.manual.answer import Found, search_manual, unsolved_questions


class AnswerHowTo(TurnAction):
    """Show the best passages and ask whether that solved it; in the middle of questions, only show them."""

    action_name = "action_answer_how_to"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.read() as session:
            text = await turn.text(session)
            draft = await drafts.current_draft(session, turn.ctx.support, turn.conversation_id)
        if turn.is_choice and not turn.field("about"):
            turn.say("utter_ask_how_to")
            return
        # "Where do I find the version?" is about the question just put, not about the manual.
        help_text = help_for(draft, text) if turn.in_form and draft is not None else None
        if help_text:
            turn.say_text(help_text)
            return
        await look_up(turn, text)


async def look_up(turn: Turn, question: str, *, private: bool = False) -> None:
    """Search the manual, show the confident passages, and ask whether that helped.

    ``private``: a part of the question was asked in private, and pages reveal the question.
    """
    found = await search_manual(turn.ctx, turn.conversation_id, turn.message_id, question)
    if not found.cards:
        _found_nothing(turn, found)
        return
    turn.say("utter_manual_found", cards=found.cards, private=private)
    if not turn.in_form:
        again = turn.pending in (SAY_IT_DIFFERENTLY, HELPED_AT_LAST)
        turn.ask_about(HELPED_AT_LAST if again else DID_IT_HELP)
        turn.say("utter_did_it_help", choices=_helped(turn))


def _found_nothing(turn: Turn, found: Found) -> None:
    if not turn.in_form:
        turn.ask_about(SAY_IT_DIFFERENTLY)
    turn.say(
        "utter_manual_has_nothing" if found.searched else "utter_manual_unavailable",
        choices=[] if turn.in_form else offers(turn),
    )


async def look_up_again(turn: Turn) -> None:
    """Search with the question in other words; a burst is one question, so the messages just before belong to it."""
    async with turn.ctx.db.read() as session:
        text = await turn.text(session)
        before = await unsolved_questions(session, turn.conversation_id) if turn.unseen_question else []
    last = before[-1:]
    await look_up(turn, " ".join([*(one.question for one in last), text]), private=any(one.private for one in last))


def _helped(turn: Turn) -> list[Choice]:
    buttons = turn.ctx.support.buttons
    return [
        Choice(buttons.solved, "solved"),
        Choice(buttons.not_solved, "not_solved"),
        Choice(buttons.person, "ask_person"),
    ]


def offers(turn: Turn) -> list[Choice]:
    """Return the offers for a question that the manual does not answer."""
    buttons = turn.ctx.support.buttons
    return [Choice(buttons.report, "report_issue"), Choice(buttons.person, "ask_person")]
