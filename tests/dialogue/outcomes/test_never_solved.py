"""No complaint, denial, order, outcry or mockery ends anything, whatever its label, and however sure that is."""

from typing import Any

import pytest

from bot.dialogue.context import AskedQuestion
from bot.dialogue.plan import CancelHandOff, MarkSearch, Plan, ResolveIssue, Say, SetOutcome, UpdateDraft
from bot.triage.reading.courtesies import is_plain_no
from bot.triage.reading.outcome import Outcome, read_outcome
from tests.dialogue.outcomes.sentences import lines
from tests.support.turn_contexts import ESSENTIALS, FOUND, decided, draft, issue, logged, waits, written

COMPLAINTS, SUCCESSES = lines("never_solved.txt"), lines("solved.txt")
GIVEN_BACK: dict[str, Any] = {
    "pending": "fixed_by_technician",
    "issue": issue(last_words="Turn on Reverse sign."),
    "draft": logged("done"),
}
AFTER_A_HOW_TO: dict[str, Any] = {
    "pending": "did_it_help",
    "last_search_open": True,
    "unsolved": (AskedQuestion("how do I print labels", private=False),),
}
IN_THE_QUEUE = waits()
CONTEXTS: dict[str, dict[str, Any]] = {
    "first message": {},
    "given back": GIVEN_BACK,
    "queue": IN_THE_QUEUE,
    "asked whether to close": {**IN_THE_QUEUE, "pending": "close_it"},
    "asked whether to leave": {**IN_THE_QUEUE, "pending": "leave_queue"},
    "form, logged": {
        "draft": logged(asking="product_version"),
        "owner": "queue",
        "issue": issue(queue_place=2),
        "queue_place": 2,
    },
    "form, contact": {
        "draft": draft(asking="contact", category="printing", answers={"problem": ESSENTIALS["problem"]})
    },
    "form, problem": {"draft": draft(asking="problem")},
    "how-to": AFTER_A_HOW_TO,
    "how-to in the queue": {**IN_THE_QUEUE, **AFTER_A_HOW_TO},
    "how-to, twice": {**AFTER_A_HOW_TO, "pending": "helped_at_last"},
    "resolved": {"pending": "fixed_by_technician", "issue": issue(resolved=True), "draft": logged("done")},
}
# The labels that used to end something are tried on every sentence in every second context, of the others a different
# one in the rest; all of them in make test-slow.
LABELS = ("solved", "thank", "goodbye", "cancel", "affirm")
LABELS_LEFT = (
    *(
        "deny",
        "frustrated",
        "abusive",
        "report_issue",
        "inform",
        "follow_up",
        "out_of_scope",
        "continue_issue",
        "greet",
    ),
    *("how_to", "nlu_fallback", "ask_coverage", "ask_person", "confirm_summary"),
)
HAPPY = (
    "utter_goodbye",
    "utter_issue_solved",
    "utter_issue_solved_waiting",
    "utter_solved",
    "utter_first_closed",
    "utter_solved_issue_stays",
)


def ends_something(plan: Plan) -> list[str]:
    """The parts of a plan that end or put aside anything."""
    found: list[str] = [one.kind for one in plan.commands if isinstance(one, ResolveIssue)]
    found += [one.kind for one in plan.reply if isinstance(one, CancelHandOff)]
    found += ["helped" for one in plan.commands if isinstance(one, MarkSearch) and one.solved]
    found += ["outcome" for one in plan.commands if isinstance(one, SetOutcome) and one.value == "solved"]
    found += ["put aside" for one in plan.commands if isinstance(one, UpdateDraft) and one.state == "kept"]
    return found + [one.response for one in plan.reply if isinstance(one, Say) and one.response in HAPPY]


def _wrong(name: str, text: str, label: str, confidence: float) -> list[str]:
    plan = decided(written(text, **CONTEXTS[name]), label, confidence=confidence, manual=FOUND)
    return [f"{text} ({label}): {plan.rule}: {ends}" for ends in ends_something(plan)]


@pytest.mark.parametrize("name", CONTEXTS)
def test_no_complaint_ends_anything(name: str) -> None:
    wrong = []
    for place, text in enumerate(COMPLAINTS, start=list(CONTEXTS).index(name)):
        labels = (LABELS, LABELS_LEFT)[place % 2]
        wrong += _wrong(name, text, labels[place // 2 % len(labels)], (0.4, 0.99)[place // 4 % 2])
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("name", CONTEXTS)
def test_no_complaint_ends_anything_whatever_the_label(name: str) -> None:
    wrong = []
    for text in COMPLAINTS:
        for label in (*LABELS, *LABELS_LEFT):
            wrong += _wrong(name, text, label, 0.99)
    assert not wrong, "\n".join(wrong)


def test_the_complaints_are_many_and_none_reads_as_a_success() -> None:
    assert len(COMPLAINTS) >= 300
    assert len(set(COMPLAINTS)) == len(COMPLAINTS)
    read = {text: read_outcome(text) for text in COMPLAINTS}
    assert [text for text, outcome in read.items() if outcome not in (None, Outcome.LATER)] == []


@pytest.mark.parametrize("label", ["solved", "inform", "report_issue"])
def test_a_true_success_closes_or_asks(label: str) -> None:
    for text in SUCCESSES:
        plan = decided(written(text, **GIVEN_BACK), label)
        asks = any(isinstance(one, Say) and one.response == "utter_ask_close" for one in plan.reply)
        assert asks or "resolve_issue" in ends_something(plan), text


def test_the_successes_are_many() -> None:
    assert len(set(SUCCESSES)) == len(SUCCESSES) >= 60
    acting = [text for text in SUCCESSES if read_outcome(text) is Outcome.SOLVED]
    assert len(acting) >= 0.75 * len(SUCCESSES)


@pytest.mark.parametrize("text", ["no", "nope", "no thanks", "no, thank you"])
def test_a_plain_no_is_one(text: str) -> None:
    assert is_plain_no(text)
