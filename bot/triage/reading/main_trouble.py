"""Find the sentence of a message that states its trouble, without greeting and signature: an issue's title."""

import re

from bot.triage.reading.form import word_count
from bot.triage.reading.report_words import names_a_problem
from bot.triage.reading.trouble import says_trouble
from bot.triage.text.plain_text import fold

MOST_CHARACTERS = 4_000
FEWEST_WORDS = 3
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|\Z)|\n+")
_GREETING = re.compile(
    r"\W*(?:(?:hello|hi|hey|dear|good (?:morning|afternoon|evening|day)|greetings|to whom it may concern)"
    r"(?: (?:all|there|again|hello|everyone|everybody|team|support|support team|sir|madam|sirs|sir or madam|"
    r"ladies and gentlemen|"
    r"(?:mr|mrs|ms)\.? \w{1,30}))*(?:[,.!:-]+\s*|\s+(?=(?:i|we|our|my|the|when|since|after|it|there|this)\b)|\s*\Z)"
    r"|(?:please help|help|urgent|sorry to (?:bother|disturb) you|i hope you (?:are|'re) well)\s?[,.!:-]+\s*)"
)
_GREETING_ABROAD = re.compile(
    r"\W*(?:(?:hallo|guten (?:tag|morgen|abend)|grüß gott|moin|servus|sehr geehrte (?:damen und herren|\w+)|liebes? "
    r"\w+|"
    r"bonjour|bonsoir|salut|madame,? monsieur|hola|buen(?:os|as) (?:días|tardes|noches)|buenas|estimad[oa]s? \w+|"
    r"buongiorno|buonasera|salve|ciao|gentil[ei] \w+|olá|bom dia|boa (?:tarde|noite)|prezad[oa]s? \w+|oi|"
    r"goede(?:morgen|middag|navond)|goeden? ?(?:dag|avond)|beste \w+|geachte \w+(?: \w+)?|dag|dzień dobry|witam|"
    r"cześć|"
    r"szanowni państwo)"
    r"(?: (?:zusammen|team|madame|monsieur|messieurs|à tous|a todos|a tutti|allemaal|support))*(?:[,.!:-]+\s*|\s+|"
    r"\Z)){1,3}"
)
_SIGNATURE_ABROAD = re.compile(
    r"(?:\A|[\s,.!?])(?:(?:mit )?(?:freundlichen|besten|vielen|viele|beste|liebe) (?:grüßen|grüße|dank)|mfg|danke|"
    r"cordialement|"
    r"(?:bien à vous|merci(?: d'avance| beaucoup)?)|(?:un )?saludos?|atentamente|(?:muchas )?gracias(?: de "
    r"antemano)?|"
    r"(?:cordiali )?saluti|grazie(?: mille| in anticipo)?|cumprimentos|atenciosamente|(?:muito )?obrigad[oa]|"
    r"(?:met )?vriendelijke groet\w*|groet(?:en|jes)|(?:alvast )?bedankt|pozdrawiam|dziękuję)"
    r"(?=[,.!\s]|\Z)[^?]{0,160}\Z"
)
_INTRODUCTION = re.compile(
    r"\W*(?:my name is|i am|i'm|this is|here is)(?: [\w'-]{1,20}){1,3}(?: (?:from|of|at|with) [\w&' -]{1,40})?"
    r"(?:,(?: and)?| and| here[,.])\s*(?=(?:and|we|i|our|my|the)\b)"
)
# "Please log: the list jumps" and "can you log that the list jumps": the order is none of the trouble.
_ORDER = re.compile(
    r"\W*(?:(?:please|pls|kindly|can you|could you)[ ,]{1,3}){0,2}(?:log|record|register|report)"
    r"(?: (?:it|this|something|the following|an? (?:problem|issue|bug|fault)))?(?:\s?:\s?| that )"
)
_SIGNATURE = re.compile(
    r"(?:\A|[\s,.!?])(?:(?:kind|best|warm|many|with (?:kind|best))? ?regards|yours (?:sincerely|truly|"
    r"faithfully)|sincerely|"
    r"cheers|best wishes|(?:many )?thanks(?: in advance| a lot| so much)?|thank you(?: in advance| very much|"
    r" so much)?)"
    r"(?=[,.!\s]|\Z)[^?]{0,160}\Z"
)
# Trouble that does not say which: that something did not help, or who is stopped.
_DID_NOT_HELP = (
    r"(?:(?:no|sorry|nope)\b[\s,]*)?(?:that|it|this|none of (?:that|it)) (?:did not|didn't|does not|doesn't|has not|"
    r"hasn't) (?:really |quite )?help(?:ed)?(?: me| us)?(?: either| at all)?"
)
_IS_STOPPED = (
    r"(?:everyone|everybody|nobody|no one|all of us|none of us|the whole \w+|we|we all)"
    r"(?: is| are| can| can't| cannot|'re)?(?: all)? (?:stopped|stuck|blocked|idle|work|working|waiting|"
    r"standing still)(?: here| now| today)?"
)
_SAYS_NOT_WHICH = re.compile(rf"\W*(?:{_DID_NOT_HELP}|{_IS_STOPPED})\W*")
_CLAUSE_END = re.compile(r"(?=[,;] )")
# What has a line of its own, or is an address.
_FACT = re.compile(
    r"\bno (?:error|message|code)\b|\bnothing (?:has |was )?changed\b|\b(?:version|v)\.? ?\d|^\W*\d+(?:\.\d+)+\W*$|"
    r"[^\s@]@[^\s@]|\b(?:mail|e-mail|email|call|phone|reach|ring) (?:me|us)\b|^\W*(?:\w+ ){0,2}\w*\d\w*\W*$"
)
_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}")


def main_trouble(text: str) -> str:
    """Return the first sentence that states trouble, else the first that states anything, else the whole text."""
    parts = [part for part in map(_bare, _sentences(text[:MOST_CHARACTERS])) if _states(part)]
    troubles = [part for part in parts if says_trouble(part)]
    telling = [part for part in troubles if not _SAYS_NOT_WHICH.fullmatch(fold(part))]
    found = next(iter((*telling, *troubles, *parts)), None)
    return _without_facts(found) if found is not None else text


def _without_facts(sentence: str) -> str:
    """Return the sentence without the clauses behind its first that state a fact of another line, or an address."""
    first, *others = _CLAUSE_END.split(sentence)
    return "".join([first, *(one for one in others if not _FACT.search(fold(one)))])


def _sentences(text: str) -> list[str]:
    parts, begin = [], 0
    for match in _SENTENCE_END.finditer(text):
        parts.append(text[begin : match.end()].strip())
        begin = match.end()
    return [*parts, text[begin:].strip()]


def _bare(sentence: str) -> str:
    """Return the sentence without greeting, introduction and order to log it in front, and without a signature."""
    for pattern in (_GREETING, _GREETING_ABROAD, _INTRODUCTION, _GREETING, _ORDER):
        lead = pattern.match(fold(sentence))
        sentence = sentence[lead.end() :] if lead else sentence
    end = _SIGNATURE.search(fold(sentence)) or _SIGNATURE_ABROAD.search(fold(sentence))
    return (sentence[: end.start()] if end else sentence).strip().rstrip(".! ,;:-").strip()


def _states(part: str) -> bool:
    """Return whether a sentence says more than an address or a name."""
    return word_count(_ADDRESS.sub(" ", part)) >= FEWEST_WORDS and names_a_problem(_ADDRESS.sub(" ", part))
