"""Try a channel's secrets with the other side, and say in a sentence what it made of them; nobody is written to."""

from urllib.parse import urljoin

import httpx

from bot.channels.teams.bot_token import token_address, token_form
from bot.services.core.context import Context
from bot.services.core.errors import ChannelFailed

SECONDS = 15.0


async def try_slack(ctx: Context) -> str:
    """Ask Slack whose the bot token is. Raises ChannelFailed."""
    settings = ctx.settings
    if not settings.slack_bot_token:
        return "There is no bot token to try: workspaces install the app at /channels/slack/install."
    headers = {"Authorization": f"Bearer {settings.slack_bot_token}"}
    answer = await _asked("Slack", "POST", urljoin(settings.slack_api_url, "auth.test"), headers=headers)
    told = answer.json()
    if not told.get("ok"):
        raise ChannelFailed(f"Slack refuses the bot token ({told.get('error', answer.status_code)}).")
    return f"Slack knows the bot in the workspace {told.get('team', told.get('team_id', ''))}."


async def try_teams(ctx: Context) -> str:
    """Fetch a token with the bot's secret. Raises ChannelFailed."""
    settings = ctx.settings
    if not (settings.teams_app_id and settings.teams_app_secret and settings.teams_tenant_id):
        raise ChannelFailed("The application id, the client secret and the tenant id are needed first.")
    address = token_address(settings.teams_token_url, settings.teams_tenant_id.lower())
    form = token_form(settings.teams_app_id, settings.teams_app_secret)
    answer = await _asked("Microsoft", "POST", address, data=form)
    if answer.status_code != httpx.codes.OK:
        raise ChannelFailed(f"Microsoft refuses the bot's id, secret or tenant ({answer.status_code}).")
    return "Microsoft accepts the bot's id and secret."


async def try_payment(ctx: Context) -> str:
    """Ask Stripe for the balance's currencies with the secret key. Raises ChannelFailed."""
    settings = ctx.settings
    if not settings.stripe_secret_key:
        raise ChannelFailed("The secret key is needed first.")
    headers = {"Authorization": f"Bearer {settings.stripe_secret_key}"}
    answer = await _asked("Stripe", "GET", urljoin(settings.stripe_api_url, "v1/balance"), headers=headers)
    if answer.status_code != httpx.codes.OK:
        raise ChannelFailed(f"Stripe refuses the secret key ({answer.status_code}).")
    return "Stripe accepts the secret key. The webhook's secret shows with the first payment."


async def _asked(whom: str, method: str, address: str, **how: object) -> httpx.Response:
    try:
        async with httpx.AsyncClient(timeout=SECONDS) as http:
            return await http.request(method, address, **how)  # type: ignore[arg-type]
    except httpx.HTTPError as error:
        raise ChannelFailed(f"{whom} cannot be reached from here ({type(error).__name__}).") from error
