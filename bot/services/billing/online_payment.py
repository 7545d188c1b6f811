"""The provider with which customers pay by themselves."""

from bot.services.billing.payment_provider import OnlineProvider
from bot.services.core.context import Context


def online_provider(ctx: Context) -> OnlineProvider:
    """Stripe Checkout, with the keys of the settings."""
    # Imported when it is used: the library takes longer to load than all of ours.
    from bot.services.billing.stripe_checkout import StripeCheckout

    return StripeCheckout(ctx)
