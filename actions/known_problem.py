"""A known problem is offered once, and linked when the customer says that it is theirs."""

from actions.base import TurnAction
from actions.turn import Choice, Turn
from bot.services.intake import draft as drafts
from bot.services.intake.draft import Draft
from bot.services.intake.known_problem_offer import is_offered, link_draft
from bot.services.issue.known_problems import KnownProblem

INTENT = "known_problem"


def offer(turn: Turn, draft: Draft, problem: KnownProblem) -> None:
    """Offer the known problem; a customer who named it by its title is notified that it is linked."""
    if draft.intake.known_problem_id == problem.id:
        turn.say("utter_known_problem_linked", title=problem.title, details=problem.text)
        return
    fields = {"intake": draft.intake.id, "problem": problem.id}
    choices = [Choice(turn.ctx.support.buttons.known_problem, INTENT, fields)]
    turn.say("utter_known_problem", title=problem.title, details=problem.text, choices=choices)


class KnownProblemIsMine(TurnAction):
    """The button of an offer, pressed after the questions are over."""

    action_name = "action_known_problem_is_mine"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.write() as session:
            draft = await drafts.current_draft(session, turn.ctx.support, turn.conversation_id)
            mine = draft is not None and is_offered(draft, turn.field("problem"))
            if draft is not None and mine:
                await link_draft(session, draft, int(turn.field("problem")), turn.ctx.clock())
        turn.say("utter_known_problem_mine" if mine else "utter_choice_stale")
