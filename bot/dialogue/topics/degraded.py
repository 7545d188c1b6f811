"""Go on while the engine reads nothing, by rules that need only the draft, until the customer has a reference.

The same draft is continued, so that nothing already answered is asked again.
"""

from bot.dialogue.draft import CATEGORY, CONTACT, DONE, OPEN, PROBLEM
from bot.dialogue.intake.corrections import of_the_problem
from bot.dialogue.intake.question_form import answer_form, is_form
from bot.dialogue.intake.side_facts import fill_from
from bot.dialogue.plan import Value
from bot.dialogue.turn import Turn
from bot.dialogue.user_message import adds_to_a_problem
from bot.dialogue.working_draft import WorkingDraft

# Set while the customer has been told that the assistant is unavailable, so that it is said once.
APOLOGISED = "apologised"
WORDS_OF_A_PROBLEM = 3


def is_unread(turn: Turn) -> bool:
    """Return True when the engine could not read the message."""
    return turn.by_rules


def is_unread_while_waiting(turn: Turn) -> bool:
    """Return True when the engine could not read the message, and an issue waits for a technician."""
    return turn.by_rules and turn.waiting and turn.context.issue is not None and not turn.logs_chosen


def note_for_the_technician(turn: Turn) -> None:
    """Take the message in and say the reference and the place in the queue."""
    issue = turn.context.issue
    if issue is None:
        return
    if turn.draft is not None:
        _take_in(turn, turn.draft)
    values: dict[str, Value] = {"reference": issue.reference, "place": turn.context.queue_place or 1}
    turn.say_text(turn.support.wording.fallback_noted, values=values)


def go_toward_a_reference(turn: Turn) -> None:
    """Ask for the problem and then for the contact; with both the issue is logged and handed to a technician."""
    draft = turn.draft
    if draft is None or draft.intake.state == DONE or (turn.logs_chosen and draft.logged):
        draft = turn.begin_draft()
    draft.intake.state = OPEN
    if turn.message_id is not None:
        _take_in(turn, draft)
    if not draft.has_essentials:
        turn.say_text(_question(turn, draft))
        turn.ask_about(APOLOGISED)
        return
    turn.open_issue(draft)
    turn.say_text(turn.support.wording.reference_given, values={"reference": turn.issue_reference(draft)})
    turn.hand_off("assistant unavailable")
    if turn.pending == APOLOGISED:
        turn.ask_about(None)


def _take_in(turn: Turn, draft: WorkingDraft) -> None:
    """Save what the message says: an address when one was asked for, otherwise a part of the problem."""
    if turn.is_choice:
        _take_choice(turn, draft)
        return
    asked, filled = draft.intake.asking, fill_from(draft, turn.said)
    if asked == CONTACT and (CONTACT in filled or draft.has_problem):
        if CONTACT not in filled:
            _no_address(turn, draft)
        for part in turn.said.parts:
            if adds_to_a_problem(turn.support, part.text):
                draft.add_to_problem(part)
    elif draft.has_problem or turn.word_count >= WORDS_OF_A_PROBLEM or asked == PROBLEM:
        draft.add_to_problem(of_the_problem(turn.support, turn.said))


def _take_choice(turn: Turn, draft: WorkingDraft) -> None:
    """Save a choice or a form that answers, or the message that is logged; any other has nothing to say to a draft."""
    if turn.logs_chosen:
        draft.add_to_problem(turn.said)
        return
    if is_form(turn.said):
        answer_form(draft, turn.said)
        return
    question, value = turn.field("question"), turn.field("value")
    if question is None or value is None:
        return
    if question == CATEGORY:
        draft.set_category(str(value))
    else:
        draft.save_answer(str(question), str(value), turn.said)


def _no_address(turn: Turn, draft: WorkingDraft) -> None:
    """Asked twice without an address: this chat is then the way to reach the customer."""
    draft.intake.misses += 1
    if draft.intake.misses > 1:
        draft.save_answer(CONTACT, turn.support.wording.contact_is_this_chat, turn.said)


def _question(turn: Turn, draft: WorkingDraft) -> str:
    words = turn.support.wording
    draft.intake.asking = CONTACT if draft.has_problem else PROBLEM
    question = words.fallback_ask_problem if draft.intake.asking == PROBLEM else words.fallback_ask_contact
    apology = "" if turn.context.pending == APOLOGISED else words.assistant_unavailable + " "
    return apology + question
