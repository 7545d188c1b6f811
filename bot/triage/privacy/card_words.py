"""Classify digits by the words around them: a payment card's, or those of something else."""

import re

_CARD = (
    r"(?:(?:credit|debit|payment|bank)?[ -]?cards?|visa|master ?card|amex|american express|diners|discover card|"
    r"maestro|jcb|unionpay|pan|cvv2?|cvc2?|security code|"
    r"(?:kredit|debit)?karten?(?:nummer)?|carte|tarjeta|carta|cart[aã]o|kaart|karta)"
)
_HALF = (
    r"(?:numbers?|no|nr|digits?|half|halves|rest|remaining|begins?|beginning|starts?|starting|ends?|ending|continues?|"
    r"goes on|first|second|third|last|then|followed by|nummer|ziffern|numero|número|numéro)"
)
_NAMES_CARD = re.compile(rf"(?<![^\W_]){_CARD}(?![^\W\d_])")
_NAMES_PART = re.compile(rf"(?<![^\W_])(?:{_CARD}|{_HALF})(?![^\W\d_])")
# "visa4111…", "no:4111…", "card=4111…": a word that may touch the digits without making an id of them.
_TOUCHING = re.compile(
    rf"(?<![^\W_])(?:{_CARD}|is|no|nr|number|mc|cc|num)[_ -]{{0,2}}(?:no|nr|number)?[:=#.-]{{0,2}}\Z"
)
_OTHER = (
    r"(?:invoices?|inv|bills?|orders?|messages?|msgs?|quotes?|tickets?|cases?|issues?|receipts?|cheques?|checks?|pages?|"
    r"lines?|rows?|articles?|items?|parts?|jobs?|records?|entr(?:y|ies)|customers?|clients?|accounts?|acct|serials?|"
    r"licen[cs]es?|contracts?|vouchers?|documents?|transactions?|versions?|builds?|ports?|pids?|errors?|codes?|"
    r"rechnung(?:en)?|factures?|facturas?|fatture|fattura|faturas?|facturen|factuur)"
)
_NAMED_OTHERWISE = re.compile(
    rf"(?<![^\W_]){_OTHER}(?:[\s:=#.(]|(?:numbers?|nos?|nr|ids?|is|was|are|were|called)(?![^\W_])){{0,12}}\Z"
)
_NEAR, _TOUCH = 40, 24


def names_card(text: str) -> bool:
    """Return whether a folded text speaks of a payment card."""
    return bool(_NAMES_CARD.search(text))


def names_card_part(text: str) -> bool:
    """Return whether a folded text speaks of a card, or of a part of a number: "begins with", "the last half"."""
    return bool(_NAMES_PART.search(text))


def card_is_named_near(text: str, start: int, end: int) -> bool:
    """Return whether a card is named within 40 characters before or behind the digits, in the same line."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    return names_card(before.rpartition("\n")[2]) or names_card(after.partition("\n")[0])


def card_touches(text: str, start: int) -> bool:
    """Return whether the word that touches the digits at ``start`` names a card or a number: "visa4111", "no:4111"."""
    return bool(_TOUCHING.search(text, max(0, start - _TOUCH), start))


def is_named_otherwise(text: str, start: int) -> bool:
    """Return whether the digits at ``start`` are called an invoice, an order, a message or the like."""
    return bool(_NAMED_OTHERWISE.search(text, max(0, start - _NEAR), start))
