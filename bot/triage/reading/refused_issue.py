"""Recognise who wants no issue, or wants one that was logged taken back; and what they ask instead."""

import re

from bot.triage.reading.contact_details import EMAIL
from bot.triage.reading.wanted_answer import asks_for_way
from bot.triage.text.contractions import with_apostrophes
from bot.triage.text.plain_text import fold

MOST_CHARACTERS = 2_000
_LOGGED = r"(?:issue|ticket|case|tech reference|reference|log entry|tr-[\d-]{3,15})s?"
_NOT_BEFORE = r"(?<!not )(?<!n't )(?<!never )(?<!cannot )(?<!to )"
_WANTS_NONE = re.compile(
    r"\b(?:i|we)(?: really| still| just)? (?:don't|do not|didn't|did not|never)(?: really| even)? "
    rf"(?:want|need|ask(?:ed)? for|order(?:ed)?|wish for|wanted|mean to (?:open|log|make)|"
    rf"want to (?:open|log|make|have))"
    rf"(?: to)?(?: be in)? (?:an?|any|the|that|this|your|another) (?:\w+ )?(?:{_LOGGED}|queue|technician)\b|"
    rf"^\W*no {_LOGGED}(?:,? (?:please|needed|wanted|necessary|then))?\W*$|"
    r"\b(?:i|we)(?:(?:'m|'re| am| are) not (?:going|willing)|(?: really)? (?:don't|do not|didn't|"
    r"did not|won't|will not|"
    r"refuse))(?: want| wish| intend| mean)?(?: to)? "
    r"pay(?: (?:for (?:this|that|it|support|help|an answer)|anything|you|money|that much|so much))?"
    r"(?: for (?:this|that|it))?\W*$|\bnot (?:going|willing) to pay\W*$|\bwithout (?:having to pay|paying)\W*$"
)
_TAKES_BACK = re.compile(
    rf"{_NOT_BEFORE}\b(?:cancel|delete|remove|drop|scrap|withdraw|undo|close|discard|kill|forget about) "
    rf"(?:the|that|this|my|your|both|all|those|it,? the)(?: \w+)? {_LOGGED}\b|"
    rf"{_NOT_BEFORE}\b(?:cancel|delete|remove|drop|withdraw|close) tr-\d|"
    rf"{_NOT_BEFORE}\b(?:cancel|stop|drop|scrap|undo) (?:the|that|this) (?:paying|payment|paid|queue|technician) "
    r"(?:thing|request|business|stuff|place)?|"
    rf"{_NOT_BEFORE}\b(?:take|took) (?:that|it|this|the (?:issue|ticket|reference)) back\b|"
    rf"{_NOT_BEFORE}\bwithdraw (?:it|that|this)\b|"
    r"^\W*(?:(?:please|ok|then|so|just)\W+)*close (?:it|this|that)\b(?:,? (?:please|it was nothing|then))*\W*$|"
    rf"{_NOT_BEFORE}\btake me (?:out of|off) (?:the|your) (?:queue|list)\b"
)
_ABROAD = re.compile(
    r"\b(?:ich (?:will|möchte|brauche)|wir (?:wollen|möchten|brauchen)) (?:kein(?:en?)? (?:ticket|fall|vorgang|"
    r"techniker)|nichts (?:be)?zahlen)\b|\b(?:lösch|schließ|stornier)\w* (?:sie )?(?:bitte )?(?:das|"
    r"den|die|diese[ns]?) "
    r"(?:ticket|fall|vorgang|referenz|nummer)\b|"
    r"\bje ne (?:veux|souhaite) (?:pas|rien) (?:de (?:ticket|dossier)|payer)\b|\b(?:annulez|supprimez|"
    r"fermez) (?:le|ce|la|"
    r"cette) (?:ticket|dossier|demande|référence)\b|"
    r"\bno quiero (?:pagar|un (?:ticket|caso)|ning[uú]n (?:ticket|caso))\b|\b(?:anule|cancele|cierre|"
    r"borre) (?:el|ese|este|"
    r"la|esa) (?:ticket|caso|referencia)\b|"
    r"\bnon voglio (?:pagare|(?:un|nessun) (?:ticket|caso))\b|\b(?:annullate|chiudete|cancellate) (?:il|questo|quel) "
    r"(?:ticket|caso)\b|"
    r"\bnão quero (?:pagar|(?:um|nenhum) (?:ticket|caso))\b|\b(?:anule|cancele|feche) (?:o|esse|"
    r"este) (?:ticket|caso)\b|"
    r"\b(?:ik wil|wij willen|we willen) (?:geen (?:ticket|melding)|niet betalen|niets betalen)\b|"
    r"\b(?:sluit|annuleer|verwijder) (?:het|dat|dit|die|deze) (?:ticket|melding|referentie)\b|"
    r"\bnie chcę (?:płacić|zgłoszenia|żadnego zgłoszenia)\b|\b(?:proszę )?(?:anulować|zamknąć|"
    r"usunąć) (?:to )?zgłoszenie\b"
)
_ASKS_US = re.compile(r"\W*(?:(?:please|and|so|then)\W+)?(?:can|could|would|will) you\b")
_SENTENCE = re.compile(r"[^.!?;\n]{1,600}[.!?;\n]*")
_CLAUSE = re.compile(r",\s|\s(?:but|and)\s(?=(?:i|we)\b)|\s-{1,2}\s")
# What is asked in the form of a statement: "I only want to know where …", "I want to undo an import".
_ONLY_ASKS = re.compile(
    r"\b(?:i|we)(?: (?:only|just|simply|merely|actually|really))?(?:'d| would)?(?: (?:only|just))? "
    r"(?:(?:want|wanted|need|needed|like|wish|asked|am asking|was asking|meant)(?: to (?:know|ask|"
    r"find out|see|hear))?"
    r"(?: (?:if|whether|how|where|which|what|when|why)\b| (?:only )?to (?:find|know|print|see|undo|do|get|make|enter|"
    r"change|set|send|export|import|add|delete|move|copy|open|look|use|turn|switch|show|put|pay in|"
    r"write|print|reprint)\b))"
    r"(?P<rest>[^.!?\n]{3,300})"
)


def refuses_issue(text: str) -> bool:
    """Return whether the words refuse an issue or a price, or take back what was logged; a question refuses nothing."""
    for sentence in _SENTENCE.findall(text[:MOST_CHARACTERS]):
        clauses = [with_apostrophes(clause) for clause in _CLAUSE.split(sentence)]
        if sentence.rstrip().endswith("?"):
            clauses = [one for one in clauses if one is not clauses[-1] or _ASKS_US.match(one)]
        if any(_WANTS_NONE.search(one) or _TAKES_BACK.search(one) for one in clauses):
            return True
        if _ABROAD.search(fold(sentence)) and not sentence.rstrip().endswith("?"):
            return True
    return False


def asked_instead(text: str) -> str:
    """Return the part of the words that asks for something of the product; empty when they only refuse."""
    left = []
    for sentence in _SENTENCE.findall(EMAIL.sub(" ", text[:MOST_CHARACTERS])):
        kept = [one for one in _CLAUSE.split(sentence) if one.strip() and not refuses_issue(one)]
        asking = [one for one in kept if one.rstrip().endswith("?") or asks_for_way(one) or only_asks(one)]
        left += asking
    return " ".join(one.strip(" ,;-") for one in left)


def only_asks(text: str) -> bool:
    """Return whether a statement asks: "I only want to know where the report is", "I asked if it runs on a Mac"."""
    return bool(_ONLY_ASKS.search(with_apostrophes(text[:MOST_CHARACTERS])))
