"""Find the clauses that tell what was changed before it began, and what was tried since."""

import re

from bot.triage.reading.clauses import clause_end
from bot.triage.reading.negatives import find_nothing_changed
from bot.triage.text.plain_text import fold

_MOST_CHARACTERS = 120
_CHANGE = (
    r"(?:updat|upgrad|install|reinstall|mov|switch(?:ed|ing) |swap|replac|migrat|chang|convert|reset|restor|renam|"
    r"reorgani|"
    r"relocat|mainten|patch|clean|buy|bought|got |new |power (?:cut|failure|outage)|storm|downgrad|roll(?:ed|"
    r"ing)? ?(?:out|back)|"
    r"driver|release|virus|format|repair|set ?up)"
)
_SOMEBODY = (
    r"(?:(?:yesterday|today|(?:last )?(?:week|month|night|weekend|(?:mon|tues|wednes|thurs|fri|satur|sun)day))'s|"
    r"the|our|an?|this|that|we|i|it|they|he|she|my|your|the last|windows|somebody|someone|support|moving|"
    r"updating|upgrading|"
    r"installing|switching|replacing|changing|migrating|restoring|reinstalling|buying|getting|swapping|setting)"
)
# The cause stands in the six words after "since" or "after": "since IT installed the new firewall".
_SINCE_A_CHANGE = re.compile(
    rf"(?<!\w)(?:(?:ever |right |just |only |directly |shortly )?(?:since|after|following))(?= {_SOMEBODY}\b)"
    rf"(?=(?: [\w'-]{{1,30}}){{0,6}}? ?{_CHANGE})(?! i (?:click|press|chang\w* the (?:date|filter)))"
)
_THINGS = (
    r"(?:computers?|pcs?|laptops?|macs?|machines?|servers?|switch|switches|routers?|firewalls?|networks?|printers?|"
    r"drivers?|"
    r"windows|office|antivirus|virus scanner|software|programs?|updates?|upgrades?|versions?|disks?|ssd|drives?|"
    r"cables?|monitors?|"
    r"provider|internet|wifi|hardware|memory|ram|certificate|password|user|domain|company file|layout|templates?|"
    r"system)"
)
_MADE = (
    r"(?:updated|upgraded|installed|reinstalled|moved|switched|swapped|replaced|migrated|changed|got|bought|"
    r"renamed|reset|rolled out|put in|set up|added)"
)
_WE = (
    r"(?:we|i|they|he|she|it|somebody|someone|our [\w-]{1,20}|the [\w-]{1,20}|my [\w-]{1,20}|it (?:people|guy|"
    r"department|support))"
)
_STATED_CHANGE = re.compile(
    rf"(?<!\w){_WE}(?: have| has| had|'ve| did| just| recently| also| only){{0,2}} (?:{_MADE}|get|install|update|"
    rf"replace|upgrade|buy)"
    rf"(?= (?:[\w'-]{{1,20}} ){{0,4}}?{_THINGS}(?!\w))"
    rf"|(?<!\w)(?:the |our |a |an |my |all )?(?:new )?{_THINGS} (?:was|were|has been|have been|got) (?:just |"
    rf"recently )?{_MADE}(?!\w)"
    rf"|(?<!\w)(?:there (?:was|were|has been)|we had) (?:an?|some|the) (?:[\w'-]{{1,20}} ){{0,2}}?(?:update|"
    rf"upgrade|power cut|outage|"
    r"migration|change|power failure|storm)s?(?!\w)"
)
_ADMITTED_CHANGE = re.compile(
    r"(?<!\w)(?:(?:something|one thing|a thing|some things?|(?:a )?few things) (?:did |has |had |have |was |was also )?"
    r"changed?"
    r"|(?:we|i|he|she|they|somebody|someone|it) (?:did |have |had |actually )?changed? (?:something|one thing|a thing|"
    r"some things?|a few things|a bit)"
    r"|there (?:was|were|is|has been) (?:(?:one|a|some) )?(?:thing |something )?(?:that )?chang(?:ed?|es)"
    r"|not nothing)(?!\w)"
)
_NOT_YET = re.compile(
    r"(?<!\w)(?:want|would|plan|going|how|can|should|could|will|when|if|before|not|never|n't)(?: to)?[^.!?\n]{0,12}\Z"
)
_TRIED = re.compile(
    r"(?<!\w)(?:(?:i|we|he|she|they) (?:have |has |had |'ve |also |already |even |just |did |tried to )*|(?:i|"
    r"we)'ve (?:already |also |even )?|"
    r"already |have |tried )?(?:(?:re-?start|re-?boot|re-?install|power[- ]cycl|un-?install)\w{0,4}(?!\w)|"
    r"tried (?:it )?(?:(?:on |with |in )?(?:an?other|a different|a new|the other|two|three|several|all|every|both|"
    r"other)|re\w{3,12}ing|"
    r"clearing|updating|repairing|deleting|everything|turning|switching|changing|unplugging)|"
    r"(?:cleared|emptied) the (?:cache|queue)|(?:turned|switched) (?:it |the \w+ )?off and on)"
)
_NOTHING_TRIED = re.compile(
    r"(?<!\w)(?:(?:i |we )?(?:have not|haven't|havent|did not|didn't|didnt) (?:yet )?(?:tried|try) anything(?: yet|"
    r" so far| else)?|"
    r"(?:i |we )?(?:have )?tried nothing(?: yet| so far)?|nothing (?:was |has been )?tried(?: yet| so far)?)(?!\w)"
)
_A_WISH = re.compile(
    r"(?<!\w)(?:should|can|could|shall|may|must|need|have|want|will|if|when|after|before|every|each|until)(?: i|"
    r" we| to){0,2} ?\Z"
)


def find_what_changed(text: str) -> str | None:
    """Return what changed before it began: ``since the Windows update yesterday``, ``nobody installed anything``."""
    folded = fold(text)
    match = next((one for one in _SINCE_A_CHANGE.finditer(folded)), None) or _stated(folded)
    if match:
        return text[match.start() : clause_end(folded, match.end(), _MOST_CHARACTERS)].strip(" .-")
    return find_nothing_changed(text)


def admits_change(text: str) -> bool:
    """Return whether the words take back that nothing was changed: "we did change something after all"."""
    folded = fold(text)
    found = _ADMITTED_CHANGE.search(folded)
    return found is not None and not _NOT_YET.search(folded[max(0, found.start() - 30) : found.start()])


def find_tried(text: str) -> str | None:
    """Return what was tried: ``restarted it twice``, ``tried another printer and rebooted``, ``tried nothing``."""
    folded = fold(text)
    nothing = _NOTHING_TRIED.search(folded)
    if nothing:
        return text[nothing.start() : nothing.end()].strip()
    found = [
        one for one in _TRIED.finditer(folded) if not _A_WISH.search(folded[max(0, one.start() - 24) : one.start()])
    ]
    if not found:
        return None
    last = found[-1] if found[-1].start() - found[0].start() < _MOST_CHARACTERS else found[0]
    return text[found[0].start() : clause_end(folded, last.end(), _MOST_CHARACTERS)].strip(" .-")


def _stated(folded: str) -> re.Match[str] | None:
    matches = _STATED_CHANGE.finditer(folded)
    return next((one for one in matches if not _NOT_YET.search(folded[max(0, one.start() - 30) : one.start()])), None)
