"""The operator's replacements for the responses of domain.yml, by name.

They hold at once, without training: the composer of replies looks here before it takes the domain's own words.
"""

from functools import cache
from pathlib import Path
from string import Formatter
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator
from ruamel.yaml import YAML

from bot.settings.problems import did_you_mean
from bot.settings.support.parts import Part, Words

DOMAIN = Path(__file__).resolve().parents[3] / "domain.yml"
PREFIX = "utter_"


def _several(written: object) -> object:
    """Accept one sentence, or several variations of which one is chosen each time."""
    return (written,) if isinstance(written, str) else written


Variations = Annotated[tuple[Words, ...], BeforeValidator(_several), Field(min_length=1, max_length=10)]


@cache
def spoken() -> dict[str, tuple[str, ...]]:
    """Return the assistant's default sentences: every response of domain.yml with its variations."""
    responses = YAML(typ="safe", pure=True).load(DOMAIN.read_text(encoding="utf-8"))["responses"]
    return {name: tuple(one["text"] for one in variations) for name, variations in responses.items()}


def placeholders(texts: tuple[str, ...]) -> set[str]:
    """Return the ``{names}`` in sentences; raise ValueError for an unmatched brace."""
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None}


class Sentences(Part):
    """Replacement sentences by the response's name, checked against the placeholders of the domain's own."""

    own: dict[str, Variations] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, written: object) -> object:
        return {"own": written} if isinstance(written, dict) else written

    @model_validator(mode="after")
    def _can_be_said(self) -> "Sentences":
        for name, texts in self.own.items():
            known = spoken()
            if name not in known:
                raise ValueError(f"{name}: the assistant has no such sentence.{did_you_mean(name, known)}")
            try:
                used = placeholders(texts)
            except ValueError:
                raise ValueError(f"{name}: a {{ or }} stands alone; write {{{{ or }}}} for the character") from None
            allowed = placeholders(known[name])
            if wrong := sorted(used - allowed):
                has = ", ".join(f"{{{one}}}" for one in sorted(allowed)) or "none"
                hint = did_you_mean(wrong[0], allowed)
                raise ValueError(f"{name}: {{{wrong[0]}}} is not a placeholder of this sentence (it has: {has}).{hint}")
        return self
