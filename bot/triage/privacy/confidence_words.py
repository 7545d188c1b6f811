"""Recognise a request for confidence in a customer's words, and a question about who reads the conversation.

A technical complaint about what somebody cannot see ("my boss can't see the report") is neither: to see or to read
must be about these very words.
"""

import re
from collections.abc import Iterator

from bot.triage.privacy.confidence_abroad import readers_asked_abroad, wishes_abroad
from bot.triage.privacy.confidence_frames import readers_asked_in, wishes_in
from bot.triage.text.contractions import with_apostrophes
from bot.triage.text.language import foreign_language
from bot.triage.text.plain_text import fold, word_set

# A word and a colon, or a word alone at the end, that forbid all others.
_NOBODY_OTHER = (
    r"(?:^|[.;!,(] ?)(?:please )?(?:nobody|no ?one)(?: else| other)(?: please)?(?= ?:)|"
    r"\bplease (?:nobody|no ?one)(?: else| other)(?= ?[:,.;!-]|\W*$)",
)
# A manner of telling, whatever the verb: "I wish to report in strict confidence that …".
_IN_CONFIDENCE = (
    r"\bin (?:(?:the )?(?:strict(?:est)?|full|complete|total|absolute|utmost) )?confidence\b"
    r"(?! (?:in|levels?|intervals?)\b)"
)
_WISH = re.compile("|".join(f"(?:{one})" for one in (*_NOBODY_OTHER, _IN_CONFIDENCE)))
_HOW_TO = re.compile(
    r"\bhow (?:do|can|could|to|would|should)\b[^.?!\n]{0,20}$|\bmy (?:report|invoice)s?\b[^.?!\n]{0,20}$"
)
_WRITTEN = (
    r"(?:wrote|write|said|say|told|tell|typed|type|mentioned|mention|sent|send|did|put|enter|entered|post|posted|"
    r"have (?:just )?(?:written|said|told))(?: in(?=\W|$))?"
)
_TALK = (
    rf"(?:(?:this|these|that|my|our|the) (?:chats?|conversations?|messages?|words|transcripts?)(?! (?:in|from|"
    rf"of|on|under))"
    rf"|what (?:i|we)(?:'ve| have| just| am| was)? (?:{_WRITTEN}|typing|writing|telling)(?: you| here)?)"
)
_KEEPS = (
    r"(?:keep|kept|stor(?:e|es|ed)|sav(?:e|es|ed)|delet(?:e|es|ed)|record(?:s|ed)?|archived?|retain(?:ed)?|erased?)"
)
_ASKS_ABOUT_KEEPING = r"\b(?:how long|when|where|do you|will you|is|are|will|does|what)\b"
_HOW_LONG_KEPT = re.compile(
    rf"{_ASKS_ABOUT_KEEPING}[^.?!\n]{{0,25}}\b{_KEEPS}\b[^.?!\n]{{0,20}}\b{_TALK}\b"
    rf"|{_ASKS_ABOUT_KEEPING}[^.?!\n]{{0,15}}\b{_TALK}[^.?!\n]{{0,20}}\b{_KEEPS}\b"
    rf"|\bwhat (?:happens (?:to|with)|do you do with|becomes of) {_TALK}\b"
    rf"|\bwho (?:has|gets|have|can get|will get)(?: access to| hold of)? {_TALK}"
)
_FILLERS = word_set(
    "a about above all already also am and any anything are as ask asking be because been before being but by "
    "can could "
    "did do does don't earlier ever everything for from guys have hello help here hey hi how i i'd i'll i'm if "
    "in is it "
    "just know let like make me mentioned message messages might more must my need no not now of off ok okay on "
    "one only "
    "or our out part person please possible possibly promise really right said say see sent she should so some "
    "something "
    "still stays sure tell thank thanks that the them then there these they this those to told too under until "
    "us want "
    "was way we well were what when where which will with without wondering word words would write wrote yes "
    "you your "
    "yourself quillbook access afterwards anywhere chat chats conversation conversations copy deleted gets keep kept "
    "long private reads record sees stored has have"
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_FEWEST_WORDS_OF_A_CONFESSION = 2
# "Who do I report it to?"
_WHOM_DO_I_TELL = re.compile(r"\bwhom? (?:do|should|can|could|may|must|shall|would) (?:i|we)\b")


def asks_for_confidence(text: str) -> bool:
    """Return whether a message asks that nobody but support reads it, or what was written before it."""
    plain = with_apostrophes(text)
    return any(not _HOW_TO.search(plain, max(0, start - 60), start) for start, _ in _wishes(plain))


def _wishes(plain: str) -> Iterator[tuple[int, int]]:
    """Yield where the folded text asks for confidence."""
    yield from wishes_in(plain)
    for found in _WISH.finditer(plain):
        yield found.span()
    yield from wishes_abroad(plain, foreign_language(plain))


def asks_who_reads(text: str) -> bool:
    """Return whether a message asks who reads this conversation, or whether it is confidential."""
    plain = with_apostrophes(text)
    return any(True for _ in _questions(plain)) or asks_how_long_kept(text)


def _questions(plain: str) -> Iterator[tuple[int, int]]:
    """Yield where the folded text asks who reads the conversation, rather than to whom something is to be reported."""
    asked_by_us = [found.start() for found in _WHOM_DO_I_TELL.finditer(plain)]
    yield from (span for span in readers_asked_in(plain) if span[0] not in asked_by_us)
    yield from readers_asked_abroad(plain, foreign_language(plain))


def asks_how_long_kept(text: str) -> bool:
    """Return whether a message asks for how long, or whether at all, this conversation is kept."""
    return bool(_HOW_LONG_KEPT.search(fold(text)))


def says_more_than_a_wish(text: str) -> bool:
    """Return whether a message says something of its own besides its wish for confidence, or its question about it."""
    plain = with_apostrophes(text)
    left = list(plain)
    for start, end in (
        *_wishes(plain),
        *_questions(plain),
        *(one.span() for one in _HOW_LONG_KEPT.finditer(plain)),
    ):
        left[start:end] = " " * (end - start)
    said = [word for word in _WORD.findall("".join(left)) if word not in _FILLERS]
    return len(said) >= _FEWEST_WORDS_OF_A_CONFESSION
