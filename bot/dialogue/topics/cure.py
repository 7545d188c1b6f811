"""A reported problem is looked up beside the logging: the section of its error code, or the cure of its symptom."""

import re
from collections.abc import Sequence

from bot.dialogue.evidence import LookUp, ManualResult
from bot.dialogue.intake.harm_warning import PAST_THE_MANUAL
from bot.dialogue.plan import Choice, RecordSearch, Say
from bot.dialogue.topics.answer_parts import answer_text, links_of
from bot.dialogue.turn import Turn
from bot.triage.reading.correction_words import without_corrected
from bot.triage.reading.details import Details, find_details
from bot.triage.reading.impact import assess
from bot.triage.reading.version_and_error import find_error_codes
from bot.triage.text.language import foreign_language
from bot.triage.text.plain_text import fold, word_set

MOST_CHARACTERS = 400
_CURES = ("utter_cure_of_code", "utter_cure_of_symptom")
_CODE = re.compile(r"[a-z]{1,6}[ -]?\d{2,6}|0x[0-9a-f]{3,16}|-?\d{2,6}")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
# Around a code these say only that there is one, or ask what it is.
_SAYS_ONLY_A_CODE = word_set(
    "what what's whats does do did mean means meaning is the this that it its it's an a error errors err code message "
    "number why how i we i'm get gets got getting have has see fix solve cure about with on my our me us says say said "
    "saying shows show shown gives help please hi hello hey now again only just here and to of for explain tell can "
    "you could"
)


def code_of(turn: Turn) -> str | None:
    """Return the error code in the message."""
    return turn.said.details.error_code


def look_up_code(turn: Turn, code: str) -> ManualResult:
    """Return the section of exactly this error code; not confident when there is none."""
    return turn.evidence.of(LookUp(code, code=code))


def look_up_cure(turn: Turn, text: str) -> ManualResult:
    """Return the cure of a told problem, by its error code if the manual has it, else by its symptom."""
    details = find_details(text, turn.support.product, error_code=turn.support.error_code)
    if details.error_code:
        found = look_up_code(turn, details.error_code)
        if found.confident:
            return found
    told = _without_facts(text, details)
    return turn.evidence.of(LookUp(told, cure=True)) if _WORD.search(told) else ManualResult(searched=False)


def show_cure(turn: Turn, text: str) -> None:
    """Show the cure of a problem that has just been told, if the manual surely has one; none where data is lost."""
    if not _WORD.search(text) or assess(text, {}) in PAST_THE_MANUAL or foreign_language(text) is not None:
        return
    if show_codes(turn, text):
        return
    found = look_up_cure(turn, text)
    if found.confident:
        _record(turn, found, text)
        say_found(turn, found, "utter_cure_of_symptom", "", _solved(turn))


def show_codes(turn: Turn, text: str) -> bool:
    """Show the section of each error code in the words, in whatever language; False when the manual has none.

    Nothing is shown where data is lost. Whether one of several solved it is not offered: it would not say which.
    """
    if assess(text, {}) in PAST_THE_MANUAL:
        return False
    codes = find_error_codes(without_corrected(text), turn.support.error_code or "")
    known = [(code, found) for code in codes if (found := look_up_code(turn, code)).confident]
    for place, (code, found) in enumerate(known):
        _record(turn, found, text)
        again = place > 0 or _is_shown(turn)
        choices = [] if again or len(known) > 1 else _solved(turn)
        say_found(turn, found, "utter_code_found" if again else "utter_cure_of_code", code, choices)
    return bool(known)


def _is_shown(turn: Turn) -> bool:
    """Return whether the reply holds a cure already: pity is said once."""
    return any(isinstance(part, Say) and part.response in _CURES for part in turn.reply)


def show_code(turn: Turn) -> None:
    """Show the section of an error code that is named for the first time, while the questions are open."""
    code = code_of(turn)
    if code is None or turn.context.draft is None:
        return
    told = fold(" ".join(answer.value for answer in turn.context.draft.answers.values()))
    if fold(code) in told or assess(turn.problem_before, {}) in PAST_THE_MANUAL:
        return
    found = look_up_code(turn, code)
    if found.confident:
        _record(turn, found, turn.text)
        say_found(turn, found, "utter_cure_of_code", code, _solved(turn))


def say_found(turn: Turn, found: ManualResult, response: str, code: str, choices: Sequence[Choice] = ()) -> None:
    """Say what the manual says of the problem in the words of a response, with links."""
    if found.answer is not None:
        links = links_of(found.answer, found)
        turn.say(response, code=code, answer=answer_text(found.answer), cards=links, choices=choices)


def says_only_a_code(text: str) -> bool:
    """Return whether a message that names an error code says nothing else, or only asks what it is."""
    return all(word in _SAYS_ONLY_A_CODE for word in _WORD.findall(_CODE.sub(" ", fold(text))))


def _without_facts(text: str, details: Details) -> str:
    """Return the words without the facts that describe no symptom: addresses, numbers, versions, codes."""
    for fact in (details.email, details.phone, details.version, details.error_code):
        if fact:
            text = text.replace(fact, " ")
    return " ".join(text.split())[:MOST_CHARACTERS]


def _record(turn: Turn, found: ManualResult, text: str) -> None:
    turn.do(RecordSearch(text[:2_000], turn.message_id, found.cards, found.score, confident=True, beside_report=True))


def _solved(turn: Turn) -> list[Choice]:
    return [Choice(turn.support.buttons.solved, "solved")]
