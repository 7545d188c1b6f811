"""Find the things that a problem is about: a printer, a user, a numbered document, a dated report, two figures."""

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.triage.reading.clauses import sentence_around
from bot.triage.text.plain_text import fold, word_set

_MODEL = r"[a-z]{0,12}-?[a-z]{0,4}\d[\w/.-]{0,15}"
_SERIES = (
    r"(?:laserjet|officejet|deskjet|color|colour|laser|jet|pro|mfp|enterprise|i-?sensys|imagerunner|imageclass|"
    r"pixma|maxify|ecosys|"
    r"taskalfa|workforce|expression|ecotank|surecolor|labelwriter|labelmanager|phaser|versalink|workcentre|bizhub|"
    r"aficio|xpress|"
    r"im|lbp|mf|mfc|dcp|hl|ql|td|et|wf|xp|tm|ms|mx|cx|cs|sp|mp|ml|clp|scx|gk|zd|zt|lp|c|b|m|p|t|x|series)"
)
_MAKER = (
    r"(?:epson|canon|kyocera|lexmark|xerox|ricoh|oki|zebra|dymo|konica minolta|konica|hp|hewlett[ -]packard|"
    r"kodak|olivetti|utax|sato|tsc|godex|bixolon|triumph-adler)"
)
# Names of makers that are words or make other machines too count only with a model.
_MAKER_WITH_MODEL = r"(?:brother|star|sharp|samsung|dell|toshiba|fujitsu|citizen|panasonic|lenovo|apple|nec|ibm)"
_PRINTER = re.compile(
    rf"(?<![\w@.])(?:{_MAKER}(?: {_SERIES}(?![\w]))*(?:[ -]{_MODEL}| {_SERIES}(?!\w)){{1,3}}"
    rf"|{_MAKER_WITH_MODEL}(?: {_SERIES}(?!\w)){{0,2}} {_MODEL}|(?:{_MAKER})(?= printer))(?![\w@])"
)
_NAMED_PRINTER = re.compile(
    r"(?<!\w)printer(?:'s name)?(?: is(?: called)?|'s| model(?: is)?|:| =) ?(?:an? |the |our |now an? )?"
    rf"(?P<name>(?:[a-z][\w-]{{1,20}} ){{0,3}}{_MODEL})(?!\w)"
    rf"|(?<!\w)(?:on|with|to|using|from|have|use|got|is) (?:an?|our|the|my)(?: new|"
    rf" old)? (?P<on>(?:[a-z][\w-]{{1,20}} ){{0,3}}{_MODEL}) printer(?!\w)"
)
_NO_NAME = word_set(
    "can cannot can't cant could couldn't will won't gets got has had have is isn't are was were who that which "
    "with of for in on "
    "at to and or the a an account accounts group groups interface manual guide list lists name names rights "
    "permission permissions "
    "role roles id password side experience management error reports says said sees tries wants needs does doesn't "
    "did didn't do "
    "from not also only still just must may my our their his her settings menu screen window data file files "
    "licence license count "
    "it i we they he she you there here locked blocked unable new old deactivated missing gone logged signed "
    "working stuck"
)
_NAME = r"[\"'“‘]?(?P<name>[^\W\d_][\w.-]{1,29})[\"'”’]?"
_ROLE = r"(?:,? ?\(?(?:with |in |has )?(?:the |as )?role(?: of| is|:)? ?[\"'“‘]?[^\W\d_][\w-]{1,29}[\"'”’]?\)?)"
_USER = re.compile(
    rf"(?<!\w)users? ?(?:name )?(?:(?:is|named|called|name is)(?: called)? |: ?)?{_NAME}(?P<role>{_ROLE})?"
    r"(?P<verb> (?:gets?|got|can|cannot|can't|cant|could|couldn't|sees|has|is|was|doesn't|does not|isn't|keeps|"
    r"tries))?"
)
_CALLED = re.compile(r"\A(?:users? ?(?:name )?(?:is|named|called|name is|:))")
_FIGURE = re.compile(r"(?<![\w.,-])[$€£]? ?-?\d(?:[\d,.]{0,14}\d)?(?!\w)|(?<!\w)(?:zero|nothing|empty|blank)(?!\w)")
_EXPECTS = re.compile(
    r"(?<!\w)(?:expect(?:ed|ing)?|should(?: have| really| actually)? (?:be(?:en)?|read|say|show|come (?:to|out))|"
    r"instead of|supposed to|"
    r"ought to|must be|rather than)(?!\w)"
)
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
_PERIOD = (
    rf"(?:(?:the )?(?:first|second|third|fourth|last|1st|2nd|3rd|4th|this|previous|current) (?:quarter|year|month|"
    rf"week|half)(?: (?:of )?(?:19|20)\d\d)?|"
    rf"q[1-4](?:[ /-]?(?:19|20)\d\d)?|{_MONTH}(?: (?:to|till|until|through|-) {_MONTH})?(?:,? ?(?:19|20)\d\d)?|"
    r"(?:19|20)\d\d(?: ?(?:-|to) ?(?:19|20)\d\d)?|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})"
)
_NUMBER = r"(?:[a-z]{1,5}[-/ ]?\d{2,}[\w/-]{0,15}|#? ?\d{3,}[\w/-]{0,15})"


def find_printer(text: str) -> str | None:
    """Return a printer by its maker and model, of any maker when it is called a printer."""
    folded = fold(text)
    match = _PRINTER.search(folded)
    if match:
        return text[match.start() : match.end()].strip(" .,-")
    named = _NAMED_PRINTER.search(folded)
    if named is None:
        return None
    group = "name" if named["name"] else "on"
    return text[named.start(group) : named.end(group)].strip(" .,-")


def find_user(text: str) -> str | None:
    """Return a user's name with the role where it is said: ``User jenny, role Sales``."""
    folded = fold(text)
    for match in _USER.finditer(folded):
        quoted = folded[match.start("name") - 1] in "\"'“‘"
        if match["name"] not in _NO_NAME and (match["role"] or match["verb"] or quoted or _CALLED.match(match[0])):
            end = match.end("role") if match["role"] else match.end("name") + quoted
            return text[match.start() : end].strip()
    return None


def find_expected(text: str) -> str | None:
    """Return the sentence that says both what was expected and what is seen, with at least one figure."""
    folded = fold(text)
    for match in _EXPECTS.finditer(folded):
        start, end = sentence_around(folded, match.start(), match.end())
        if len(_FIGURE.findall(folded, start, end)) > 1:
            return text[start:end].strip(" ,;:-")
    return None


def find_dated(text: str, words: Iterable[str]) -> str | None:
    """Return a thing of these words with its dates: ``balance sheet for 2025``; None without dates."""
    pattern = _dated(tuple(words))
    match = pattern.search(fold(text)) if pattern else None
    return text[match.start() : match.end()].strip() if match else None


def find_numbered(text: str, words: Iterable[str]) -> str | None:
    """Return a thing of these words with its number: ``invoice INV-2291``; None without a number."""
    pattern = _numbered(tuple(words))
    match = pattern.search(fold(text)) if pattern else None
    return text[match.start() : match.end()].strip(" .,-/") if match else None


def find_counted(text: str, words: Iterable[str]) -> str | None:
    """Return how many of these words are named: ``two computers``."""
    return _written(_counted(tuple(words)), text)


def find_placed(text: str, words: Iterable[str]) -> str | None:
    """Return one of these words with its place in a series: ``row 48``."""
    return _written(_placed(tuple(words)), text)


def _written(pattern: re.Pattern[str] | None, text: str) -> str | None:
    match = pattern.search(fold(text)) if pattern else None
    return text[match.start() : match.end()].strip() if match else None


def find_sourced(text: str, words: Iterable[str]) -> str | None:
    """Return a thing of these words with where it comes from: ``CSV from Raiffeisen``."""
    pattern = _sourced(tuple(words))
    match = pattern.search(fold(text)) if pattern else None
    if match is None:
        return None
    more = _MORE_OF_A_NAME.match(text, match.end())
    return text[match.start() : more.end() if more else match.end()].strip(" .,-")


_MORE_OF_A_NAME = re.compile(
    r"(?: (?:of|and|&|de) (?=[A-Z])| (?=[A-Z0-9]))(?:[A-Z0-9][\w&'-]{0,20})(?: [A-Z][\w&'-]{0,20})?"
)


def _any_of(words: tuple[str, ...]) -> str:
    return "|".join(r"[\s-]+".join(re.escape(part) for part in fold(word).split()) for word in words)


@lru_cache(maxsize=64)
def _dated(words: tuple[str, ...]) -> re.Pattern[str] | None:
    if not words:
        return None
    return re.compile(
        rf"(?<!\w)(?:{_any_of(words)})s?(?!\w)(?:[ ,:()'-]{{1,3}}[\w']{{1,20}}){{0,5}}?[ ,:(]{{1,3}}{_PERIOD}(?!\w)"
    )


@lru_cache(maxsize=64)
def _numbered(words: tuple[str, ...]) -> re.Pattern[str] | None:
    if not words:
        return None
    called = r"(?: (?:number|num|no\.?|nr\.?|is|was|called|the)){0,3}"
    return re.compile(rf"(?<!\w)(?:{_any_of(words)}){called}[ :#]{{1,3}}{_NUMBER}(?![\w@])")


_FEW = r"(?:\d{1,5}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|both|several)"


@lru_cache(maxsize=64)
def _counted(words: tuple[str, ...]) -> re.Pattern[str] | None:
    if not words:
        return None
    return re.compile(rf"(?<![\w.])(?:only )?{_FEW} (?:(?:new|old|other|different|more) )?(?:{_any_of(words)})s?(?!\w)")


@lru_cache(maxsize=64)
def _placed(words: tuple[str, ...]) -> re.Pattern[str] | None:
    if not words:
        return None
    return re.compile(rf"(?<!\w)(?:{_any_of(words)})s?(?: number| no\.?| nr\.?)?[ #:]{{1,2}}\d{{1,7}}(?![\w.]*\w)")


@lru_cache(maxsize=64)
def _sourced(words: tuple[str, ...]) -> re.Pattern[str] | None:
    if not words:
        return None
    return re.compile(
        rf"(?<!\w)(?:{_any_of(words)})s?(?: (?:files?|exports?|statements?|lists?))?"
        r" (?:we got |i got |that comes |which comes |coming |downloaded |exported |sent )?(?:from|by|out of) "
        r"(?:the |our |my )?(?!(?:yesterday|today|last|this|it|me|us|january|february|march|april|may|june|july|august|"
        r"september|october|november|december)\b)[\w&'-]{2,30}(?: (?:bank|online banking))?"
    )
