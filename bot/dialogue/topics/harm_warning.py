"""An attack, lost data, or a job that still runs: first the harm warning, then the questions."""

from bot.dialogue.evidence import LookUp
from bot.dialogue.turn import Turn
from bot.triage.reading.impact import Impact


def give_first_aid(turn: Turn, harmful: Impact, text: str) -> None:
    """Warn against making the harm worse, with the manual's own warning where a page fits."""
    turn.say(f"utter_first_aid_{harmful}", phone=turn.support.phone)
    if harmful is Impact.ATTACK:
        return
    found = turn.evidence.of(LookUp(text, harm=str(harmful)))
    if found.warning is not None:
        turn.say("utter_first_aid_manual", page=found.page, warning=found.warning)
