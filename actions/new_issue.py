"""A problem is reported, by itself or on top of an earlier one."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from actions.ask_question import say_call_back
from actions.base import TurnAction
from actions.harm_warning import give_first_aid
from actions.turn import Choice, Turn
from bot.services.billing.entitlement import claim_contract
from bot.services.conversation.lifecycle import Conversation
from bot.services.intake import draft as drafts
from bot.services.intake.draft import CALL_BACK, Draft
from bot.services.intake.harm_warning import first_harm
from bot.services.intake.side_facts import fill_from
from bot.services.issue import issue_status
from bot.services.issue.follow_up import add_to_issue
from bot.services.manual.answer import unsolved_questions
from bot.triage.reading.contract_claim import claims_contract
from bot.triage.reading.report_words import names_a_problem
from bot.triage.text.plain_text import fold

DID_IT_HELP, SAY_IT_DIFFERENTLY, HELPED_AT_LAST, FIXED_BY_TECHNICIAN = (
    "did_it_help",
    "say_it_differently",
    "helped_at_last",
    "fixed_by_technician",
)
ABOUT_THE_MANUAL = (DID_IT_HELP, SAY_IT_DIFFERENTLY, HELPED_AT_LAST)
SAME_TROUBLE = re.compile(r"\b(?:still|again|not (?:fixed|solved|working|resolved)|came back|come back|no better)\b")


async def report(turn: Turn, *, text_is_problem: bool = True) -> None:
    """Start the draft, or add to what is there, and let the form go on with the questions."""
    async with turn.ctx.db.write() as session:
        conversation = await turn.conversation(session)
        draft = await drafts.current_draft(session, turn.ctx.support, turn.conversation_id)
        text = await turn.text(session)
        problem, private = await _problem(session, turn, text if text_is_problem else "")
        before = draft.problem if draft is not None and draft.intake.state != "done" else ""
        if draft is not None and _is_addition(conversation, draft) and problem:
            issue = await add_to_issue(session, turn.ctx, conversation, problem, turn.message_id or 0, private=private)
            reference = issue.reference if issue else ""
        else:
            draft = await _open(session, turn, conversation, draft, problem, private=private)
            reference = ""
        filled = await fill_from(session, draft, text, turn.ctx.clock(), turn.message_id)
        asked_more = draft.intake.state == "open"
        claimed = claims_contract(text) and bool(await claim_contract(session, turn.ctx, conversation))
    turn.ask_about(None)
    if reference:
        turn.say("utter_added", reference=reference, choices=_another(turn))
    if harmful := first_harm(problem, before):
        await give_first_aid(turn, harmful, problem)
    if CALL_BACK in filled:
        say_call_back(turn, draft.answers[CALL_BACK].value)
    if claimed:
        turn.say_text(turn.ctx.support.wording.contract_to_check)
    if asked_more:
        turn.go_on_with_questions()


async def _problem(session: AsyncSession, turn: Turn, text: str) -> tuple[str, bool]:
    """Return what goes wrong, in the customer's words; after a search that did not help, what was asked.

    With it, whether an earlier question among it was asked in private.
    """
    if names_a_problem(text) and not _is_button(turn, text):
        return text, False
    # A bare "something is wrong" after a passage of the manual is about something else.
    if turn.pending in ABOUT_THE_MANUAL and (not text or turn.is_choice or _is_button(turn, text)):
        asked = await unsolved_questions(session, turn.conversation_id)
        return "\n".join(one.question for one in asked), any(one.private for one in asked)
    return "", False


def _is_button(turn: Turn, text: str) -> bool:
    buttons = turn.ctx.support.buttons
    titles = (buttons.report, buttons.person, buttons.not_solved, buttons.new_issue)
    return text.strip(" .!").casefold() in {title.strip(" .!").casefold() for title in titles}


def _is_addition(conversation: Conversation, draft: Draft) -> bool:
    """Return True while an issue waits: more trouble belongs to it unless stated otherwise.

    The same holds for stopped questions: a customer who stopped them is not asked again for adding a word.
    """
    if draft.issue is None or draft.intake.state == "open":
        return False
    return conversation.owner == "queue" or draft.intake.state == "kept"


def _another(turn: Turn) -> list[Choice]:
    return [Choice(turn.ctx.support.buttons.new_issue, "new_issue")]


async def _open(
    session: AsyncSession, turn: Turn, conversation: Conversation, draft: Draft | None, problem: str, *, private: bool
) -> Draft:
    if draft is None or draft.intake.state == "done":
        draft = await drafts.begin_draft(session, turn.ctx, conversation, turn.message_id)
    draft.intake.state, draft.intake.opened_by = "open", turn.message_id
    draft.intake.wants_person = True
    if problem:
        await drafts.add_to_problem(session, draft, problem, turn.ctx.clock(), turn.message_id, private=private)
    return draft


async def is_back(turn: Turn) -> bool:
    """Return True when the message says that a resolved problem is back: "it still crashes"."""
    if not SAME_TROUBLE.search(fold(turn.typed)) or turn.waiting:
        return False
    async with turn.ctx.db.read() as session:
        conversation = await turn.conversation(session)
        resolved = await issue_status.is_resolved(session, conversation)
    return resolved or turn.pending == FIXED_BY_TECHNICIAN


async def back_to_the_technician(turn: Turn) -> None:
    """Return the same issue to the queue, with the new message, because the solution has not worked."""
    async with turn.ctx.db.write() as session:
        conversation = await turn.conversation(session)
        reference = await issue_status.reopen_issue(session, turn.ctx, conversation)
        text = await turn.text(session)
        if reference is not None and names_a_problem(text) and not _is_button(turn, text):
            await add_to_issue(session, turn.ctx, conversation, text, turn.message_id or 0)
    turn.ask_about(None)
    if reference is None:
        await report(turn)
        return
    turn.say("utter_back_to_technician", reference=reference, choices=_another(turn))
    turn.effect("outcome", value="hand_off")
    turn.effect("hand_off", reason="not solved")


class NewIssue(TurnAction):
    """The customer says that this is another problem: a draft of its own."""

    action_name = "action_new_issue"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.write() as session:
            conversation = await turn.conversation(session)
            draft = await drafts.current_draft(session, turn.ctx.support, turn.conversation_id)
            opened_now = draft is not None and draft.intake.opened_by == turn.message_id
            if not opened_now and (draft is None or draft.issue is not None):
                await drafts.begin_draft(session, turn.ctx, conversation, turn.message_id)
            elif draft is not None:
                draft.intake.state, draft.intake.opened_by = "open", turn.message_id
        turn.ask_about(None)
        turn.go_on_with_questions()
