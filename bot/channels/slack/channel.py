"""The Slack channel put together: on when its secrets are there, otherwise off and saying what is missing."""

from bot.channels.channel import Channel
from bot.channels.file_fetcher import FileFetcher
from bot.channels.slack.client import WebApi
from bot.channels.slack.customer_commands import CustomerCommands
from bot.channels.slack.files import SlackFiles
from bot.channels.slack.handler import SlackHandler
from bot.channels.slack.install import Install
from bot.channels.slack.message_issues import MessageIssues
from bot.channels.slack.names import Names
from bot.channels.slack.routes import SlackApi
from bot.channels.slack.send import SlackDeliver
from bot.channels.slack.staff_handler import SlackStaff
from bot.channels.slack.staff_people import SlackPeople
from bot.channels.slack.staff_printer import SlackStaffPrinter
from bot.services.channel.channel_people import SLACK
from bot.services.core.context import Context
from bot.settings.env.settings import Settings


def slack_channel(ctx: Context) -> Channel:
    """Return the channel with its routes, its outbox and the fetching of files."""
    off = off_because(ctx.settings)
    api = WebApi(ctx)
    files = FileFetcher(ctx, SLACK, SlackFiles(ctx, api))
    names = Names(ctx, api)
    office = SlackHandler(ctx, api, off, names, files)
    people = SlackPeople(api)
    chosen = MessageIssues(ctx, api, office, names)
    staff, customers = SlackStaff(ctx, api, office, people), CustomerCommands(ctx, api, office)
    blueprint = SlackApi(office, Install(ctx, api, office.greet), staff, chosen, customers).blueprint()
    if off is not None:
        return Channel(SLACK, blueprint, off)
    deliver, printer = SlackDeliver(ctx, api, office), SlackStaffPrinter(api, people)
    return Channel(SLACK, blueprint, None, deliver, (files.background(),), printer)


def off_because(settings: Settings) -> str | None:
    """Return what is missing, in one sentence; None when the channel can work."""
    if not settings.slack_signing_secret:
        return "TECHREF_SLACK_SIGNING_SECRET is not set"
    installable = settings.slack_client_id and settings.slack_client_secret
    if not settings.slack_bot_token and not installable:
        return (
            "set TECHREF_SLACK_BOT_TOKEN for one workspace, or TECHREF_SLACK_CLIENT_ID and "
            "TECHREF_SLACK_CLIENT_SECRET for several"
        )
    return None
