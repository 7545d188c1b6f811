"""Read whether words by themselves say that a trouble is over, or that it will be tried later.

What ends an issue rests on these words, never on a label: no negation, no order, no question, no complaint and no
"but" may be in them. Words that nearly pass are asked about.
"""

import re
from enum import StrEnum

from bot.triage.reading.impact import assess
from bot.triage.reading.version_and_error import find_error_code
from bot.triage.text.contractions import with_apostrophes
from bot.triage.text.plain_text import word_set


class Outcome(StrEnum):
    """``SOLVED`` may act; ``SEEMS_SOLVED`` is asked about; ``LATER``: the customer has still to try."""

    SOLVED = "solved"
    SEEMS_SOLVED = "seems solved"
    LATER = "later"


MOST_WORDS_OF_A_SUCCESS = 30
# A longer text tells more than an outcome.
MOST_CHARACTERS = 400
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# "No longer", "no more errors", "does not crash any more": a success although it holds a negation.
_OVER = re.compile(
    r"\b(?:no longer (?:\w+ ){0,2}?(?:crash|freez|fail|hang|happen|show|appear|get|complain|stop|a problem|an issue|"
    r"broken|missing|necessary|needed)\w*|"
    r"no (?:more |further )?(?:errors?|problems?|issues?|crash(?:es)?|messages?|trouble)(?: any ?(?:more|longer))?|"
    r"no (?:more |further )?(?:help|technician) (?:needed|necessary|required)(?: any ?(?:more|longer))?|"
    r"no need (?:for|to) (?:a |any |the )?(?:technician|help|support|call|worry|anybody|anyone|somebody|you)"
    r"(?: any ?(?:more|longer))?|"
    r"(?:all|everything)(?: is| works|'s)? as it should(?: be)?(?! not|n't)|"
    r"(?:you|nobody|no one|they) (?:(?:don't|do not|needn't|need not|no longer) ?(?:need to |have to )?|needs? to )"
    r"(?:do|come|call|look|bother|worry|write|answer)(?: (?:me|us|back|about it|into it|anything|it|at it|further|"
    r"more))*"
    r"(?: any ?(?:more|longer))?|"
    r"(?:not|isn't|doesn't|does not|don't|do not|hasn't|has not|haven't) (?:crash|freez|fail|hang|happen|com|do|"
    r"need)\w*"
    r"(?: \w+){0,2} any ?(?:more|longer)|"
    r"(?:has not|hasn't|have not|haven't) (?:come back|happened|crashed|failed)(?: again)?(?: since)?(?: \w+)?|"
    r"(?:the |that )?(?:error|problem|issue|message|crash|bug|fault|trouble|warning)s?(?: message)?(?:'s| is| are|"
    r" has| "
    r"have)?(?: all| now| finally| been)*"
    r" (?:gone|went|disappeared|vanished|solved|fixed|resolved|sorted|over)(?: away)?|"
    r"(?:it |that )?(?:has )?stopped (?:happening|crashing|freezing|failing))\b"
)
_SUCCESS = re.compile(
    r"\b(?:(?:that|it|this) (?:seems to have|has|have) (?:done|fixed|solved|sorted) (?:it|that)|"
    r"went through (?:this time|now|fine)|"
    r"(?:all|everything) (?:\w+ ){0,3}(?:there|back|in place) again|are (?:all )?there again)\b|"
    r"\b(?:works|worked|is working|it's working|all working|working (?:now|again|fine)|finally working|"
    r"fixed|solved|resolved|sorted|cured|rectified|"
    r"(?:that|this|it|restart|update|reboot) did (?:it|the (?:trick|job))|(?:that|this|it) (?:has )?helped|"
    r"got it (?:working|to work|going|fixed)|"
    r"(?:all|everything|it's|its|it is|is|are|everything's|now|that's) (?:\w+ ){0,2}?(?:good|fine|ok|okay|"
    r"well) (?:now|again)|"
    r"(?:all|everything|everything's) (?:is )?(?:good|fine|ok|okay|well|working)|"
    r"back to normal|up and running|back in business|right as rain|"
    r"(?:can|could) (?:\w+ ){1,3}again|(?:runs|prints|opens|starts|imports|exports|sends|loads) (?:\w+ )?(?:again|"
    r"now|fine)|"
    r"(?:running|printing|opening|starting) (?:\w+ )?(?:again|now|fine)|"
    r"close (?:it|this|(?:the|my|this|our) (?:issue|ticket|case|request))|(?:issue|ticket|case) can be closed)\b"
)
_ONE_WORD = re.compile(r"\W*(?:(?:yes|ok|yay|hooray|great|thanks|ah|now) ?\W*)*working\W*")
# Any of these, and the words are no success.
_AGAINST = re.compile(
    r"\b(?:no|not|never|none|nothing|nobody|neither|nor|without|cannot|hardly|barely|\w+n't|"
    r"but|however|although|though|except|apart|only|still|yet|until|till|unless|otherwise|instead|rather|or|"
    r"sometimes|partly|partially|half|some|most|mostly|almost|nearly|better|worse|least|"
    r"if|when|once|as long as|whether|why|how|what|who|which|"
    r"want|wants|wanted|wish|hope|hoped|hopefully|need|needs|needed|must|should|ought|would|could have|will|gets?|"
    r"supposed|promised|told|said|says|claimed|thought|believed|call|called|calling|apparently|allegedly|"
    r"perhaps|maybe|seriously|laugh|joke|dreams?|dare|kidding|funny|foot|ass|my arse|"
    r"used to|before|was (?:fine|working|ok)|last (?:week|month|time)|yesterday|then|minutes?|hours?|"
    r"crash\w*|freez\w*|froze\w*|hang(?:s|ing)?|hung|fail\w*|errors?|wrong|broken?|break\w*|dead|slow\w*|blank|empty|"
    r"missing|lost|loses|losing|lose|damaged|corrupt\w*|red|grey|gray|bad|badly|gone|vanished|disappeared|deleted?|"
    r"stuck|"
    r"useless|ridiculous|terrible|worst|waste|wasting|wasted|nightmare|mess|stop|quit|have to|has to|"
    r"far from|please (?:fix|solve|sort|resolve|make|get|do)|for nothing|so much for|have it|see (?:that|to)|too|"
    r"also|another)\b|\?"
)
# Beside a sentence that reports the success, another may tell the cause, and may not take it back.
_TAKEN_BACK = re.compile(
    r"\b(?:but|however|although|though|except|apart|still|yet|until|till|unless|not|never|nothing|nobody|none|no|cannot|"
    r"\w+n't|want|wants|need|needs|wish|demand|expect|must|useless|ridiculous|terrible|worst|waste\w*|wasting|nightmare|joke|"
    r"promised|when|why|how|if|please|another|also|again|now|instead|sorry)\b|\?"
)
_SENTENCE_END = re.compile(r"[.!;\n]+(?=\s|\Z)|\s-+\s")
_FOUND = re.compile(
    r"\b(?:found (?:it|the (?:answer|setting|page|button))|got it|figured (?:it )?out|(?:i )?(?:see|"
    r"understand)(?: it| that)? now|understood|"
    r"makes sense|(?:that|this|it)(?:'s| is| was) (?:exactly |just |all )?(?:what (?:i|we) (?:needed|wanted|"
    r"was looking for|were looking for|"
    r"was after|need)|clear|helpful|perfect|useful)|exactly what (?:i|we) (?:needed|wanted|was looking for)|"
    r"(?:that|this|it)(?: has)? (?:answers?|answered) (?:it|my question|the question)|"
    r"(?:my )?question (?:is )?answered|managed it|"
    r"i (?:can )?see(?: it)?(?: now)?)\b"
)
# A wish to close is asked about, whatever stands around it.
_WANTS_IT_CLOSED = re.compile(
    r"(?<!not )(?<!never )(?<!\w't )\b(?:you can|you may|please|pls|feel free to|just) (?:now |just |go ahead and )?"
    r"close (?:it|this|(?:the|my|this|our|that) (?:issue|ticket|case|request|matter))\b"
)
MOST_WORDS_AROUND = 8
# "Never mind, it works again."
_DISMISSES = re.compile(
    r"^\W*(?:(?:oh|ok|ah|sorry|wait|hey)\W{1,3})*(?:never ?mind|nvm|forget (?:it|that)|"
    r"wait)\b\W*"
)
# "Sure it works" and "yeah right, solved" mean the opposite.
_MOCKS = re.compile(r"\W*(?:(?:oh|yeah|yes|ha) ?\W{1,3})*(?:sure|right|of course)\b")
_ASKS_FIRST = re.compile(
    r"\W*(?:so |and |but |well |ok )?(?:is|are|was|were|has|have|had|did|do|does|can|could|will|would|should|shall|"
    r"may)"
    r"(?:n't)? (?:you|it|this|that|these|those|the|there|i|we|they|he|she|my|our|your|any\w*|some\w*|every\w*|all)\b"
)
_ORDERS = re.compile(
    r"\W*(?:and |so |now |just |please |kindly |then )*(?:fix|solve|sort|resolve|repair|make|get|let|put|bring|"
    r"undo|help|do|"
    r"have|tell|call|write|come|see|give|leave|keep|finish|end|reopen|hurry)\b(?! it (?:to work|working) ?(?:now|"
    r"again|,))"
)
# "You fixed nothing", "you call this fixed": whoever speaks of us complains.
_ABOUT_US = re.compile(r"\b(?:you|your|yours|you've|you're|someone|somebody|anyone|anybody)\b")
_PRAISE = re.compile(
    r"\b(?:thank you|(?:how|so|very) (?:kind|nice|good) of you(?: all)?|"
    r"your (?:\w+ )?(?:tip|tips|help|advice|suggestion|solution|answer|fix|colleague|instructions)|"
    r"you(?:'ve| have)? (?:fixed it|were right|are right|been (?:great|brilliant|very helpful|so helpful)|"
    r"can (?:now )?(?:close|mark))|"
    r"you(?:'re| are) (?:a star|great|the best|brilliant))\b"
)
_DOUBTFUL = re.compile(r"\b(?:think|guess|seems?|looks?|suppose|probably|believe|alright|appears?|so far|for now)\b")
_HARMLESS = word_set(
    "a about again ah all all's an and any anymore are as at back be been being better best brilliant by can case "
    "charm "
    "cheers close closed colleague could day did do does everybody everyone everything everything's excellent "
    "fantastic fine "
    "finally fix fixed fixes found free full going good got great had happy has have having hello help helped "
    "helpful helping hi hooray how i i'd i'm i've import in instructions is issue it it's its itself job just kind "
    "let like log long lot lots lovely many mark marked me much my myself new nice no normal now of off oh ok okay "
    "on open opens our ourselves out perfect perfectly please print printing prints problem properly really "
    "rectified reinstall reinstalling resolve resolved restart reboot restarting right run running runs see service "
    "set smoothly so solution solved sort sorted star starts steps suggestion super support technician team thank "
    "thanks that that's the their them this ticket tip tips to trick truly update up us very was we we're we've "
    "well went were with wonderful work worked working works yay yeah yep yes you you're you've your yup ta mate "
    "guys perfectly sir madam today finally awesome cool "
)
INSULTS = re.compile(
    r"\b(?:for nothing|nothing for|useless|broken|worse|wrong|crash\w*|dead|breaking|wasting|anyway|but|"
    r"not helpful|never|idiots?|down the drain|because of you|(?:you|these) people|you lot|(?:your|all) fault|thanks "
    r"to (?:you|"
    r"your (?:program|software|update|company))|waste[ds]?|ruin\w*|cost (?:us|me)|fed up|sick (?:of|and tired)|"
    r"(?:lost|spent) (?:a|an|the|my|our|half)(?: whole| entire)? (?:day|morning|afternoon|evening|night|weekend|week|"
    r"hour)|"
    r"(?:whole|entire|half a) (?:day|morning|afternoon|evening|night|weekend|week)|hours? of (?:my|our) (?:time|life)|"
    r"(?:a |what a |some )(?:joke|disgrace|farce|shambles|disaster)|disaster|unbelievable|typical|marvellous)\b"
)
_TRIES = (
    r"(?:try|test|check|look|see|do (?:it|that|this|so)|install|run|restart|report back|let you know|tell you|"
    r"get back to you|come back to you|report|be back|have a look|give it a (?:try|go))"
)
_TIME = (
    r"(?:later|tomorrow|tonight|today|this (?:afternoon|evening|morning|week|weekend)|next (?:week|month|time)|"
    r"after lunch|"
    r"at lunch|at home|(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|in (?:a|an|the|\d+) (?:\w+ )?(?:minutes?|"
    r"hours?|"
    r"days?|while|morning|afternoon|evening|moment|bit))"
)
_LATER = re.compile(
    rf"\b(?:i|we)(?:'ll| will| shall| can| am going to| are going to|'m going to|'re going to|'d have to| have to|"
    rf" must|"
    rf" need to| want to| could)(?: \w+){{0,2}}? {_TRIES}\b|"
    rf"(?:^|[,;.])\W*(?:(?:ok|okay|thanks|fine|alright|yes|good)\W{{1,3}})*(?:will|'ll|going to|gonna|have to|"
    rf"let me|lemme)"
    rf"(?: \w+){{0,2}}? {_TRIES}\b|"
    rf"^\W*(?:(?:ok|okay|thanks|fine|alright|yes|thank you)\W{{1,3}})*(?:not (?:before )?|"
    rf"only )?{_TIME}(?: {_TIME})?\W*$|"
    r"\b(?:can't|cannot|can not|couldn't|could not|haven't|have not|didn't|did not|not)(?: \w+){0,5}? "
    r"(?:try|tried|test|tested|check|checked|look|looked)\b[^.!?\n]{0,40}\b(?:yet|until|till|before|now|today|"
    r"so far)\b|"
    r"\b(?:haven't|have not|not)(?: \w+){0,5}? (?:tried|tested|checked)\b|"
    r"\b(?:haven't|have not|hadn't|not)(?: \w+){0,3}? (?:the |any )?time\b[^.!?\n]{0,20}\b(?:yet|today|so far)\b|"
    rf"^\W*(?:not )(?:until|before|till)(?: \w+){{0,6}}? {_TIME}\W*$|"
    rf"\b(?:give me|need|wait) (?:until|till|{_TIME})|\b(?:have|need) to (?:wait|ask)\b|"
    rf"\b(?:my|our) \w+ (?:will |is going to )?(?:tests?|try|tries|checks?|looks?)\b[^.!?\n]{{0,20}}\b{_TIME}|"
    r"\btoo (?:early|soon) to (?:tell|say|know)\b|\b(?:don't|do not) know yet\b|"
    r"\b(?:i'm|i am|we're|we are) (?:just |still |now )?(?:trying|testing|checking|downloading|installing|on it)\b|"
    r"\b(?:going to|gonna|about to) (?:try|test|check)\b"
)
_NOT_LATER = re.compile(
    r"\b(?:still (?:the same|not working|crash\w*|fail\w*|broken)|doesn't work|does not work|didn't work)\b"
)


def read_outcome(text: str) -> Outcome | None:
    """Return what the words by themselves say of the outcome; None when they say nothing of it, or deny it."""
    if len(text) > MOST_CHARACTERS:
        return None
    plain = _DISMISSES.sub("", with_apostrophes(text))
    if _is_success(text, plain):
        return Outcome.SOLVED if _only_harmless(plain) else Outcome.SEEMS_SOLVED
    if _succeeds_in_a_sentence(text, plain):
        return Outcome.SEEMS_SOLVED
    if _WANTS_IT_CLOSED.search(plain) and not _asks_or_harms(text, plain):
        return Outcome.SEEMS_SOLVED
    is_later = _LATER.search(plain) and not _NOT_LATER.search(plain) and not _asks_or_harms(text, plain)
    return Outcome.LATER if is_later else None


def reports_success(text: str) -> bool:
    """Return whether the words, or one of their sentences, say that the trouble is over, and no other takes it back."""
    plain = _DISMISSES.sub("", with_apostrophes(text))
    return read_outcome(text) is Outcome.SOLVED or (
        len(text) <= MOST_CHARACTERS and _succeeds_in_a_sentence(text, plain)
    )


def _succeeds_in_a_sentence(text: str, plain: str) -> bool:
    """Return whether one of several sentences is a success by itself and the others only tell how it came about."""
    parts = [part for part in _SENTENCE_END.split(_OVER.sub(" now fine", plain)) if _WORD.search(part)]
    if len(parts) < 2 or _asks_or_harms(text, plain) or _MOCKS.match(plain) or INSULTS.search(plain):
        return False
    successes = [part for part in parts if _is_success(part, part) and _only_harmless(part)]
    others = [part for part in parts if part not in successes]
    return bool(successes) and not any(_TAKEN_BACK.search(part) or _ORDERS.match(part) for part in others)


def _only_harmless(plain: str) -> bool:
    return not _DOUBTFUL.search(plain) and all(word in _HARMLESS for word in _WORD.findall(_OVER.sub(" ", plain)))


def _is_success(text: str, plain: str) -> bool:
    if (
        len(_WORD.findall(plain)) > MOST_WORDS_OF_A_SUCCESS
        or _ORDERS.match(plain)
        or _MOCKS.match(plain)
        or _asks_or_harms(text, plain)
    ):
        return False
    left = _OVER.sub(" ", plain)
    if not (left != plain or _SUCCESS.search(plain) or _ONE_WORD.fullmatch(plain)):
        return False
    return not _AGAINST.search(left) and not _ABOUT_US.search(_PRAISE.sub(" ", left))


def _asks_or_harms(text: str, plain: str) -> bool:
    asks = plain.rstrip().endswith("?") or bool(_ASKS_FIRST.match(plain))
    return asks or assess(text, {}) is not None or find_error_code(text) is not None


def is_answer_found(text: str) -> bool:
    """Return whether the words say that a page was the answer: "that's what I needed". They close no issue."""
    plain = with_apostrophes(text)
    left = _FOUND.sub(" ", plain)
    against = _AGAINST.search(left) or _ABOUT_US.search(_PRAISE.sub(" ", left)) or _asks_or_harms(text, plain)
    return left != plain and not against and len(_WORD.findall(left)) <= MOST_WORDS_AROUND


def denies(text: str) -> bool:
    """Return whether anything speaks against a success: a negation, an order, a question, harm, mockery."""
    plain = with_apostrophes(text)
    left = _OVER.sub(" ", plain)
    against = _AGAINST.search(left) or _ORDERS.match(plain) or _MOCKS.match(plain) or INSULTS.search(plain)
    return bool(against) or _asks_or_harms(text, plain)
