"""Put every open question at once, in a numbered list, where each reply may take a day: in a mail.

The list is put once. Whatever a reply leaves open is the technician's to ask.
"""

from bot.dialogue.draft import DONE, OTHER, SKIPPED, TOGETHER, WHO_PAYS
from bot.dialogue.topics import who_pays
from bot.dialogue.turn import Turn
from bot.dialogue.working_draft import WorkingDraft
from bot.triage.issue.routing import Question


def were_put(turn: Turn) -> bool:
    """Return whether the list was put before this turn and is still open."""
    return turn.context.draft is not None and turn.context.draft.intake.asking == TOGETHER


def put(turn: Turn, draft: WorkingDraft) -> None:
    """Put the list, unless it was put; end the questions once a message has done with it."""
    if were_put(turn):
        if draft.intake.asking != TOGETHER:
            draft.intake.state, draft.intake.asking = DONE, None
        return
    if draft.category is None:
        # The category decides which questions there are, and asking for it would take a mail of its own.
        draft.set_category(OTHER)
    if who_pays.is_to_be_asked(turn):
        draft.save_answer(WHO_PAYS, turn.office.summary.not_answered, turn.said, status=SKIPPED)
        turn.keep_place_untold()
    listed = [_words(turn, draft, name) for name in draft.listed_together()]
    if not listed:
        draft.intake.state, draft.intake.asking = DONE, None
        return
    draft.intake.asking = TOGETHER
    lines = "\n".join(f"{place}. {words}" for place, words in enumerate(listed, 1))
    turn.say("utter_ask_together", lines=lines)


def say_rest(turn: Turn) -> None:
    """Say the place and the price, which waited for the answer about a contract."""
    if turn.draft is not None and WHO_PAYS in turn.draft.answers:
        turn.say_queue_notices()


def _words(turn: Turn, draft: WorkingDraft, name: str) -> str:
    question = draft.question(name)
    return turn.support.wording.ask_contract_in_list if question is None else _with_choices(question)


def _with_choices(question: Question) -> str:
    return f"{question.ask} ({' / '.join(question.choices)})" if question.choices else question.ask
