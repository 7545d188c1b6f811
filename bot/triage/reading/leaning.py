"""Recognise a message that leans on what was said before it: by itself it names no subject of its own."""

import re

from bot.triage.reading.form import word_count
from bot.triage.text.plain_text import fold

MOST_WORDS_OF_A_LEANING_MESSAGE = 14
# "Our IT" is a department, not something said before.
_DEPARTMENT = re.compile(r"\b(?:[Oo]ur|[Tt]he|[Mm]y|[Aa]n?) IT\b|\bIT (?=[Dd]epartment|people|guy|staff|team)")
_OPENS_LEANING = re.compile(
    r"^\W{0,4}(?:(?:ok|okay|yes|no|hm+|well|sorry|thanks|thank you|great|right|so|oh)[\s,;:.!-]{1,3}){0,3}"
    r"(?:and|but|or|then|what (?:about|if|else)|how about|what then|in (?:that|which) case|"
    r"for (?:all|both|every|each|the|only|just)|only|also|except|unless|"
    r"even (?:if|when)|if (?:it|that|they|i|we|the)|same (?:for|with|on)|instead|"
    r"where(?: exactly)? is (?:it|that|this)|which one|why (?:not|would|is that|that)|how so|like what|such as)\b"
)
_ORDINAL = re.compile(
    r"\b(?:the (?:first|second|third|fourth|fifth|last|other|next|previous|former|latter|1st|2nd|3rd|4th)"
    r"(?: (?:one|part|question|thing|step|point|page|link))?|number (?:one|two|three|four|\d)|step \d{1,2}|"
    r"the (?:one|ones) (?:above|below|before)|both of (?:them|those))\b"
)
_PRONOUN = re.compile(
    r"\b(?:it|its|it's|that|that's|thats|this|they|them|those|these|there|one|ones|so|such|mine|ours|the same|"
    r"said so|do so|like that)\b"
)
# What something is done with, or what is measured, was named before: "can I undo that", "how long does it hold". The
# "it" of "does it run on Linux" may be the program.
_REFERS_BACK = re.compile(
    r"\b(?!(?:is|are|was|were|does|did|can|could|will|would|should|must|has|have|if|when|and|but|or|of|with|like|what|"
    r"that|so|as|than|because)\b)[a-z]{2,20} (?:it|that|this|them|those|these|one)\b"
    r"(?=\W*(?:\Z|(?:for|again|at|by|in|on|back|to|too|later|automatically|myself|every|each|without|with|from|off|all|"
    r"now|then|first|as|only|once|over|up|out|down)\b))|"
    r"\b(?:can|could|will|would|should|must|does|did) (?:it|they|that|this|those|these) (?:also |then |still |only )?"
    r"(?:be|get) \w+|"
    r"\bhow (?:long|many|much|often|far|soon|big)\b[^.?!\n]{0,40}\b(?:it|they|that|this|them)\b"
)
_CANNOT_SEE = re.compile(
    r"\b(?:don't|do not|dont|can't|cannot|cant|couldn't|didn't|no longer|not) (?:even )?(?:see|find|have|get|seem)\b|"
    r"\b(?:isn't|is not|isnt|aren't|not) (?:there|in (?:my|the|our)|visible|shown|available)\b|"
    r"\b(?:is|are|stays?|looks?|it's) (?:all )?(?:gr[ea]yed?(?: out)?|gr[ea]y|missing|empty|disabled|inactive)\b|"
    r"\bno such (?:menu|button|entry|thing|option|field)\b|\bthere(?:'s| is) no\b"
)


def names_ordinal(text: str) -> bool:
    """Return whether the text points at a part by its place: "the second one", "and the last?"."""
    return bool(_ORDINAL.search(fold(text)))


def cannot_see(text: str) -> bool:
    """Return whether the text says that something it was told of is not there, or cannot be used."""
    return bool(_CANNOT_SEE.search(fold(text)))


def opens_leaning(text: str) -> bool:
    """Return whether the text begins with words that go on from something: "and …", "what if …", "only for …"."""
    return bool(_OPENS_LEANING.search(fold(text)))


def refers_back(text: str) -> bool:
    """Return whether a short message asks about a thing that was named before: "can I do that for all?"."""
    return word_count(text) <= MOST_WORDS_OF_A_LEANING_MESSAGE and bool(_REFERS_BACK.search(fold(text)))


def leans_on_before(text: str) -> bool:
    """Return whether a message of at most 14 words needs what was said before it to be understood."""
    folded = fold(_DEPARTMENT.sub(" ", text))
    if word_count(text) > MOST_WORDS_OF_A_LEANING_MESSAGE:
        return False
    opens = opens_leaning(folded)
    return opens or names_ordinal(text) or cannot_see(text) or bool(_PRONOUN.search(folded))
