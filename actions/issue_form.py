"""The form that asks the routing questions. It has one slot: the questions come from support.yml, per category."""

from rasa_sdk.events import SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from actions.base import TurnAction
from actions.turn import FORM_DONE, FORM_SLOT, Choice, Turn
from bot.services import draft as drafts
from bot.services.draft import CATEGORY, CONTACT, PROBLEM, SUMMARY, Answer, Draft
from bot.services.open_issue import open_issue
from bot.services.questions import WHICH_LINE, Said, Taken, take


class ValidateIssueForm(TurnAction):
    """Judge the message against the question that was put.

    Setting no slot rejects the form, so that a rule answers the interruption and the form asks again.
    """

    action_name = "validate_issue_form"

    async def step(self, turn: Turn) -> None:
        if turn.message_id is None:
            return
        async with turn.ctx.db.write() as session:
            draft = await drafts.current(session, turn.ctx.support, turn.conversation_id)
            # The message that started or resumed the form was read by the action that did so.
            if draft is None or draft.intake.opened_by == turn.message_id:
                return
            taken = await take(session, draft, await _said(session, turn), turn.ctx.clock())
        if taken is Taken.ASIDE:
            return
        if taken is Taken.UNCLEAR:
            turn.say("utter_contact_unclear" if draft.intake.asking == CONTACT else "utter_problem_unclear")
        if taken is Taken.OUTDATED:
            turn.say("utter_choice_outdated")
        turn.events.append(SlotSet(FORM_SLOT, FORM_DONE if taken is Taken.CONFIRMED else None))


async def _said(session: AsyncSession, turn: Turn) -> Said:
    entities = turn.tracker.latest_message.get("entities") or []
    return Said(
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

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.write() as session:
            draft = await drafts.current(session, turn.ctx.support, turn.conversation_id)
            if draft is None:
                raise LookupError("the form asks without a draft")
            logged = await log_if_ready(session, turn, draft)
            before = draft.intake.asking
            step = before or draft.next_step()
            draft.intake.asking = step
            private = draft.intake.asking_private
        if turn.unseen_question and before == step and not logged:
            turn.effect("noted")
            return
        _put(turn, draft, step, private=private)


async def log_if_ready(session: AsyncSession, turn: Turn, draft: Draft) -> bool:
    """Open the issue and say its reference as soon as problem and contact are known; False when nothing was new."""
    if draft.issue is not None or not draft.has_essentials:
        return False
    conversation = await turn.conversation(session)
    issue = await open_issue(session, turn.ctx, conversation, draft, actor="assistant")
    announce(turn, issue.reference, wants_person=draft.intake.wants_person)
    return True


def announce(turn: Turn, reference: str, *, wants_person: bool) -> None:
    """Say the reference; the gateway adds the place in the queue when a person is wanted."""
    turn.say("utter_reference", reference=reference)
    turn.effect("outcome", value="reference_given")
    if wants_person:
        turn.effect("hand_off", reason="issue logged")


def _put(turn: Turn, draft: Draft, step: str, *, private: bool) -> None:
    if step == PROBLEM:
        turn.say("utter_ask_problem")
    elif step == CONTACT:
        turn.say("utter_ask_contact")
    elif step == CATEGORY:
        turn.say("utter_ask_category", choices=_categories(draft))
    elif step == WHICH_LINE:
        turn.say("utter_ask_which_line", choices=_lines(draft))
    elif step == SUMMARY:
        _summarise(turn, draft)
    else:
        _put_routing_question(turn, draft, step, private=private)


def _put_routing_question(turn: Turn, draft: Draft, step: str, *, private: bool) -> None:
    question = draft.question(step)
    if question is None:
        raise LookupError("the draft asks a question that its category does not have")
    target = {"question": step}
    choices = [Choice(title, "answer_question", {**target, "value": title}) for title in question.choices]
    if question.private_offer and not private:
        choices.append(Choice(turn.ctx.support.buttons.private, "private_answer", target))
    if question.skippable:
        choices.append(Choice(turn.ctx.support.buttons.skip, "skip_question", target))
    if private:
        turn.say("utter_private_answer")
    turn.say_text(question.ask, choices=choices)


def _categories(draft: Draft) -> list[Choice]:
    return [
        Choice(category.title, "answer_question", {"question": CATEGORY, "value": category.id})
        for category in draft.support.categories
    ]


def _lines(draft: Draft) -> list[Choice]:
    return [
        Choice(label(draft, name), "correct_line", {"intake": draft.intake.id, "question": name})
        for name, _ in draft.lines()
    ]


def label(draft: Draft, question_id: str) -> str:
    """The short name of a line of the summary."""
    return draft.support.line_label(question_id)


def _summarise(turn: Turn, draft: Draft) -> None:
    lines = "\n".join(f"• {label(draft, name)}: {_shown(turn, answer)}" for name, answer in draft.lines())
    target = {"intake": draft.intake.id, "version": draft.intake.version}
    reference = draft.issue.reference if draft.issue else ""
    turn.say(
        "utter_summary",
        reference=reference,
        lines=lines,
        choices=[
            Choice(turn.ctx.support.buttons.right, "confirm_summary", target),
            Choice(turn.ctx.support.buttons.correct, "correct_line", {"intake": draft.intake.id}),
        ],
    )


def _shown(turn: Turn, answer: Answer) -> str:
    if answer.status != drafts.ANSWERED:
        return turn.ctx.support.summary.not_answered
    text = drafts.title_of(answer.value)
    return f"{text} ({turn.ctx.support.summary.only_technician})" if answer.visibility == "technician" else text


class IssueComplete(TurnAction):
    """The questions are over: say so, once."""

    action_name = "action_issue_complete"

    async def step(self, turn: Turn) -> None:
        turn.events.append(SlotSet(FORM_SLOT, None))
        async with turn.ctx.db.write() as session:
            draft = await drafts.current(session, turn.ctx.support, turn.conversation_id)
        if draft is None or draft.issue is None:
            raise LookupError("the form ended without an issue")
        turn.say("utter_issue_complete", reference=draft.issue.reference)
