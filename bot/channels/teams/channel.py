"""The channel Microsoft Teams, put together from its settings."""

import httpx

from bot.channels.channel import Channel
from bot.channels.file_fetcher import FileFetcher
from bot.channels.teams.bot_token import BotToken, token_address
from bot.channels.teams.client import Connector
from bot.channels.teams.customer_invokes import CustomerInvokes
from bot.channels.teams.files import TeamsFiles
from bot.channels.teams.routes import blueprint
from bot.channels.teams.send import TeamsDeliver
from bot.channels.teams.service_hosts import AllowedHosts
from bot.channels.teams.signing_keys import SigningKeys
from bot.channels.teams.staff_handler import TeamsStaff
from bot.channels.teams.staff_printer import TeamsStaffPrinter
from bot.channels.teams.unknown_tenants import UnknownTenants
from bot.channels.teams.verify import Verification
from bot.services.channel import channel_people
from bot.services.channel.channel_people import TEAMS
from bot.services.core.context import Context
from bot.settings.env.settings import Settings
from bot.settings.support.chat_channels import ANSWER

SECONDS = 15.0
NEEDED = ("teams_app_id", "teams_app_secret", "teams_tenant_id")


def teams_channel(ctx: Context) -> Channel:
    """Return the channel, on when its three settings are there; off it believes and sends nothing."""
    lacking = missing(ctx.settings)
    if lacking:
        return Channel(TEAMS, blueprint(None), f"{', '.join(lacking)} not set")
    settings, hosts = ctx.settings, AllowedHosts(ctx.settings.teams_service_hosts)
    app_id, secret, tenant = settings.teams_app_id or "", settings.teams_app_secret or "", own_tenant(settings)
    http = httpx.AsyncClient(timeout=SECONDS)

    async def is_known(asked: str) -> bool:
        if asked == tenant or ctx.support.chat_channels.unknown_tenants == ANSWER:
            return True
        return await channel_people.is_on_a_contract(ctx, TEAMS, asked)

    keys = SigningKeys(http, settings.teams_openid_url, lambda: ctx.clock())
    verification = Verification(app_id, keys, hosts, is_known, lambda: ctx.clock())
    token = BotToken(http, token_address(settings.teams_token_url, tenant), app_id, secret, lambda: ctx.clock())
    connector = Connector(http, token, hosts)
    files = FileFetcher(ctx, TEAMS, TeamsFiles(ctx, http, connector, hosts))
    printer = TeamsStaffPrinter(connector, app_id, tenant)
    customers, strangers = CustomerInvokes(ctx, connector), UnknownTenants(ctx, connector)
    routes = blueprint(verification, files.kick, TeamsStaff(ctx, printer, tenant), customers, strangers)
    return Channel(TEAMS, routes, None, TeamsDeliver(ctx, http, connector), (files.background(),), printer)


def missing(settings: Settings) -> list[str]:
    """Return the keys without which the channel stays off."""
    return [f"TECHREF_{name.upper()}" for name in NEEDED if not getattr(settings, name)]


def own_tenant(settings: Settings) -> str:
    return (settings.teams_tenant_id or "").lower()
