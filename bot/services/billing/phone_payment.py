"""Payment by telephone: the technician takes the card on the call and records the terminal's authorisation."""

import re
from dataclasses import dataclass
from typing import Any

from bot.services.billing.payment_provider import Offer, minutes_of
from bot.services.core.context import Context
from bot.services.core.errors import BadReference, HoldsCardNumber, UnknownBrand
from bot.settings.support.support import Support
from bot.triage.privacy.redaction import redact_cards

REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]{1,58}[A-Za-z0-9]")
# A terminal's reference has fewer digits than the shortest card number with its gaps.
MOST_DIGITS = 12


@dataclass(frozen=True)
class TakenByPhone:
    """A payment by telephone as recorded: never the card's number."""

    minutes: int
    brand: str
    authorisation: str


class ByPhone:
    """The provider without an account anywhere: the default."""

    name = "phone"

    def offer(self, ctx: Context, support: Support, reference: str) -> Offer:
        """Whom to call, and what to name."""
        return Offer(support.terms.by_phone.format(phone=support.phone, reference=reference), [])

    def taken(self, ctx: Context, fields: dict[str, Any]) -> TakenByPhone:
        """Read what the technician recorded; raises Invalid."""
        brand = fields.get("brand")
        if not isinstance(brand, str) or brand not in ctx.support.charges.cards:
            cards = " or ".join(ctx.support.charges.cards)
            raise UnknownBrand(f"brand must be {cards}; nothing was recorded.")
        return TakenByPhone(minutes_of(ctx, fields.get("hours")), brand, reference_of(fields.get("authorisation")))


def reference_of(written: object) -> str:
    """Return an acquirer's reference of an authorisation or a refund; raises Invalid, above all for a card number."""
    reference = written.strip() if isinstance(written, str) else ""
    if redact_cards(reference).found or sum(char.isdigit() for char in reference) > MOST_DIGITS:
        message = "That may be a card number. Record the terminal's reference of the payment; nothing was recorded."
        raise HoldsCardNumber(message)
    if not REFERENCE.fullmatch(reference):
        message = "The reference must be the terminal's, 3 to 60 letters and digits; nothing was recorded."
        raise BadReference(message)
    return reference
