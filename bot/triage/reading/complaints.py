"""Recognise an order to put things right, and the word that an answer did not help: neither is ever an answer."""

import re

from bot.triage.reading.courtesies import is_plain_no
from bot.triage.reading.version_and_error import find_error_code
from bot.triage.text.contractions import with_apostrophes

MOST_WORDS = 12
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_IT = (
    r"(?:it|this|that|these|things|everything|(?:the|my|this|your|our) (?:problem|issue|thing|mess|bug|program|"
    r"software|fault))"
)
_ORDER = re.compile(
    rf"\b(?:fix|solve|sort|resolve|repair|mend) (?:{_IT}(?: out)?|out {_IT})\b|\bmake {_IT} (?:work|go away|stop|"
    rf"right)\b|"
    rf"\b(?:get|have|see) {_IT} (?:fixed|solved|sorted|resolved|repaired|working|done|running)\b|"
    rf"\bget {_IT} to work\b|"
    rf"\b(?:want|need|demand|expect) {_IT} (?:to be )?(?:fixed|solved|sorted|resolved|working|done|running)\b|"
    r"\bdo (?:something|your (?:job|work))\b|\b(?:hurry up|get (?:on with it|a move on))\b|\bsort (?:yourselves|"
    r"your \w+) out\b"
)
_QUESTION = re.compile(r"\W*(?:and |so )?(?:how|where|what|which|when|why|who|can i|could i|do i|should i|may i)\b")
_NO_HELP = re.compile(
    r"\b(?:didn't|did not|doesn't|does not|don't|isn't|is not|wasn't|was not|not|no|never) (?:really |quite |"
    r"exactly |at all |even |of any |any |"
    r"very |much )*(?:help|helped|helpful|helping|use|useful|what (?:i|we)(?:'m|'re| am| are)? \w+|what (?:i|"
    r"we) (?:was|were) \w+|"
    r"my question|the answer|an answer|answer(?:ed)? (?:it|that|my question)|it\W*$|right|clear|the one|that\W*$|"
    r"good)\b|"
    r"\b(?:useless|wrong (?:page|answer|one|article)|no good|still (?:nothing|no|not|the same|unclear|lost)|nope|"
    r"tried (?:that|it|this)(?: already)?)\b"
)


def orders_a_cure(text: str) -> bool:
    """ "FIX THIS NOW", "just get it sorted": an order to put it right that says nothing of what is wrong."""
    plain = with_apostrophes(text)
    is_short = len(_WORD.findall(plain)) <= MOST_WORDS
    return is_short and bool(_ORDER.search(plain)) and not _QUESTION.match(plain) and find_error_code(text) is None


def says_it_did_not_help(text: str) -> bool:
    """ "No", "that didn't help at all", "not what I asked": said after an answer from the manual."""
    plain = with_apostrophes(text)
    if is_plain_no(text):
        return True
    return len(_WORD.findall(plain)) <= MOST_WORDS and bool(_NO_HELP.search(plain)) and not plain.rstrip().endswith("?")
