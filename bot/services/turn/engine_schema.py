"""The schema of the dialogue engine's answer, validated before anything of it is stored."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

# More than any turn says; a server gone wrong may send without end.
MOST_BYTES = 2_000_000


class _Choice(BaseModel):
    title: str
    payload: str | None = None


class _Card(BaseModel):
    title: str
    url: str
    excerpt: str | None = None


class _Reply(BaseModel):
    text: str
    choices: list[_Choice] = []
    cards: list[_Card] = []
    private: bool = False


class _Plain(BaseModel):
    type: Literal["cancel_hand_off", "noted"]


class _HandOff(BaseModel):
    type: Literal["hand_off"]
    reason: str


class _Value(BaseModel):
    type: Literal["mood", "outcome"]
    value: str


class _Fallback(BaseModel):
    type: Literal["fallback"]
    on: bool


class _Answer(BaseModel):
    replies: list[_Reply]
    effects: list[Annotated[_Plain | _HandOff | _Value | _Fallback, Field(discriminator="type")]]
    model_id: str
    trace: dict[str, Any]


_ANSWER = TypeAdapter(_Answer)


class Unreadable(Exception):
    """The engine sent something that is no result of a turn. It quotes nothing: an answer holds people's words."""


def check(answer: object) -> dict[str, Any]:
    """Return the turn's result just as it came; raises Unreadable when it is none that could be stored."""
    try:
        _ANSWER.validate_python(answer, strict=True)
    except ValidationError as error:
        raise Unreadable(f"{error.error_count()} faults") from None
    if not isinstance(answer, dict):
        raise Unreadable("no object")
    return answer
