"""Tell whether a correction is of a line's format: a version, an error code, a date, a number of people.

A line of free words takes any. What fits no line is added to the problem for the technician to read.
"""

import re

from bot.dialogue.draft import SINCE, Draft
from bot.dialogue.user_message import UserMessage
from bot.triage.reading.details import NAMED_THINGS
from bot.triage.reading.version_and_error import find_error_code
from bot.triage.reading.when_and_who import find_affected, find_deadline, find_people_counted, find_people_stopped
from bot.triage.text.plain_text import fold

_VERSION = re.compile(
    r"(?<![\w.])v?\d{1,3}(?:\.\d{1,6}){1,3}(?![\w.]*\w)"
    r"|\A(?:it'?s |is |the |a |my |our |version |release )*(?:\d{1,4}|newest|latest|current|last|oldest|trial|beta)"
    r"(?: (?:one|version|release))?\Z"
)
_TIME = re.compile(
    r"\b(?:since|always|never|first|beginning|started|began|days?|today|yesterday|weeks?|weekend|months?|years?|hours?|"
    r"minutes?|ago|morning|noon|afternoon|evening|night|recently|lately|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|after|before|christmas|"
    r"easter|summer|winter|spring|autumn)\b|\d{1,2}[/.]\d|\d(?:st|nd|rd|th)\b|\d:\d"
)


def fits_line(draft: Draft, line: str, value: str) -> bool:
    """Return whether ``value`` is of the format of the line's question; free words fit a question without one."""
    question = draft.support.questions.get(line)
    detail, words = (question.detail if question else None), fold(value).strip(" .!")
    if detail == "version":
        return bool(_VERSION.search(words))
    if detail in ("error", "error_code"):
        return find_error_code(value) is not None or find_error_code(draft.answers[line].value) is None
    if line == SINCE or detail == "since":
        return bool(_TIME.search(words))
    if detail in ("impact", "people_stopped", "deadline"):
        return bool(find_people_stopped(value) or find_people_counted(value) or find_deadline(value))
    if detail == "affected":
        return find_affected(value) is not None or _is_choice(draft, line, words)
    if detail in NAMED_THINGS:
        return any(map(str.isdigit, words))
    return True


def corrected_impact(draft: Draft, said: UserMessage) -> dict[str, str]:
    """Return the line with the number of people, of which the message names another; its other half stays.

    Both halves are in one answer: "one person; needed today".
    """
    people = said.details.people_stopped or find_people_counted(said.text)
    deadline = said.details.deadline
    for name, question in draft.support.questions.items():
        if question.detail != "impact" or name not in draft.answers or not (people or deadline):
            continue
        value = draft.answers[name].value
        former, _, by = value.partition(";") if ";" in value else (value, "", "")
        if not by and people is None:
            former, by = (find_people_stopped(value) or find_people_counted(value) or former), ""
        new = "; ".join(part.strip() for part in (people or former, deadline or by) if part.strip())
        return {name: new} if fold(new) != fold(value) else {}
    return {}


def _is_choice(draft: Draft, line: str, words: str) -> bool:
    question = draft.support.questions[line]
    return any(fold(choice) == words for choice in question.choices)
