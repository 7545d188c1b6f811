"""A question that is put while one of ours is open: answered from what is known, from the manual, or left to a
technician.

The open question is put again after it.
"""

import re
from collections.abc import Callable

from bot.dialogue.draft import ASKED, CATEGORY, CONTACT, OPEN, PROBLEM
from bot.dialogue.evidence import LookUp
from bot.dialogue.intake.dispatch_message import help_for
from bot.dialogue.topics.about_support import ask_contact, ask_coverage, ask_hours, ask_tips
from bot.dialogue.topics.existing_issue import ask_status
from bot.dialogue.topics.how_to import record, say_answer
from bot.dialogue.turn import Turn
from bot.triage.reading.leaning import leans_on_before
from bot.triage.reading.person_wish import wishes_person
from bot.triage.reading.question_parts import parts_of
from bot.triage.reading.question_topics import Topic, topic_asked
from bot.triage.reading.status_wish import asks_for_news, asks_own_number
from bot.triage.reading.version_and_error import find_error_code
from bot.triage.reading.wanted_answer import asks_for_way
from bot.triage.text.plain_text import fold

_IMPATIENT = re.compile(
    r"!|\b(?:forever|how many (?:more )?questions|how much longer|how often|again|already|ridiculous|"
    r"serious(?:ly)?|waste|enough|"
    r"stupid|joke|kidding|finally|come on|still|useless|idiots?|hell|damn|bloody|fucking?|shit)\b"
)
# What a customer wants with these is no answer, also when it is put as a question.
WANTED = frozenset(("cancel", "goodbye", "abusive"))
MOST_OF_THE_PROBLEM = 300
LETTERS_OF_A_STEM = 6


def is_asked(turn: Turn) -> bool:
    """Return whether the customer asks something instead of answering the open question."""
    if not turn.in_form or turn.is_choice or turn.taken is not None or any(one.valid for one in turn.typed_references):
        return False
    if turn.said.means(*WANTED) or (wishes_person(turn.typed) and topic_asked(turn.typed) is None):
        return False
    if turn.said.means("frustrated") and topic_asked(turn.typed) is None and _IMPATIENT.search(fold(turn.typed)):
        return False
    if turn.request is not None and topic_asked(turn.typed) is None:
        return False
    if (asks_for_news(turn.typed) or asks_own_number(turn.typed)) and topic_asked(turn.typed) is None:
        return False
    return bool(parts_of(turn.typed).asked)


def answer_aside(turn: Turn) -> None:
    """Answer the question that the message asks."""
    answer_question(turn, parts_of(turn.typed).asked)


def answer_question(turn: Turn, question: str) -> None:
    """Answer from what is known, else from the manual when its page is sure, else note it for the technician."""
    topic = topic_asked(question)
    if topic is Topic.WHERE and turn.draft is not None:
        help_text = help_for(turn.draft, question)
        if help_text:
            turn.say_text(help_text)
            return
    if topic in _FROM_WHAT_IS_KNOWN:
        _FROM_WHAT_IS_KNOWN[topic](turn)
    elif topic in _SENTENCES:
        turn.say(_SENTENCES[topic])
    elif topic is Topic.KNOWN:
        turn.say("utter_question_known")
        _note(turn, question)
    elif not _shows_page(turn, question):
        turn.say("utter_question_noted")
        _note(turn, question)


def ask_why(turn: Turn) -> None:
    """Say why the present question is asked."""
    draft = turn.draft if turn.draft is not None and turn.draft.intake.state == OPEN else None
    asked = draft.intake.asking if draft is not None else None
    question = draft.question(asked) if draft is not None and asked else None
    if question is not None:
        turn.say_text(question.why)
    elif asked in (PROBLEM, CONTACT, CATEGORY):
        turn.say(f"utter_why_{asked}")
    else:
        turn.say("utter_why_questions")


def _place(turn: Turn) -> None:
    if turn.context.queue_place is not None:
        turn.say_queue_place()
    else:
        ask_status(turn)


def _assistant(turn: Turn) -> None:
    turn.say("utter_i_am_an_assistant", name=turn.support.assistant_name)


def _duration(turn: Turn) -> None:
    if turn.context.queue_place is not None:
        turn.say_queue_place()
    turn.say("utter_question_duration")


_FROM_WHAT_IS_KNOWN: dict[Topic | None, Callable[[Turn], None]] = {
    Topic.PLACE: _place,
    Topic.HOURS: ask_hours,
    Topic.COST: ask_coverage,
    Topic.CONTACT: ask_contact,
    Topic.WHY: ask_why,
    Topic.TIPS: ask_tips,
    Topic.ASSISTANT: _assistant,
    Topic.STATUS: ask_status,
    Topic.DURATION: _duration,
}
_SENTENCES: dict[Topic | None, str] = {
    Topic.SCREEN: "utter_question_screen",
    Topic.COLLEAGUE: "utter_question_colleague",
    Topic.ADVERTISING: "utter_question_advertising",
    Topic.FILE: "utter_question_file",
    Topic.LATER: "utter_question_later",
}


def _shows_page(turn: Turn, question: str) -> bool:
    """Show the pages that answer the question; False when none surely does.

    The problem holds what a question like "is the invoice lost now?" leaves out. Where both speak of one thing, the
    section of its error code comes first, then both together.
    """
    problem = turn.draft.problem[:MOST_OF_THE_PROBLEM] if turn.draft is not None else ""
    searched = [LookUp(question), LookUp(f"{question} {problem}".strip())]
    whole = asks_for_way(question) and not leans_on_before(question)
    if not whole and _stems(question) & _stems(problem):
        code = find_error_code(problem)
        searched = [*([LookUp(question, code=code)] if code else []), *reversed(searched)]
    for wanted in dict.fromkeys(searched):
        found = turn.evidence.of(wanted)
        if found.confident and found.answer is not None:
            record(turn, question, found)
            say_answer(turn, found)
            return True
    record(turn, question, turn.evidence.of(LookUp(question)))
    return False


def _stems(text: str) -> set[str]:
    """Return the beginnings of the longer words."""
    return {word[:LETTERS_OF_A_STEM] for word in re.findall(r"[a-z]{5,}", fold(text))}


def _note(turn: Turn, question: str) -> None:
    """Put the question on a line of its own, for the technician to answer."""
    draft = turn.draft
    if draft is not None and draft.has_problem:
        before = f"{draft.answers[ASKED].value}\n" if ASKED in draft.answers else ""
        draft.save_answer(ASKED, before + question, turn.said)
