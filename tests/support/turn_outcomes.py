"""Outcomes of turns as tests want them: what was decided, without anybody deciding."""

from collections.abc import Sequence
from typing import Any

from bot.dialogue.context import PressedChoice
from bot.dialogue.evidence import Evidence
from bot.dialogue.plan import CancelHandOff, Choice, Command, Plan, ReplyPart, RequestHandOff, SayText
from bot.dialogue.reading import Reading
from bot.services.core.context import Context
from bot.services.turn.turns import Outcome

READING = Reading("report_issue", 0.9, ("report_issue",))


def outcome_of(
    ctx: Context,
    *parts: str | ReplyPart,
    commands: Sequence[Command] = (),
    choices: Sequence[dict[str, Any]] = (),
    reading: Reading = READING,
    rule: str = "a rule of a test",
) -> Outcome:
    """Return an outcome that performs the commands and says the parts; each text has the choices."""
    buttons = tuple(_choice(choice) for choice in choices)
    reply = tuple(SayText(part, choices=buttons) if isinstance(part, str) else part for part in parts)
    return Outcome(Plan(rule, tuple(commands), reply), reading, Evidence(), ctx.support.digest)


def _choice(choice: dict[str, Any]) -> Choice:
    pressed = PressedChoice.of_payload(choice["payload"])
    return Choice(choice["title"], pressed.intent, pressed.fields)


HANDS_OFF = RequestHandOff("issue logged")
CANCELS = CancelHandOff()
