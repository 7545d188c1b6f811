"""Write out what people shorten: "doesnt" and "thats" get the apostrophe that patterns expect."""

import re

from bot.triage.text.plain_text import fold

_LEFT_OUT = re.compile(
    r"\b(do|does|did|is|are|was|were|has|have|had|ca|wo|could|would|should|must|need|ai)nt\b|"
    r"\b(that|it|what|there|here|let)s\b|\bi(ve|ll|m)\b"
)


def with_apostrophes(text: str) -> str:
    """Return the folded text with plain apostrophes, also where they were left out; offsets are not kept."""
    return _LEFT_OUT.sub(_written_out, fold(text))


def _written_out(match: re.Match[str]) -> str:
    if match[1]:
        return f"{match[1]}n't"
    return f"{match[2]}'s" if match[2] else f"i'{match[3]}"
