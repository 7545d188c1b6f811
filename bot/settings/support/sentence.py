"""Validate a sentence that an operator may rewrite: its allowed and its required ``{placeholders}``."""

import re
from string import Formatter

from pydantic import AfterValidator

from bot.settings.problems import did_you_mean


def sentence(*allowed: str, must: str | None = None) -> AfterValidator:
    """Return a validator: known placeholders, plainly written (``{name}``), including the required one."""

    def check(text: str) -> str:
        try:
            parts = [part for part in Formatter().parse(text) if part[1] is not None]
        except ValueError:
            raise ValueError("a { or } stands alone; write {{ or }} for the character itself") from None
        for _, name, spec, conversion in parts:
            if name not in allowed or spec or conversion:
                known = ", ".join(f"{{{one}}}" for one in allowed) or "none"
                hint = did_you_mean(re.sub(r"\W", "", name or ""), allowed)
                raise ValueError(f"{{{name}}} is not a placeholder of this sentence (it has: {known}).{hint}")
        if must and must not in [part[1] for part in parts]:
            raise ValueError(f"this sentence must contain {{{must}}}")
        if not text.strip():
            raise ValueError("write a sentence; it may not be empty")
        return text

    return AfterValidator(check)
