"""The form of a sentence, by its words: it asks, orders, denies, or tells.

The label of a classifier says what a message is about; the form says what the writer does with it. "Can it print?" and
"it cannot print" share their words and want different things.
"""

import re

from bot.triage.text.plain_text import fold

MOST_WORDS_OF_A_SHORT_MESSAGE = 8
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
# A courtesy in front of the sentence changes nothing of its form.
_COURTESY = (
    r"(?:(?:hi|hey|hello|ok|okay|so|well|and|but|also|or|then|oh|um|please|pls|sorry|thanks|thank you|hang on|wait|"
    r"one more(?: thing| question)?|just|actually|quick question|by the way|btw|alright|great|yes|no)[\s,;:.!-]{1,3})"
)
_START = rf"(?:^|(?<=[.!?\n;:]))[\W_]{{0,4}}{_COURTESY}{{0,4}}"
_QUESTION_WORD = (
    r"(?:how|how's|what's|whats|where|where's|wheres|who|whom|whose|why|which|"
    # "When I open it" and "what I wrote" begin a statement.
    r"when(?= (?:is|are|was|were|do|does|did|can|could|will|would|should|shall|has|have|may)\b)|what(?! (?:i|we) \w))"
)
_AUXILIARY = r"(?:can|could|would|will|shall|should|may|might|must|is|are|was|were|am|do|does|did|has|have|had)"
# "Don't make me laugh" and "didn't help" ask nothing; "don't you have a list" does.
_NEGATIVE_AUXILIARY = (
    r"(?:isn't|aren't|don't|doesn't|didn't|can't|couldn't|won't|wouldn't|shouldn't|isnt|arent|dont|doesnt|cant|wont)"
)
_SUBJECT = (
    r"(?:i|we|you|he|she|it|they|one|there|this|that|these|those|the|a|an|any|some|all|my|our|your|his|her|its|their|"
    r"someone|somebody|anyone|anybody|everyone|nobody|people|two|several|customers?|users?|technicians?|"
    r"[^\W\d_]{2,30})"
)
# "What happens: it prints blanks" is a heading with what stands under it.
_HEADING = (
    rf"(?:what|when|where|who|how|which)(?: (?:is|was) (?:wrong|changed|broken|new))?"
    rf"(?: (?!{_AUXILIARY}\b)[\w']{{1,14}}){{0,3}} {{0,2}}:(?=\s)"
)
_WH_QUESTION = re.compile(
    rf"{_START}(?!{_HEADING})(?:{_QUESTION_WORD}\b|(?:to|on|for|in|from|at) (?:whom|which|what)\b)"
)
_PRONOUN = r"(?:i|we|you|he|she|it|they|there|this|that|these|those|the|someone|somebody|anybody)"
_YES_NO = re.compile(rf"{_START}(?:{_AUXILIARY} {_SUBJECT}|{_NEGATIVE_AUXILIARY} {_PRONOUN})\b")
_INDIRECT = re.compile(
    r"\b(?:(?:i|we)(?:'d| would| want to| need to| wanted to| was wondering| wonder| am wondering|'m wondering|"
    r" just wonder| (?:don't|do not|dont|can't|cannot) (?:see|find|know|understand))?(?: like to)? ?"
    r"(?:know|wonder(?:ing)?|find out|ask|see|understand|find)? ?(?:if|whether|how|where|which|why|what|when)\b|"
    r"(?:can|could|would) you (?:please |kindly )?(?:tell|show|explain|say)|(?:tell|show) me (?:how|where|what|which|"
    r"when|why|whether|if)|any (?:idea|chance|way)|is there|are there|what about|how about|no idea (?:how|where|what))"
)
_QUESTION_MARK = re.compile(r"\w[\s\"')\]*_]{0,3}\?")
_TAG = re.compile(r"(?:, ?|\s)(?:right|correct|isn't it|is it|does it|doesn't it|or not|yes|no|ok)\?\s*$")
_ORDER = re.compile(
    rf"{_START}(?:(?:you|someone|somebody) (?:must|need to|have to|should|better) |(?:just|now|go|finally|simply) )?"
    r"(?:do|make|fix|get|stop|sort|solve|resolve|repair|help|give|send|call|tell|show|let|put|take|change|delete|remove|"
    r"cancel|close|open|restore|bring|connect|transfer|hurry|look|check|explain|undo|add|update|log|forget|leave|skip|"
    r"write|answer|reply|read|find|try|wait|hold|start|restart|begin|go|come|keep|don't|do not|never)\b(?!'|ed\b)"
)
_NEGATION = re.compile(
    r"\b(?:not|no|nothing|nobody|none|never|nowhere|neither|nor|without|cannot|hardly|barely|nope|nah|fails?|failed|"
    r"n't|wrong|worse|unsolved|unresolved)\b|\b\w{2,12}n't\b|"
    r"\b(?:isnt|arent|wasnt|dont|doesnt|didnt|cant|wont|havent|hasnt|couldnt|shouldnt|wouldnt|aint)\b"
)
_ANNOUNCEMENT = re.compile(
    rf"\W*{_COURTESY}{{0,3}}(?:(?:i|we)(?:'ve| have|'d like to ask| want to ask| need to ask)?|"
    r"just|got|can i ask|may i ask|(?=quick|short|one more))"
    r"(?: got| just| only)?(?: (?:you|a|an|one|another|some|two|few|quick|short|small|simple|more|general))* "
    r"(?:questions?|something|(?<=quick )(?:one|thing))(?: for you| please| (?:about|on) (?:how|the) \w+)?\W*$"
)


def asks(text: str) -> bool:
    """Return whether the text asks: it has a question mark that ends a sentence, or a question's word order."""
    folded = fold(text)
    return _ends_with_question_mark(folded) or bool(_WH_QUESTION.search(folded)) or _asks_without_mark(folded)


def is_yes_no_question(text: str) -> bool:
    """Return whether the text asks for a yes or a no: "does it run on Linux", "is there an app"."""
    folded = fold(text)
    return bool(_YES_NO.search(folded) or _TAG.search(folded))


def orders(text: str) -> bool:
    """Return whether the text tells us what to do: "fix this now", "make it work"."""
    return bool(_ORDER.search(fold(text)))


def negates(text: str) -> bool:
    """Return whether the text denies anything, also in writing without apostrophes."""
    return bool(_NEGATION.search(fold(text)))


def announces_a_question(text: str) -> bool:
    """Return whether the text only says that a question comes: "I have a quick question"."""
    return bool(_ANNOUNCEMENT.match(fold(text)))


def word_count(text: str) -> int:
    """Return the number of words."""
    return len(_WORD.findall(fold(text)))


def is_short(text: str) -> bool:
    """Return whether the text has at most eight words."""
    return word_count(text) <= MOST_WORDS_OF_A_SHORT_MESSAGE


def _ends_with_question_mark(folded: str) -> bool:
    return bool(_QUESTION_MARK.search(folded))


def _asks_without_mark(folded: str) -> bool:
    return bool(_YES_NO.search(folded) or _INDIRECT.search(folded))
