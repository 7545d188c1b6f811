"""Put one question to the customer: an essential, a routing question with its quick replies, or the summary."""

from actions.turn import Choice, Turn
from bot.services.intake import draft as drafts
from bot.services.intake.corrections import WHICH_LINE
from bot.services.intake.draft import CALL_BACK, CATEGORY, CONTACT, PRIVATE_PROBLEM, PROBLEM, SUMMARY, Answer, Draft
from bot.services.intake.user_message import IntakeResult
from bot.triage.hours.hours_in_words import describe_week


def put(turn: Turn, draft: Draft, step: str, *, unclear: bool = False) -> None:
    """Ask ``step``; ``unclear`` when the previous message was no answer to it."""
    if step == PROBLEM:
        turn.say("utter_problem_unclear" if unclear else "utter_ask_problem")
    elif step == CONTACT:
        turn.say(_contact(turn, unclear))
    elif step == CATEGORY:
        turn.say("utter_ask_category", choices=_categories(draft))
    elif step == WHICH_LINE:
        turn.say("utter_ask_which_line", choices=_lines(draft))
    elif step == SUMMARY:
        _summarise(turn, draft)
    else:
        _put_routing_question(turn, draft, step, unclear=unclear)


def say_noted(turn: Turn, draft: Draft, took: IntakeResult) -> None:
    """Confirm the present content of the lines that were changed out of turn."""
    for name in took.changed:
        if name == PROBLEM:
            turn.say("utter_noted_problem")
            continue
        value = drafts.title_of(draft.answers[name].value)
        if name == CALL_BACK:
            say_call_back(turn, value)
        else:
            turn.say("utter_noted", line=draft.support.line_label(name), value=value)


def say_call_back(turn: Turn, when: str) -> None:
    """Confirm the requested time of a call: it is a wish, and depends on open hours."""
    turn.say("utter_call_back", when=when, week=describe_week(turn.ctx.support.office_hours))


def _contact(turn: Turn, unclear: bool) -> str:
    if not unclear:
        return "utter_ask_contact"
    return "utter_contact_mistyped" if "@" in turn.typed else "utter_contact_unclear"


def _put_routing_question(turn: Turn, draft: Draft, step: str, *, unclear: bool) -> None:
    question, private = draft.question(step), draft.intake.asking_private
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
    if unclear:
        turn.say("utter_answer_unclear")
    turn.say_text(question.ask, choices=choices)


def _categories(draft: Draft) -> list[Choice]:
    return [
        Choice(category.title, "answer_question", {"question": CATEGORY, "value": category.id})
        for category in draft.support.categories
    ]


def _lines(draft: Draft) -> list[Choice]:
    named = dict.fromkeys(PROBLEM if name == PRIVATE_PROBLEM else name for name, _ in draft.lines())
    return [
        Choice(draft.support.line_label(name), "correct_line", {"intake": draft.intake.id, "question": name})
        for name in named
        if name != CALL_BACK
    ]


def _summarise(turn: Turn, draft: Draft) -> None:
    lines = "\n".join(f"• {draft.support.line_label(name)}: {_shown(turn, answer)}" for name, answer in draft.lines())
    target = {"intake": draft.intake.id, "version": draft.intake.version}
    turn.say(
        "utter_summary",
        reference=draft.issue.reference if draft.issue else "",
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
