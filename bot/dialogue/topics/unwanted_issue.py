"""Give nobody an issue against their will: what is begun is dropped, what is logged is closed after one question.

What is asked instead is answered from the manual, and nothing is said of the queue and of prices.
"""

from bot.dialogue.draft import OPEN
from bot.dialogue.evidence import LookUp
from bot.dialogue.topics.closing import ask_to_close_unwanted
from bot.dialogue.topics.how_to import ask_whether_it_helped, look_up, offers, record, say_answer
from bot.dialogue.topics.new_issue import SAY_IT_DIFFERENTLY
from bot.dialogue.topics.question import OPENS
from bot.dialogue.turn import Turn
from bot.triage.reading.refused_issue import asked_instead, only_asks, refuses_issue
from bot.triage.reading.trouble import says_trouble


def is_refused(turn: Turn) -> bool:
    """Return whether typed words say that no issue is wanted, or that one is to be taken back."""
    return bool(turn.typed) and not turn.by_rules and turn.request is None and refuses_issue(turn.typed)


def refuse(turn: Turn) -> None:
    """Drop what is not logged; ask once whether to close what is."""
    turn.answer_nothing()
    question = asked_instead(turn.typed)
    draft, logged = turn.draft, turn.open_issue_state is not None
    if draft is not None and draft.intake.state == OPEN:
        draft.put_aside()
    if logged:
        _answer(turn, question)
        ask_to_close_unwanted(turn)
        return
    turn.ask_about(None)
    turn.say("utter_nothing_logged")
    if _answer(turn, question):
        ask_whether_it_helped(turn)
    elif question:
        turn.ask_about(SAY_IT_DIFFERENTLY)
        turn.say("utter_manual_has_nothing", choices=offers(turn))


def _answer(turn: Turn, question: str) -> bool:
    """Answer what the manual surely answers; return False when it answers nothing."""
    found = turn.evidence.of(LookUp(question)) if question else None
    if found is None or not record(turn, question, found):
        return False
    say_answer(turn, found)
    return True


def is_question_stated(turn: Turn) -> bool:
    """Return whether a statement asks something of the product, so that no issue is begun for it."""
    if not turn.typed or turn.by_rules or turn.in_form or turn.waiting or turn.references or turn.foreign is not None:
        return False
    return turn.intent in OPENS and only_asks(turn.typed) and not says_trouble(turn.typed)


def answer_question(turn: Turn) -> None:
    look_up(turn, turn.typed)
