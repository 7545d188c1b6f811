"""Frustration: acknowledge or calm it in one sentence, flag it for the technician, and go on helping."""

from bot.dialogue.draft import OPEN, SKIPPED
from bot.dialogue.plan import Choice, CountAbuse
from bot.dialogue.topics.new_issue import back_to_the_technician, report
from bot.dialogue.turn import Turn
from bot.dialogue.user_message import states_problem
from bot.triage.reading.complaints import orders_a_cure
from bot.triage.reading.control_words import says_given_before

MOST_ABUSE = 3


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


def is_ordered(turn: Turn) -> bool:
    """Return whether typed words order a cure and tell nothing that could be logged."""
    return bool(turn.typed) and orders_a_cure(turn.typed) and not states_problem(turn.support, turn.typed)


def stand_by(turn: Turn) -> None:
    """Answer a complaint, a denial or an order that was taken for something else: nothing ends by it."""
    issue = turn.context.issue
    if issue is not None and issue.resolved and not turn.in_form and not turn.waiting:
        back_to_the_technician(turn)
    else:
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
    asked = draft.question(draft.intake.asking or "")
    if asked is not None and says_given_before(turn.text):
        draft.save_answer(asked.id, turn.support.summary.not_answered, turn.said, status=SKIPPED)
    draft.shorten()
    return draft.questions_left()


def _person(turn: Turn) -> list[Choice]:
    return [] if turn.waiting else [Choice(turn.support.buttons.person, "ask_person")]
