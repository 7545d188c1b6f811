"""Read what kind of answer a question wants: a way to do something, or a fact."""

import re

from bot.triage.reading.form import is_yes_no_question
from bot.triage.reading.trouble import says_trouble
from bot.triage.text.plain_text import fold

_WANTS_WAY = re.compile(
    r"\bhow (?:do|does|did|can|could|to|would|should|must|shall|might|are|is|was)|\bhow\?|"
    r"\bhow (?:i|we|one|you)\b|\b(?:the|a|any|best|quickest|easiest|another) way (?:to|of|i|we)\b|\bsteps\b|"
    r"\bwhere (?:do|can|could|should|would|must|shall|is|are|does)\b|\bwhat (?:do|must|should|can) (?:i|we) do\b|"
    r"\b(?:tell|show|explain|walk) (?:me|us) (?:how|where|through)\b|\b(?:instructions?|a guide) (?:for|to|on|how)\b"
)
_WANTS_FACT = re.compile(
    r"\bhow (?:many|much|long|often|big|large|small|old|far|soon|fast|high|few|strong)\b|\b(?:at )?what time\b|"
    r"\b(?:who|whose)\b|\bwhich (?:other )?\w+ (?:use|have|own|run|make)\b|"
    r"\bwhen (?:do|does|is|are|was|will|can|must)\b|\bis it (?:possible|ok|okay|safe|allowed)\b|"
    r"\b(?:what|which) (?:is|are|happens|\w+ (?:must|do|does|can|is|are|should|will|have|has))\b"
)
_MEASURE = re.compile(r"\bhow (?:many|much|long|often|big|large)\b")
# What may happen is no trouble yet: "can you open a backup if we lost its password".
_CONDITION = re.compile(r"\b(?:if|when|after|once|in case|before|without|while)\b[^.?!\n]*")
# Questions about the support, not about the product.
_ABOUT_SUPPORT = re.compile(
    r"\b(?:help|helps|speak|talk|technicians?|engineers?|agents?|tickets?|reference|queue|contract|hourly|robot|bot|"
    r"you there|this (?:conversation|chat)|(?:my|the|an|this|that) issues?|call(?:ed)? (?:you|me|us|back)|a call|"
    r"phone (?:you|me|us|number|line)|(?:by|over the|on the) phone|(?:real|live|another|to a|a) (?:person|human)|"
    r"(?:your|from|contact|reach|get|for|is|costs?) support|support (?:costs?|hours|team|line|desk)|"
    r"(?:somebody|someone|anybody|anyone) (?:there|here|available|around|free|help|call|from|look|get|"
    r"contact|tell|please|else)|you (?:fix|solve|sort|look|check|hear|see|record\w*|charge|cost|bill|tell))\b"
)
_PRICE = re.compile(
    r"\bsupport\b|\bhelp\w*\b|\btechnicians?\b|\bengineers?\b|\bcalls?\b|\bhourly\b|\bcontract\b|\bissues?\b|"
    r"\btickets?\b|\bfix\w*\b|\byou (?:charge|cost|bill)\b|\bcosts? (?:me|us|anything|something|extra)\b|"
    r"\b(?:is|does|will|would) (?:it|this|that) (?:cost|free|be)\b|\b(?:do|will|must) (?:i|we) (?:have to )?pay\b|"
    r"\bhow much (?:is|does|do|will|would) (?:it|this|that|you)\b"
)


_FIGURE = (
    r"(?:\d[\d,.]{0,14}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|twenty|thirty|"
    r"half an?|several|some|a few|no|any number of|unlimited|free)"
)
_TIME_UNIT = r"(?:seconds?|minutes?|hours?|(?:working )?days?|nights?|weeks?|months?|quarters?|years?)"
# What a sentence has that can answer a question of this kind.
_SHAPES = (
    (
        re.compile(
            r"\bhow (?:long|often|soon)\b|\bhow many (?:\w+ )?(?:minutes|hours|days|weeks|months|years)\b|\b(?:until|"
            r"till|since|by|"
            r"from) when\b|\bwhat time\b|\bwhich (?:day|hour)\b|\bwhen (?:is|are|does|do|will)\b"
        ),
        re.compile(
            rf"\b{_FIGURE} {_TIME_UNIT}\b|\b\d{{1,2}}:\d\d\b|\b(?:every|each|once a|at the end of|at any) "
            rf"(?:{_TIME_UNIT}|time)\b|"
            r"\buntil\b|\bat once\b"
        ),
    ),
    (
        re.compile(
            r"\bhow (?:many|much|big|large|small|high|wide|far|fast|old)\b|\b(?:what|which) (?:size|number|limit|"
            r"amount|ports?)\b"
        ),
        re.compile(rf"\b{_FIGURE} (?:to \d+ |or \d+ )?\w|\d"),
    ),
    (
        re.compile(r"\bwho\b|\bwhose\b|\bwhich (?:role|person|user)s?\b"),
        re.compile(
            r"\b(?:administrators?|bookkeepers?|accountants?|roles?|users?|person|people|somebody|anybody|everybody|owner|colleagues?)\b"
        ),
    ),
    (
        re.compile(r"\bwhere\b|\bwhich (?:menu|window|folder|button|tab)\b"),
        re.compile(r"\w\*{0,2} > \w|\bunder\b|\bfolder\b"),
    ),
)


def has_wanted_shape(question: str, sentence: str) -> bool:
    """Return whether a sentence has what the kind of question wants: a time for "how long", a person for "who".

    False for a question that wants nothing of these.
    """
    folded = fold(question)
    wanted = next((shape for kind, shape in _SHAPES if kind.search(folded)), None)
    return wanted is not None and bool(wanted.search(fold(sentence)))


def asks_for_way(text: str) -> bool:
    """Return whether the text asks how something is done."""
    folded = fold(text)
    return bool(_WANTS_WAY.search(folded)) and not _MEASURE.search(folded)


# "Where do I download your Android app?" takes for granted that there is one.
_PREMISE = re.compile(
    r"\b(?:where|how) (?:do|can|could|would|should|must) (?:i|we|you) (?:download|get|install|find|open|start|use|see|"
    r"have|set up|turn on|switch on|activate|buy)\s+(?:the|your|an?|my|our)\s+(?P<thing>[a-z][^?.!,;:\n]{2,60})"
)


def premise_of(text: str) -> str | None:
    """Return the question whether there is such a thing, for one that asks where or how to get it; None for others."""
    match = _PREMISE.search(fold(text))
    if match is None:
        return None
    thing = match["thing"].strip()
    return f"is there {'an' if thing[0] in 'aeiou' else 'a'} {thing}"


def asks_for_fact(text: str) -> bool:
    """Return whether a sentence decides the question: a yes or no, a number or a time is asked, not a way to do it."""
    if asks_for_way(text):
        return False
    folded = fold(text)
    return bool(_MEASURE.search(folded) or _WANTS_FACT.search(folded)) or is_yes_no_question(text)


def asks_about_product(text: str) -> bool:
    """Return whether a fact is asked that a manual may state: nothing of trouble, and nothing about the support."""
    if not asks_for_fact(text) or _ABOUT_SUPPORT.search(fold(text)):
        return False
    return not says_trouble(_CONDITION.sub(" ", fold(text)))


def asks_price_of_support(text: str) -> bool:
    """Return whether words about money are about what support costs."""
    return bool(_PRICE.search(fold(text)))
