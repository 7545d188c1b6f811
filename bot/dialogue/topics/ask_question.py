"""Put one question to the customer: an essential, a routing question with its quick replies, or the summary."""

from collections.abc import Iterator

from bot.dialogue.draft import (
    ANSWERED,
    ASKED,
    CALL_BACK,
    CATEGORY,
    CONTACT,
    PRIVATE_PROBLEM,
    PROBLEM,
    SUMMARY,
    TECHNICIAN_ONLY,
    AnswerFields,
    Draft,
    title_of,
)
from bot.dialogue.intake.corrections import WHICH_LINE
from bot.dialogue.plan import DRAFT_ID, DRAFT_VERSION, Choice
from bot.dialogue.turn import Turn
from bot.dialogue.user_message import IntakeResult
from bot.dialogue.working_draft import WorkingDraft
from bot.triage.hours.hours_in_words import describe_week
from bot.triage.issue.routing import Question

WITHOUT_ROUTING = (PROBLEM, CONTACT, CATEGORY, WHICH_LINE, SUMMARY)


def can_be_put(draft: Draft, step: str) -> bool:
    """Return whether there is such a question for this draft: support.yml may have lost it meanwhile."""
    return step in WITHOUT_ROUTING or draft.question(step) is not None


def put(turn: Turn, draft: WorkingDraft, step: str, *, unclear: bool = False) -> None:
    """Ask ``step``; ``unclear`` when the previous message was no answer to it."""
    question = draft.question(step)
    if step == PROBLEM:
        turn.say("utter_problem_unclear" if unclear else "utter_ask_problem")
    elif step == CONTACT:
        turn.say(_contact(turn, unclear))
    elif step == CATEGORY:
        turn.say("utter_ask_category", choices=_categories(draft))
    elif step == WHICH_LINE:
        turn.say("utter_ask_which_line", choices=_lines(draft))
    elif question is not None:
        _put_routing_question(turn, question, private=draft.intake.asking_private, unclear=unclear)
    elif turn.taken is not None and turn.taken.changed:
        _ask_whether_right(turn)
    else:
        _summarise(turn, draft)


def say_noted(turn: Turn, draft: Draft, result: IntakeResult) -> None:
    """Confirm the present content of the lines that were changed out of turn."""
    for name in result.changed:
        if name == PROBLEM:
            turn.say("utter_noted_problem")
            continue
        value = title_of(draft.answers[name].value)
        if name == CALL_BACK:
            say_call_back(turn, value)
        else:
            before = turn.context.draft.answers if turn.context.draft is not None else {}
            response = "utter_changed" if name in before else "utter_noted"
            turn.say(response, line=draft.support.line_label(name), value=value)


def say_call_back(turn: Turn, when: str) -> None:
    """Confirm the requested time of a call: it is a wish, and depends on open hours."""
    turn.say("utter_call_back", when=when, week=describe_week(turn.support.office_hours, turn.support.hours_words))


def _contact(turn: Turn, unclear: bool) -> str:
    if not unclear:
        return "utter_ask_contact"
    return "utter_contact_mistyped" if "@" in turn.typed else "utter_contact_unclear"


def _put_routing_question(turn: Turn, question: Question, *, private: bool, unclear: bool) -> None:
    target = {"question": question.id}
    choices = [Choice(title, "answer_question", {**target, "value": title}) for title in question.choices]
    if question.private_offer and not private:
        choices.append(Choice(turn.support.buttons.private, "private_answer", target))
    if question.skippable:
        choices.append(Choice(turn.support.buttons.skip, "skip_question", target))
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
        Choice(draft.support.line_label(name), "correct_line", {"intake": DRAFT_ID, "question": name})
        for name in named
        if name not in (ASKED, CALL_BACK)
    ]


def _ask_whether_right(turn: Turn) -> None:
    """Ask again after a line was changed, which alone was said: nobody reads the whole summary twice."""
    turn.say("utter_summary_changed", choices=_right_or_not(turn))


def _right_or_not(turn: Turn) -> list[Choice]:
    return [
        Choice(turn.support.buttons.right, "confirm_summary", {"intake": DRAFT_ID, "version": DRAFT_VERSION}),
        Choice(turn.support.buttons.correct, "correct_line", {"intake": DRAFT_ID}),
    ]


def _summarise(turn: Turn, draft: WorkingDraft) -> None:
    lines = "\n".join(_summary_lines(turn, draft))
    turn.say(
        "utter_summary",
        reference=turn.issue_reference(draft),
        lines=lines,
        choices=_right_or_not(turn),
    )


def _summary_lines(turn: Turn, draft: WorkingDraft) -> Iterator[str]:
    """Yield a line for each answer, and one that names all that was not answered."""
    label, lines = draft.support.line_label, draft.lines()
    for name, answer in lines:
        if answer.status == ANSWERED:
            yield f"• {label(name)}: {_shown(turn, label(name), answer)}"
    open_ones = [label(name) for name, answer in lines if answer.status != ANSWERED]
    if open_ones:
        words = turn.support.summary.not_answered
        yield f"• {words[:1].upper()}{words[1:]}: {', '.join(open_ones)}"


def _shown(turn: Turn, label: str, answer: AnswerFields) -> str:
    """Return an answer in one line, without the line's own label in front of it: "since last week"."""
    text = title_of(answer.value)
    if text.casefold().startswith(f"{label.casefold()} "):
        text = text[len(label) :].lstrip()
    return f"{text} ({turn.support.summary.only_technician})" if answer.visibility == TECHNICIAN_ONLY else text
