"""Write out what people shorten: "doesnt" and "thats" get the apostrophe that patterns expect, "u" becomes "you"."""

import re

from bot.triage.text.plain_text import fold

_LEFT_OUT = re.compile(
    r"\b(do|does|did|is|are|was|were|has|have|had|ca|wo|could|would|should|must|need|ai)nt\b|"
    r"\b(that|it|what|where|who|there|here|let)s\b|\bi(ve|ll|m)\b|\b(u|ur|wanna|gonna|gotta|smth|sth|plz|pls|abt|bc|tmrw)\b"
)
_SHORT_FORMS = {
    "u": "you",
    "ur": "your",
    "wanna": "want to",
    "gonna": "going to",
    "gotta": "have to",
    "smth": "something",
    "sth": "something",
    "plz": "please",
    "pls": "please",
    "abt": "about",
    "bc": "because",
    "tmrw": "tomorrow",
}


def with_apostrophes(text: str) -> str:
    """Return the folded text with plain apostrophes, also where they were left out; offsets are not kept."""
    return _LEFT_OUT.sub(_written_out, fold(text))


def _written_out(match: re.Match[str]) -> str:
    if match[4]:
        return _SHORT_FORMS[match[4]]
    if match[1]:
        return f"{match[1]}n't"
    return f"{match[2]}'s" if match[2] else f"i'{match[3]}"
