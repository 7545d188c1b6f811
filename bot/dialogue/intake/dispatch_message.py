"""Take a message as an answer to the question that was put, or as something else.

One set of rules for "what does this message do to the draft"; nothing here speaks. Corrections have a
module of their own.
"""

import re
from dataclasses import replace

from bot.dialogue.draft import CONTACT, PROBLEM, SUMMARY, TOGETHER, Draft
from bot.dialogue.intake.answer_choice import pressed_choice, typed_choice
from bot.dialogue.intake.answer_list import answer_list
from bot.dialogue.intake.answer_question import (
    MOST_MISSES,
    answer_to,
    contact_in,
    keeps_contact_back,
    more_of_the_problem,
)
from bot.dialogue.intake.corrections import WHICH_LINE, correct_draft, names_only_a_line, note_elsewhere
from bot.dialogue.intake.plain_corrections import correct_in_words
from bot.dialogue.intake.questions_asked import dispatch_question
from bot.dialogue.intake.side_facts import fill_from
from bot.dialogue.user_message import (
    SURE,
    IntakeOutcome,
    IntakeResult,
    UserMessage,
    adds_to_a_problem,
    states_problem,
)
from bot.dialogue.working_draft import WorkingDraft
from bot.triage.reading.complaints import orders_a_cure
from bot.triage.reading.contract_claim import claims_contract
from bot.triage.reading.outcome import Outcome, read_outcome, reports_success
from bot.triage.reading.person_wish import wishes_person
from bot.triage.reading.question_topics import Topic, topic_asked
from bot.triage.reading.report_words import names_a_problem
from bot.triage.reading.status_wish import asks_for_news, asks_own_number
from bot.triage.reading.trouble import says_trouble
from bot.triage.text.plain_text import fold

MOST_WORDS_OF_A_CLAIM = 12
SURE_OF_ANGER = 0.7
FEWEST_WORDS_OF_ANGER = 3

# What a customer may say at any question without answering it; everything else is taken as the answer.
ASIDES = frozenset(
    [
        "ask_hours",
        "ask_contact",
        "ask_coverage",
        "ask_person",
        "ask_tips",
        "ask_status",
        "missing_reference",
        "ask_why",
        "cancel",
        "abusive",
        "bot_challenge",
        "greet",
        "goodbye",
        "thank",
        "continue_issue",
        "frustrated",
        "give_reference",
    ]
)
# A message that is taken for one of these and asks nothing may as well be an answer: "this morning", "thanks to Jim".
COURTESIES = frozenset(
    [
        "greet",
        "thank",
        "goodbye",
        "continue_issue",
        "ask_contact",
        "ask_hours",
        "ask_status",
        "ask_coverage",
        "ask_tips",
    ]
)
QUESTIONS_TO_US = frozenset(["ask_contact", "ask_hours", "ask_status", "ask_tips"])
TEMPER = frozenset(["abusive", "frustrated"])
BUTTONS_OF_THE_FORM = frozenset(
    ["answer_question", "skip_question", "private_answer", "correct_line", "confirm_summary", "known_problem"]
)
WANTS_A_PERSON = re.compile(
    r"\b(?:talk|speak|chat|call|ring|phone|connect|transfer|put|get|give|want|need|like|human|real|someone|somebody|"
    r"agent|representative|operator|please|can|could)\b|^\W*(?:a |the )?(?:live )?(?:person|technician)\W*$"
)
BARE_VERSION = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,4}){1,3}(?![\w.]*\w)")
ASKS_COST = re.compile(
    r"\?|\bhow much\b|\bwhat\b|\b(?:do|must|will|would|should) (?:i|we)\b|\bis (?:it|this|that|support)\b|"
    r"\b(?:price|cost|fee|rate|free)s?\b"
)
DOES_NOT_FIND = re.compile(r"\bwhere\b|\b(?:can't|cannot|can not|don't|do not|couldn't) (?:find|see) (?:it|that|one)\b")


def dispatch_message(draft: WorkingDraft, said: UserMessage) -> IntakeResult:
    """Apply a message to the draft."""
    if said.is_choice:
        if said.intent in BUTTONS_OF_THE_FORM:
            return pressed_choice(draft, said)
        return IntakeResult(IntakeOutcome.ASIDE)
    asked = draft.intake.asking or draft.next_step()
    if asked == TOGETHER:
        listed = answer_list(draft, said)
        if listed is not None:
            return listed
        asked = SUMMARY
    if said.parts and (said.unseen or any(_answers_format(draft, asked, part) for part in said.parts)):
        return _one_by_one(draft, asked, said)
    typed = typed_choice(draft, asked, said)
    if typed is not None:
        return IntakeResult(typed)
    corrected = correct_in_words(draft, asked, said)
    if corrected is not None:
        return corrected
    with_question = dispatch_question(draft, asked, said, _take_statement)
    return with_question or _take_statement(draft, asked, said)


def _take_statement(draft: WorkingDraft, asked: str, said: UserMessage) -> IntakeResult:
    """Apply a message, or the part of it that asks nothing."""
    if _is_aside(draft, asked, said) and not _was_refused_before(draft, asked, said):
        fill_from(draft, said)
        return IntakeResult(IntakeOutcome.ASIDE)
    if _only_claims_a_contract(draft, asked, said):
        return IntakeResult(IntakeOutcome.NOTED)
    elsewhere = note_elsewhere(draft, asked, said)
    if elsewhere is not None:
        return elsewhere
    if said.unseen:
        return more_of_the_problem(draft, said)
    if (
        said.means("correct_answer")
        and asked not in (PROBLEM, SUMMARY, WHICH_LINE)
        and not _answers_format(draft, asked, said)
    ):
        corrected = correct_draft(draft, asked, said)
        if corrected is not None:
            return corrected
    return answer_to(draft, asked, said)


def _one_by_one(draft: WorkingDraft, asked: str, said: UserMessage) -> IntakeResult:
    """Take the message of a batch that is exactly the answer as the answer; the others add to what came before."""
    exact = [part for part in said.parts if not part.unseen and _answers_format(draft, asked, part)][:1]
    others = [replace(part, unseen=True) for part in said.parts if part not in exact]
    results = []
    for part in (*exact, *others):
        results.append(dispatch_message(draft, part))
        if results[-1].what is IntakeOutcome.ASIDE and adds_to_a_problem(draft.support, part.text):
            more_of_the_problem(draft, part)
    outcomes = [result.what for result in results]
    ranked = (IntakeOutcome.ASIDE,)
    what = next((one for one in ranked if one in outcomes), outcomes[0])
    changed = tuple(dict.fromkeys(name for result in results for name in result.changed))
    return IntakeResult(what, changed, " ".join(result.question for result in results if result.question))


def asks_cost(text: str) -> bool:
    """Return whether words about money ask what support costs, rather than say what should be paid back."""
    return bool(ASKS_COST.search(fold(text))) or claims_contract(text)


def help_for(draft: Draft, text: str) -> str | None:
    """Return where to find what is asked for: of the question the words name, else of the present one."""
    if topic_asked(text) is not Topic.WHERE and not DOES_NOT_FIND.search(fold(text)):
        return None
    words = set(re.findall(r"[a-z]+", fold(text)))
    questions = draft.category.questions if draft.category else ()
    named = next((one for one in questions if one.help and set(fold(one.label).split()) & words), None)
    asked = named or draft.question(draft.intake.asking or "")
    return asked.help if asked else None


def _is_aside(draft: Draft, asked: str, said: UserMessage) -> bool:
    if _answers_format(draft, asked, said):
        return False
    if said.request is not None:
        return True
    if asked == SUMMARY and said.means("thank"):
        return False
    if asked == WHICH_LINE and names_only_a_line(draft, said.text):
        return False
    if _says_something_else(draft, said):
        return True
    if said.means("how_to", "out_of_scope"):
        return False
    if any(found.valid for found in said.details.references) and asked in (PROBLEM, CONTACT):
        return True
    if said.intent in ("give_reference", "follow_up", "ask_status") and said.details.references:
        return True
    if said.means("dont_know"):
        return help_for(draft, said.text) is not None
    if said.means("ask_coverage"):
        return asks_cost(said.text)
    if said.means("frustrated") and said.unseen:
        return False
    if said.intent in TEMPER and asked in (PROBLEM, CONTACT) and adds_to_a_problem(draft.support, said.text):
        return False
    if said.means("frustrated") and draft.question(asked) is not None:
        # A short answer may sound curt; taking it for anger would ask the same again.
        return said.confidence >= SURE_OF_ANGER and len(said.words) >= FEWEST_WORDS_OF_ANGER
    return said.intent in ASIDES and said.confidence >= SURE and not _states_a_fact(draft, asked, said)


def _says_something_else(draft: Draft, said: UserMessage) -> bool:
    """Return whether the words by themselves report a success, or ask for news, for a cure, for a person."""
    if reports_success(said.text) or (read_outcome(said.text) is Outcome.SEEMS_SOLVED and said.intent == "solved"):
        return True
    if (
        asks_for_news(said.text)
        or asks_own_number(said.text)
        or (orders_a_cure(said.text) and not states_problem(draft.support, said.text))
    ):
        return True
    return wishes_person(said.text) and not said.call_back


def _states_a_fact(draft: Draft, asked: str, said: UserMessage) -> bool:
    """ "One person, tomorrow" asks for nobody and "Number 2024-0882" for no number: at a question both are answers."""
    if draft.question(asked) is None:
        return False
    if said.intent == "ask_person":
        return not WANTS_A_PERSON.search(fold(said.text))
    return said.intent in QUESTIONS_TO_US and any(char.isdigit() for char in said.text)


def _was_refused_before(draft: Draft, asked: str, said: UserMessage) -> bool:
    """Return whether the answer to this question was taken for small talk once already: nobody is asked in circles."""
    if draft.question(asked) is None or said.intent not in COURTESIES:
        return False
    # A mere "hello" says nothing that could be the answer.
    if claims_contract(said.text) or not names_a_problem(said.text):
        return False
    draft.intake.misses += 1
    return draft.intake.misses >= MOST_MISSES


def _answers_format(draft: Draft, asked: str, said: UserMessage) -> bool:
    """Return whether the words hold exactly what was asked for, whatever else they sound like."""
    if asked == CONTACT:
        refuses = keeps_contact_back(said.text) and not said.means("ask_person")
        return bool(contact_in(said.text, said.details)) or refuses
    question = draft.question(asked)
    if question is None:
        return False
    if said.details.answer_to(question.id, question.detail):
        return True
    if said.means("greet") and said.details.since:
        return True
    if question.detail == "impact" and (said.details.people_stopped or said.details.deadline):
        return True
    if question.detail == "version" and BARE_VERSION.search(said.text):
        return True
    return any(said.is_part_of(choice) for choice in question.choices)


def _only_claims_a_contract(draft: Draft, asked: str, said: UserMessage) -> bool:
    short = len(said.words) <= MOST_WORDS_OF_A_CLAIM and not says_trouble(said.text)
    return claims_contract(said.text) and short and not _answers_format(draft, asked, said)
