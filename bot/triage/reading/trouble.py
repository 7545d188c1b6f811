"""Recognise words of trouble: something fails, is wrong, or is gone. General ones, of no vendor's product."""

import re

from bot.triage.reading.version_and_error import find_error_code
from bot.triage.text.plain_text import fold

_FAILS = re.compile(
    r"\b(?:crash\w*|freez\w*|froze\w*|hang(?:s|ing)?|hung|stuck|fail\w*|error\w*|broken?|broke|wrong\w*|blank|"
    r"empty|slow\w*|"
    r"missing|lost|gone|vanish\w*|disappear\w*|corrupt\w*|damaged|cut off|upside down|garbled|unreadable|"
    r"doubl(?:ed?|es|ing)|twice|(?:is|are|was|were) (?:out|off)(?= by\b)|\d+ (?:\w+ )?(?:off|out)|"
    r"duplicat\w*|expired|rejected|refused|denied|locked out|kick(?:s|ed)? (?:us|me|everyone|everybody|"
    r"people) out|throws|"
    r"drops?|dropped|disconnect\w*|stops?|stopped|closes itself|"
    r"(?:closes|quits|exits|shuts|ends) (?:when|whenever|by itself|itself|suddenly|down|without)|locked by|"
    r"(?:shows|comes|came|stands|appears|prints|exists|is there|booked) (?:up )?(?:double|two times)|horrible|rubbish|"
    r"nonsense|"
    r"time[sd]? out|timeout|unable|trouble\w*|"
    r"problems?|bugs?|"
    r"issues?|gr[ea]yed|ignored?|ignores|negative|corrupted|unresponsive|not respond\w*|leaves? out|skips?|"
    r"forgets?|"
    r"(?:takes|needs|lasts) (?:\w+ ){0,2}(?:ages|forever|minutes|hours)|jam(?:s|med|ming)?|unreachable|silent|"
    r"(?:is|are|was|were|went|goes|be|been) (?:\w+ ){0,2}?(?:down|dead)|los(?:e|es|ing)|miss(?:es)?|"
    r"mix(?:es|ed) up|blurr(?:ed|y)|shifted|mirrored|"
    r"overlap\w*|odd|strange|weird|suddenly|lacks?|garbage|too (?:small|big|large|wide|narrow|high|low|late|early)|"
    r"out of "
    r"(?:order|place|balance)|differs?|mismatch\w*|"
    r"can(?:'t|not| not)|cant|won't|wont|doesn't|doesnt|does not|don't work|isn't|isnt|is not|aren't|arent|are not|"
    r"(?<!\bi )(?<!\bwe )(?<!\byou )(?:don't|dont|do not) (?:print|open|load|start|import|export|show|appear|come|"
    r"arrive|match|sync|save|add up)|"
    r"didn't|didnt|did not|no longer|nothing (?:happens|works|prints|comes|shows)|nobody can|never (?:comes|"
    r"ends|finishes|"
    r"works|arrives)|refuses)\b"
)
# Somebody who cannot find the way asks how; that is no trouble with the product.
_ONLY_ASKS_THE_WAY = re.compile(
    r"\b(?:i|we) (?:can't|cannot|can not|cant|don't|do not|dont|didn't|couldn't) (?:know|find|see|understand|"
    r"figure|remember|"
    r"want|need|work out|have a clue)\b|\bnot sure\b|\bno problem\b|\bwithout (?:any )?(?:trouble|problems?)\b"
)


def says_trouble(text: str) -> bool:
    """Return whether the text says that something does not go as it should; False when it only asks for the way."""
    folded = fold(text)
    if find_error_code(text):
        return True
    return bool(_FAILS.search(_ONLY_ASKS_THE_WAY.sub(" ", folded)))


def without_trouble(text: str) -> str:
    """Return the folded text without its words of trouble: what is left names what the trouble is with."""
    return _FAILS.sub(" ", fold(text))
