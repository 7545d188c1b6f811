"""Frustration: acknowledge or calm it in one sentence, flag it for the technician, and go on helping."""

import re

from bot.dialogue.draft import OPEN, SKIPPED
from bot.dialogue.plan import Choice, CountAbuse
from bot.dialogue.topics.new_issue import report
from bot.dialogue.turn import Turn
from bot.dialogue.user_message import states_problem
from bot.dialogue.working_draft import WorkingDraft

MOST_ABUSE = 3
TOLD_BEFORE = re.compile(r"\b(?:already|just) (?:told|said|answered|gave|wrote|explained)|told you\b", re.IGNORECASE)


def frustrated(turn: Turn) -> None:
    """Say one sentence, and then go on with the questions, or with what else helps."""
    remark(turn)
    if turn.in_form:
        return
    if turn.context.queue_place is not None:
        turn.say_queue_place()
    elif turn.open_issue_state is None:
        report(turn, text_is_problem=states_problem(turn.support, turn.text))
        if turn.intent == "frustrated":
            shorten(turn)


def abusive(turn: Turn) -> None:
    frustrated(turn)


def remark(turn: Turn) -> None:
    """Say one sentence that fits the customer's tone; the questions get fewer for an impatient customer."""
    if turn.intent == "abusive":
        _about_tone(turn)
        return
    turn.set_mood("frustrated")
    left = shorten(turn)
    if left:
        turn.say("utter_frustrated_one_question" if left == 1 else "utter_frustrated_few_questions", count=left)
    else:
        turn.say("utter_frustrated", choices=_person(turn))


def _about_tone(turn: Turn) -> None:
    times = turn.context.abuse + 1
    if turn.message_id is not None:
        turn.do(CountAbuse(turn.message_id))
    turn.set_mood("abusive" if times < MOST_ABUSE else "abusive_repeated")
    if times < MOST_ABUSE:
        turn.say("utter_professional_tone")
        return
    turn.say("utter_tone_supervisor")
    if turn.open_issue_state is not None:
        turn.hand_off("supervisor")


def shorten(turn: Turn) -> int:
    """Return the number of questions left when only those asked even in a hurry remain; 0 outside the questions."""
    draft = turn.draft
    if draft is None or draft.intake.state != OPEN:
        return 0
    _take_their_word(turn, draft)
    draft.shorten()
    return draft.questions_left()


def _take_their_word(turn: Turn, draft: WorkingDraft) -> None:
    """Skip the question after "I already told you": the words are in the conversation."""
    asked = draft.question(draft.intake.asking or "")
    if asked is not None and TOLD_BEFORE.search(turn.text):
        draft.save_answer(asked.id, turn.text, turn.said, status=SKIPPED)


def _person(turn: Turn) -> list[Choice]:
    return [] if turn.waiting else [Choice(turn.support.buttons.person, "ask_person")]
