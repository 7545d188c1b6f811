"""A second problem of one message, or one that the customer calls another one, has an issue of its own."""

from dataclasses import replace

from bot.dialogue.draft import CONTACT, DONE, FURTHER
from bot.dialogue.intake.side_facts import fill_from
from bot.dialogue.plan import FURTHER_REFERENCE, ISSUE_REFERENCE, OpenIssue
from bot.dialogue.turn import Turn
from bot.dialogue.working_draft import WorkingDraft
from bot.triage.reading.details import find_details


def log_further(turn: Turn, draft: WorkingDraft) -> None:
    """Log the further problem that was named together with the draft's, which has just been logged."""
    words = draft.answers[FURTHER].value
    further = begin_further_draft(turn, draft, words)
    turn.do(OpenIssue(name="further"))
    further.logged_now = True
    turn.say("utter_two_problems", reference=ISSUE_REFERENCE, further=FURTHER_REFERENCE)


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
