"""Recognise the claim of a support contract, which is checked before anybody is asked to pay."""

import re

from bot.triage.text.plain_text import fold

_CONTRACT = r"(?:support|service|maintenance)?[ -]?(?:contract|agreement|plan)\b"
_CLAIM = re.compile(
    rf"\b(?:we|i|our company|my company|our firm|my firm|our office)\b(?:'ve|'re|'m)?[^.?!\n]{{0,40}}?"
    rf"\b(?:have|has|got|'ve|pay for|paid for|bought|are on|is on|am on|'re on|'m on|are under|under|covered by|with)\b"
    rf"[^.?!\n]{{0,40}}?\b{_CONTRACT}"
    rf"|\b(?:our|my) (?:\w+ )?{_CONTRACT}(?: number)?(?: is| covers|:| #)"
    rf"|\b(?:contract|agreement) (?:number|#) ?[:#]? ?(?=\S*\d)"
)
# "Yes, contract", "I said yes, the contract": words about nothing else, an assent among them.
_ASSENT = re.compile(
    r"(?:^|[,;:]\s)\W*(?:(?:i|we|just|already|have|told|said|you|that) ){0,5}(?:yes|yeah|yep|sure|of course)\W{1,3}"
    rf"(?:(?:a|the|there is an?|on|under|with|we're|we are|i'm|our|it's|it is) ){{0,2}}{_CONTRACT}|"
    rf"^\W*(?:(?:a|the|our) )?{_CONTRACT}[,:]? (?:yes|yeah|yep)\b|^\W*(?:pays?|paid|covered|goes|runs) by {_CONTRACT}"
)
_ABROAD = re.compile(
    r"\b(?:wir haben|haben wir|ich habe?|nous avons|on a|j'ai|tenemos|tengo|abbiamo|ho|temos|tenho|"
    r"(?:wij|we) hebben|ik heb|mamy|mam)\b[^.?!,;\n]{0,30}?"
    r"\b(?:\w*vertrag|contrat|contrato|contratto|\w*contract|umowę)\b|"
    r"\b(?:\w*vertrag|umowę) (?:haben wir|habe ich|mamy|mam)\b|"
    r"\b(?:unter vertrag|sous contrat|bajo contrato|sotto contratto|sob contrato|onder contract)\b"
)
_NOT_ABROAD = re.compile(
    r"\b(?:nicht|kein\w*|ohne|pas|plus|aucun|sans|no|sin|ning[uú]n\w*|non|senza|nessun\w*|não|sem|nenhum\w*|niet|geen|"
    r"zonder|nie|bez|ob|si|se|als|czy|wenn)\b|\bn'"
)
_NUMBER = re.compile(r"\b(?:no|nr)\. ?(?=\S*\d)")
_NOT = re.compile(r"\b(?:no|not|never|don't|doesn't|haven't|hasn't|without|didn't|whether)\b")
# Also behind a comma: "we had a contract, but it expired", "we have one, don't we?".
_OVER = re.compile(
    r"\b(?:any ?more|expired|ended|ran out|cancel(?:led|ed)?|used to)\b|"
    r",? (?:don't we|do we|right|isn't it|or not|or don't we)\W*\?"
)
_ASKS = re.compile(r"^\W*(?:do|does|have|has|are|is|if|what|how|can|could|which|when|would|should)\b|\bif (?:we|i)\b")
_SENTENCE = re.compile(r"[^.?!\n]+[.?!]*")
_CLAUSE = re.compile(
    r"[,;:]\s|\s-{1,2}\s|\sbut\s|"
    r"\s(?=(?:and|so) (?:how|when|what|where|which|who|why|can|could|is|do|does)\b)"
)


def claims_contract(text: str) -> bool:
    """ "We have a support contract" claims one; "do we have one?", "if we had one" and "we have none" do not."""
    plain = _NUMBER.sub("number ", fold(text)).replace("’", "'")
    return any(_claims(sentence) for sentence in _SENTENCE.findall(plain))


def _claims(sentence: str) -> bool:
    """Return whether a clause of the sentence claims one; a question behind it is one of its own."""
    if _OVER.search(sentence):
        return False
    if assent := _ASSENT.search(sentence):
        return sentence[assent.end() :].strip() != "?"
    *before, last = _CLAUSE.split(sentence)
    return any(_says_so(clause) for clause in before) or (_says_so(last) and not sentence.rstrip().endswith("?"))


def _says_so(clause: str) -> bool:
    said = _CLAIM.search(clause) and not _NOT.search(clause) and not _ASKS.search(clause)
    return bool(said or (_ABROAD.search(clause) and not _NOT_ABROAD.search(clause)))
