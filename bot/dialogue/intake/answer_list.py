"""Take a reply to a numbered list of questions: by its numbers, by its paragraphs, or by the facts in it."""

import re
from collections.abc import Sequence

from bot.dialogue.draft import ANSWERED, UNKNOWN, WHO_PAYS, Draft
from bot.dialogue.intake.plausible import could_answer
from bot.dialogue.intake.side_facts import fill_from
from bot.dialogue.user_message import IntakeOutcome, IntakeResult, UserMessage
from bot.dialogue.working_draft import WorkingDraft
from bot.triage.reading.control_words import Control, read_control
from bot.triage.reading.payer_words import Payer, payer_in

# "1. 12.1", "2) yesterday", "3: none": at the beginning of a line, followed by more than the number.
_NUMBER = re.compile(r"(?m)^[ \t]{0,8}\(?([1-9]|1[0-9])[.):][ \t]{1,8}(?=\S)")
_PARAGRAPHS = re.compile(r"\n[ \t]{0,8}\n\s{0,20}")
_LINES = re.compile(r"\n\s{0,20}")


def answer_list(draft: WorkingDraft, said: UserMessage) -> IntakeResult | None:
    """Save what a message answers of the list; return None when it answers nothing of it.

    Questions of the customer's in the place of an answer are left to be answered.
    """
    names = draft.listed_together()
    payer = payer_in(said.text)
    given = dict(_by_number(names, said.text) or _in_order(draft, names, said))
    asked = [words for words in given.values() if words.endswith("?")]
    answered = {name: words for name, words in given.items() if words not in asked and take(draft, name, words, said)}
    filled = fill_from(draft, said)
    if payer is not None and WHO_PAYS in names and WHO_PAYS not in answered:
        _answer(draft, WHO_PAYS, payer, said, ANSWERED)
        answered[WHO_PAYS] = said.text
    if not answered and not filled:
        return None
    draft.intake.asking = None
    claims = WHO_PAYS in answered and payer_in(answered[WHO_PAYS]) is Payer.CONTRACT
    return IntakeResult(IntakeOutcome.CONFIRMED, question=" ".join(asked), claims_contract=claims)


def _by_number(names: Sequence[str], text: str) -> list[tuple[str, str]]:
    """Return (question, words) for each numbered part; none when a number is not one of the list's."""
    found = list(_NUMBER.finditer(text))
    if any(int(match[1]) > len(names) for match in found):
        return []
    ends = [match.start() for match in found[1:]] + [len(text)]
    pairs = zip(found, ends, strict=False)
    return [(names[int(match[1]) - 1], text[match.end() : end].strip()) for match, end in pairs]


def _in_order(draft: WorkingDraft, names: Sequence[str], said: UserMessage) -> list[tuple[str, str]]:
    """Return (question, words) where each of as many paragraphs or lines as questions could answer its own."""
    for parts in (_PARAGRAPHS.split(said.text.strip()), _LINES.split(said.text.strip())):
        pairs = list(zip(names, parts, strict=False))
        if len(parts) == len(names) > 1 and all(fits(draft, name, words) for name, words in pairs):
            return pairs
    return []


def fits(draft: Draft, name: str, words: str) -> bool:
    """Return whether the words could answer the question, or leave it open."""
    question = draft.question(name)
    if question is None:
        return payer_in(words) is not None
    return _is_left_open(words) or could_answer(question, words, draft.support.details_of(words))


def take(draft: WorkingDraft, name: str, words: str, said: UserMessage) -> bool:
    """Save the words as the answer; return False for words that could not be one."""
    if name == WHO_PAYS:
        payer = payer_in(words)
        if payer is not None:
            _answer(draft, name, payer, said, ANSWERED)
        return payer is not None
    if _is_left_open(words):
        _answer(draft, name, words, said, UNKNOWN)
        return True
    if not fits(draft, name, words):
        return False
    _answer(draft, name, words, said, ANSWERED)
    return True


def _is_left_open(words: str) -> bool:
    return read_control(words) is Control.SKIP or payer_in(words) is Payer.UNSURE


def _answer(draft: WorkingDraft, name: str, words: str, said: UserMessage, status: str) -> None:
    draft.save_answer(name, words, said.excerpt(words, draft.support.details_of(words)), status=status)
