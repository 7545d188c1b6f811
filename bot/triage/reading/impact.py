"""Assess the impact of a problem from the customer's words, for the flag and the order of the queue.

Of several the gravest is kept: malicious software spreads while it is talked of, lost data can get worse with every
attempt, a running job with every click.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from bot.triage.text.plain_text import fold


class Impact(StrEnum):
    """From the gravest down."""

    ATTACK = "attack"
    DATA_LOSS = "data_loss"
    JOB_RUNNING = "job_running"
    EVERYONE_STOPPED = "everyone_stopped"


_THINGS = (
    r"(?:data|books?|entries|entry|invoices?|records?|transactions?|customers?|files?|company|companies|"
    r"accounts?|payments?|bills?|everything|years?|months?|backups?|work)"
)
_GONE = (
    r"(?:gone|missing|lost|deleted|erased|wiped|vanished|disappeared|overwritten|damaged|corrupt(?:ed)?|"
    r"unreadable)"
)
_IS = r"(?:is|are|was|were|got|have|has|have been|has been|seems?(?: to be)?)"
_OFFICE = r"(?:whole|entire) (?:office|company|team|firm)"
_ALL = rf"(?:everyone|everybody|all of us|all (?:the )?users|all \w+ of us|(?:the )?{_OFFICE})"
_STANDSTILL = r"(?:stopped|stuck|down|locked out|blocked|waiting|affected|cannot|can ?not|can't|unable)"
_JOB = (
    r"(?:restore|restoring|import|importing|update|updating|repair|repairing|conversion|converting|"
    r"year[- ]end|closing|backup|back-up)"
)
_HELD = r"(?:files?|folders?|documents?|data|everything|disks?|drives?|servers?|computers?|pcs?|books)"
_PATTERNS = {
    Impact.ATTACK: [
        r"\b(?:ransom ?ware|crypto ?(?:locker|virus|trojan)|ransom (?:note|demand|message))\b",
        r"\b(?:been|got|getting|being|were|was|are) hacked\b",
        r"\bhackers? (?:have|has|are|is|got|broke|took|locked)\b",
        rf"\b{_HELD} (?:\w+ ){{0,5}}?(?:are|got|were|has been|been)(?: now| all| suddenly)? encrypted\b",
        rf"\b{_HELD} (?:\w+ ){{0,5}}?is (?:now|all|suddenly) encrypted\b",
        r"\b(?:virus|trojan|malware) (?:\w+ ){0,3}?(?:encrypted|locked|deleted|took|infected|is spreading|spreads)\b",
        r"\b(?:we|i|they) (?:have|got|caught|picked up)(?: \w+){0,2} (?:virus|trojan|malware)\b",
        r"\b(?:infected|hit|attacked) (?:by|with) (?:\w+ ){0,2}?(?:virus|trojan|malware|hackers?)\b",
        r"\b(?:broke|broken|breaking) in(?:to)? (?:our|the|my) (?:server|computers?|network|system|pcs?)\b",
        r"\b(?:pay|paying|demands?|wants?|asks? for) (?:\w+ ){0,4}?bitcoins?\b",
    ],
    Impact.DATA_LOSS: [
        r"\b(?:we|i|it|has|have|had|'ve)\s+(?:(?:have|just|accidentally|all)\s+)?"
        rf"(?:lost|deleted|overwrote|overwritten|erased|wiped)\s+(?:\w+\s+){{0,4}}?{_THINGS}\b",
        rf"\b{_THINGS}\s+(?:\w+\s+){{0,4}}?{_IS}\s+(?:\w+\s+){{0,2}}?{_GONE}\b",
        rf"\b{_THINGS}\s+(?:have |has )?(?:just )?(?:vanished|disappeared)\b",
        rf"\b(?:data loss|lost data|(?:missing|lost|deleted|damaged|corrupt(?:ed)?) {_THINGS})\b",
    ],
    Impact.JOB_RUNNING: [
        r"\b(?:still|currently) (?:running|going|working|copying|processing|exporting|restoring|at it)\b",
        rf"\b(?:still|currently) {_JOB}\b",
        rf"\b(?:running|going|{_JOB}) (?:for|since)\b",
        r"\b(?:stuck|stands|stopped|hangs?|frozen|sitting) at \d{1,2} ?(?:%|percent)",
        r"\b(?:should|can|may|shall) i (?:stop|cancel|interrupt|abort|kill|switch off|turn off|wait)\b",
        rf"\b(?:in the middle of|half ?way through) (?:a |an |the )?(?:\w+ )?{_JOB}\b",
    ],
    Impact.EVERYONE_STOPPED: [
        r"\b(?:nobody|no ?one|none of us) (?:here )?(?:can|is able to|could)\b",
        rf"\b{_ALL}\b.{{0,40}}?\b{_STANDSTILL}\b",
        rf"\b(?:can't|cannot|nothing|unable).{{0,40}}\b{_OFFICE}\b",
        r"\bwe are (?:all|completely|totally) (?:stopped|stuck|down|blocked|at a standstill)\b",
    ],
}
_COMPILED = {impact: [re.compile(one) for one in patterns] for impact, patterns in _PATTERNS.items()}
_DENIED = re.compile(
    r"\b(?:no|not|nothing|never|without|isn't|aren't|wasn't|haven't|hasn't|didn't|don't)\b(?: \w+){0,2} ?$"
)
_DENIED_WITHIN = re.compile(r"\b(?:not|nothing|never|no longer|isn't|aren't|wasn't)\b")
# "One invoice is missing from my report" is about the report; "all invoices are missing from the list" may be a loss.
_OF_A_REPORT = re.compile(
    r" (?:from|in|on) (?:the|my|our|this|that|a|an) (?:[^\W_]+ ){0,2}(?:reports?|returns?|lists?|statements?|exports?|"
    r"pdfs?|reconciliation|summary|overview|printouts?)\b"
)
_SEVERAL = re.compile(r"\b(?:all|every|everything|half|most|many|whole|entire)\b")
_WHOLE_ANSWER = re.compile(rf"\W*(?:all|{_ALL})(?: ?[,;:.].{{0,40}}|\W*)", re.DOTALL)


def assess(problem: str, answers: Mapping[str, str]) -> Impact | None:
    """Return the gravest impact that the problem and the answers to routing questions speak of; None when they do
    not.
    """
    texts = [fold(text) for text in (problem, *answers.values())]
    for impact in Impact:
        if any(_speaks_of(impact, text) for text in texts):
            return impact
    if any(_WHOLE_ANSWER.fullmatch(fold(answer)) for answer in answers.values()):
        return Impact.EVERYONE_STOPPED
    return None


def _speaks_of(impact: Impact, text: str) -> bool:
    matches = (match for pattern in _COMPILED[impact] for match in pattern.finditer(text))
    return any(not _is_denied(impact, text, match) for match in matches)


def _is_denied(impact: Impact, text: str, match: re.Match[str]) -> bool:
    """ "No data was lost" and "the invoices are not gone" speak of no loss."""
    if _DENIED.search(text, max(0, match.start() - 30), match.start()):
        return True
    if impact is not Impact.DATA_LOSS:
        return False
    of_a_report = "missing" in match[0] and _OF_A_REPORT.match(text, match.end())
    few = not _SEVERAL.search(text, max(0, match.start() - 20), match.end())
    return bool(_DENIED_WITHIN.search(match[0]) or (of_a_report and few))
