"""Every command and every move that a plan can hold has a use case that performs it."""

from typing import get_args

from bot.dialogue.plan import CancelHandOff, Command, ReplyPart, RequestHandOff
from bot.services.turn import compose, perform


def kinds(union: object) -> set[str]:
    """The kinds of the plan's parts of this type."""
    return {part.kind for part in get_args(get_args(union)[0])}


def test_every_command_can_be_performed() -> None:
    assert set(perform._PERFORM) == kinds(Command)


def test_every_part_of_a_reply_is_said_or_moves_the_conversation() -> None:
    assert {part.kind for part in (*compose.SAYS, RequestHandOff, CancelHandOff)} == kinds(ReplyPart)


def test_a_passage_is_said_once_in_a_reply() -> None:
    cure = "Save the PDF and print it from the reader.\nThat gets the paper out today."
    first = f"If it is this, the manual has a cure:\n{cure}"
    assert compose.joined(first, f"This is what the manual says:\n{cure}") == first
    assert compose.joined(first, "Did that help?") == f"{first}\n\nDid that help?"
    assert compose.joined("Noted.", "Noted.") == "Noted.\n\nNoted."
