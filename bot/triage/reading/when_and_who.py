"""Since when, by when, and how many are stopped: the phrases people use, returned as they wrote them.

Only "nobody can work" is not: it means everyone, and would read as its opposite.
"""

import re

from bot.triage.text.plain_text import fold

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?"
)
_COUNT = (
    r"(?:\d{1,4}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    r"seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|a few|a couple of|"
    r"several|some|many)"
)
_UNIT = r"(?:minutes?|hours?|days?|weeks?|months?|years?)"
_PART = r"(?: (?:morning|afternoon|evening|night|at noon))?"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)"
_DATE = (
    rf"(?:{_MONTH} (?:{_ORDINAL}|\d{{1,2}})|(?:the )?{_ORDINAL}(?: of {_MONTH})?|\d{{1,2}} {_MONTH}|"
    r"\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?|\d{4}-\d{2}-\d{2})"
)
_CLOCK = r"(?:noon|midnight|\d{1,2}(?::\d{2})? ?(?:a\.?m\.?|p\.?m\.?|o'clock)|\d{1,2}:\d{2})"
_LAST = rf"(?:last (?:night|week|month|year|{_DAY}){_PART})"
_PAST = (
    rf"(?:yesterday{_PART}|today|this (?:morning|afternoon|week|month)|{_LAST}|(?:on )?{_DAY}{_PART}|{_DATE}|"
    rf"(?:about |around )?{_COUNT} {_UNIT}(?: ago)?|{_MONTH}|{_CLOCK})"
)
_CHANGE = (
    r"(?:the|our|an?|this|that|we|i|it|they|he|she|my|last|your|installing|updating|upgrading|restarting|"
    r"rebooting|moving|changing|restoring)(?: (?:[\w'-]|\.(?=\d)){1,30}){1,6}"
)
_NEXT = rf"(?:this|next|coming) (?:week|month|{_DAY}|morning|afternoon|evening)"
_END = r"(?:the )?end of (?:the |this )?(?:day|week|month|year|business)"
_FUTURE = (
    rf"(?:today|tonight|tomorrow{_PART}|{_NEXT}|{_DAY}{_PART}|{_END}|{_DATE}|{_CLOCK}|eod|cob)"
    rf"(?:,? (?:at )?{_CLOCK})?"
)
_ON = r"(?:on |by |at )?"
_WHO = r"(?:people|persons?|users?|colleagues|employees|staff|workstations?|computers?|pcs?|of us|desks)"
_ONE = r"(?:me|one (?:of us|person|user|pc|computer|workstation)|my (?:pc|computer|machine))"
_STOPPED = (
    r"(?:are|is|can(?:not|'t| not)|have|has|affected|stopped|stuck|down|waiting|blocked|locked|unable|"
    r"couldn't|could not)"
)


def _whole_words(*patterns: str) -> list[re.Pattern[str]]:
    return [re.compile(rf"(?<!\w)(?:{pattern})(?!\w)") for pattern in patterns]


_SINCE = _whole_words(
    rf"(?:ever )?since(?: when)?(?: ?: ?| ){_PAST}",
    rf"(?:ever )?since {_CHANGE}",
    rf"(?:right |just |shortly |immediately )?after {_CHANGE}",
    rf"for (?:about |the (?:last|past) )?{_COUNT} {_UNIT}(?: now)?",
    rf"(?:about |around )?{_COUNT} {_UNIT} ago",
    rf"(?:start(?:ed|s)|began|begins|happened|first) (?:on |at |in )?{_PAST}",
    rf"yesterday{_PART}|this morning|{_LAST}|on {_DAY}{_PART}",
)
_DEADLINE = _whole_words(
    rf"(?:[\w'-]{{1,30}} ){{0,3}}(?:is|are|be|falls) due {_ON}{_FUTURE}",
    rf"(?:due|needed|deadline(?: is)?|no later than)(?: \w+){{0,2}}? {_ON}{_FUTURE}",
    rf"by (?:the )?(?:latest )?{_FUTURE}",
    rf"(?:before|until) (?:{_FUTURE}|pay ?day|payroll|lunch|closing)",
    rf"(?:need|needs|must|have to|has to|got to)(?: [\w'-]{{1,30}}){{1,6}}? {_ON}{_FUTURE}",
    r"asap|as soon as possible|immediately|right away|right now",
    r"no (?:rush|hurry|deadline)|not urgent|whenever you can|in no hurry",
    rf"within (?:the (?:next )?)?{_COUNT} {_UNIT}",
    rf"(?:pay ?day|payroll|deadline|audit|closing|filing|delivery|due date|month[ -]end|year[ -]end) "
    rf"(?:is|comes|starts) {_ON}{_FUTURE}",
    rf"(?:need|want)(?:s|ed)? (?:it|this|that) {_ON}{_FUTURE}",
)
_NOT = r"(?<!not )(?<!n't )"
_PEOPLE = [
    *_whole_words(
        rf"{_NOT}(?:only|just) {_ONE}",
        rf"{_NOT}(?:only|just) i(?= (?:am|work|have|use|can|get|see))",
        rf"all (?:{_COUNT} )?of us|all (?:{_COUNT} {_WHO}|(?:the|our) {_WHO})",
        r"(?:the |our )?(?:whole|entire) (?:office|company|team|firm|department|shop)",
        rf"{_COUNT} (?:other |more )?{_WHO}(?= {_STOPPED})",
        rf"(?:everyone|everybody)(?= {_STOPPED})",
        rf"(?:all )?{_COUNT} of us(?= {_STOPPED})",
    ),
    # Counted between commas: "12.2.1, four people, by Friday".
    re.compile(
        rf"(?<=[,;.] )(?P<counted>{_COUNT} (?:people|persons?|users?|colleagues|employees|of us))(?=[,;.]|"
        rf"\Z)"
    ),
    re.compile(
        rf"^\W*(?:(?:about|around|it's|there are|we are) )?(?:{_COUNT}(?: {_WHO})?|everyone|everybody|all|"
        r"nobody|none|me|myself)\W*$"
    ),
]


# "Nobody can help me" speaks of us.
_NOBODY_CAN = re.compile(
    r"(?<!\w)(?:nobody|no one|none of us)(?: (?:here|else|at all|in [\w' -]{1,30}?))? (?:can|could|is able to)"
    r"(?! (?:help|tell|say|explain|answer|reach|figure|find out|see why))(?!\w)"
)
EVERYONE = "Everyone"
_COUNTED = _whole_words(
    rf"(?<!not )(?<!not just )(?<!not only )(?:about |only |just )?{_COUNT} (?:people|persons?|users?|colleagues|"
    r"employees|of us)"
)
_MACHINES = r"(?:computers?|pcs?|machines?|workstations?|desks?|laptops?|macs?|clients?)"
_AFFECTED = _whole_words(
    rf"{_NOT}(?:only|just) (?:me|her|him|them|us|{_ONE}|(?:this|that|the|my|his|her|"
    rf"our) (?:one )?(?:[\w-]{{1,20}} )?{_MACHINES})",
    rf"{_NOT}(?:only|just) i(?= (?:am|work|have|use|can|get|see))",
    rf"(?:on )?(?:all|both|{_COUNT}) (?:of )?(?:the |our |my )?{_MACHINES}",
    rf"(?:on )?(?:every|each) (?:single )?(?:one of (?:us|them)|{_MACHINES})",
    rf"all of (?:us|them)|all (?:{_COUNT} )?of us",
    r"(?:the |our )?(?:whole|entire) (?:office|company|team|firm|department|shop)",
    rf"(?:everyone|everybody)(?= (?:{_STOPPED}|here|gets?|sees|in))",
    r"(?:only|just) (?:the one(?: (?:in|at|on|by|near|from) (?:the |our |my )?[\w-]{1,20})?|mine|"
    r"(?:the|our|my) [\w-]{1,20} (?:one|computer|pc|machine|laptop)|(?:the|our|my) (?:laptop|server|mac))",
)
_HOW_OFTEN = _whole_words(
    rf"{_NOT}(?:nearly |almost )?(?:every|each) (?:single )?time",
    r"(?:it|this|that|program|app) always",
    r"(?:only |just )?(?:now and (?:then|again)|sometimes|occasionally|from time to time|once in a while|"
    r"intermittently|"
    r"every now and then|at random|randomly)",
    r"(?:only|just|so far|happened|happens) (?:only |just )?once",
)
_IS_DENIED = re.compile(r"(?:\bnot|n't|\bisnt|\barent)(?: (?:on|at|for|with|in|really|actually))? \Z")


def find_since(text: str) -> str | None:
    """Since when it has been so: ``since Tuesday``, ``after the update``, ``two days ago``."""
    folded = fold(text)
    deadline = _first(_DEADLINE, folded)
    start, end = deadline.span() if deadline else (0, 0)
    # "I need it on Monday" says by when, not since when.
    return _written(text, _first(_SINCE, folded[:start] + "\0" * (end - start) + folded[end:]))


def find_deadline(text: str) -> str | None:
    """By when it is needed: ``by Friday``, ``payroll is due today``, ``no rush``."""
    return _written(text, _first(_DEADLINE, fold(text)))


def find_people_stopped(text: str) -> str | None:
    """Return how many cannot work: ``only me``, ``all five of us``, ``whole office``; EVERYONE for "nobody can
    work".
    """
    folded = fold(text)
    return _written(text, _first(_PEOPLE, folded)) or (EVERYONE if _NOBODY_CAN.search(folded) else None)


def find_affected(text: str) -> str | None:
    """Return whether one is affected or all: ``only her``, ``on every workstation``, ``the whole office``."""
    folded = fold(text)
    found = (match for pattern in _AFFECTED for match in pattern.finditer(folded))
    stated = (one for one in found if not _IS_DENIED.search(folded[max(0, one.start() - 20) : one.start()]))
    return _written(text, next(stated, None))


def find_how_often(text: str) -> str | None:
    """Return whether it happens always or at times: ``every time``, ``now and then``, ``only once``."""
    return _written(text, _first(_HOW_OFTEN, fold(text)))


def find_people_counted(text: str) -> str | None:
    """Return a number of people without its verb, as a correction names it: ``six people``; none that is denied."""
    return _written(text, _first(_COUNTED, fold(text)))


def _first(patterns: list[re.Pattern[str]], folded: str) -> re.Match[str] | None:
    matches = (pattern.search(folded) for pattern in patterns)
    return next((match for match in matches if match), None)


def _written(text: str, match: re.Match[str] | None) -> str | None:
    return text[match.start() : match.end()].strip(" .,;:!?-") if match else None
