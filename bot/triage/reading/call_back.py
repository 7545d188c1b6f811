"""When a customer would like to be called: the phrase as they wrote it."""

import re

from bot.triage.text.plain_text import fold

_DAY = (
    r"(?:today|tonight|tomorrow|(?:on )?(?:next )?(?:mon|tues|wednes|thurs|fri|satur|sun)days?|"
    r"(?:this|in the|the) (?:morning|afternoon|evening)|mornings?|afternoons?|weekdays?)"
)
_CLOCK = r"(?:noon|midday|lunch(?: ?time)?|\d{1,2}(?:[:.]\d{2})? ?(?:a\.?m\b\.?|p\.?m\b\.?|o'clock|h\b)?)"
_ZONE = (
    r"(?: ?\(?(?:(?:eastern|pacific|central|mountain|london|uk|berlin|european|my|our|your|local)(?: time)?|"
    r"[ecmp][sd]?t|gmt|utc|bst|cet|cest)\b\)?)?"
)
_HALF_OF_DAY = r" ?[ap]\.?m\b\.?"
# "2-4 p.m.", "10:30 to 12", "3 p.m.": a mere figure is no time.
_SPAN = (
    rf"(?:\d{{1,2}}(?:[:.]\d{{2}})?(?:{_HALF_OF_DAY})? ?(?:-|–|to|till|until) ?(?:\d{{1,2}}(?:[:.]\d{{2}})?"
    rf"(?:{_HALF_OF_DAY}| o'clock)|\d{{1,2}}[:.]\d{{2}}|noon)|\d{{1,2}}(?:[:.]\d{{2}})?(?:{_HALF_OF_DAY}| o'clock))"
    rf"{_ZONE}"
)
_WHEN = (
    rf"(?:(?:any ?time )?(?:at|after|before|around|about|by|from|until|between) (?:about |around )?{_CLOCK}"
    rf"(?: (?:and|to|or)|-) ?{_CLOCK}{_ZONE}"
    rf"|(?:any ?time )?(?:at|after|before|around|about|by|from|until) (?:about |around )?{_CLOCK}{_ZONE}"
    rf"|(?:any ?time )?(?:at |between |from |around )?{_SPAN}"
    rf"|(?:any ?time )?{_DAY}|any ?time|in (?:about )?(?:an|one|two|half an|\d{{1,2}}) (?:hours?|minutes?))"
)
_CALL = (
    r"(?:call(?:ed)?|ring|phone|telephone)\b(?: (?:me|us|back|him|her))+|call[- ]?backs?\b|appointment\b|"
    r"(?:schedule|book|arrange|set up|have|make) (?:me |us )?an? (?:\w+ )?(?:call|session|meeting)\b|"
    r"(?:reach|reached|available|free|in the office)\b"
)
_BACK = re.compile(rf"\b(?:{_CALL})[^.!?\n]{{0,40}}?\b(?P<when>{_WHEN}(?:,? (?:or |and )?{_WHEN}){{0,2}})(?![\w-])")
_NAMED = re.compile(rf"(?<![\w.,/-]){_WHEN}(?:,? (?:or |and )?{_WHEN}){{0,2}}(?![\w-])")
# A number to call is no time of day: "call me at 555 0182" and "at 020 7946 0958".
_TELEPHONE = re.compile(r"(?:\+ ?)?\(?\d[\d ().-]{5,18}\d")


def find_call_back(text: str) -> str | None:
    """``tomorrow after 3pm`` in "please call me tomorrow after 3pm"; None when no time is named."""
    match = _BACK.search(_without_numbers(text))
    return text[match.start("when") : match.end("when")].strip(" ,;:!?-") if match else None


def find_time_named(text: str) -> str | None:
    """Return the first day or time that a text names, whatever it is for: ``3-5 p.m. Pacific``."""
    match = _NAMED.search(_without_numbers(text))
    return match and text[match.start() : match.end()].strip(" ,;:!?-")


def _without_numbers(text: str) -> str:
    """Return the folded text with signs for the digits of telephone numbers."""
    return _TELEPHONE.sub(lambda match: "#" * len(match[0]), fold(text))
