"""Extract version, error and operating system from a customer's words."""

import re

from bot.triage.text.plain_text import fold

MOST_CODES = 4
_NUMBER = r"(?P<number>\d{1,4}(?:\.\d{1,6}){0,3})(?![\w]|\.\d|-\d)"
_COUNTED = (
    r"(?![ \t]{0,2}(?:user|licen|time|people|person|pc|computer|machine|day|hour|minute|second|week|month|year|seat|"
    r"cop(?:y|ies)|invoice|printer|%|of\b))"
)
_ALONE = re.compile(
    r"\W*(?:(?:it'?s|it is|i think|we have|we use|using)\W+)*" + r"(?P<number>\d{1,3}(?:\.\d{1,6}){1,3})\W*"
)
# Three or four numbers in a row are a version, unless they are a date, an amount or an address of a network.
_BARE = re.compile(r"(?<![\w.,@/:-])(?P<number>\d{1,3}\.\d{1,4}\.\d{1,6}(?:\.\d{1,6})?)(?![\w@/%]|\.\d|-\d|,\d)")
# Two stand for one only as a part of a list: "12.2, kim@brightsons.example".
_LISTED = re.compile(r"(?:\A|[,;/|\n]) {0,3}(?P<number>\d{1,2}\.\d{1,2})(?= {0,3}(?:[,;/|\n]|\Z))")
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.(?:19|20)\d\d|\d{1,2}\.0\d\.\d\d|0\d\.\d{1,2}\.\d\d")
_NO_VERSION_BEFORE = re.compile(
    r"(?<!\w)(?:ip|address|dated?|from|since|section|chapter|paragraph|host|server|gateway)\W{0,3}$|[$€£]\W{0,3}$"
)
# "On 12.10.26" is a date, "on 12.1.0" is none: a year has two figures.
_ON_A_DAY = re.compile(r"(?<!\w)on\W{0,3}\d{1,2}\.\d{1,2}\.\d{2,4}\Z")
_FOREIGN = re.compile(r"(?:windows|win|macos|mac os|mac|ios|android|office|excel|word|server|outlook|chrome)\W{0,3}$")
_OLD, _NEW = (
    rf"(?:version |vers?\.? ?|v\.? ?|release )?(?P<{name}>\d{{1,4}}(?:\.\d{{1,6}}){{0,3}})(?![\w]|\.\d|-\d)"
    for name in ("old", "new")
)
_THING = "(?:the )?(?:[a-z]{2,20} )?"
_FROM_TO = re.compile(rf"(?<!\w)from {_THING}{_OLD},? (?:up |down |back )?(?:in)?to {_THING}{_NEW}{_COUNTED}")
_TO_FROM = re.compile(rf"(?<!\w)(?:in)?to {_THING}{_NEW},? from {_THING}{_OLD}{_COUNTED}")
_ARROW = re.compile(rf"(?<!\w){_OLD} ?(?:-{{1,2}}>|=>|→|➔) ?{_NEW}{_COUNTED}")
_CHANGES = re.compile(r"(?<!\w)(?:up|down)(?:grad|dat)|(?<!\w)(?:updat|switch|mov|went|go|roll|chang|migrat)")
_DONE = re.compile(
    r"(?<!\w)(?:since|after|when|once|because|have|has|had|'ve|just|yesterday|already|was|were|"
    r"(?:up|down)graded|updated|went|moved|switched|rolled|migrated)(?!\w)"
)
_PLANNED = re.compile(
    r"(?<!\w)(?:want|wants|would like|plan|plans|planning|going to|about to|trying to|try to|tried "
    r"to|how (?:do|can|to)|"
    r"can|could|should|shall|may|will|must|need to|before|cannot|can't|unable|wish|like to|possible)(?!\w)"
)
_FAILED = re.compile(r"[^.!?\n]{0,30}?(?<!\w)(?:fail|abort|does not work|doesn't work|not possible|hang|refus|stuck)")
_FORMER_BEFORE = re.compile(
    r"(?<!\w)(?:before(?: that)?|previous(?:ly)?|former(?:ly)?|earlier|old|older|used to|until|from|"
    r"with the last|instead of|"
    r"not in|had)[^.!?\n\d]{0,15}\Z"
)
_FORMER_AFTER = re.compile(
    r"[^.!?,;\n\d]{0,12}(?<!\w)(?:worked|was fine|was ok|was good|did not|didn't|before|earlier)(?!\w)"
)
_FOREIGN_BEFORE = re.compile(
    r"(?<!\w)(?:windows|win|mac ?os|ios|android|office|excel|word|server|outlook|chrome)(?!\w)"
)
_EXAMPLE = re.compile(r"([^\W\d_]+)[-_ ]?\d+")
# Of any product: a code in capitals at the beginning of a message with the moment at which it is shown (an invoice's
# number looks the same), an answer of a web server, a constant of a browser.
_CODE_FIRST = re.compile(
    r"\A\W{0,3}(?!TR-)(?P<code>[A-Z]{2,6}-\d{3,5})(?::| ?-)? (?:error )?"
    r"(?:when|whenever|while|every time|each time|as soon as|after|on start|at start|appears|comes up|pops up)\b"
)
_HTTP_STATUS = re.compile(
    r"(?<![^\W_])http(?: error| status)?(?: code)? ?(?P<code>[45]\d\d)(?![^\W_])|"
    r"(?<![^\W_])(?P<bare>5\d\d) (?:bad gateway|internal server error|service unavailable|gateway time-?out)"
)
_CONSTANT = re.compile(r"(?<![^\W])(?P<code>(?:ERR|E)_[A-Z][A-Z0-9_]{4,60})(?![^\W])")
_HEX_CODE = re.compile(r"(?<![^\W_])0x[0-9a-f]{3,16}(?![^\W_])")
_NAMED_CODE = re.compile(
    r"(?<![^\W_])(?:error|err|code|exception|fault)s?\s{0,2}(?:(?:code|number|num|no\.?|is|says|with|#|:|=|-|\()\s{0,2}){0,3}"
    r"(?P<code>-?\d{2,6}|[a-z]{1,6}-\d{2,6})(?![^\W_]|\.\d)"
)
# "Restore fails with E-2207": nobody calls it an error, and it is one.
_BARE_CODE = re.compile(
    r"(?<![^\W_])(?:(?:fail(?:s|ed|ing)?|stop(?:s|ped)|abort(?:s|ed)?|end(?:s|ed)|crash(?:es|ed)|quits?) with (?:an? )?"
    r"(?P<code>[a-z]{1,6}-\d{2,6})|(?P<e>e(?:rr)?-\d{3,6}))(?![^\W_]|\.\d)"
)
_QUOTED = re.compile(
    r"[\"“„«`](?P<words>[^\"“”„«»`\n]{3,400})[\"”“»`]|(?<!\w)['‘](?P<single>[^'‘’\n]{6,400})['’](?!\w)"
)
_MESSAGE = re.compile(
    r"(?:error|message|says?|said|saying|shows?|showing|reads?|displays?|pop-?up|window)\b[^\n]{0,60}$"
)
_SOUNDS_WRONG = re.compile(
    r"\b(?:error|fail(?:ed|ure)|cannot|can't|could not|couldn't|unable|denied|invalid|not found|expired|"
    r"not respond|"
    r"exception|fatal|aborted|missing|unexpected|timed? ?out|refused|locked)"
)
# As programs write them: "E-2207: The archive is damaged", "System.IO.IOException: no access".
_CODE_LINE = re.compile(r"(?<![\w-])(?!tr-)(?P<words>[a-z]{1,6}-\d{2,6} ?[:–] ?[a-z][^\n]{5,250})")
_EXCEPTION = re.compile(r"(?<![\w.])(?P<words>(?:[\w.]{1,80}(?:exception|error)|exception) ?: [^\n]{3,250})")
_AFTER_COLON = re.compile(r"\b(?:error|error message|message|says|said|reads|shows) ?: ?(?P<words>[^\n]{4,300})")
_SYSTEMS = [
    (re.compile(r"(?<!\w)(?:ms |microsoft )?windows server (\d{4})(?: ?r2)?(?!\w)"), "Windows Server {}"),
    (re.compile(r"(?<!\w)(?:windows|win) ?(xp|vista|7|8\.1|8|10|11)(?!\w|\.\d)"), "Windows {}"),
    (re.compile(r"(?<!\w)mac ?os(?: x)? ?(\d{1,2}(?:\.\d{1,2}){0,2})(?!\w)"), "macOS {}"),
    (
        re.compile(r"(?<!\w)(?:mac ?os(?: x)? )?(catalina|big sur|monterey|ventura|sonoma|sequoia|tahoe)(?!\w)"),
        "macOS {}",
    ),
    (
        re.compile(r"(?<!\w)((?:ubuntu|debian|fedora|rhel|linux mint|linux)(?: \d{1,2}(?:\.\d{1,2})?)?)(?!\w)"),
        "{}",
    ),
    (re.compile(r"(?<!\w)(?:mac ?os(?: x)?|os x|macbook|imac|mac)(?!\w)"), "macOS"),
    (
        re.compile(
            r"(?<!\w)(?:on|under|running|have|use|using|with|it's|its) (?:ms |microsoft )?windows(?! "
            r"?server)(?!\w)"
        ),
        "Windows",
    ),
    (re.compile(r"\A\W*(?:ms |microsoft )?windows\W*\Z"), "Windows"),
]


def find_version(text: str, product: str) -> str | None:
    """Return the version of our product: after its name, after "version" or "v", when the message is nothing else, or
    three numbers in a row that are nothing else.
    """
    folded = fold(text)
    alone = _ALONE.fullmatch(folded)
    if alone:
        return alone["number"]
    named = re.compile(
        rf"(?<!\w)(?:{re.escape(fold(product))}|version|vers\.?|ver\.?|v\.?|release|build)"
        r"(?:\s{0,2}(?:version|number|no\.?|desktop|server|is|was|v\.?|#|:|=|-)){0,3}\s{0,2}" + _NUMBER + _COUNTED
    )
    found = [match for match in named.finditer(folded) if not _is_foreign(folded, match)]
    changed = _after_change(folded, speaks_of_versions=bool(found) or fold(product) in folded)
    if changed:
        return changed
    now = next((match for match in found if not _is_former(folded, match)), None)
    return (now or found[0])["number"] if found else _bare(folded)


def _bare(folded: str) -> str | None:
    """Return a version that nothing names: three numbers in a row, or two as a part of a list with an address."""
    for match in _BARE.finditer(folded):
        before = folded[max(0, match.start() - 20) : match.start()]
        network = match["number"].count(".") > 2 and match["number"].startswith(("10.", "172.", "192.", "127."))
        dated = _DATE.fullmatch(match["number"]) or network or _ON_A_DAY.search(before + match["number"])
        if not dated and not _is_foreign(folded, match) and not _NO_VERSION_BEFORE.search(before):
            return match["number"]
    listed = _LISTED.search(folded) if "@" in folded else None
    return listed["number"] if listed else None


def _is_foreign(folded: str, match: re.Match[str]) -> bool:
    return bool(_FOREIGN.search(folded[max(0, match.start() - 20) : match.start()]))


def _is_former(folded: str, match: re.Match[str]) -> bool:
    """Return whether the version is one from before: "version 11.6 worked", "before that we had 11.6"."""
    before, after = folded[max(0, match.start() - 40) : match.start()], folded[match.end() : match.end() + 40]
    return bool(_FORMER_BEFORE.search(before) or _FORMER_AFTER.match(after))


def _after_change(folded: str, *, speaks_of_versions: bool) -> str | None:
    """Return the version that runs now when a change from one to another is told, done, planned or failed."""
    for pattern in (_FROM_TO, _TO_FROM, _ARROW):
        match = pattern.search(folded)
        if match is None or _is_foreign(folded, match):
            continue
        before, after = folded[max(0, match.start() - 60) : match.start()], folded[match.end() : match.end() + 60]
        spoken = speaks_of_versions and ("." in match["old"] or "ver" in match[0])
        if not spoken and (not _CHANGES.search(before) or _FOREIGN_BEFORE.search(before)):
            continue
        planned = _PLANNED.search(before)
        not_yet = not _DONE.search(before) and (planned or _FAILED.match(after))
        return match["old"] if not_yet else match["new"]
    return None


def find_error_code(text: str, example: str = "QB-2107") -> str | None:
    """Return an error code: that of the product in any spelling, ``0x80070005``, the number in "error 1603", "HTTP
    502", "fails with E-2207".

    ``example`` is a code as the product shows it: its letters tell its codes from other numbers.
    """
    folded = fold(text)
    letters = _EXAMPLE.match(fold(example))
    product = re.search(rf"(?<![^\W_])({letters[1]})[ -]?(\d{{3,5}})(?![^\W_])", folded) if letters else None
    if product:
        return f"{product[1]}-{product[2]}".upper()
    constant = _CODE_FIRST.match(text) or _CONSTANT.search(text)
    if constant:
        return constant["code"]
    status = _HTTP_STATUS.search(folded)
    if status:
        return f"HTTP {status['code'] or status['bare']}"
    plain = _HEX_CODE.search(folded)
    if plain:
        return "0x" + plain[0][2:].upper()
    named = next((one for one in _NAMED_CODE.finditer(folded) if not one["code"].startswith("tr-")), None)
    if named:
        return named["code"].upper()
    bare = _BARE_CODE.search(folded)
    return (bare["code"] or bare["e"]).upper() if bare else None


def find_error_codes(text: str, example: str = "QB-2107") -> list[str]:
    """Return the different codes of the product in a text, in their order, at most four; else the one code of another
    kind.
    """
    letters = _EXAMPLE.match(fold(example))
    if letters:
        pattern = rf"(?<![^\W_])({letters[1]})[ -]?(\d{{3,5}})(?![^\W_])"
        found = dict.fromkeys(f"{one[1]}-{one[2]}".upper() for one in re.finditer(pattern, fold(text)))
        if found:
            return list(found)[:MOST_CODES]
    other = find_error_code(text, example)
    return [other] if other else []


def find_error_text(text: str) -> str | None:
    """Return the words of an error message: quoted, or after "error:" or "it says:"."""
    folded = fold(text)
    for match in _QUOTED.finditer(text):
        words = (match["words"] or match["single"]).strip()
        before = folded[max(0, match.start() - 80) : match.start()]
        if words and (_MESSAGE.search(before) or _SOUNDS_WRONG.search(fold(words))):
            return words
    after = _EXCEPTION.search(folded) or _CODE_LINE.search(folded) or _AFTER_COLON.search(folded)
    return text[after.start("words") : after.end("words")].strip(" '\"“”`") or None if after else None


def find_operating_system(text: str) -> str | None:
    """Return the operating system with its version where one is named, such as ``Windows 11`` or ``macOS 14.2``."""
    folded = fold(text)
    for pattern, name in _SYSTEMS:
        match = pattern.search(folded)
        if match:
            found = match[1] if match.groups() else ""
            return name.format(found.upper() if found[:4] in ("xp", "rhel") else found.title())
    return None
