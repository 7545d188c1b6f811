"""Confidence: a wish that only support reads something, at any point, and the question who reads along."""

from bot.dialogue.context import CONFIDING
from bot.dialogue.plan import KeepInConfidence
from bot.dialogue.turn import Turn
from bot.triage.privacy.confidence_words import asks_how_long_kept, asks_who_reads, says_more_than_a_wish
from bot.triage.privacy.secrets_in_words import asks_to_remove_password

# A longer message tells something besides, which is read as usual.
MOST_WORDS_OF_A_WISH = 20


def is_wish_for_earlier_words(turn: Turn) -> bool:
    """Return True for a wish for confidence that says nothing else: it is about what was, or will be, written."""
    return turn.asks_confidence and bool(turn.typed) and not says_more_than_a_wish(turn.typed)


def keep_earlier_words(turn: Turn) -> None:
    """Keep what was written so far for support alone; with nothing written, keep the next message so."""
    question = turn.draft.question(turn.draft.intake.asking or "") if turn.draft is not None and turn.in_form else None
    if turn.draft is not None and question is not None and question.private_offer:
        turn.draft.intake.asking_private = True
    if turn.draft is not None or turn.context.issue is not None:
        _mark_earlier_words(turn)
    else:
        turn.ask_about(CONFIDING)
    if asks_who_reads(turn.typed):
        say_who_reads(turn)


def _mark_earlier_words(turn: Turn) -> None:
    if turn.context.message is None:
        return
    last = turn.context.message.each[-1]
    if turn.draft is not None:
        turn.draft.keep_in_confidence(last.id)
    else:
        turn.do(KeepInConfidence(last.id))


def asks_to_remove_a_password(turn: Turn) -> bool:
    """Return True for the wish that a password written here be removed."""
    short = turn.word_count <= MOST_WORDS_OF_A_WISH
    return bool(turn.typed) and short and asks_to_remove_password(turn.typed)


def say_password_removed(turn: Turn) -> None:
    """Say what was done with it at the door, and what is left to do."""
    turn.say("utter_password_removed")


def asks_who_reads_along(turn: Turn) -> bool:
    """Return True for a question about who reads this conversation."""
    return bool(turn.typed) and asks_who_reads(turn.typed)


def say_who_reads(turn: Turn) -> None:
    """Say who reads and how long it is kept, in the words of the privacy notice, and how to confide in support alone.

    Whoever begins to tell something with the question is asked to go on, and what follows is kept for support alone.
    """
    turn.say("utter_who_reads", notice=turn.support.privacy.notice.strip())
    if asks_how_long_kept(turn.typed):
        turn.say_text(turn.support.privacy.retention)
    if not turn.in_form and turn.context.issue is None and says_more_than_a_wish(turn.typed):
        turn.begin_draft()
        turn.go_on_with_questions()
        turn.ask_about(CONFIDING)


def acknowledge(turn: Turn) -> None:
    """Say, before anything else, that only support reads what was asked to be kept so."""
    if turn.asks_confidence:
        turn.say_first("utter_in_confidence")
