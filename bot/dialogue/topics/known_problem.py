"""A known problem is offered once, and linked when the customer says that it is theirs."""

from bot.dialogue.context import KnownProblemState
from bot.dialogue.plan import DRAFT_ID, Choice, Value
from bot.dialogue.turn import Turn
from bot.dialogue.working_draft import WorkingDraft

INTENT = "known_problem"


def offer(turn: Turn, draft: WorkingDraft, problem: KnownProblemState) -> None:
    """Offer the known problem; a customer who named it by its title is notified that it is linked."""
    if draft.intake.known_problem_id == problem.id:
        turn.say("utter_known_problem_linked", title=problem.title, details=problem.text)
        return
    fields: dict[str, Value] = {"intake": DRAFT_ID, "problem": problem.id}
    choices = [Choice(turn.support.buttons.known_problem, INTENT, fields)]
    turn.say("utter_known_problem", title=problem.title, details=problem.text, choices=choices)


def known_problem_is_mine(turn: Turn) -> None:
    """Take the button of an offer that was pressed after the questions were over."""
    problem, draft = turn.field("problem"), turn.draft
    if draft is None or not draft.is_offered(problem):
        turn.say("utter_choice_stale")
        return
    draft.link_known_problem(int(problem))
    turn.say("utter_known_problem_mine")
