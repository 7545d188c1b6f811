"""Part a message into what it tells and what it asks: "it's 12.2.1, and is there a newer one?"."""

import re
from dataclasses import dataclass

from bot.triage.reading.form import asks
from bot.triage.text.plain_text import fold, word_set

# A full stop inside "12.2.1" or "kim@brightsons.example" ends no sentence.
_SENTENCE = re.compile(r"[^.!?\n]*(?:\.(?=\w)[^.!?\n]*)*(?:[.!?\n]+|\Z)")
_JOINT = re.compile(r"(?:,|;| -|\.\.\.|:)? (?:and|but|also|so|by the way|btw|plus)\b,? |[,;] | - |: ")
MOST_JOINTS = 12
# "Has been so since May", "does nothing" and "is empty" leave out the subject of a statement.
_SUBJECT_LEFT_OUT = re.compile(
    r"\W*(?:has|have|had|is|are|was|were|does|did|do|will|can|may|must|might|should)\s+"
    r"(?:been|always|never|not|nothing|now|no|none|just|still|only|also|fine|ok|okay|working|empty|wrong|fixed|"
    r"slow|very|too|"
    r"already|all (?:the|that|right|ok)|everything (?:i|we)|on (?:the|a|an|our|my)|in (?:the|a|an|our|my)|an? |"
    r"the same|last|"
    r"it (?:every (?:time|day)|each time|always|all the time)|worked|happened|started|began|to be|due|\d)"
)
_A_PLACE = re.compile(
    r"\b(?:it|file|folder|disk|server|backup|one|message|number|printer|"
    r"that)\s+is there\b(?! (?:an?|any|some|no)\b)"
)
_UNDER_A_CONDITION = re.compile(
    r"\W*(?:if|when|once|after|before|while|as|since|because|unless|in case|suppose|"
    r"assuming|what|how|why|where|which|who)\b"
)
_SAYS_NOTHING = word_set(
    "hang on wait one two a an the moment second sec minute more thing last quick question ok okay well so and but "
    "also oh um hm hmm "
    "hi hello hey sorry thanks thank you please by way btw before i answer that go first just asking curious out "
    "of curiosity no yes "
    "yeah right sure then now actually tell me say hold up excuse good morning afternoon great fine"
)
_LEADS_ON = re.compile(
    r"[\s,;.-]{0,4}\b(?:by the way|btw|and|but|also|so|one more thing|"
    r"one question)[\s,;.:-]{0,4}\Z",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Parts:
    """``told`` states, ``asked`` asks; each is empty where the message has nothing of it."""

    told: str
    asked: str


def asks_us(text: str) -> bool:
    """Return whether the text asks us something, rather than answer with the subject left out ("is empty")."""
    if "?" not in text:
        folded = _A_PLACE.sub(" ", fold(text))
        return not _SUBJECT_LEFT_OUT.match(folded) and asks(folded)
    return asks(text)


def parts_of(text: str) -> Parts:
    """Return what a message tells and what it asks, each in the customer's words."""
    told, asked = [], []
    for sentence in _SENTENCE.findall(text):
        if not sentence.strip():
            continue
        head, tail = _parted(sentence) if asks_us(sentence) else (sentence, "")
        told.append(head)
        asked.append(tail)
    statement = _LEADS_ON.sub("", "".join(told)).strip(" ,;-\n")
    return Parts(statement if _says_something(statement) else "", "".join(asked).strip(" ,;-\n"))


def _parted(sentence: str) -> tuple[str, str]:
    """Return the statement in front of a question inside one sentence, and the question."""
    if _UNDER_A_CONDITION.match(fold(sentence)):
        return "", sentence
    for place, joint in enumerate(_JOINT.finditer(sentence)):
        if place == MOST_JOINTS:
            break
        head, tail = sentence[: joint.start()], sentence[joint.end() :]
        if asks_us(tail) and not asks_us(head) and _says_something(head):
            return head, tail
    return "", sentence


def _says_something(text: str) -> bool:
    return any(word not in _SAYS_NOTHING for word in _WORD.findall(fold(text)))
