"""Entitlement in the words of support.yml: one sentence for each reason, the price, and the course of a payment."""

from typing import Annotated

from bot.settings.support.parts import Line, Part, Words
from bot.settings.support.sentence import sentence

_Plain = Annotated[Words, sentence()]
_Day = Annotated[Words, sentence("day")]
_Cards = Annotated[Line, sentence("cards")]


class TermsWords(Part):
    """``covered`` to ``other_product`` are named as ``bot.triage.billing.entitlement.Reason``."""

    covered: _Plain
    covered_in_hours: _Plain
    free: _Plain
    paid: Annotated[Words, sentence("left")]
    to_check: _Plain
    not_begun: _Day
    ended: _Day
    not_active: Annotated[Words, sentence("status")]
    no_contract: _Plain
    other_product: Annotated[Words, sentence("product")]
    price: Annotated[Words, sentence("rate", "cards", "minimum", "unused", "hold", "reference", must="minimum")]
    unused_kept: Annotated[Words, sentence("days")]
    unused_paid_back: _Plain
    by_phone: Annotated[Words, sentence("phone", "reference")]
    online: Annotated[Words, sentence("phone", "reference")]
    page_title: Line
    page_excerpt: Line
    link_title: _Cards
    link_excerpt: _Cards
    thanks: Annotated[Words, sentence("time", "reference", "place", must="reference")]
    wrong_card: Annotated[Words, sentence("cards", "reference", must="reference")]
    refunded: Annotated[Words, sentence("reference", must="reference")]
