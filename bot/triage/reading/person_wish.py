"""Recognise who wants a person: by what they ask for, whatever else they say."""

import re

from bot.triage.text.contractions import with_apostrophes
from bot.triage.text.plain_text import fold

_PERSON = (
    r"(?:humans?(?: being)?|persons?|people|someone(?: real| else)?|somebody(?: real| else)?|anyone|anybody|"
    r"operator|(?:live |real )?agent|"
    r"representative|rep|technicians?|specialist|expert|engineer|supervisor|manager|boss|superior|human agent|"
    r"real one|"
    r"(?:your|a) colleagues?|(?:one |some |any )?of your (?:people|colleagues|technicians|team)|"
    r"your (?:support )?(?:team|people|staff|"
    r"department)|support(?: (?:team|staff|person|agent))?|customer service|team leader|head of \w+|"
    r"whoever is in charge)"
)
_ARTICLE = r"(?:an? |the |your |some |any |one of |a real |a live |a proper |an actual |another )*"
_OF_WHAT = r"(?:[\w'-]+ ){0,3}?"
_TALK = (
    r"(?:talk|speak|chat|discuss (?:it|this|that)|be connected|be transferred|be put through|get through|deal|"
    r"write)(?: directly)?"
)
_LIKES = (
    r"(?:i|we)(?:'d| would| do)? ?(?:want|need|like|love|prefer|demand|insist on|require|rather(?: have)?|"
    r"must have|wish for)(?: to)?"
)
_WISHES = re.compile(
    rf"\b(?:{_TALK}) (?:to|with) {_ARTICLE}{_OF_WHAT}{_PERSON}\b|"
    rf"\b(?:get|give|send|find|fetch|bring) (?:me|us) (?:through to )?{_ARTICLE}{_OF_WHAT}{_PERSON}\b|"
    rf"\b(?:connect|transfer|forward|put|pass|hand|switch|escalate|refer)(?: (?:me|us|this|it|that))(?: (?:on|over|"
    rf"through|up))?"
    rf"(?: (?:to|with) |\W*$)|"
    rf"\b{_LIKES} {_ARTICLE}{_OF_WHAT}{_PERSON}\b(?! (?:role|name|column|field|report|account|list|login|"
    rf"licen[cs]e|page|screen|number))|"
    rf"\b(?:can|could|may|might|will|would|is there|are there) {_ARTICLE}{_PERSON}\b[^.?!\n]{{0,40}}"
    r"\b(?:(?:call|ring|phone|help|show|do|walk|take|look at|contact|guide|assist|explain|talk|fix|chat|"
    r"come)\b[^.?!\n]{0,30}"
    r"\b(?:me|us|it|this|that|with)|i can (?:talk|speak|chat|write))\b|"
    rf"\b(?:no|not a|don't want a|instead of a|rather than a|stop the|without a) (?:ro)?(?:bots?|machine|computer|"
    rf"assistant)\b[^.?!\n]{{0,30}}"
    rf"\b{_PERSON}\b|\b(?:don't|do not) want to (?:talk|speak|chat|write) (?:to|with) (?:a |the )?(?:ro)?(?:bot|"
    rf"machine|computer)\b|"
    r"\b(?:call|ring|phone|telephone) (?:me|us)\b|\b(?:a |request a |want a |need a )call ?back\b|"
    r"\bappointment with\b|\b(?:make|have|book|get|like|want|need|schedule|arrange) (?:me )?(?:an? )(?:appointment|"
    r"session|call|meeting)\b"
    r"(?! (?:for|in|to) (?:an? |the |my |our )?(?:customer|calendar|supplier|list))|"
    rf"\b(?:live chat|{_PERSON} please|real person|human being)\b|"
    r"\b(?:tell|explain) (?:it |that |this )?(?:to )?(?:them|him|her|a person) myself\b"
)
# One word, or hardly more, may be all of the wish.
_ALONE = re.compile(
    rf"\W*(?:(?:no|yes|please|just|now|hello|hi|ok|oh|only|i said|said)\W+)*{_ARTICLE}{_PERSON}(?:\W+(?:please|now|"
    rf"pls|asap|at once|"
    r"immediately|thanks|again))*\W*"
)
# The name needs its capital letter: who is asked for by name is known.
_NAME = r"(?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?)"
_BY_NAME = (
    re.compile(
        rf"\b(?i:talk|speak|chat|connected|put through|connect me|put me through|transfer me) (?i:to|with) {_NAME}"
    ),
    re.compile(rf"\b(?i:can|could|may) (?i:i|we) (?i:have|get) {_NAME}"),
    re.compile(
        rf"\b(?i:let|ask|get|have|want|need) {_NAME} (?i:to )?(?i:look|call|ring|answer|reply|help|handle|take|do|"
        rf"see|phone)\b"
    ),
    re.compile(rf"\b(?i:is) {_NAME} (?i:there|available|in|around|free|at work|on duty)\b"),
    re.compile(
        rf"\b(?i:give me|get me|call|fetch|ask for|asking for|only|back to) {_NAME}(?: (?i:please|again|back))?\W*$"
    ),
)
_NO_NAMES = frozenset(
    ("I", "The", "A", "Can", "Please", "It", "We", "My", "Our", "You", "This", "That", "Support", "Somebody", "Someone")
)
_APPOINTMENT = re.compile(
    r"\b(?:appointment|(?:schedule|book|arrange|set up|have|make) (?:me |us )?(?:an? |the )?(?:\w+ )?(?:call|"
    r"session|meeting|time|slot|visit)|"
    r"call ?back|(?:call|ring|phone) (?:me|us)(?: back)?)\b"
)
_ASKS_ABOUT_THE_PROGRAM = re.compile(
    r"\W*(?:so |and |hi |hello )*(?:how (?:do|can|would|could|to)|where|what|which|why|when|who|can (?:i|we|my|"
    r"our)(?! (?:please )?"
    r"(?:have|get|talk|speak|chat|make|be|book|schedule))|does|do (?:i|we|you)|is it|should)\b"
)


def wishes_person(text: str) -> bool:
    """Return whether the words ask for a person, a call, an appointment, or somebody by name."""
    plain = with_apostrophes(text)
    if _ALONE.fullmatch(plain):
        return True
    if _ASKS_ABOUT_THE_PROGRAM.match(plain):
        return False
    return bool(_WISHES.search(plain)) or technician_wished(text) is not None


def technician_wished(text: str) -> str | None:
    """Return the name of the person who is asked for, as it is written; None without one."""
    for pattern in _BY_NAME:
        match = pattern.search(text)
        if match and match["name"].split()[0] not in _NO_NAMES:
            return match["name"]
    return None


def wishes_appointment(text: str) -> bool:
    """Return whether the words ask for an appointment or to be called."""
    return bool(_APPOINTMENT.search(fold(text)))
