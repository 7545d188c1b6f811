"""Lost data, or a job that still runs: first the harm warning, then the questions."""

from actions.turn import Turn
from bot.services.intake.harm_warning import warning_for
from bot.triage.reading.impact import Impact


async def give_first_aid(turn: Turn, harmful: Impact, text: str) -> None:
    """Warn against making the harm worse, with the manual's own warning where a page fits."""
    turn.say(f"utter_first_aid_{harmful}")
    warning = await warning_for(turn.ctx, harmful, text)
    if warning is not None:
        turn.say("utter_first_aid_manual", page=warning.page_title, warning=warning.words)
