"""The provider with which customers pay by themselves."""

from bot.services.context import Context
from bot.services.payment_provider import OnlineProvider


def provider(ctx: Context) -> OnlineProvider:
    """Stripe Checkout, with the keys of the settings."""
    # Imported when it is used: the library takes longer to load than all of ours.
    from bot.services.stripe_checkout import StripeCheckout

    return StripeCheckout(ctx)
