"""Classify a number by the words around it: a Tech Reference, something else, or part of more.

All functions take text folded by ``plain_text.fold`` and the offsets of the number in it.
"""

import re

from bot.triage.text.plain_text import word_set

WORDS_BETWEEN = r"\b(?:no\.|(?:number|num|no|nr|id|code|key|is|was|are|at|on|me|us|back|my|the)\b)"
_OTHER = (
    r"(?:(?:invoice|account|order|serial|licen[cs]e|phone|telephone|call|called|ring|fax|cell|mobile|card|check|cheque|"
    r"routing|sort|tax|customer|client|contract|bank|amount|payment)s?|(?:tel|inv|acct|po)\.?|ein|ssn|iban|paid)"
)
_OTHER_BEFORE = re.compile(r"(?<![^\W_])" + _OTHER + r"(?:[\s:=#]|" + WORDS_BETWEEN + r"){1,12}$")
_OTHER_AFTER = re.compile(r"[\s,]{0,2}(?:is|was)\s(?:my|our|the|an?)\s" + _OTHER + r"(?![^\W_])")
_CUE = re.compile(
    r"(?<![^\W_])(?:(?P<other>" + _OTHER + r")\s)?"
    r"(?:(?<!in )(?<!null )(?<!object )(?:ref|reference|ticket|case)s?(?![^\W_])|issue (?:number|no|#))"
)
# What people say of the number that we gave them, without calling it anything.
_GIVEN = re.compile(
    r"(?<![^\W_])(?:(?:gave|given|got|have|received|sent|told|logged|opened|quote|quoted|under|about|regarding|concerning|"
    r"status(?: of| for)?|news(?: on| about| of| for)?|updates?(?: on| about| for)?|progress(?: on| "
    r"of)?|happening with|"
    r"follow(?:ing)? up on|check|look up|find|this one|this is|that is|it'?s|here it is|number)"
    r"(?: (?:me|us|as|is|was|my|the|our|number|it|on|for|of|with)){0,3}[\s:#,]{0,3})\Z"
)
_NEWS_AFTER = re.compile(r"[\s,.:?!-]{0,4}(?:any (?:news|update)|what is|what's|status)(?![^\W_])")
_FILLERS = word_set(
    "it is it's its here my the a number no nr this one that yes ok okay sure hi hello hey thanks "
    "thank you please i think "
    "and have got says tr there again sorry of course think"
)
_MORE_BEFORE = re.compile(r"\w$|[+$£€@]\s?$|\w[-/.,]$")
_MORE_AFTER = re.compile(r"\w|[-/@]\w|[.,]\d|\s?[%€£$]")
_NEAR = 60
_MOST_AROUND = 80


def stands_inside_more(text: str, start: int, end: int) -> bool:
    """Return whether the number is a piece of a longer one, of a word, an address or an amount of money."""
    return bool(_MORE_BEFORE.search(text[max(0, start - 3) : start]) or _MORE_AFTER.match(text[end : end + 3]))


def is_named_otherwise(text: str, start: int, end: int) -> bool:
    """Return whether it is called an invoice, a telephone number, an amount: "invoice no. …", "… is my phone"."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    return bool(_OTHER_BEFORE.search(before) or _OTHER_AFTER.match(after))


def is_called_a_reference(text: str, start: int, end: int) -> bool:
    """Return whether "reference", "ticket" or "#" is near it in its sentence, or the message says nothing else."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    if before.endswith("#") or _stands_alone(text, start, end):
        return True
    sentence = (re.split(r"[!?\n]", before)[-1], re.split(r"[.!?\n]", after)[0])
    return any(cue["other"] is None for part in sentence for cue in _CUE.finditer(part))


def is_spoken_of_as_given(text: str, start: int, end: int) -> bool:
    """Return whether the words beside the number speak of one that we gave: "any news on …", "you gave me …"."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    return bool(_GIVEN.search(before) or _NEWS_AFTER.match(after))


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Return whether the message says little else, as when the number was asked for."""
    if len(text) - (end - start) > _MOST_AROUND:
        return False
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+", text[:start] + " " + text[end:])
    return all(word in _FILLERS for word in words)
