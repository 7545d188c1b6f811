"""Negatives are answers: there is no error message, nothing was changed. Each is returned as it was written."""

import re

from bot.triage.text.plain_text import fold

_MESSAGE = r"(?:errors?|messages?|warnings?|alerts?|notices?|codes?|pop-?ups?|dialogs?|windows?|notifications?)"
_NO_ERROR = re.compile(
    r"(?<!\w)(?:(?:there (?:is|was|are|were)|there's|theres|it (?:shows|gives|gave|showed)|(?:i|we) (?:see|saw|get|"
    r"got)) )?"
    rf"(?:no|without(?: an?y?)?|not an?y?|never an?y?) (?:(?:kind|sort) of )?(?:error |warning |visible |"
    rf"other )?{_MESSAGE}"
    rf"(?: {_MESSAGE}| text)?(?: at all| of any kind| whatsoever| either| shown| appears?| comes? up| is shown|"
    rf" (?:pops|comes) up)?(?!\w)"
    r"(?! (?:from|to|for|by|in the (?:inbox|mail)))"
    r"|(?<!\w)(?:(?:it|the program|there) )?(?:does not|doesn't|did not|didn't|doesnt|didnt|never|don't|"
    r"do not) "
    rf"(?:show|shows|give|gives|display|say|says|see|get|have|receive)s? (?:me |us )?(?:an?y? )?(?:error |"
    rf"warning )?{_MESSAGE}(?: message)?(?!\w)"
    r"|(?<!\w)(?:(?:there|i|we|it)(?:'m|'re)? )?(?:isn't|is not|isnt|wasn't|was not|wasnt|aren't|are not|weren't|were "
    r"not|"
    r"haven't|have not|havent|hasn't|has not|hadn't|don't|dont|didn't|didnt|am not|not|never|'m not|'re not)"
    r"(?: (?:been|ever|really|even|getting|got|get|gotten|seeing|seen|see|receiving|received|showing|shown|had|have|a|"
    rf"single)){{0,3}} (?:any|an?|single) (?:kind of |sort of )?(?:error |warning |other )?{_MESSAGE}"
    r"(?: (?:text|code|message))?(?: (?:coming|popping|showing) up| shown| displayed| at all)?(?!\w)"
    r"|(?<!\w)(?:it|the program|the screen|quillbook) (?:just |simply )?(?:says|shows|displays|tells me|said|showed) "
    r"nothing(?!\w)"
    r"|(?<!\w)(?:it|the program|quillbook) (?:does not|doesn't|doesnt|didn't|did not) (?:say|tell me|show|display|"
    r"report) "
    r"anything(?!\w)"
    r"|(?<!\w)nothing (?:pops up|popped up|is shown|was shown|is displayed|comes up|"
    r"appears(?: on (?:the )?screen)?|shows up)(?!\w)"
)
# "Customers get no message" and "no message from the bank" are about another kind of message.
_OF_OTHERS = re.compile(r"(?<!\w)(?:customers?|clients?|suppliers?|recipients?|people|they|he|she|nobody) \Z")
_SENT_BY = re.compile(r" (?:from|to|for|by) (?!the program\b|quillbook\b|it\b)")
_ANYTHING = r"(?:anything|a thing|something|it|things)"
_CHANGED = (
    r"(?:chang(?:ed|e)|updat(?:ed|e)|install(?:ed)?|upgrad(?:ed|e)|mov(?:ed|e)|touch(?:ed)?|replac(?:ed|e)|"
    r"reconfigur(?:ed|e)|alter(?:ed)?|do|did|done)"
)
_NOTHING_CHANGED = re.compile(
    r"(?<!\w)(?:nothing(?: else| really| here| at all)?(?: has|'s| is| was| had| got| that i know of)?(?: been|"
    r" ever)? "
    r"(?:changed|new|different|updated|installed|upgraded|moved|touched|replaced|altered)"
    r"|(?:absolutely |really )?nothing new"
    r"|(?:everything|all)(?:'s| is| was)?(?: still| just| exactly)? (?:as|like) (?:it (?:was|has been)|before|always|"
    r"ever)"
    r"|(?:we|i|they)(?: have| 've)? (?:made|did|done) no (?:changes?|updates?)(?: to \w+)?"
    r"|(?:we|i|they|nobody|no one)(?: have| has)?(?: not|n't)? (?:made|make|done) (?:any|a) (?:changes?|updates?)"
    rf"|(?:nobody|no one|noone|none of us)(?: here| else)?(?: has| have| had|'s| ever)? {_CHANGED}(?: {_ANYTHING})?"
    rf"|(?:we|i|they)(?: have| had|'ve)?(?: not|n't)? (?:really )?(?:changed|updated|installed|touched|moved) nothing"
    rf"|(?:we|i|they) (?:have not|haven't|havent|had not|hadn't|did not|didn't|didnt|never)(?: really|"
    rf" ever)? {_CHANGED} {_ANYTHING}"
    r"|(?:there (?:were|was|have been|has been) )?(?:no|without any|not any) (?:recent |other )?(?:changes?|updates?)"
    r"(?= ?(?:[.,;!)\n]|-|\Z|on our|here|at all|were|was|recently|before|made|that|whatsoever|lately)))"
    r"(?: (?:on our side|here|at all|recently|lately|before(?: (?:it|that) (?:began|started))?|on our end|"
    r"since))*(?!\w)"
)
# "I restarted it and nothing changed" tells what was tried.
_AFTER_A_TRY = re.compile(r"(?<!\w)(?:restart|reboot|reinstall|tried|try|trying)\w*[^.!?\n]{0,60}\Z")


def find_no_error(text: str) -> str | None:
    """Return the words that say that no error message is shown: ``no error message``, ``nothing pops up``."""
    folded = fold(text)
    for match in _NO_ERROR.finditer(folded):
        told_of_others = _OF_OTHERS.search(folded[max(0, match.start() - 20) : match.start()])
        if not told_of_others and not _SENT_BY.match(folded, match.end()):
            return text[match.start() : match.end()].strip()
    return None


def find_nothing_changed(text: str) -> str | None:
    """Return the words that say that nothing was changed before it began: ``nobody installed anything``."""
    folded = fold(text)
    for match in _NOTHING_CHANGED.finditer(folded):
        if not _AFTER_A_TRY.search(folded[max(0, match.start() - 80) : match.start()]):
            return text[match.start() : match.end()].strip()
    return None
