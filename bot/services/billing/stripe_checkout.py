"""Stripe Checkout, through Stripe's own library: the customer types the card number there and never here."""

from typing import Any, cast

import stripe
from stripe import RequestOptions
from stripe.params.checkout import SessionCreateParams

from bot.services.billing import payment_page
from bot.services.billing.payment_provider import Checkout, Offer, Outcome
from bot.services.core.context import Context
from bot.services.core.errors import BadSignature, PaymentUnavailable
from bot.services.core.worker_threads import PAYMENTS, ThreadsBusy
from bot.settings.support.support import Support

# What Checkout can be told to refuse, by the brand that a card then has; what is not in this list is refused when the
# result is looked at: https://docs.stripe.com/api/checkout/sessions/object
REFUSABLE = {
    "visa": "visa",
    "mastercard": "mastercard",
    "amex": "american_express",
    "discover": "discover_global_network",
}


UNAVAILABLE = (
    "Our payment partner does not answer just now; nothing was charged. Try again in some minutes, or call us."
)


class StripeCheckout:
    """The provider for whoever has a Stripe account."""

    name = "stripe"

    def __init__(self, ctx: Context) -> None:
        self._charges, self._secret = ctx.support.charges, ctx.settings.stripe_webhook_secret or ""
        self._client = stripe.StripeClient(
            ctx.settings.stripe_secret_key or "",
            base_addresses={"api": ctx.settings.stripe_api_url.rstrip("/")},
            http_client=stripe.RequestsClient(timeout=15),
            max_network_retries=2,
        )

    def offer(self, ctx: Context, support: Support, reference: str) -> Offer:
        """Return a link to our own page of this issue, which leads to Stripe's."""
        terms, cards = support.terms, " or ".join(self._charges.cards)
        link = {
            "title": terms.link_title.format(cards=cards),
            "url": payment_page.payment_page_path(ctx, reference),
            "excerpt": terms.link_excerpt.format(cards=cards),
        }
        return Offer(terms.online.format(phone=support.phone, reference=reference), [link])

    async def begin(self, payment_id: int, amount: int, what: str, success_url: str, cancel_url: str) -> Checkout:
        """Return a page for one payment; the same payment again gives the same page. Raises PaymentUnavailable."""
        blocked = [named for brand, named in REFUSABLE.items() if brand not in self._charges.brands]
        params: dict[str, Any] = {
            "mode": "payment",
            "payment_method_types": ["card"],
            "payment_method_options": {"card": {"restrictions": {"brands_blocked": blocked}}},
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": self._charges.currency.lower(),
                        "unit_amount": amount,
                        "product_data": {"name": what},
                    },
                }
            ],
            "client_reference_id": str(payment_id),
            "success_url": success_url,
            "cancel_url": cancel_url,
        }
        once = {"idempotency_key": f"techref-payment-{payment_id}"}
        try:
            # In a thread: the library's own asynchronous client uses what httpx has deprecated.
            session = await PAYMENTS.run(
                self._client.v1.checkout.sessions.create,
                cast(SessionCreateParams, params),
                cast(RequestOptions, once),
            )
        except (stripe.StripeError, ThreadsBusy) as error:
            raise PaymentUnavailable(UNAVAILABLE) from error
        if not session.url:
            raise PaymentUnavailable(UNAVAILABLE)
        return Checkout(session.id, session.url)

    async def outcome(self, checkout_id: str) -> Outcome:
        """Return what became of a checkout, asked at Stripe itself. Raises PaymentUnavailable."""
        try:
            session = await PAYMENTS.run(
                self._client.v1.checkout.sessions.retrieve, checkout_id, {"expand": ["payment_intent.latest_charge"]}
            )
        except (stripe.StripeError, ThreadsBusy) as error:
            raise PaymentUnavailable(UNAVAILABLE) from error
        paid = session.payment_status == "paid"
        intent = session.payment_intent
        charge = intent.latest_charge if isinstance(intent, stripe.PaymentIntent) else None
        details = charge.payment_method_details if isinstance(charge, stripe.Charge) else None
        card = details.card if details is not None and details.type == "card" else None
        return Outcome(
            state="paid" if paid else "expired" if session.status == "expired" else "open",
            amount=session.amount_total or 0,
            currency=(session.currency or "").upper(),
            brand=card.brand if card is not None else None,
            authorisation=intent.id if isinstance(intent, stripe.PaymentIntent) else None,
        )

    def checkout_of(self, body: bytes, signature: str) -> str | None:
        """Return the checkout that a webhook call speaks of, None for events of another kind.

        Raises Invalid (``bad_signature``) unless Stripe signed the call lately with our secret.
        """
        try:
            event = stripe.Webhook.construct_event(body, signature, self._secret)
        except (ValueError, stripe.SignatureVerificationError) as error:
            raise BadSignature("The call is not signed by our payment partner; nothing was changed.") from error
        if not str(event.type).startswith("checkout.session."):
            return None
        return str(event.data.object["id"])
