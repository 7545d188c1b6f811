"""Find what a person is wanted for: behind "about", or in the clauses beside the wish."""

import re

from bot.triage.reading.person_wish import wishes_person, without_wish
from bot.triage.reading.trouble import says_trouble
from bot.triage.text.plain_text import fold, word_set

# What the person is wanted for stands behind such a word: "speak to somebody about our bank reconciliation".
_MATTER = re.compile(
    r"\b(?:about|regarding|concerning|because(?: of)?|due to|on the subject of|who knows(?: about)?|to (?:help|"
    r"discuss|look at|"
    r"explain|show|sort out|fix|solve)(?: (?:me|us))?(?: (?:with|how))?|help(?: (?:me|us))? "
    r"with)\s+(?P<matter>[^.?!\n]{3,200})"
)
_NAMES_NO_MATTER = word_set(
    "a an the this that it my our your me us you i we issue problem problems issues question questions something "
    "anything "
    "thing things matter please now today tomorrow here there who can help somebody someone technician technicians "
    "one of "
    "person human support team people real live at on by phone and or for to with is some any"
)
# Words of impatience and of an appointment: they say how and when the person is wanted, not for what.
_OF_TEMPER_AND_TIME = word_set(
    "am is are be been being was were have has had do does did don't not no never just only really very so too but "
    "if "
    "i'm i've i'd we're we've we'd it's that's want wants need needs would like rather prefer get give let make take "
    "taking takes talk talking speak speaking call calls calling phone ring write writing type typing read tell say "
    "said told "
    "wait waiting waited long time times minute minutes hour hours day days week already still again enough forever "
    "back later soon asap urgent urgently immediately quickly first possible monday tuesday wednesday thursday "
    "friday "
    "saturday sunday morning afternoon evening noon after before between until tonight next pm "
    "stop useless ridiculous joke waste wasting tired fed up sick nonsense answer answers answering story everything "
    "nothing circles going went know understand hello hi hey good thanks thank sorry urgent okay ok yes pls e-mail "
    "email "
    "mail address number reach contact meeting appointment session because since as of in when what why how "
    "somebody else anyone anybody they them he she him her me can could will should must may go come on out over more"
)
_ADDRESS = re.compile(r"(?<!\S)\S{1,120}@\S{1,120}|(?<!\d)\+?\d[\d ().-]{6,20}\d")
_CLAUSE_END = re.compile(r"[.!?;:,\n()]+(?=\s|\Z)|\s-{1,2}\s|\s(?:because|since)\s")
# A clause with one of these speaks of the talk itself.
_OF_THE_TALK = word_set("you your you're yours bot bots robot machine computer assistant ai human chat conversation")
_INTRODUCES = re.compile(r"\W*(?:i'm|i am|my name|this is|we're|we are)\b")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
FEWEST_WORDS, FEWEST_OF_TROUBLE = 3, 2
# So much of a message is looked at: who wants a person says so at its beginning.
_LONGEST = 2_000


def matter_of_wish(text: str) -> str | None:
    """Return the words that say what a person is wanted for; None when the wish says nothing of it."""
    text = text[:_LONGEST]
    plain = fold(text)
    for match in _MATTER.finditer(plain):
        words = [word for word in _WORD.findall(match["matter"]) if word not in _NAMES_NO_MATTER]
        if words and "@" not in words[0] and any(len(word) > 2 and not word.isdigit() for word in words):
            return text[match.start("matter") : match.end("matter")]
    clauses = _CLAUSE_END.split(_ADDRESS.sub(" . ", without_wish(text)))
    return next((clause.strip() for clause in clauses if _says_a_matter(clause)), None)


def _says_a_matter(clause: str) -> bool:
    """Return whether a clause has a subject of its own, besides the person, the time and the temper."""
    words = _WORD.findall(clause)
    if not _OF_THE_TALK.isdisjoint(words) or wishes_person(clause):
        return False
    own = [
        word
        for word in words
        if len(word) > 2 and not word.isdigit() and word not in _NAMES_NO_MATTER and word not in _OF_TEMPER_AND_TIME
    ]
    if says_trouble(clause):
        return len(own) >= FEWEST_OF_TROUBLE
    return len(own) >= FEWEST_WORDS and not _INTRODUCES.match(clause)
