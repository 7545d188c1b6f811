"""A second problem of one message, or one that the customer calls another one, has an issue of its own."""

from dataclasses import replace
from typing import Literal

from bot.dialogue.draft import CONTACT, DONE, FURTHER, THIRD
from bot.dialogue.intake.side_facts import fill_from
from bot.dialogue.plan import FURTHER_REFERENCE, ISSUE_REFERENCE, THIRD_REFERENCE, OpenIssue
from bot.dialogue.turn import Turn
from bot.dialogue.working_draft import WorkingDraft
from bot.triage.reading.details import find_details


def keep_further(turn: Turn, draft: WorkingDraft, problems: list[str]) -> None:
    """Keep the second and the third problem until the first can be logged; what follows belongs to the third."""
    for name, words in zip((FURTHER, THIRD), (problems[0], " ".join(problems[1:])), strict=True):
        if words:
            draft.save_answer(name, words, turn.said)


def log_further(turn: Turn, draft: WorkingDraft) -> None:
    """Log the further problems that were named together with the draft's, which has just been logged."""
    further, third = draft.answers[FURTHER].value, draft.answers.get(THIRD)
    opened = _log(turn, draft, further, "further")
    if third is None:
        turn.say("utter_two_problems", reference=ISSUE_REFERENCE, further=FURTHER_REFERENCE)
        return
    _log(turn, opened, third.value, "third")
    turn.say("utter_three_problems", reference=ISSUE_REFERENCE, further=FURTHER_REFERENCE, third=THIRD_REFERENCE)


def _log(turn: Turn, former: WorkingDraft, words: str, name: Literal["further", "third"]) -> WorkingDraft:
    draft = begin_further_draft(turn, former, words)
    turn.do(OpenIssue(name=name))
    draft.logged_now = True
    return draft


def begin_further_draft(turn: Turn, former: WorkingDraft, words: str) -> WorkingDraft:
    """Begin the draft of another problem of the same customer, who is asked nothing more about the former one."""
    private = turn.said.private
    former.intake.state, former.intake.asking = DONE, None
    former.finish()
    draft = turn.begin_draft()
    if CONTACT not in draft.answers and former.contact:
        draft.put_answer(CONTACT, former.contact)
    draft.add_words_to_problem(words, turn.message_id, private=private)
    details = find_details(words, turn.support.product, error_code=turn.support.error_code)
    fill_from(draft, replace(turn.said, text=words, details=details, call_back=None))
    return draft
