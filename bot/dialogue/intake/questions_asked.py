"""A message that asks while a question is open: it is never the answer, unless it holds exactly what was asked for.

What it tells beside the question is taken in as a message of its own; the question is left to be answered.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.dialogue.draft import CONTACT, PROBLEM, Draft
from bot.dialogue.intake.answer_question import contact_in
from bot.dialogue.intake.side_facts import fill_from
from bot.dialogue.user_message import TELLS, IntakeOutcome, IntakeResult, UserMessage
from bot.dialogue.working_draft import WorkingDraft
from bot.triage.reading.form import negates
from bot.triage.reading.question_parts import Parts, parts_of
from bot.triage.reading.question_topics import Topic, topic_asked
from bot.triage.text.plain_text import fold

Apply = Callable[[WorkingDraft, str, UserMessage], IntakeResult]
MOST_QUESTIONS_FOR_THE_PROBLEM = 2
# Facts whose form shows that they are an answer even inside a question: "is 12.2.1 the newest?".
_FIRM = frozenset(
    ("version", "error", "error_code", "error_text", "email", "phone", "printer", "user", "numbered", "dated")
)
# "Should I update to 12.3?" names a version that nobody has.
_ANOTHER_VERSION = re.compile(
    r"\b(?:up|down)(?:grad|dat)|\b(?:newer|newest|latest|install\w*|get|buy|than|"
    r"instead)\b"
)
_DOES_NOT_KNOW = re.compile(
    r"\W*(?:(?:sorry|hm+|well|oh|um)\W+)?(?:i |we )?(?:really |honestly |just )?(?:don'?t|do not|dont|can'?t|"
    r"cannot) (?:know|tell|say|remember)"
    r"(?: that| it)?\W*|\W*(?:no idea|not sure|no clue|dunno|idk)\W*"
)


def dispatch_question(draft: WorkingDraft, asked: str, said: UserMessage, apply: Apply) -> IntakeResult | None:
    """Take in a message that asks something. None for one that asks nothing, or that is the answer by its words.

    ``apply`` takes in what the message tells beside its question.
    """
    if said.unseen or _is_a_choice(draft, asked, said):
        return None
    parts = parts_of(said.text)
    if not parts.asked or (asked == PROBLEM and _is_the_problem(draft, said, parts)):
        return None
    if parts.told:
        return _statement_first(draft, asked, said, parts, apply)
    held = _held(draft, asked, said, parts)
    if held is None:
        return IntakeResult(IntakeOutcome.ASIDE)
    draft.save_answer(asked, held, said)
    # "Can you mail me at kim@…?" asks for nothing else.
    return IntakeResult(IntakeOutcome.SAVED, question="" if asked == CONTACT else parts.asked)


def _statement_first(draft: WorkingDraft, asked: str, said: UserMessage, parts: Parts, apply: Apply) -> IntakeResult:
    intent = TELLS
    if _DOES_NOT_KNOW.fullmatch(fold(parts.told)):
        if topic_asked(parts.asked) is Topic.WHERE:
            return IntakeResult(IntakeOutcome.ASIDE)
        intent = "dont_know"
    told = said.excerpt(parts.told, draft.support.details_of(parts.told), intent=intent)
    misses = draft.intake.misses
    taken = apply(draft, asked, told)
    if taken.what in (IntakeOutcome.UNCLEAR, IntakeOutcome.ASIDE):
        draft.intake.misses = misses
        fill_from(draft, told)
        return IntakeResult(IntakeOutcome.ASIDE)
    return replace(taken, question=parts.asked)


def _is_a_choice(draft: Draft, asked: str, said: UserMessage) -> bool:
    question = draft.question(asked)
    return question is not None and any(said.is_part_of(choice) for choice in question.choices)


def _is_the_problem(draft: Draft, said: UserMessage, parts: Parts) -> bool:
    """Return whether a question put where the problem was asked for is the problem: it names trouble, or is
    repeated."""
    if topic_asked(parts.asked) is not None:
        return False
    details = said.details
    if said.means("report_issue") or negates(said.text) or details.error_code or details.error_text or details.since:
        return True
    draft.intake.misses += 1
    return draft.intake.misses >= MOST_QUESTIONS_FOR_THE_PROBLEM


def _held(draft: Draft, asked: str, said: UserMessage, parts: Parts) -> str | None:
    """Return what was asked for, where the question of the customer holds it."""
    if asked == CONTACT:
        return contact_in(said.text, said.details) or None
    question = draft.question(asked)
    if question is None or question.detail not in _FIRM:
        return None
    if question.detail == "version" and _ANOTHER_VERSION.search(fold(parts.asked)):
        return None
    value = said.details.answer_to(question.id, question.detail)
    return None if value == said.details.no_error else value
