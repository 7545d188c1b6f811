"""Correct the draft by the words alone: only the line that they are about changes, and of it only the part they name.

"301, not 310" finds the line that holds 310; "the printer is a Brother, sorry" names its line; "actually it's
QB-2101" is a fact of the kind that a line holds; "scrap that, …" takes back the last answer.
"""

import re

from bot.dialogue.draft import ANSWERED, ASKED, CALL_BACK, CONTACT, PRIVATE_PROBLEM, PROBLEM, SINCE, AnswerFields, Draft
from bot.dialogue.intake.corrections import last_answered, names_of_line, replace_lines
from bot.dialogue.intake.line_formats import corrected_impact, fits_line
from bot.dialogue.intake.side_facts import fill_from, joined_contact, mentioned_facts
from bot.dialogue.user_message import IntakeOutcome, IntakeResult, UserMessage
from bot.dialogue.working_draft import WorkingDraft
from bot.triage.reading.call_back import find_time_named
from bot.triage.reading.changes_and_tries import admits_change
from bot.triage.reading.correction_words import (
    Correction,
    announces_correction,
    contrasts_in,
    fitted,
    is_shaped_alike,
    keeps_shape,
    recast,
    takes_back,
    tokens_with_digits,
    without_announcement,
)
from bot.triage.reading.details import NAMED_THINGS
from bot.triage.reading.negatives import find_nothing_changed
from bot.triage.reading.question_parts import asks_us
from bot.triage.reading.segments import segments
from bot.triage.reading.when_and_who import find_people_counted
from bot.triage.text.plain_text import fold, word_set

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
MOST_WORDS_OF_A_CORRECTION = 25
MOST_WORDS_OF_A_NEW_ANSWER = 14
# "Wait" and "hold on" may only ask for time.
_REWRITES = re.compile(
    r"(?<!\w)(?:i (?:really |actually )?(?:mean|meant)|correction|typo|mistyped|should read|make (?:that|it)|"
    r"i(?:'m| was) wrong|"
    r"(?:scrap|strike|forget|ignore|disregard) (?:that|this|what i (?:said|wrote))|my (?:mistake|bad|error))(?!\w)"
)
FEWEST_WORDS_OF_A_CHANGE = 3
_SAID_BEFORE = re.compile(
    r"(?<!\w)(?:i|we) (?:said|wrote|told you|counted|thought|had)(?!\w)|(?<!\w)(?:it's|it is|there are|they are|we "
    r"are|make it) "
    r"(?:now |meanwhile |already |actually |more like )"
)
_CLAUSE_END = re.compile(r"[:;,.!\n]+(?=\s|\Z)|\s-+\s|\s(?:but|because)\s")
_TAKES_BACK_NOTHING = re.compile(
    r"(?<!\w)(?:not (?:true|right|quite|correct|so|exactly|entirely|all)|isn't (?:true|right|correct|so)|wasn't "
    r"(?:true|right)|"
    r"untrue|wrong|lied?|forgot|(?:i|we) (?:said|wrote|told you)|when i said|what i said|about (?:the "
    r")?\W?nothing)(?!\w)"
)
_WANTS_A_CHANGE = re.compile(r"(?<!\w)(?:change|correct|replace|set|update|use)(?!\w)")
_OF_A_CALL = re.compile(r"(?<!\w)(?:call|ring|phone|reach)")
_GIVES_VALUE = re.compile(r"(?<!\w)(?:is|was|are|were|should be|:|=)(?: (?:an?|the))? ")
_NO_VALUE = word_set(
    "it its it's that this them one so no yes not ok okay a an is i we you have has had did do does was were"
)
_NOTHING = word_set("it that this them one so no yes not ok okay the a an is i we you to there sorry again")


def correct_in_words(draft: WorkingDraft, asked: str, said: UserMessage) -> IntakeResult | None:
    """Change what the message corrects; None when its words correct nothing that the draft says."""
    text = said.text
    if not draft.answers or len(said.words) > MOST_WORDS_OF_A_CORRECTION or said.means("dont_know"):
        return None
    if asks_us(text) and not _WANTS_A_CHANGE.search(fold(text)):
        return None
    found = _change_admitted(draft, asked, said) or _contrasted(draft, said) or _code_recast(draft, said)
    found = (
        found
        or _of_a_kind(draft, asked, said)
        or _call_moved(draft, said)
        or _people_recounted(draft, said)
        or _shaped_alike(draft, asked, said)
        or _named(draft, asked, said)
        or _last(draft, asked, said)
    )
    if not found:
        return _in_the_problem(draft, said) or _to_the_technician(draft, asked, said)
    changed = replace_lines(draft, found, said)
    if changed is not None:
        _fill_from_the_rest(draft, said)
    return changed


def _fill_from_the_rest(draft: WorkingDraft, said: UserMessage) -> None:
    """Save the facts of the sentences that set no new words against old ones: the old are no facts."""
    if not any(contrasts_in(said.text)):
        fill_from(draft, said)
        return
    rest = " ".join(one.text for one in segments(said.text) if not any(contrasts_in(one.text)))
    if rest:
        fill_from(draft, said.excerpt(rest, draft.support.details_of(rest)))


def _change_admitted(draft: Draft, asked: str, said: UserMessage) -> dict[str, str]:
    """Return the line that says that nothing was changed, with what was changed after all."""
    for name, question in draft.support.questions.items():
        if question.detail != "what_changed" or name == asked or name not in draft.answers:
            continue
        if admits_change(said.text) and find_nothing_changed(said.text) is None:
            return {name: without_announcement(said.text)}
        if find_nothing_changed(draft.answers[name].value) and (told := _change_after_all(said.text)):
            return {name: told}
    return {}


def _change_after_all(text: str) -> str:
    """Return what was changed after all, where it is taken back that nothing was; empty for anything else."""
    if find_nothing_changed(text) is None or not _TAKES_BACK_NOTHING.search(fold(text)):
        return ""
    clauses = [clause.strip() for clause in _CLAUSE_END.split(text)]
    told = [one for one in clauses if find_nothing_changed(one) is None and not _TAKES_BACK_NOTHING.search(fold(one))]
    words = without_announcement(", ".join(filter(None, told)))
    return words if len(_WORD.findall(words)) >= FEWEST_WORDS_OF_A_CHANGE else ""


def _contrasted(draft: Draft, said: UserMessage) -> dict[str, str]:
    """Return the line that holds the old words, or that they name, with its new value."""
    for pair in contrasts_in(said.text):
        line = _line_holding(draft, pair, said)
        whole = _whole_fact(draft, line, said) if line is not None else {}
        if whole:
            return whole
        if line is not None and fold(pair.old) in names_of_line(draft, line):
            return {line: _with_named_part(draft, line, pair.old, pair.new, said)}
        if line is not None:
            return {line: _with_part(draft.answers[line].value, pair.old, fitted(pair.new, pair.old))}
        named = _line_named(draft, pair.old) if pair.may_name else None
        if named is not None and named in draft.answers:
            return {named: _with_named_part(draft, named, pair.old, pair.new, said)}
    return {}


def _whole_fact(draft: Draft, line: str, said: UserMessage) -> dict[str, str]:
    """Return the line of one or all, or of the people stopped, from the facts read: its words depend on each other."""
    question = draft.support.questions.get(line)
    if question is not None and question.detail == "affected" and said.details.affected:
        return {line: said.details.affected}
    return corrected_impact(draft, said) if question is not None and question.detail == "impact" else {}


def _line_holding(draft: Draft, pair: Correction, said: UserMessage) -> str | None:
    old, new = fold(pair.old), fitted(pair.new, pair.old)
    pattern = _standing_alone(old)
    holding = [
        (fold(answer.value).strip() == old, answer.message_id or 0, name)
        for name, answer in _correctable(draft)
        if pattern.search(fold(answer.value))
    ]
    if not holding or fold(new) == old or set(_WORD.findall(old)) <= _NOTHING or not keeps_shape(new, old):
        return None
    if set(_WORD.findall(fold(new))) <= _NO_VALUE:
        return None
    # "Restarted the program, not the computer" sets no name against a name.
    firm = any(map(str.isdigit, old)) or announces_correction(said.text) or len(new.split()) == len(old.split())
    return max(holding)[2] if firm else None


def _standing_alone(words: str) -> re.Pattern[str]:
    """Return the pattern of words that are no part of a longer word or number: the 2 of "2 people", not of "12.2.1"."""
    before = r"(?<!\d[.,:/])" if words[:1].isdigit() else ""
    after = r"(?![.,:/]\d)" if words[-1:].isdigit() else ""
    return re.compile(rf"(?<![^\W_]){before}{re.escape(words)}(?![^\W_]){after}")


def _correctable(draft: Draft) -> list[tuple[str, AnswerFields]]:
    lines = [
        (name, answer) for name, answer in draft.lines() if name not in (PROBLEM, PRIVATE_PROBLEM, ASKED, CALL_BACK)
    ]
    return [(name, answer) for name, answer in lines if answer.status == ANSWERED]


def _of_a_kind(draft: Draft, asked: str, said: UserMessage) -> dict[str, str]:
    """Return the lines whose kind of fact the message gives anew, where it announces a correction."""
    if not announces_correction(said.text):
        return {}
    surely = takes_back(said.text)
    found = corrected_impact(draft, said)
    for name, value in mentioned_facts(draft, said.details).items():
        answer = draft.answers.get(name)
        if name in found or (name == asked and answer is None and not _names_a_thing(draft, name, surely)):
            continue
        new = joined_contact(value, draft.contact) if name == CONTACT else value
        if answer is None:
            if surely and name != CONTACT:
                found[name] = new
        elif answer.status != ANSWERED or fold(value) not in fold(answer.value):
            found[name] = new
    # The time inside a change ("an update on Friday") is told with it.
    if SINCE in found and found[SINCE] in (said.details.what_changed or ""):
        del found[SINCE]
    changes = {name for name in found if name in draft.answers}
    return found if changes or surely else {}


def _names_a_thing(draft: Draft, name: str, surely: bool) -> bool:
    """Return whether a correction of what the problem says answers the open question as well: "row 112 i meant"."""
    question = draft.support.questions.get(name)
    return surely and question is not None and question.detail in NAMED_THINGS


def _people_recounted(draft: Draft, said: UserMessage) -> dict[str, str]:
    """Return the line of the people stopped with their new number, said beside the former one or as a second count."""
    recounts = any(pair.old.isdigit() and find_people_counted(pair.new) for pair in contrasts_in(said.text))
    return corrected_impact(draft, said) if recounts or _SAID_BEFORE.search(fold(said.text)) else {}


def _shaped_alike(draft: Draft, asked: str, said: UserMessage) -> dict[str, str]:
    """Return the line that holds a code of the same kind as the only one of the message: INV-2219 for INV-2291."""
    tokens = tokens_with_digits(without_announcement(said.text))
    if not announces_correction(said.text) or len(tokens) != 1 or tokens[0].isdigit():
        return {}
    for name, answer in _correctable(draft):
        for token in tokens_with_digits(answer.value):
            if name != asked and token != tokens[0] and is_shaped_alike(token, tokens[0]):
                return {name: answer.value.replace(token, tokens[0], 1)}
    return {}


def _code_recast(draft: Draft, said: UserMessage) -> dict[str, str]:
    """Return the line of the error, with the code that the message sets in the place of the one it holds."""
    for name, answer in _correctable(draft):
        question = draft.support.questions.get(name)
        if question is None or question.detail not in ("error", "error_code"):
            continue
        for token in tokens_with_digits(answer.value):
            if new := recast(said.text, token):
                return {name: answer.value.replace(token, new, 1)}
    return {}


def _call_moved(draft: Draft, said: UserMessage) -> dict[str, str]:
    """Return the time to call with the one that a correction names, which need not say again that it is a call."""
    if CALL_BACK not in draft.answers or said.details.since or not announces_correction(said.text):
        return {}
    when = said.call_back or find_time_named(said.text)
    if when and not (any(map(str.isdigit, when)) or _OF_A_CALL.search(fold(said.text))):
        return {}
    return {CALL_BACK: when} if when and fold(when) != fold(draft.answers[CALL_BACK].value) else {}


def _named(draft: Draft, asked: str, said: UserMessage) -> dict[str, str]:
    """Return the line that the message names together with a value, where it announces a correction or gives its
    fact."""
    words = without_announcement(said.text)
    gives = _GIVES_VALUE.search(fold(words))
    if gives is None:
        return {}
    named, value = _line_named(draft, words[: gives.start()]), words[gives.end() :].strip(" .!")
    if named in (None, asked, CONTACT) or named not in draft.answers or not value:
        return {}
    question = draft.support.questions.get(named)
    fact = said.details.answer_to(named, question.detail) if question else None
    if fact and fold(fact) in fold(draft.answers[named].value):
        return {}
    if not fact and not announces_correction(said.text):
        return {}
    return {named: _with_named_part(draft, named, words[: gives.start()], value, said)}


def _last(draft: Draft, asked: str, said: UserMessage) -> dict[str, str]:
    """Return the last answer with its new words, where the message surely takes it back."""
    value = without_announcement(said.text)
    words = [fold(word) for word in _WORD.findall(value)]
    if not _REWRITES.search(fold(said.text)) or not set(words) - _NOTHING or len(words) > MOST_WORDS_OF_A_NEW_ANSWER:
        return {}
    question = draft.question(asked)
    if question is not None and asked not in draft.answers and said.details.answer_to(asked, question.detail):
        return {}
    line = last_answered(draft, said.message_id)
    return {line: value} if line is not None and fits_line(draft, line, value) else {}


def _to_the_technician(draft: WorkingDraft, asked: str, said: UserMessage) -> IntakeResult | None:
    """Add a correction that fits no line to the problem; None where it may answer the open question."""
    value = without_announcement(said.text)
    words = [fold(word) for word in _WORD.findall(value)]
    if not _REWRITES.search(fold(said.text)) or not set(words) - _NOTHING or len(words) > MOST_WORDS_OF_A_NEW_ANSWER:
        return None
    question = draft.question(asked)
    if question is not None and asked not in draft.answers and said.details.answer_to(asked, question.detail):
        return None
    line = last_answered(draft, said.message_id)
    if line is None or fits_line(draft, line, value):
        return None
    draft.add_to_problem(said)
    return IntakeResult(IntakeOutcome.NOTED, (PROBLEM,))


def _in_the_problem(draft: WorkingDraft, said: UserMessage) -> IntakeResult | None:
    """Add the correction to the problem, where only that holds the old words."""
    problem = fold(draft.problem)
    for pair in contrasts_in(said.text):
        if _standing_alone(fold(pair.old)).search(problem) and (
            announces_correction(said.text) or any(map(str.isdigit, pair.old)) or fitted(pair.new, pair.old) != pair.new
        ):
            draft.add_to_problem(said)
            things = {name: said.details.things[name] for name in said.details.things if name not in draft.answers}
            for name, value in things.items():
                draft.save_answer(name, value, said)
            return IntakeResult(IntakeOutcome.NOTED, (PROBLEM, *things))
    return None


def _line_named(draft: Draft, words: str) -> str | None:
    """Return the line that these few words name, and nothing else."""
    said = {word.replace("-", "") for word in _WORD.findall(fold(words))}
    for name, _answer in draft.lines():
        names = names_of_line(draft, name)
        if said & names and len(said - names - _NOTHING) <= 1 and name not in (PROBLEM, PRIVATE_PROBLEM):
            return name
    return None


def _with_part(value: str, old: str, new: str) -> str:
    """Return the value with the old words replaced; words that both the new and the rest of the value have stand
    once."""
    found = _standing_alone(fold(old)).search(fold(value))
    if found is None:
        return new
    rest = value[found.end() :]
    tail = new.split()[-1] if len(new.split()) > 1 else ""
    if tail and fold(rest).lstrip().startswith(fold(tail)):
        new = new[: new.rindex(tail)].rstrip()
    return value[: found.start()] + new + rest


def _with_named_part(draft: Draft, line: str, naming: str, new: str, said: UserMessage) -> str:
    """Return the line's value with the part behind its name replaced: "role sales" of "user maria, role sales"."""
    value = draft.answers[line].value
    if line == CONTACT:
        return joined_contact(new, value)
    question = draft.support.questions.get(line)
    fact = said.details.answer_to(line, question.detail) if question else None
    for word in names_of_line(draft, line) & set(_WORD.findall(fold(naming))):
        behind = rf"(?<!\w){re.escape(word)}(?: is| was| of|:| =| to be)? (?P<part>[^,;]+?)(?=[,;]| but | and |\Z)"
        part = re.search(behind, fold(value))
        if part:
            return value[: part.start("part")] + new.strip(" .!") + value[part.end("part") :]
    return fact or new.strip(" .!")
