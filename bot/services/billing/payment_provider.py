"""The interface of payment providers: all give instructions, an online provider also a page and its result."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Protocol

from bot.services.core.context import Context
from bot.services.core.errors import BadHours
from bot.settings.support.support import Support


@dataclass(frozen=True)
class Offer:
    """The instructions for a payment, with the address of its page when there is one."""

    words: str
    cards: list[dict[str, str]]


@dataclass(frozen=True)
class Checkout:
    """A page of the provider's where one payment can be made."""

    id: str
    url: str


@dataclass(frozen=True)
class Outcome:
    """The result of a checkout. ``state``: open, paid or expired; ``amount`` in hundredths of ``currency``.

    ``brand`` is the card's, in small letters; None when the provider does not say.
    """

    state: str
    amount: int
    currency: str
    brand: str | None
    authorisation: str | None


class PaymentProvider(Protocol):
    """A way to pay ahead: ``ByPhone`` or ``StripeCheckout``."""

    name: str

    def offer(self, ctx: Context, support: Support, reference: str) -> Offer:
        """Return what a customer is told who has to pay for this issue."""


class OnlineProvider(PaymentProvider, Protocol):
    """A provider with a page of its own, on which the card number is typed."""

    async def begin(self, payment_id: int, amount: int, what: str, success_url: str, cancel_url: str) -> Checkout:
        """Return a page on which this one payment can be made; the same payment again gives the same page."""

    async def outcome(self, checkout_id: str) -> Outcome:
        """Return what became of it, by the provider's own word."""

    def checkout_of(self, body: bytes, signature: str) -> str | None:
        """Return the checkout that the provider's call speaks of; raises Invalid for a call that is not the
        provider's.
        """


def minutes_of(ctx: Context, hours: object) -> int:
    """Hours as somebody wrote them, in minutes; raises Invalid outside of what may be paid at once."""
    charges = ctx.support.charges
    try:
        wanted = Decimal(str(hours))
    except InvalidOperation:
        wanted = Decimal(0)
    if not wanted.is_finite() or not charges.minimum_hours <= wanted <= charges.most_hours or wanted * 60 % 1:
        raise BadHours(f"hours must be {charges.minimum_hours} to {charges.most_hours}; nothing was paid.")
    return int(wanted * 60)
