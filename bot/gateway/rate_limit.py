"""The ceiling on requests from one address, before anything else is done with them."""

from sanic import Request

from bot.http.client_address import client_address
from bot.http.requests import ctx_of
from bot.services.core import rate_limits

# The first is asked by machines that would stop us. Slack, Microsoft and a mail server speak for everybody from a few
# addresses; what is not signed by them is refused before it costs anything, and their customers have a limit by
# workspace.
UNCOUNTED = (
    "/healthz",
    "/channels/slack/events",
    "/channels/slack/interactions",
    "/channels/teams/messages",
    "/channels/email/drop",
)


async def count(request: Request) -> None:
    """Raises TooMany when the address has been too fast."""
    if request.path not in UNCOUNTED:
        ctx = ctx_of(request)
        rate_limits.check_limit(ctx, f"address:{client_address(request)}", rate_limits.address_limit(ctx))
