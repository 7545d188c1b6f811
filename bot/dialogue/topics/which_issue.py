"""Find which of several open issues the words are about: the one they name, else the one given back last, else ask."""

from collections.abc import Mapping
from dataclasses import replace

from bot.dialogue.context import IssueState, OpenIssueState
from bot.dialogue.plan import AttachIssue, Choice, ReopenIssue, ResolveIssue, Value
from bot.dialogue.topics.after_solution import is_given_back
from bot.dialogue.topics.given_back import given_back_last
from bot.dialogue.topics.new_issue import FIXED_BY_TECHNICIAN
from bot.dialogue.turn import Turn
from bot.triage.issue.routing import categorise
from bot.triage.reading.coming_back import another_matter, asks_where
from bot.triage.reading.matter_named import names_all, one_named
from bot.triage.reading.outcome import Outcome, denies, read_outcome

ALL = "all"
# Of an issue's title on a button.
MOST_CHARACTERS = 40
_WORKS = (Outcome.SOLVED, Outcome.SEEMS_SOLVED)


def turn_to_the_issue(turn: Turn) -> None:
    """Let the turn be about the open issue that a pressed choice or the typed words name, if there are several."""
    there = turn.context.open_issues
    if not there or turn.in_form or turn.context.event is not None:
        return
    meant = _chosen(turn) or _named(turn) or _last_given_back(turn)
    own = turn.context.issue
    if meant is None or (own is not None and meant.state.reference == own.reference):
        return
    turn.do(AttachIssue(meant.state.reference))
    turn.context = replace(turn.context, issue=meant.state)
    if turn.waiting and not meant.waiting and read_outcome(turn.typed) not in _WORKS:
        turn.hand_off("not solved")


def is_unclear(turn: Turn) -> bool:
    """Return whether several issues were given back at once, and the words or the button do not say which is meant."""
    if len(given_back_last(turn)) < 2 or turn.pending != FIXED_BY_TECHNICIAN or _names_one(turn):
        return False
    if turn.is_choice:
        return turn.intent in ("solved", "not_solved")
    answers = is_given_back(turn) and another_matter(turn.typed) is None and not asks_where(turn.typed)
    return answers and (_says_that_it_works(turn) or denies(turn.typed) or turn.intent in ("deny", "not_solved"))


def ask_which(turn: Turn) -> None:
    """Ask which of the issues works, or does not: one button each, and one for all."""
    intent = "solved" if _says_that_it_works(turn) else "not_solved"
    about: dict[str, Value] = {"about": turn.message_id} if turn.message_id is not None and not turn.is_choice else {}
    choices = [_button(one.state, intent, about) for one in given_back_last(turn)]
    turn.ask_about(FIXED_BY_TECHNICIAN)
    turn.say("utter_which_issue", choices=[*choices, Choice(turn.support.buttons.all, intent, {"reference": ALL})])


def _button(issue: IssueState, intent: str, about: Mapping[str, Value]) -> Choice:
    fields = {**about, "reference": issue.reference}
    return Choice(f"{issue.reference}: {issue.title[:MOST_CHARACTERS]}", intent, fields)


def is_about_all(turn: Turn) -> bool:
    """Return whether the answer to "does it work now?" is about all issues that were given back."""
    if len(given_back_last(turn)) < 2 or turn.pending != FIXED_BY_TECHNICIAN or turn.in_form:
        return False
    if turn.is_choice:
        return bool(turn.field("reference") == ALL)
    return is_given_back(turn) and names_all(turn.typed)


def answer_for_all(turn: Turn) -> None:
    """Close all of them, or bring all back to the technician."""
    references = [one.state.reference for one in given_back_last(turn)]
    works = _says_that_it_works(turn)
    turn.ask_about(None)
    for reference in references:
        turn.do(AttachIssue(reference))
        turn.do(ResolveIssue() if works else ReopenIssue())
        if not works and turn.typed:
            turn.add_to_issue(reference)
    told = f" {turn.support.hours_words.also} ".join(references)
    if works:
        turn.set_outcome("solved")
        turn.say("utter_issue_solved", reference=told)
    else:
        turn.set_outcome("hand_off")
        turn.say("utter_back_to_technician", reference=told)
        turn.hand_off("not solved", also=references)


def _says_that_it_works(turn: Turn) -> bool:
    if turn.is_choice:
        return turn.intent == "solved"
    if denies(turn.typed):
        return False
    return read_outcome(turn.typed) in _WORKS or turn.intent in ("solved", "affirm")


def _chosen(turn: Turn) -> OpenIssueState | None:
    wanted = turn.field("reference")
    return next((one for one in turn.context.open_issues if one.state.reference == wanted), None)


def _names_one(turn: Turn) -> bool:
    return _chosen(turn) is not None or _named(turn) is not None


def _named(turn: Turn) -> OpenIssueState | None:
    """Return the issue that the typed words name; None when they name none or several, or begin something else."""
    if not turn.typed or another_matter(turn.typed) is not None or any(one.valid for one in turn.typed_references):
        return None
    there = turn.context.open_issues
    place = one_named(turn.typed, [one.words for one in there])
    if place is not None:
        return there[place]
    category = categorise(turn.typed, turn.support.categories)
    of_it = [one for one in there if category is not None and one.state.category == category.id]
    return of_it[0] if len(of_it) == 1 else None


def _last_given_back(turn: Turn) -> OpenIssueState | None:
    """Return the one issue that was given back last, while its answer is awaited."""
    last = given_back_last(turn)
    return last[0] if turn.context.pending == FIXED_BY_TECHNICIAN and len(last) == 1 else None
