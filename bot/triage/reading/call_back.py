"""When a customer would like to be called: the phrase as they wrote it."""

import re

from bot.triage.text.plain_text import fold

_DAY = (
    r"(?:today|tonight|tomorrow|(?:on )?(?:next )?(?:mon|tues|wednes|thurs|fri|satur|sun)days?|"
    r"(?:this|in the|the) (?:morning|afternoon|evening)|mornings?|afternoons?|weekdays?)"
)
_CLOCK = r"(?:noon|midday|lunch(?: ?time)?|\d{1,2}(?:[:.]\d{2})? ?(?:a\.?m\b\.?|p\.?m\b\.?|o'clock|h\b)?)"
_ZONE = r"(?: ?(?:eastern|pacific|central|mountain|[ecmp][sd]?t|gmt|utc|uk time|my time|our time|your time))?"
_WHEN = (
    rf"(?:(?:any ?time )?(?:at|after|before|around|about|by|from|until|between) (?:about |around )?{_CLOCK}"
    rf"(?: (?:and|to|or)|-) ?{_CLOCK}{_ZONE}"
    rf"|(?:any ?time )?(?:at|after|before|around|about|by|from|until) (?:about |around )?{_CLOCK}{_ZONE}"
    rf"|(?:any ?time )?{_DAY}|any ?time|in (?:about )?(?:an|one|two|half an|\d{{1,2}}) (?:hours?|minutes?))"
)
_CALL = (
    r"(?:call(?:ed)?|ring|phone|telephone)\b(?: (?:me|us|back|him|her))+|call[- ]?backs?\b|appointment\b|"
    r"(?:schedule|book|arrange|set up|have|make) (?:me |us )?an? (?:\w+ )?(?:call|session|meeting)\b|"
    r"(?:reach|reached|available|free|in the office)\b"
)
_BACK = re.compile(rf"\b(?:{_CALL})[^.!?\n]{{0,40}}?\b(?P<when>{_WHEN}(?:,? (?:or |and )?{_WHEN}){{0,2}})(?![\w-])")
# A number to call is no time of day: "call me at 555 0182" and "at 020 7946 0958".
_TELEPHONE = re.compile(r"(?:\+ ?)?\(?\d[\d ().-]{5,18}\d")


def find_call_back(text: str) -> str | None:
    """``tomorrow after 3pm`` in "please call me tomorrow after 3pm"; None when no time is named."""
    masked = _TELEPHONE.sub(lambda match: "#" * len(match[0]), fold(text))
    match = _BACK.search(masked)
    return text[match.start("when") : match.end("when")].strip(" .,;:!?-") if match else None
