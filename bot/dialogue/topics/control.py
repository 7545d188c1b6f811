"""Words about the questions themselves: wait, once more, back, start over, given before, enough.

All of it rests on the words (bot/triage/reading/control_words.py), never on a label.
"""

import re
from collections.abc import Callable

from bot.dialogue.draft import CATEGORY, CONTACT, DONE, KEPT, OTHER, PROBLEM, SKIPPED, SUMMARY
from bot.dialogue.intake.corrections import WHICH_LINE
from bot.dialogue.plan import Choice
from bot.dialogue.topics.asking import log_as_it_is
from bot.dialogue.topics.closing import ask_to_close, ask_to_leave, asked_last
from bot.dialogue.topics.new_issue import FIXED_BY_TECHNICIAN, report
from bot.dialogue.topics.small_talk import ways
from bot.dialogue.turn import UNSURE, UNSURE_AGAIN, Turn
from bot.dialogue.working_draft import WorkingDraft
from bot.triage.reading.control_words import Control, read_control
from bot.triage.reading.courtesies import is_plain_no, is_plain_yes

_WORD = re.compile(r"[^\W\d_]")
_ANGRY = re.compile(
    "[\U0001f620\U0001f621\U0001f624\U0001f62b\U0001f629\U0001f61e\U0001f622\U0001f62d\U0001f92c\U0001f44e]"
)
_NUMBER = re.compile(r"\W*\d{0,6}\W*")


def says(control: Control, *, in_form: bool = False) -> Callable[[Turn], bool]:
    """Return the condition that the typed words say this; with ``in_form`` only while questions are put."""
    return lambda turn: (turn.in_form or not in_form) and bool(turn.typed) and read_control(turn.typed) is control


def is_repeat(turn: Turn) -> bool:
    """Return whether the last question is wanted again, and there is one."""
    return says(Control.REPEAT)(turn) and (turn.in_form or asked_last(turn) is not None)


def repeat(turn: Turn) -> None:
    """Put the question again that is open: one of the form follows by itself."""
    again = asked_last(turn)
    if not turn.in_form and again is not None:
        turn.ask_about(turn.pending)
        turn.say_again(again)


def wait(turn: Turn) -> None:
    """Let the customer look something up; the question stays open and is not put again."""
    turn.leave_question_open()
    turn.say("utter_take_your_time")


def back(turn: Turn) -> None:
    """Put the question again that was answered last."""
    draft = turn.draft
    if draft is not None and (line := _answered_last(draft)) is not None:
        draft.intake.asking, draft.intake.asking_private, draft.intake.misses = line, False, 0
        turn.say("utter_back_to_question")


def _answered_last(draft: WorkingDraft) -> str | None:
    """Return the line whose answer came last, each in a message after the problem's."""
    given = max((draft.answers[name].message_id or 0 for name in (PROBLEM,) if name in draft.answers), default=0)
    later = [
        (answer.message_id, place, name)
        for place, (name, answer) in enumerate(draft.lines())
        if answer.message_id is not None and answer.message_id > given and (name == CONTACT or draft.question(name))
    ]
    return max(later)[2] if later else None


def start_over(turn: Turn) -> None:
    """Empty a draft that is not logged and ask for the problem; what is logged stays, and that is said."""
    draft = turn.draft
    turn.ask_about(None)
    if draft is not None and draft.logged and draft.intake.state != DONE:
        draft.put_aside()
        buttons = turn.support.buttons
        choices = [Choice(buttons.new_issue, "new_issue"), Choice(buttons.go_on, "continue_issue")]
        turn.say("utter_start_over_logged", reference=turn.issue_reference(draft), choices=choices)
    elif turn.waiting or draft is None or draft.logged:
        turn.say("utter_what_next", choices=ways(turn))
    else:
        draft.intake.state, draft.intake.asking = DONE, None
        draft.finish()
        turn.begin_draft()
        turn.say("utter_start_over")
        turn.go_on_with_questions()


def given_before(turn: Turn) -> None:
    """Believe it: the question is left out, and the technician reads what was written."""
    draft = turn.draft
    asked = (draft.intake.asking or draft.next_step()) if draft is not None and turn.in_form else None
    if draft is None or asked is None:
        turn.say("utter_all_is_read")
        return
    turn.say("utter_believed")
    if asked == CONTACT:
        draft.save_answer(CONTACT, turn.support.wording.contact_is_this_chat, turn.said)
    elif asked == CATEGORY:
        draft.set_category(OTHER)
    elif asked == PROBLEM:
        draft.add_to_problem(turn.said)
    elif asked in (SUMMARY, WHICH_LINE):
        draft.intake.state, draft.intake.asking = DONE, None
    else:
        draft.save_answer(asked, turn.support.summary.not_answered, turn.said, status=SKIPPED)


def is_given_before(turn: Turn) -> bool:
    """Return whether an answer is said to have been given, where something was asked or a technician will read it."""
    return says(Control.GIVEN)(turn) and (turn.in_form or turn.waiting)


def skip_all(turn: Turn) -> None:
    """Log what is known, without any more questions."""
    draft = turn.draft
    if draft is None or not draft.has_problem or draft.logged:
        stop(turn)
        return
    draft.put_aside()
    log_as_it_is(turn, draft)


def stop(turn: Turn) -> None:
    """End the questions; whoever waits already is asked before the place in the queue is given up."""
    draft = turn.draft
    go_on = [Choice(turn.support.buttons.go_on, "continue_issue")]
    if draft is not None and draft.put_aside():
        turn.ask_about(None)
        if draft.logged:
            close = [Choice(turn.support.buttons.close_unwanted, "solved")] if turn.open_issue_state is not None else []
            turn.say("utter_questions_stopped", reference=turn.issue_reference(draft), choices=[*go_on, *close])
        else:
            turn.set_outcome("cancelled")
            turn.say("utter_cancelled", choices=go_on if draft.has_problem else [])
    elif turn.waiting:
        ask_to_leave(turn)
    elif turn.pending == FIXED_BY_TECHNICIAN and turn.open_issue_state is not None:
        ask_to_close(turn)
    else:
        turn.ask_about(None)
        turn.say("utter_dropped")


def never_mind(turn: Turn) -> None:
    """Drop what was begun; whoever waits already is asked whether to give the place up, and asked no more questions."""
    if turn.waiting and turn.draft is not None and turn.draft.logged and turn.draft.put_aside():
        ask_to_leave(turn)
    else:
        stop(turn)


def is_bare(turn: Turn) -> bool:
    """Return whether a yes, a number or a sign was written where nothing was asked."""
    context = turn.context
    if not turn.typed or turn.in_form or turn.waiting or context.issue is not None or context.last_search_open:
        return False
    if turn.pending not in (None, UNSURE, UNSURE_AGAIN) or (turn.draft is not None and turn.draft.intake.state == KEPT):
        return False
    text = turn.typed
    return not _WORD.search(text) or is_plain_yes(text) or is_plain_no(text)


def bare(turn: Turn) -> None:
    """Ask what it is about, and log nothing."""
    if _ANGRY.search(turn.typed):
        turn.set_mood("frustrated")
        turn.say("utter_sorry_first")
        report(turn, text_is_problem=False)
    else:
        turn.say("utter_ask_about", choices=ways(turn))
