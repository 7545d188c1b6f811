"""Take off what only makes a sentence a question to an assistant: it says nothing of the subject."""

import re

from bot.triage.text.plain_text import fold

_ME = r"(?:i|we|you|one|anyone)"
_FRAMES = (
    r"(?:can|could|would) you (?:please |kindly )?(?:tell|show|explain|help)(?: to)? ?(?:me|us)?"
    r"(?= (?:how|where|what|if|whether|with|to))",
    r"(?:please|pls|plz|kindly|somehow)",
    rf"how (?:do|can|to|would|could|should|does|must)(?: {_ME})?",
    r"how (?:is|are)(?= (?:it|that|this|they) \w+ed\b)",
    rf"where (?:do|can|should|would) {_ME}",
    r"what (?:do|should|must) (?:i|we) do(?: to| if| when)?",
    r"(?:i|we)(?:'d| would)? (?:want|need|like|have)"
    r"(?: to (?:know|find out|see)(?: (?:if|how|whether|where|what))?| to)?",
    r"(?:i|we) (?:was|were|am|are) (?:just )?wondering (?:if|how|whether|where)",
    r"is there (?:a|any) way (?:to|of)",
    r"(?:tell|show) (?:me|us) (?:how|where|what)(?: to)?",
    r"(?:mr|mrs|ms|miss|dr|herr|frau)\.? [a-z'-]{2,30}",
)
_FRAME = re.compile(rf"\b(?:{'|'.join(_FRAMES)})\b|\b(?:hi|hello|hey|thanks|thank you)\b[\s,!.]{{0,3}}|\bhow\W{{0,3}}$")


def without_frames(question: str) -> str:
    """Return the question without its frames; the whole when nothing else is left of it."""
    parts, done = [], 0
    for match in _FRAME.finditer(fold(question)):
        parts.append(question[done : match.start()])
        done = match.end()
    rest = " ".join(" ".join([*parts, question[done:]]).split()).strip(" ,;:-")
    return rest if re.search(r"[^\W\d_]{3}", rest) else question


def without_product(question: str, product: str) -> str:
    """Return the question with the product's name replaced by "it": every page is about the product."""
    return re.sub(rf"(?:\b(?:in|into|with|of|for|from) )?\b{re.escape(product)}\b", "it", question, flags=re.IGNORECASE)
