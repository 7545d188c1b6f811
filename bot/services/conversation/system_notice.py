"""A notice of the gateway to the customer, to be said by itself or as a part of a reply."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SystemNotice:
    """Words with cards, and with choices by title and payload."""

    text: str
    cards: tuple[dict[str, str], ...] = ()
    choices: tuple[dict[str, str], ...] = ()
