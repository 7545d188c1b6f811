"""Malicious software or an intruder: first aid at once, a person next, and no page about other troubles."""

from bot.dialogue.topics import other_language
from bot.dialogue.topics.did_it_help import mark_search
from bot.dialogue.topics.harm_warning import give_first_aid
from bot.dialogue.topics.new_issue import ABOUT_THE_MANUAL, report
from bot.dialogue.topics.question import is_about_product
from bot.dialogue.turn import Turn
from bot.triage.reading.form import asks
from bot.triage.reading.impact import Impact, assess


def is_reported(turn: Turn) -> bool:
    """Return whether typed words tell of an attack for the first time, in whatever form."""
    return _is_typed(turn) and _is_attack(turn.typed) and not _is_attack(turn.problem_before)


def give_aid(turn: Turn) -> None:
    """Say what to do at once, and log it."""
    if turn.foreign is not None:
        give_first_aid(turn, Impact.ATTACK, turn.typed)
        other_language.log(turn)
        return
    if turn.pending in ABOUT_THE_MANUAL:
        mark_search(turn, solved=False)
    report(turn)


def is_asked_about(turn: Turn) -> bool:
    """Return whether something is asked about the product or the computers while the attack is what is logged."""
    if not _is_typed(turn) or not _is_attack(turn.problem_before):
        return False
    return asks(turn.typed) and is_about_product(turn.typed)


def stand_by_the_aid(turn: Turn) -> None:
    """Repeat in short what holds until a person has looked: the manual's answers are for working computers."""
    turn.say("utter_attack_goes_on", phone=turn.support.phone)


def _is_typed(turn: Turn) -> bool:
    return bool(turn.typed) and not turn.by_rules and not turn.is_choice and turn.context.event is None


def _is_attack(text: str) -> bool:
    return assess(text, {}) is Impact.ATTACK
