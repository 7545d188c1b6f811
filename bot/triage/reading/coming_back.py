"""Recognise, after a solution was given, whether the same trouble is meant, another matter, or the way to a setting."""

import re
from dataclasses import dataclass

from bot.triage.reading.similarity import telling_words
from bot.triage.reading.version_and_error import find_error_code
from bot.triage.text.contractions import with_apostrophes

# The same trouble by its own words. "Again" alone says nothing: "hello again".
_SAME = re.compile(
    r"\bstill\b|\b(?:isn't|is not|not|wasn't|hasn't been|has not been|never|nothing is|nothing was|n't) (?:really |"
    r"quite |yet |been )*"
    r"(?:fixed|solved|resolved|working|sorted|better|gone|over|helped|true)\b|"
    r"\b(?:doesn't|does not|didn't|did not|don't|do not|won't|will not|can't|cannot|isn't|is not|"
    r"not) (?:\w+ )?(?:work|working|help|"
    r"open|print|start|run)\b(?: (?:any ?more|again|after all|either|at all|either way))?|"
    r"\b(?:came|come|comes|coming|is|it's|are|'s|went|goes) (?:right )?back\b(?! (?:up|at|in|to (?:work|"
    r"the office)))|"
    r"\b(?:has |have )?(?:returned|reappeared|recurred)\b|\bno (?:better|change|difference|improvement)\b|"
    r"\b(?:the |exactly the |exact )?same (?:problem|issue|error|thing|trouble|message|fault|bug|story|code|again|"
    r"as (?:before|last|yesterday))\b|"
    r"\b(?:happen|start|began|begin|occur|crash|fail|freez|froze|hang|hung|stop|break|broke|appear|show|came up|"
    r"come up|get it|"
    r"got it|getting it|did it|does it|doing it|did that)\w*(?: \w+){0,2} again\b|\bhere we go again\b|"
    r"\b(?:just )?like before\b|"
    r"^\W*(?:(?:it|this|that)(?:'s| is| has)? )?(?:not (?:fixed|solved)|unsolved|back|again)\W*$|"
    r"\bspoke too soon\b|\bback to square one\b|"
    r"\bnothing (?:is|was|has been|got) (?:right|better|different|good)\b|\bnothing (?:has )?changed\b|"
    r"\bas (?:\w+ )?(?:as )?before\b|\b(?:re)?solved ?\?|\bfixed ?\?|\bclosed ?\?|"
    r"\b(?:far from|nowhere near|anything but) (?:being )?(?:re)?(?:solved|fixed|right|done)\b"
)
_AGAIN = re.compile(r"\bagain\b|\bonce more\b|\bthis morning\b|\btoday\b")
_GREETS_AGAIN = re.compile(r"\b(?:hi|hello|hey|me|morning|afternoon|evening|thanks|thank you|and|you) again\b")
_ANOTHER = re.compile(
    r"(?:\b(?:but |and |so )?(?:now |then )?(?:there(?:'s| is) |i have |i've got |i've |we have |we've |here(?:'s|"
    r" is) )?(?:also )?(?:just )?"
    r"(?:an? |one |the |yet )?(?:whole )?(?:another|other|different|new|second|further|separate|one more)(?: \w+)? "
    r"(?:problem|issue|question|thing|matter|error|trouble|topic|subject|request)s?\b"
    r"(?! (?:works|is (?:fixed|solved|gone|ok|fine)|too\b))|\b(?:but |and )?(?:now |then )?(?:for |"
    r"to )?something (?:quite |completely |totally |entirely |altogether )?(?:else|different|new)\b(?! is)|"
    r"\bone more thing\b|\b(?:new|different) (?:problem|issue|question|"
    r"matter) though\b|\bunrelated(?:ly)?\b|"
    r"\bnext (?:problem|question|issue)\b|\bon another (?:note|matter|topic)\b|\bwhile (?:i'm|i am|we're|you're|"
    r"you are) (?:here|at it)\b)"
    r"[^\w\n]*(?:(?:unrelated|separate)(?: to (?:that|this|it))?[^\w\n]+)?"
)
_NOT_ANOTHER = re.compile(
    r"\b(?:get|gets|got|see|shows?|now) (?:an? )?(?:different|another|new|other) (?:error|message|code|problem)\b"
    r"(?! ?[:–-]| is that\b)|"
    # "The second thing" is a step of what was said, unless its writer goes on to say what it is.
    r"\bthe (?:second|other|next|new|different) thing\b(?! ?[:–-]| is that\b)|"
    r"\binstead of\b|\bno (?:other|more|further|new)\b"
)
_WHERE = re.compile(
    r"\bwhere\b|\bhow (?:do|can|would|could|should|to)\b|\bwhich (?:menu|window|page|tab|screen|button|setting)\b|"
    r"\b(?:can't|cannot|can not|couldn't|don't|do not|didn't) (?:\w+ )?(?:find|see|locate|"
    r"have)\b[^.?!\n]{0,20}\b(?:that|this|it|the|such|any|a) ?"
    r"(?:\w+ )?(?:setting|option|button|menu|box|page|switch|window|tab|field|layout|entry|command|anywhere)\b|"
    r"\bwhat do you mean by\b"
)
_HOW_THAT = re.compile(r"\bhow (?:would|will|could|should|does|is) (?:that|this|it)\b")
_SENTENCE = re.compile(r"[.!;\n]+\s*|,\s*(?=but\b|and now\b|now\b)|\s(?=but\b)|\s-+\s")


@dataclass(frozen=True)
class Another:
    """A message that begins another matter: what is said before it, and the words of the other matter."""

    before: str
    matter: str


def says_it_is_back(text: str, title: str) -> bool:
    """Return whether the words say that the solved trouble, which has this title, is there still or again."""
    plain = with_apostrophes(text)
    if another_matter(text) is not None:
        return False
    code = find_error_code(text)
    shares = bool(telling_words(text) & telling_words(title)) or (code is not None and code == find_error_code(title))
    if _GREETS_AGAIN.search(plain):
        return bool(_SAME.search(plain)) and shares
    return bool(_SAME.search(plain)) or (shares and bool(_AGAIN.search(plain)))


def another_matter(text: str) -> Another | None:
    """Return where a message turns to something else; None when it says of nothing that it is another matter."""
    plain = with_apostrophes(text)
    match = _ANOTHER.search(plain)
    if match is None or _NOT_ANOTHER.search(plain):
        return None
    start = max((one.end() for one in _SENTENCE.finditer(plain) if one.end() <= match.start() + 1), default=0)
    matter = text[match.end() :].strip(" ,.:;-–")
    return Another(text[:start].strip(" ,;:-–"), matter if len(matter.split()) > 1 else text[start:].strip())


def asks_where(text: str) -> bool:
    """Return whether the words ask where a setting is, or how something is done that was said."""
    plain = with_apostrophes(text)
    return bool(_WHERE.search(plain)) and not _HOW_THAT.search(plain)
