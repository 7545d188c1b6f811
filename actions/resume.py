"""Resume a conversation: a new episode, a stopped draft, a hand-back from the technician."""

from actions.base import TurnAction
from actions.did_it_help import fixed_or_not
from actions.new_issue import FIXED_BY_TECHNICIAN
from actions.turn import Turn
from bot.services.hand_off.resume_wording import GIVEN_BACK, KNOWN_PROBLEM_OVER
from bot.services.intake import draft as drafts


class Resume(TurnAction):
    """The first turn of an episode: rebuild what the engine must know. The gateway shows no reply but a hand-back's."""

    action_name = "action_resume"

    async def step(self, turn: Turn) -> None:
        resume = turn.metadata.get("resume") or {}
        if resume.get("kind") == GIVEN_BACK:
            _given_back(turn, resume)
            return
        if resume.get("kind") == KNOWN_PROBLEM_OVER:
            turn.ask_about(FIXED_BY_TECHNICIAN)
            title, text = resume.get("title", ""), resume.get("text", "")
            turn.say("utter_known_problem_over", choices=fixed_or_not(turn), title=title, details=text)
            return
        if resume.get("kind") == "reopened":
            # The gateway has just announced that the issue stays resolved until the customer reports otherwise.
            turn.ask_about(FIXED_BY_TECHNICIAN)
        async with turn.ctx.db.read() as session:
            draft = await drafts.current_draft(session, turn.ctx.support, turn.conversation_id)
        turn.effect("noted")
        if draft is not None and draft.intake.state == "open":
            turn.go_on_with_questions()


def _given_back(turn: Turn, resume: dict[str, str]) -> None:
    turn.ask_about(FIXED_BY_TECHNICIAN)
    note = f"“{resume['note']}”" if resume.get("note") else ""
    turn.say(
        "utter_given_back" if note else "utter_given_back_without_note",
        technician=resume.get("technician", ""),
        note=note,
        choices=fixed_or_not(turn),
    )


class ContinueIssue(TurnAction):
    """Resume the stopped questions."""

    action_name = "action_continue_issue"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.write() as session:
            draft = await drafts.current_draft(session, turn.ctx.support, turn.conversation_id)
            if draft is not None and draft.intake.state != "done":
                draft.intake.state, draft.intake.opened_by = "open", turn.message_id
                draft.intake.asking = None
            going_on = draft is not None and draft.intake.state == "open"
        if going_on:
            turn.say("utter_going_on")
            turn.go_on_with_questions()
        else:
            turn.say("utter_nothing_to_continue")
