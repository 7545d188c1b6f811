"""Recognise a payment card number by issuer, length and Luhn check."""

import re

from stdnum import luhn

# Beginnings by length. VISA and MasterCard are taken; the others are typed in hope, and are just as secret.
_VISA, _MASTERCARD = (
    r"4(?:\d{12}|\d{15}|\d{18})",
    r"(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}",
)
_TAKEN = re.compile(f"{_VISA}|{_MASTERCARD}")
_BRANDS = re.compile(
    "|".join(
        (
            _VISA,
            _MASTERCARD,
            r"3[47]\d{13}",
            r"(?:6011|65\d{2}|64[4-9]\d)\d{12}(?:\d{3})?",
            r"35(?:2[89]|[3-8]\d)\d{12}",
            r"3(?:0[0-5]|[68]\d)\d{11}",
            r"(?:5018|5020|5038|6304|6759|676[1-3])\d{9,15}",
            r"62\d{14,17}",
        )
    )
)
SHORTEST, LONGEST = 13, 19


def is_card(digits: str) -> bool:
    """Return whether the digits are a whole number of a known brand."""
    return SHORTEST <= len(digits) <= LONGEST and bool(_BRANDS.fullmatch(digits)) and bool(luhn.is_valid(digits))


def is_taken_card(digits: str) -> bool:
    """Return whether the digits are a whole number of VISA or MasterCard."""
    return SHORTEST <= len(digits) <= LONGEST and bool(_TAKEN.fullmatch(digits)) and bool(luhn.is_valid(digits))
