"""An e-mail address or a telephone number in what a customer writes."""

import re

from bot.triage.reading.tech_reference import find_references
from bot.triage.text.plain_text import fold

# The part before the @ is ASCII: mail to any other asks every server on the way for SMTPUTF8, which few have
# (https://www.rfc-editor.org/rfc/rfc6531). The domain may be written in any script; mail goes to its ASCII form.
EMAIL = re.compile(
    r"(?<![\w.%+-])[a-zA-Z0-9_.%+'-]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}"
    r"(?:[^\W\d_]{2,24}|xn--[a-zA-Z0-9-]{2,59})(?![\w-]|\.\w)"
)
_NUMBER = re.compile(r"(?<![\w/.,$£€-])(?:\+ ?)?\(?\d(?:[ ()./-]{0,4}\d){6,18}(?![\w/%€£$]|[.,-]\d)")
_EXTENSION = re.compile(
    r"\s{0,2},?\s?\(?(?:x|#|ext\.?|extn\.?|extension|durchwahl|dw\.?|app\.?|apparat|poste|int\.?|interno)\s?[:.]?\s?\d{1,6}\)?(?!\w)"
)
_CALLED_PHONE = re.compile(
    r"(?<!\w)(?:phone|telephone|tel\.?|call|ring|reach|mobile|cell|text|fax|direct|line|contact|number|telefon|"
    r"fon|handy|mobil|rufnummer|telefono|teléfono|téléphone)(?!\w)[^.!?\n]{0,25}$"
)
_CALLED_OTHER = re.compile(
    r"(?<!\w)(?:invoice|inv|account|acct|order|po|serial|licen[cs]e|ref|reference|contract|customer|card|check|"
    r"cheque|version|code|error)s?\.?\s?(?:(?:number|no\.?|id|key|code|is|was|my|the|#|:)\s{0,2}){0,4}$"
)
_SHAPES = re.compile(
    r"(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]{0,2}\d{3}[ .-]\d{4}|\d{3}[ -]\d{4}"  # North America
    r"|\+[\d ()./-]+"
    r"|\(?0\d{1,5}\)? ?[/-] ?\d{2,4}(?:[ .-]?\d{2,4}){1,4}|\(0\d{1,5}\) ?\d{2,4}(?:[ "
    r".-]?\d{2,4}){1,4}"  # 030 / 12 34 56
    r"|0\d{2,4} \d{3,4} \d{3,4}|0\d(?:[ .]\d{2}){4}"  # 020 7946 0958, 01 23 45 67 89
)

# Dates, networks and lists: one slash stands behind the area code, and no more.
_NO_PHONE = re.compile(r"\d{1,2}/\d{1,2}(?!\d)|\d{1,2} ?/ ?(?:19|20)\d\d(?!\d)|\d{4}/|\d+\.\d+\.[\d.]+/|[^/]*/[^/]*/")


def find_email(text: str) -> str | None:
    """Return the first e-mail address, as written."""
    match = EMAIL.search(text)
    return match[0] if match else None


def find_phone(text: str) -> str | None:
    """Return the first telephone number, as written and with its extension.

    A number of no telephone's shape (ten digits in one) counts only when it is called one, or stands alone.
    """
    # An address beside it does not keep a number from standing alone.
    folded = EMAIL.sub(lambda address: " " * len(address[0]), fold(text))
    references = [(one.start, one.end) for one in find_references(text)]
    for match in _NUMBER.finditer(folded):
        inside = any(start <= match.start() and match.end() <= end for start, end in references)
        if not inside and _is_phone(folded, match):
            extension = _EXTENSION.match(folded, match.end())
            return text[match.start() : extension.end() if extension else match.end()].strip()
    return None


def looks_like_contact(text: str) -> bool:
    """Return whether the text holds a way to reach somebody: an e-mail address or a telephone number."""
    return find_email(text) is not None or find_phone(text) is not None


def _is_phone(folded: str, match: re.Match[str]) -> bool:
    digits = sum(character.isdigit() for character in match[0])
    before = folded[max(0, match.start() - 40) : match.start()]
    if _CALLED_OTHER.search(before) or digits > 15 or _NO_PHONE.match(match[0]):
        return False
    if _SHAPES.fullmatch(match[0]):
        return True
    alone = not re.search(r"\w", folded[: match.start()] + folded[match.end() :])
    return alone or bool(_CALLED_PHONE.search(before))
