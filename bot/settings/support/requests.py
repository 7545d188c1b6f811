"""``requests`` of support.yml: what customers ask of the company that is no problem with the product."""

from typing import Annotated

from pydantic import Field, field_validator

from bot.settings.support.parts import Line, Part, Words
from bot.settings.support.sentence import sentence

MOST_EXAMPLES = 40
_REFERENCE = "{reference}"


class RequestEntry(Part):
    """A kind of request: how it is understood, who answers it until when, and the sentence that says so."""

    title: Line
    team: str
    sentence: Annotated[Words, sentence("team", "day", "reference")]
    examples: tuple[Line, ...] = Field(min_length=1, max_length=MOST_EXAMPLES)
    keywords: tuple[Line, ...] = ()
    unless: tuple[Line, ...] = ()
    unlike: tuple[Line, ...] = Field(default=(), max_length=MOST_EXAMPLES)
    contact: bool = False
    urgent: bool = False
    manual_first: bool = False
    answer_days: int = Field(default=2, ge=0, le=60)

    @field_validator("keywords", "unless")
    @classmethod
    def _whole(cls, keywords: tuple[str, ...]) -> tuple[str, ...]:
        for keyword in keywords:
            if not all(word.strip(" *") for part in keyword.split("+") for word in part.split("|")):
                raise ValueError(f'"{keyword}": write a word on each side of + and |, as in cancel*|end + our contract')
        return keywords


def names_reference(reply: str) -> bool:
    """Return whether the sentence that answers a request names its Tech Reference."""
    return _REFERENCE in reply
