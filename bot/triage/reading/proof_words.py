"""Recognise the proof of a contract: its number, a work address, the code that was mailed."""

import re

from bot.triage.reading.contact_details import find_email
from bot.triage.text.plain_text import fold

_NUMBER = r"(?=[a-z0-9/_-]*\d)[a-z0-9][a-z0-9/_-]{1,38}[a-z0-9]"
_CALLED = re.compile(
    r"\b(?:contract|agreement)\W{0,3}(?:(?:its|the|our|my) )?(?:number|no\b\.?|nr\b\.?|#|id\b)"
    r"[\s:]{0,3}(?:(?:is|it's|=)[\s:]{1,3})?"
    rf"(?P<number>{_NUMBER})(?![\w/-]|\.\d)"
)
_ALONE = re.compile(
    rf"(?:(?:it's|it is|its|the number is|number|our contract is|contract)[\s:]{{1,3}})?#?\s?(?P<number>{_NUMBER})[.!]?"
)
_SENTENCE_END = re.compile(r"[.!?,;](?=\s)|\n")
_ASKS = re.compile(
    r"\b(?:prove|verify|confirm|validate)\b[^.?!\n]{0,30}\b(?:contract|agreement)\b|"
    r"\b(?:send|mail|e-mail|email)\b[^.?!\n]{0,25}\bcode\b"
)
_CODE = re.compile(
    r"(?:(?:here(?:'s| is)?(?: it is| the code| my code)?|(?:the |my |your )?code(?: is)?|it's|it is)[\s:=-]{1,3})?"
    r"(?P<code>\d[\s.-]?\d[\s.-]?\d[\s.-]?\d[\s.-]?\d[\s.-]?\d)[\s.!]*"
)


def asks_to_prove(text: str) -> bool:
    """ "Can I prove our contract?", "please send me the code"."""
    return bool(_ASKS.search(fold(text)))


def contract_number_in(text: str, *, asked: bool) -> str | None:
    """Return the contract number that the text gives: where it is called one, or alone when we had ``asked`` for it."""
    plain = fold(text).strip()
    called = _CALLED.search(plain) or (_alone(plain) if asked else None)
    return called["number"].upper() if called else None


def _alone(plain: str) -> re.Match[str] | None:
    """Return the number that is all of the text, or of its first sentence: "QS-2231. When do you call?"."""
    return _ALONE.fullmatch(plain) or _ALONE.fullmatch(_SENTENCE_END.split(plain, 1)[0])


def work_address_in(text: str) -> str | None:
    """Return the address, when the text is little more than one."""
    email = find_email(text)
    return email.lower() if email is not None and len(text.strip()) - len(email) <= 40 else None


def code_in(text: str) -> str | None:
    """Return the six digits, when the text is nothing but a code."""
    match = _CODE.fullmatch(fold(text).strip())
    return re.sub(r"\D", "", match["code"]) if match else None
