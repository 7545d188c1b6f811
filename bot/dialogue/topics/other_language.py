"""A message in an unsupported language: one sentence in that language, a reference, a person."""

from bot.dialogue.draft import CONTACT, DONE, OPEN
from bot.dialogue.intake.side_facts import fill_from
from bot.dialogue.turn import Turn
from bot.triage.text.language import foreign_language


def is_in_another_language(turn: Turn) -> bool:
    """Return True for typed words in another language outside the questions."""
    return not turn.in_form and foreign_language(turn.typed) is not None


def another_language(turn: Turn) -> None:
    """Add the words to the issue that waits, or log them."""
    issue = turn.context.issue
    if turn.waiting and issue is not None:
        turn.add_to_issue(issue.reference)
        turn.say("utter_added", reference=issue.reference)
    else:
        log_in_their_language(turn)


def log_in_their_language(turn: Turn) -> None:
    """Log the words as they are and hand off; further questions in English would help nobody."""
    draft = turn.draft
    if draft is None or (draft.logged and draft.intake.state != OPEN):
        draft = turn.begin_draft()
    draft.add_to_problem(turn.said)
    fill_from(draft, turn.said)
    if CONTACT not in draft.answers:
        draft.save_answer(CONTACT, turn.support.wording.contact_is_this_chat, turn.said)
    turn.open_issue(draft)
    draft.intake.state, draft.intake.asking = DONE, None
    language = foreign_language(turn.text) or "other"
    turn.say(f"utter_foreign_{language}", reference=turn.issue_reference(draft))
    turn.set_outcome("reference_given")
    turn.hand_off("language")
