"""Recognise who asks for their own Tech Reference, for news of their issue, or whether anybody is there."""

import re

from bot.triage.text.contractions import with_apostrophes

_NUMBER = (
    r"(?:tech(?:nical)? )?(?:reference|ref|ticket|case|issue|support|incident|tracking)?\.? ?(?:numbers?|no|"
    r"nr|id|reference|ref|ticket)"
)
_OWN = re.compile(
    rf"\b(?:what(?:'s|s| is| was)|which (?:is|was)|where(?:'s| is| do i find)) (?:my|our) {_NUMBER}\b|"
    rf"\b(?:lost|forgot|forgotten|misplaced|mislaid|don't have|do not have|haven't got|can't find|cannot find|"
    rf"didn't get|did not get|"
    rf"never got|don't remember|can't remember|deleted|need) (?:my|our|the|a|any) {_NUMBER}\b|"
    rf"\b(?:give|tell|send|show|repeat|look up|find) (?:me |us )?(?:again )?(?:my|our) {_NUMBER}\b|"
    rf"\b(?:my|our) {_NUMBER}(?: again)? ?(?:please|pls)?\W*$"
)
_ANOTHER_NUMBER = re.compile(
    r"\b(?:phone|telephone|invoice|licence|license|serial|customer|vat|account|order|bank|version|contract)\b"
)
_NEWS = re.compile(
    r"\b(?:any|some|no|is there) (?:\w+ )?(?:news|update|progress|word|answer)\b[^.!\n]{0,40}|"
    r"\b(?:has|have|did|is|are|was|were|will) (?:anybody|anyone|somebody|someone|a technician|any technician|"
    r"any of you)"
    r"(?: \w+){0,3} (?:look(?:ed|ing)?|work(?:ed|ing)?|read(?:ing)?|seen|see|there|here|start(?:ed)?|on it|at it|"
    r"listening|assigned)\b|"
    r"\b(?:has|have|did|are|were|will) (?:they|you)(?: \w+){0,3} (?:look(?:ed|ing)?|work(?:ed|ing)?|start(?:ed)?|"
    r"on it|at it)\b|"
    r"\b(?:is|are) (?:there )?(?:anybody|anyone|somebody|someone)(?: (?:still|even|actually|out))?(?: there| here|"
    r" home| at home| working| alive)\b|"
    r"\b(?:anybody|anyone|somebody|someone) (?:there|here|home|at home|listening|reading)\b|"
    r"\b(?:how|what)(?:'s| is| are| about)(?: things)? (?:it |the status|happening|going on|my (?:ticket|issue|"
    r"case|request|problem))[^.!\n]{0,40}|"
    r"\bhow (?:far|long) (?:is|are|have|will|until|till|do|does|must|before)\b[^.!\n]{0,40}\b(?:you|it|answer|wait|"
    r"turn|take|technician|i|we)\b|"
    r"\b(?:still )?(?:waiting|in the queue) for (?:an? |any )?(?:answer|reply|technician)\b|"
    r"\bwhat(?:'s| is) my (?:place|position)\b|\bhow many (?:people |others? )?(?:are )?(?:before|ahead of|"
    r"in front of) (?:me|us)\b|"
    r"\bwhen (?:will|is|does|do|can) (?:it be my turn|my turn|(?:i|we) (?:get|hear|have)|(?:somebody|someone|"
    r"a technician|anybody|you))\b"
)
_HELLO = re.compile(r"\W*hello\W*\?{2,}\W*")


def asks_own_number(text: str) -> bool:
    """ "What was my number again?", "I lost my reference number"."""
    plain = with_apostrophes(text)
    return bool(_OWN.search(plain)) and not _ANOTHER_NUMBER.search(plain)


def asks_for_news(text: str) -> bool:
    """ "Has anybody looked at it yet?", "is there anybody there at all?"."""
    plain = with_apostrophes(text)
    return bool(_NEWS.search(plain) or _HELLO.fullmatch(plain))
