"""The form that asks the routing questions. It has one slot: the questions come from support.yml, per category."""

from rasa_sdk.events import SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from actions.ask_question import put, say_noted
from actions.base import TurnAction
from actions.frustration import remark
from actions.harm_warning import give_first_aid
from actions.known_problem import offer
from actions.other_language import log_in_their_language
from actions.turn import FORM_DONE, FORM_SLOT, Turn
from bot.services.billing.entitlement import claim_contract
from bot.services.intake import draft as drafts
from bot.services.intake.dispatch_message import dispatch_message
from bot.services.intake.draft import CONTACT, PRIVATE_PROBLEM, PROBLEM, SUMMARY, Draft
from bot.services.intake.harm_warning import first_harm
from bot.services.intake.known_problem_offer import offered_to
from bot.services.intake.user_message import IntakeOutcome, IntakeResult, UserMessage
from bot.services.issue.open_issue import open_issue
from bot.triage.reading.contract_claim import claims_contract
from bot.triage.reading.impact import Impact
from bot.triage.text.language import foreign_language


class ValidateIssueForm(TurnAction):
    """Judge the message against the question that was put.

    Setting no slot rejects the form, so that a rule answers the interruption and the form asks again.
    """

    action_name = "validate_issue_form"
    any_language = True

    async def step(self, turn: Turn) -> None:
        if turn.message_id is None:
            return
        async with turn.ctx.db.write() as session:
            draft = await drafts.current_draft(session, turn.ctx.support, turn.conversation_id)
            # The message that started or resumed the form was read by the action that did so.
            if draft is None or draft.intake.opened_by == turn.message_id:
                return
            before, said = draft.problem, await _said(session, turn)
            took = await dispatch_message(session, draft, said, turn.ctx.clock())
            if took.what is IntakeOutcome.ASIDE:
                return
            claimed = not said.is_choice and claims_contract(said.text)
            if claimed:
                await claim_contract(session, turn.ctx, await turn.conversation(session))
            over = _is_over(draft, took)
        await _respond(turn, draft, said, took, first_harm(said.text, before) if draft.problem != before else None)
        if claimed:
            turn.say_text(turn.ctx.support.wording.contract_to_check)
        turn.events.append(SlotSet(FORM_SLOT, FORM_DONE if over else None))


async def _respond(turn: Turn, draft: Draft, said: UserMessage, took: IntakeResult, harmful: Impact | None) -> None:
    if took.what is IntakeOutcome.FOREIGN:
        await log_in_their_language(turn, foreign_language(said.text) or "other")
        return
    if said.means("abusive", "frustrated") and _added_to_problem(draft, turn) and not said.unseen:
        await remark(turn)
    if harmful:
        await give_first_aid(turn, harmful, said.text)
    if took.what is IntakeOutcome.OUTDATED:
        turn.say("utter_choice_outdated")
    if took.what is IntakeOutcome.NOTED and draft.intake.known_problem_id is not None and not took.changed:
        turn.say("utter_known_problem_mine")
    say_noted(turn, draft, took)


def _is_over(draft: Draft, took: IntakeResult) -> bool:
    """Return True when the draft is confirmed, not to be asked in English, or complete for an impatient customer."""
    if took.what in (IntakeOutcome.CONFIRMED, IntakeOutcome.FOREIGN):
        return True
    hurried = draft.intake.brief and draft.issue is not None and draft.intake.asking is None
    if hurried and draft.next_step() == SUMMARY:
        draft.intake.state = "done"
        return True
    return False


async def _said(session: AsyncSession, turn: Turn) -> UserMessage:
    entities = turn.tracker.latest_message.get("entities") or []
    return UserMessage(
        text=await turn.text(session),
        intent=turn.intent,
        confidence=turn.confidence,
        message_id=turn.message_id,
        unseen=turn.unseen_question,
        is_choice=turn.is_choice,
        fields={entity["entity"]: entity["value"] for entity in entities} if turn.is_choice else {},
    )


class AskNextQuestion(TurnAction):
    """Log the issue as soon as it can be, then put the draft's next question."""

    action_name = "action_ask_issue_form_answer"
    any_language = True

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.write() as session:
            draft = await drafts.current_draft(session, turn.ctx.support, turn.conversation_id)
            if draft is None:
                raise LookupError("the form asks without a draft")
            known = await offered_to(session, turn.ctx, draft, turn.message_id)
            if known is not None:
                offer(turn, draft, known)
            logged = await log_if_ready(session, turn, draft)
            before = draft.intake.asking
            step = before or draft.next_step()
            draft.intake.asking = step
            took = draft.took(turn.message_id)
        unclear = took is not None and took.what is IntakeOutcome.UNCLEAR
        if unclear and step == CONTACT and _added_to_problem(draft, turn):
            turn.say("utter_noted_problem")
            unclear = False
        if turn.unseen_question and before == step and not logged and not unclear:
            turn.effect("noted")
            return
        put(turn, draft, step, unclear=unclear)


def _added_to_problem(draft: Draft, turn: Turn) -> bool:
    """Return True when this message became part of the problem."""
    parts = (draft.answers[name] for name in (PROBLEM, PRIVATE_PROBLEM) if name in draft.answers)
    return any(part.message_id == turn.message_id for part in parts)


async def log_if_ready(session: AsyncSession, turn: Turn, draft: Draft) -> bool:
    """Open the issue and say its reference as soon as problem and contact are known; False when nothing was new.

    An issue whose announcement was never stored is announced again: its turn failed and is retried.
    """
    told = draft.issue is not None and draft.issue.announced_at is not None
    if told or not draft.has_essentials:
        return False
    conversation = await turn.conversation(session)
    issue = await open_issue(session, turn.ctx, conversation, draft, actor="assistant")
    announce(turn, issue.reference, wants_person=draft.intake.wants_person)
    contact = turn.ctx.support.emergency_contact
    if issue.impact and contact and not turn.ctx.support.office_hours.state_at(turn.ctx.clock()).open:
        turn.say("utter_emergency_contact", name=contact.name, phone=contact.phone, when=contact.when)
    return True


def announce(turn: Turn, reference: str, *, wants_person: bool) -> None:
    """Say the reference; the gateway adds the queue position when a person is wanted."""
    turn.say("utter_reference", reference=reference)
    turn.effect("outcome", value="reference_given")
    if wants_person:
        turn.effect("hand_off", reason="issue logged")


class IssueComplete(TurnAction):
    """The questions are complete: say so, once."""

    action_name = "action_issue_complete"
    any_language = True

    async def step(self, turn: Turn) -> None:
        turn.events.append(SlotSet(FORM_SLOT, None))
        async with turn.ctx.db.write() as session:
            draft = await drafts.current_draft(session, turn.ctx.support, turn.conversation_id)
        if draft is None or draft.issue is None:
            raise LookupError("the form ended without an issue")
        took = draft.took(turn.message_id)
        if took is None or took.what is not IntakeOutcome.FOREIGN:
            turn.say("utter_issue_complete", reference=draft.issue.reference)
