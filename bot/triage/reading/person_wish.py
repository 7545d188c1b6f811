"""Recognise who wants a person: by what they ask for, whatever else they say."""

import re

from bot.triage.reading.question_topics import Topic, topic_asked
from bot.triage.reading.trouble import says_trouble
from bot.triage.text.contractions import with_apostrophes
from bot.triage.text.plain_text import fold, word_set

_PERSON = (
    r"(?:humans?(?: being)?|persons?|people|(?:kind |good |living )souls?|"
    r"someone(?: real| else)?|somebody(?: real| else)?|anyone|anybody|"
    r"operator|(?:live |real )?agent|"
    r"representative|rep|technicians?|specialist|expert|engineer|supervisor|manager|boss|superior|human agent|"
    r"real one|"
    r"(?:your|a) colleagues?|(?:one |some |any )?of your (?:people|colleagues|technicians|team)|"
    r"your (?:support )?(?:team|people|staff|"
    r"department)|your (?:\w+ )?(?:team|staff|people|department)|support(?: (?:team|staff|person|agent))?|"
    r"customer service|team leader|head of \w+|"
    r"whoever is in charge)"
)
_ARTICLE = r"(?:an? |the |your |some |any |one of |real |live |proper |actual |another )*"
_OF_WHAT = r"(?:[\w'-]+ ){0,3}?"
_TALK = (
    r"(?:talk|speak|chat|discuss (?:it|this|that)|be connected|be transferred|be put through|get through|deal|"
    r"write)(?: directly)?"
)
_LIKES = (
    r"(?:i|we)(?:'d| would| do)? ?(?:want|need|like|love|prefer|demand|insist on|require|rather(?: have)?|"
    r"must have|wish for)(?: to)?"
)
_BOT = r"(?:(?:ro)?bots?|machine|computer|assistant|ai)"
# These ask for a person even as a question: "is it possible to speak to someone?".
_ASKS_FOR = re.compile(
    rf"\b(?:{_TALK}) (?:to|with) {_ARTICLE}{_OF_WHAT}{_PERSON}\b|"
    rf"\b(?:get|give|send|find|fetch|bring) (?:me|us) (?:through to )?{_ARTICLE}{_OF_WHAT}{_PERSON}\b|"
    rf"\b(?:get|find|have|want|need) {_ARTICLE}{_PERSON} (?:to|who) (?:can )?(?:look|help|call|ring|phone|do|fix|"
    rf"check|walk|"
    rf"show|explain|guide)\b|\b(?:word|chat|contact|help|assistance|support|session|appointment|call|meeting) "
    rf"(?:with|from) {_ARTICLE}{_OF_WHAT}{_PERSON}\b|\b(?:put|get) {_ARTICLE}{_PERSON} on\b|"
    rf"\b(?:let|have|make) {_ARTICLE}{_PERSON} (?:take over|take it|handle|do|look|help|call|ring|answer|deal|fix|"
    rf"check)\b|"
    rf"\b(?:connect|transfer|forward|patch|put|pass|hand|switch|escalate|refer)(?: (?:me|us|this|it|"
    rf"that))(?: (?:on|over|"
    rf"through|up))?(?: (?:to|with) |\W*$)|"
    r"(?<!can i )(?<!when i )(?<!if you )\b(?:call|ring|phone|telephone) (?:me|us)\b|"
    r"\b(?:a |request a |want a |need a )call ?back\b|"
    r"\b(?:make|have|book|get|like|want|need|schedule|arrange) (?:me )?(?:an? )(?:appointment|session|call|meeting)\b"
    r"(?! (?:for|in|to) (?:an? |the |my |our )?(?:customer|calendar|supplier|list))|"
    rf"\b(?:don't|do not|won't|will not) (?:want|like|need|talk|speak|chat|write)(?: to)?(?: (?:talk|speak|chat|"
    rf"write|deal))?"
    rf"(?: (?:to|with))? (?:a |an |the |this |your |some )?{_BOT}\b|"
    rf"(?:\bam|\bare|'m|'re|\brefuse to|\bstop|\bhate|\btired of|\bdone) (?:not |no longer |through )?(?:talk|speak|"
    rf"chat|writ|deal|"
    rf"discuss)\w*(?: this)? (?:to|with) (?:a |an |the |this |your |some )?(?:stupid |dumb |bloody )?{_BOT}\b"
)
_WISHES = re.compile(
    rf"\b{_LIKES} {_ARTICLE}{_OF_WHAT}{_PERSON}\b(?! (?:role|name|column|field|report|account|list|login|"
    rf"licen[cs]e|page|screen|number))|"
    rf"\b(?:can|could|may|might|will|would|should|is there|are there) {_ARTICLE}{_PERSON}\b[^.?!\n]{{0,40}}"
    r"\b(?:(?:call|ring|phone|help|show|do|walk|take|look at|contact|guide|assist|explain|talk|fix|chat|come)\b"
    r"[^.?!\n]{0,30}\b(?:me|us|it|this|that|with)|i can (?:talk|speak|chat|write))\b|"
    rf"\b(?:someone|somebody) (?:should|must|has to|needs to|please) (?:call|ring|phone|contact|help)\b|"
    rf"\b(?:no|not a|instead of a|rather than a|stop the|without a) {_BOT}\b[^.?!\n]{{0,30}}\b{_PERSON}\b|"
    rf"\b(?:live chat|real person|human being)\b|\b{_PERSON} please\W*$|"
    rf"(?:^|[.,;:!?]\s{{0,3}})(?:an? |some )?{_PERSON},? (?:please|pls)\b(?! \w)|"
    r"\b(?:tell|explain) (?:it |that |this )?(?:to )?(?:them|him|her|a person) myself\b"
)
# The number at which somebody is called who reports a problem: how to reach them, as an e-mail address is.
_CALL_AT_NUMBER = re.compile(
    r"\b(?:call|ring|phone|telephone) (?:me|us)(?: back)? (?:on|at|under|via) (?:my (?:\w+ ){1,3}(?:is )?)?"
    r"(?:\+ ?)?\(?\d[\d ().-]{5,18}\d"
)
# One word, or hardly more, may be all of the wish.
_ALONE = re.compile(
    rf"\W*(?:(?:no|yes|please|just|now|hello|hi|ok|oh|only|i said|said)\W+)*{_ARTICLE}{_PERSON}(?:\W+(?:please|now|"
    rf"pls|asap|at once|"
    r"immediately|thanks|again|i mean|i meant))*\W*"
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
    re.compile(
        rf"\b(?i:can|could|may|would) {_NAME} (?i:please )?"
        rf"(?i:take (?:this|it|over)|(?:call|ring|phone) (?:me|us)|look (?:at|into) (?:this|it))\b"
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


# A short message of such words with a person in it wishes for one: "can a person answer this?", "real human now".
_PLAIN_WORDS = word_set(
    "i i'd i'm we me us you your my can could may will would please just let get have give want need like be talk "
    "talking "
    "speak chat to with an a the one any some real live now asap at all who is it this that possible help answer "
    "no not bot "
    "machine available reach find put through on in person phone call instead rather only from human humans "
    "operator agent "
    "representative somebody someone technician support supervisor manager colleague people somebody anyone "
    "anybody immediately "
    "here enough of never again today soon do for"
)
MOST_PLAIN_WORDS = 9
_NOUN = re.compile(
    r"\b(?:humans?|person|operator|agent|representative|somebody|someone|anyone|anybody|technician|"
    r"supervisor)\b"
)
_ABOUT_A_PERSON = re.compile(
    r"\b(?:are you|is (?:it|this|that)|not (?:a )?|is (?:anybody|anyone|somebody|"
    r"someone) (?:here|in)|one person)\b"
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_IS_THERE_ONE = re.compile(r"\b(?:is|are) there (?!a bot|an ai)")
_SENTENCE_END = re.compile(r"[.!?;\n]+(?=\s)")


def wishes_person(text: str) -> bool:
    """Return whether the words ask for a person, a call, an appointment, or somebody by name."""
    plain = _without_number_to_call(with_apostrophes(text))
    if topic_asked(text) is Topic.ASSISTANT and not (_ASKS_FOR.search(plain) or _IS_THERE_ONE.search(plain)):
        return False
    if any(_ALONE.fullmatch(part) for part in (plain, *_SENTENCE_END.split(plain))) or _ASKS_FOR.search(plain):
        return True
    said = _WORD.findall(plain)
    if (
        len(said) <= MOST_PLAIN_WORDS
        and _PLAIN_WORDS.issuperset(said)
        and _NOUN.search(plain)
        and not _ABOUT_A_PERSON.search(plain)
    ):
        return True
    if _ASKS_ABOUT_THE_PROGRAM.match(plain):
        return False
    return bool(_WISHES.search(plain)) or technician_wished(text) is not None


def _without_number_to_call(plain: str) -> str:
    """Return the words without "call me on NUMBER" when the others report trouble and ask for nobody; else all."""
    if _WISHES.search(plain):
        return plain
    others = _CALL_AT_NUMBER.sub(" ", plain)
    return others if says_trouble(others) else plain


def without_wish(text: str) -> str:
    """Return the folded text with every wish for a person in it replaced by a full stop."""
    plain = fold(text)
    for pattern in (_ASKS_FOR, _WISHES):
        plain = pattern.sub(" . ", plain)
    return plain


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
