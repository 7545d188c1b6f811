"""Recognise whether words name a problem or only say that there is one.

"I want to report a problem" opens an issue but describes none: the question for the problem is still to be put.
"""

import re

from bot.triage.text.plain_text import fold, word_set

_LOGGING = re.compile(
    r"\b(?:open|log|raise|report|create|file|submit|start|make)\s+(?:(?:a|an|another|new|the|my|this|some)\s+){0,3}"
    r"(?:problems?|issues?|tickets?|cases?|bugs?|faults?|it|something)\b"
)
# Who orders that something be logged has told what: "please log that the list jumps", "the list jumps. please log it".
_ORDERS_LOGGING = re.compile(
    r"(?:^|[.,;:!?\n]\s{0,3}|\b(?:and|so|to) )"
    r"(?:(?:please|pls|plz|kindly|just|hi|hello|can you|could you|would you|(?:i|we)(?:'d| would)? (?:want|like|need) "
    r"to)[\s,]+){0,3}(?:log|report|record|register|note(?: down)?)"
    r"(?: (?:it|this|that|the following|something|an? (?:problem|issue|bug|fault)))?"
    r"(?: (?:please|pls|for us|for me|as an? (?:issue|problem|bug)))?(?:\s*[:.!]|\s+that\b|\s*\Z)"
)
_SAYS_NOTHING = word_set(
    "i we have having got a an the need want to would like another new problem problems issue issues ticket "
    "case bug fault trouble something is not isn't working wrong broken doesn't does work it help support me "
    "us please with my our your quillbook program software hi hello hey there there's can you could some technical "
    "am i'm i'd we're just no yes nope yeah ok okay thanks thank skip next good morning afternoon thing report log "
    "as this and urgent urgently asap now right here"
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


def names_a_problem(text: str) -> bool:
    """False for a bare announcement ("Something is not working", "I want to log an issue") and for no words at all."""
    left = _LOGGING.sub(" ", fold(text))
    return any(word not in _SAYS_NOTHING for word in _WORD.findall(left))


def orders_logging(text: str) -> bool:
    """Return whether the words order that what they tell be logged."""
    return bool(_ORDERS_LOGGING.search(fold(text)))
