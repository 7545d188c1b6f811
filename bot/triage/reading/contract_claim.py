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
_NUMBER = re.compile(r"\b(?:no|nr)\. ?(?=\S*\d)")
_NOT = re.compile(
    r"\b(?:no|not|never|don't|doesn't|haven't|hasn't|without|didn't|any more|anymore|expired|ended|cancel(?:led)?|"
    r"used to)\b"
)
_ASKS = re.compile(r"^\W*(?:do|does|have|has|are|is|if|what|how|can|could|which|when|would|should)\b|\bif (?:we|i)\b")


def claims_contract(text: str) -> bool:
    """ "We have a support contract" claims one; "do we have one?", "if we had one" and "we have none" do not."""
    plain = _NUMBER.sub("number ", fold(text))
    sentences = re.findall(r"[^.?!\n]+[.?!]*", plain)
    return any(_claims(sentence) for sentence in sentences)


def _claims(sentence: str) -> bool:
    return bool(
        _CLAIM.search(sentence)
        and not _NOT.search(sentence)
        and not _ASKS.search(sentence)
        and not sentence.rstrip().endswith("?")
    )
