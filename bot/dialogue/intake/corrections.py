"""Corrections: "no, version 12", "wrong e-mail", "I meant all printers". Each changes the one line that it names."""

import re
from dataclasses import replace

from bot.dialogue.draft import ASKED, CALL_BACK, CONTACT, PRIVATE_PROBLEM, PROBLEM, SINCE, Draft
from bot.dialogue.intake.line_formats import fits_line
from bot.dialogue.intake.side_facts import joined_contact, mentioned_facts
from bot.dialogue.user_message import IntakeOutcome, IntakeResult, UserMessage, states_problem
from bot.dialogue.working_draft import WorkingDraft
from bot.settings.support.support import Support
from bot.triage.issue.routing import Question
from bot.triage.reading.call_back import find_call_back
from bot.triage.reading.contact_details import find_email, find_phone
from bot.triage.reading.correction_words import goes_on
from bot.triage.reading.report_words import names_a_problem
from bot.triage.reading.version_and_error import find_error_code, find_version
from bot.triage.text.plain_text import fold, word_set

WHICH_LINE = "which_line"
# Facts whose form alone tells what they are, whatever question they were written at.
UNMISTAKABLE = ("version", "error", "error_code")
MOST_WORDS_AROUND = 4
MOST_WORDS_OF_A_NAME = 4

_SMALL = word_set(
    "who is by our what when how to or and the it you your all one so far in use does where need needed of "
    "text product number"
)
_ALSO_CALLED = {
    CONTACT: frozenset(("contact", "email", "mail", "phone", "telephone", "address")),
    PROBLEM: frozenset(("problem", "description")),
}
_BEFORE_THE_VALUE = word_set(
    "no nope sorry oops wrong correction correct incorrect actually wait i mean meant said that that's is "
    "isn't not right it should be say says please change make the a an my our was were are it's its typo to "
    "rather instead i'm into fix update mistake made"
)
_LAST_ANSWER = re.compile(r"\b(?:i (?:mean|meant)|sorry|correction|typo|oops|mistyped|my mistake)\b")
_ABOUT_CONTACT = re.compile(r"\b(?:e-?mail|mail|phone|telephone|number|address|contact)\b")
_AROUND_A_DATE = word_set("it it's began begun started i think guess about has been so already like this only just or")
# Where a question asks for a time, a date answers it.
_ASKS_WHEN = re.compile(r"\b(?:when|since|dates?|how long)\b")
_MAY_BE_A_VERSION = re.compile(r"\d|\b(?:version|newest|latest|current|recent|last|oldest|old|new|trial|updated?)\b")
# Who is quoted is the program, not a colleague.
_SAYS = re.compile(
    r"\b(?:it|that|program|software|app|screen|window|message|error|dialog|pop-?up)"
    r"(?: just| only| then| always| now){0,2} (?:says?|said|shows?|showed|reads?|displays?|displayed)\b"
)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def note_elsewhere(draft: WorkingDraft, asked: str, said: UserMessage) -> IntakeResult | None:
    """Return an address at the question for the version is no version: save it where it belongs. None when it
    fits here.
    """
    other = _choice_of_another(draft, asked, said)
    if other is not None:
        return replace_lines(draft, {other: said.text}, said)
    found = _unmistakable(draft, said)
    if found and asked not in found and says_only_facts(draft.support, said.text):
        return replace_lines(draft, _with_former_code(draft, found, said.text), said)
    since = _only_a_date(draft, asked, said)
    if since:
        return replace_lines(draft, {SINCE: since}, said)
    return _trouble_for_a_version(draft, asked, said)


def _with_former_code(draft: Draft, found: dict[str, str], text: str) -> dict[str, str]:
    """Return the lines with the former error in front of one that came up besides it, or after it."""
    if not goes_on(text):
        return found
    errors = [name for name in found if name in draft.answers and _detail(draft, name) in ("error", "error_code")]
    joined = {name: f"{draft.answers[name].value}; {found[name]}" for name in errors}
    return found | {name: value for name, value in joined.items() if found[name] not in draft.answers[name].value}


def _trouble_for_a_version(draft: WorkingDraft, asked: str, said: UserMessage) -> IntakeResult | None:
    """Return what goes wrong, told where the version was asked for, is no version: the question is put once more."""
    is_one = (
        _detail(draft, asked) == "version"
        and draft.intake.misses == 0
        and not said.unseen
        and not said.means("dont_know")
        and not _MAY_BE_A_VERSION.search(fold(said.text))
        and states_problem(draft.support, said.text)
    )
    if not is_one:
        return None
    draft.intake.misses += 1
    words = fold(said.text).replace(fold(draft.support.product), "program")
    errors = [name for name in _own_questions(draft) if _detail(draft, name) == "error" and name not in draft.answers]
    if errors and _SAYS.search(words):
        return replace_lines(draft, {errors[0]: said.text}, said)
    draft.add_to_problem(said)
    return IntakeResult(IntakeOutcome.NOTED, (PROBLEM,))


def _only_a_date(draft: Draft, asked: str, said: UserMessage) -> str | None:
    """Since when, where a routing question that asks for no time was answered with nothing else."""
    question, since = (
        draft.question(asked),
        mentioned_facts(draft, said.details).get(SINCE),
    )
    if question is None or since is None or said.unseen or _ASKS_WHEN.search(fold(question.ask)):
        return None
    around = {fold(word) for word in _WORD.findall(said.text.replace(since, " "))}
    return since if around <= _AROUND_A_DATE else None


def of_the_problem(support: Support, said: UserMessage) -> UserMessage:
    """Return the messages of a batch that describe the problem: without greetings and mere facts, unless all are."""
    parts = [part for part in said.parts if names_a_problem(part.text) and not says_only_facts(support, part.text)]
    return replace(said, parts=tuple(parts)) if parts else said


def says_only_facts(support: Support, text: str) -> bool:
    """Return whether an address, a version, a code or a time to call is nearly all that a message says."""
    around = text
    for value in _written(support, text):
        around = around.replace(value, " ")
    return around != text and len(_WORD.findall(around)) <= MOST_WORDS_AROUND


def _choice_of_another(draft: Draft, asked: str, said: UserMessage) -> str | None:
    """Return the one other question whose quick reply was typed, word for word; None when it may answer this one."""
    present = draft.question(asked)
    if present is None or any(said.is_title(choice) for choice in present.choices):
        return None
    fitting = [
        name
        for name, one in _own_questions(draft).items()
        if name != asked and any(said.is_title(title) for title in one.choices)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _own_questions(draft: Draft) -> dict[str, Question]:
    return {one.id: one for one in draft.category.questions} if draft.category else {}


def _written(support: Support, text: str) -> list[str]:
    version = find_version(text, support.product)
    parts = (find_email(text), find_phone(text), version, find_error_code(text), find_call_back(text))
    return [part for part in parts if part]


def _unmistakable(draft: Draft, said: UserMessage) -> dict[str, str]:
    found = {
        name: value
        for name, value in mentioned_facts(draft, said.details).items()
        if name == CONTACT or _detail(draft, name) in UNMISTAKABLE
    }
    return {**found, CALL_BACK: said.call_back} if said.call_back else found


def _detail(draft: Draft, name: str) -> str | None:
    question = draft.support.questions.get(name)
    return question.detail if question else None


def correct_draft(draft: WorkingDraft, asked: str | None, said: UserMessage) -> IntakeResult | None:
    """Change what the message corrects. None when it corrects nothing that could be told: it is then an answer.

    Without a new value the line itself is asked again; when no line is named either, which one is asked.
    """
    found = {name: value for name, value in mentioned_facts(draft, said.details).items() if name != asked}
    if found:
        return replace_lines(draft, found, said)
    line = named_line(draft, said.text)
    if line is None and _ABOUT_CONTACT.search(fold(said.text)) and CONTACT in draft.answers:
        line = CONTACT
    if line == asked:
        return None
    value = _new_value(draft, line, said.text)
    if line is None and _LAST_ANSWER.search(fold(said.text)) and value:
        line = last_answered(draft, said.message_id)
        if line is not None and not fits_line(draft, line, value):
            draft.add_to_problem(said)
            return IntakeResult(IntakeOutcome.NOTED, (PROBLEM,))
    if line is not None and value and line != CONTACT and fits_line(draft, line, value):
        return replace_lines(draft, {line: value}, said)
    if line is not None:
        draft.intake.asking = line
        return IntakeResult(IntakeOutcome.SAVED)
    if value or not draft.answers:
        return None
    draft.intake.asking = WHICH_LINE
    return IntakeResult(IntakeOutcome.SAVED)


def named_line(draft: Draft, text: str) -> str | None:
    """Return the line of the summary that a message names, such as "the version"; None when it names none."""
    words = {word.replace("-", "") for word in _WORD.findall(fold(text))}
    named = next((name for name, _ in draft.lines() if names_of_line(draft, name) & words), None)
    return PROBLEM if named == PRIVATE_PROBLEM else named


def names_only_a_line(draft: Draft, text: str) -> str | None:
    """Return the line that a message of a few words names and says nothing else of."""
    return named_line(draft, text) if len(_WORD.findall(text)) <= MOST_WORDS_OF_A_NAME else None


def names_of_line(draft: Draft, line: str) -> frozenset[str]:
    """Return the words that name a line of the summary, in lower case."""
    label = _WORD.findall(fold(draft.support.line_label(line)))
    names = frozenset([*label, *line.split("_")]) - _SMALL
    return names | _ALSO_CALLED.get(line, frozenset())


def _new_value(draft: Draft, line: str | None, text: str) -> str:
    """Return what is left when the words that only announce a correction are taken off its front."""
    skipped = _BEFORE_THE_VALUE | (names_of_line(draft, line) if line else frozenset())
    for word in _WORD.finditer(text):
        if fold(word[0]).replace("’", "'") not in skipped:
            return text[word.start() :].strip(" .!")
    return ""


def last_answered(draft: Draft, message_id: int | None) -> str | None:
    """Return the line that was answered last before this message; None when there is none."""
    earlier = [
        (answer.message_id, name)
        for name, answer in draft.lines()
        if answer.message_id is not None and answer.message_id != message_id and name not in (PROBLEM, CONTACT, ASKED)
    ]
    return max(earlier)[1] if earlier else None


def replace_lines(draft: WorkingDraft, found: dict[str, str], said: UserMessage) -> IntakeResult | None:
    """Save the values; None when the draft says all of it already."""
    changed = []
    for name, value in found.items():
        new = joined_contact(value, draft.contact) if name == CONTACT else value
        if name not in draft.answers or draft.answers[name].value != new:
            draft.save_answer(name, new, said)
            changed.append(name)
    return IntakeResult(IntakeOutcome.NOTED, tuple(changed)) if changed else None
