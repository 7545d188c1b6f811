"""Recognise words that are nothing but a yes, a no, thanks or a goodbye."""

import re

from bot.triage.reading.outcome import INSULTS, denies
from bot.triage.text.contractions import with_apostrophes

MOST_CHARACTERS_OF_A_COURTESY = 120
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_YES = (
    r"(?:(?:oh|ah|ok|okay|well) )?(?:yes|yep|yeah|yup|ya|sure|indeed|correct|exactly|it does|it is|it did|it has|"
    r"they do|"
    r"yes it (?:does|is|did|has)|yes they do|does now|it does now|yes now it does)(?: (?:it (?:does|is|did)|now|"
    r"sir|please))*"
)
_NO = (
    r"(?:oh |sorry |well )*(?:no|nope|nah|negative|not really|it doesn't|it does not|it isn't|it is not)"
    r"(?: (?:no|sorry|it doesn't|it does not|it isn't|it didn't|not really))*"
)
_COURTESY = (
    r"(?:(?:many |so many |very many )?thanks|(?:thanks|thank you|cheers)(?: so much| a lot| very much)? [a-z]+|"
    r"thank you|thx|ty|ta|cheers|great|perfect|lovely|super|excellent|brilliant|"
    r"wonderful|fantastic|awesome|nice|cool|good|very kind|much appreciated|appreciated|so much|very much|a lot|"
    r"again|"
    r"you're (?:a star|the best|great|an angel|a legend|a lifesaver)|you are (?:a star|the best|great|very kind)|"
    r"you've been (?:great|very helpful|a great help)|(?:great|good|big|awesome|excellent|super|amazing|fantastic|"
    r"perfect|brilliant) (?:help|job|work|service|support)|that's (?:great|kind)|"
    r"how (?:nice|kind)|ok|okay|alright|all right|everybody|everyone|team|guys|mate|sir|for (?:your|the|"
    r"all your) help|"
    r"for (?:your|the) (?:quick |fast |great )?(?:reply|answer|support|service|advice|time))"
)
_FAREWELL = (
    r"(?:good ?bye|bye(?:[ -]bye)?|see (?:you|ya)(?: later| soon| tomorrow)?|cya|so long|take care|farewell|"
    r"good (?:night|evening)|"
    r"(?:have|you have) a (?:nice|good|great|lovely) (?:day|evening|weekend|one)|"
    r"(?:that's|that is|that was|that will be|that'll be) (?:all|everything|it)(?: for (?:now|today))?|"
    r"nothing (?:else|more|further)(?: for (?:now|today))?|i(?:'m| am) (?:off|leaving)(?: now)?|i(?:'ve|"
    r" have) to go(?: now)?|"
    r"gotta go(?: now)?|until (?:tomorrow|next time)|have a (?:good|nice) one|all the best|until then|now)"
)
MOST_WORDS_OF_A_FAREWELL = 14
_LEAVES = re.compile(r"\b(?:good ?bye|bye|see you|good night|farewell)\b")
_COURTESIES = rf"(?:{_COURTESY}(?: |$))*"
_ONLY_YES = re.compile(rf"{_COURTESIES}{_YES}(?: |$){_COURTESIES}")
_ONLY_NO = re.compile(rf"{_COURTESIES}{_NO}(?: |$){_COURTESIES}")
_ONLY_COURTESY = re.compile(rf"(?!(?:again ?)+$|(?:good|nice|so much) ?$)(?:{_COURTESY}(?: |$))+")
_ONLY_FAREWELL = re.compile(rf"{_COURTESIES}(?:{_FAREWELL}(?: |$){_COURTESIES})+")

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]*")
_LEADS_ON = re.compile(r"\W*(?:(?:and|but|so|also|now|then|ok|okay|well|oh|by the way|btw)\b[\s,:-]{0,3}){1,4}")


def is_plain_yes(text: str) -> bool:
    """Return whether the words are nothing but a yes, with thanks at most: the answer to "does it work now?"."""
    return bool(_ONLY_YES.fullmatch(_short(text)))


def is_plain_no(text: str) -> bool:
    """Return whether the words are nothing but a no, with thanks at most."""
    return bool(_ONLY_NO.fullmatch(_short(text)))


def is_courtesy(text: str) -> bool:
    """Return whether the words are nothing but thanks, praise or an "ok"."""
    return bool(_ONLY_COURTESY.fullmatch(_short(text)))


def says_farewell(text: str) -> bool:
    """Return whether the words are little but a goodbye, and hold no complaint."""
    words = _short(text)
    if _ONLY_FAREWELL.fullmatch(words):
        return True
    return len(words.split()) <= MOST_WORDS_OF_A_FAREWELL and bool(_LEAVES.search(words)) and not denies(text)


def _short(text: str) -> str:
    """Return the words of a short text, with single spaces; empty for a question and for a longer text."""
    words = " ".join(_WORD.findall(with_apostrophes(text)))
    is_short = len(words) <= MOST_CHARACTERS_OF_A_COURTESY
    return words if is_short and not text.rstrip().endswith("?") and not INSULTS.search(words) else ""


def without_courtesies(text: str) -> str:
    """Return the text without the sentences that are nothing but thanks or praise, and what leads on from them.

    A text without such a sentence, or without another, is returned as it is.
    """
    sentences = [match[0].strip() for match in _SENTENCE.finditer(text) if match[0].strip()]
    left = [sentence for sentence in sentences if not is_courtesy(sentence)]
    if not left or left == sentences:
        return text
    lead = _LEADS_ON.match(with_apostrophes(left[0]))
    first = left[0][lead.end() :] if lead and lead.end() < len(left[0]) else left[0]
    return " ".join([first, *left[1:]])
