"""The channels as the desk sets them up: which are on, what they lack, and secrets, which are never shown again."""

from dataclasses import dataclass
from typing import Any

from bot.services.core import audit, channel_secrets
from bot.services.core.context import Context
from bot.services.core.errors import Invalid
from bot.services.core.worker_threads import FILES
from bot.settings.env.settings import Settings
from bot.store.tables import Technician

LONGEST = 4000
EMAIL, NOTICES, SLACK, TEAMS, PAYMENT, ADDRESS = "email", "notices", "slack", "teams", "payment", "address"
# Name, title, what it is for, its settings with their labels, and whether a change holds at once.
CHANNELS: tuple[tuple[str, str, str, tuple[tuple[str, str], ...], bool], ...] = (
    (
        ADDRESS,
        "Your address",
        "The https address under which customers reach this installation; links and manifests need it.",
        (("public_url", "Address, such as https://support.example.com"),),
        True,
    ),
    (
        EMAIL,
        "E-mail",
        "Codes, replies and reminders leave through your mail server.",
        (("smtp_url", "smtp://user:password@host:587, or smtps://user:password@host:465"),),
        True,
    ),
    (
        NOTICES,
        "Notices to teams",
        "A waiting customer is announced there; no word of a customer leaves.",
        (("notify_urls", "Apprise addresses with spaces between; team=address for one team"),),
        True,
    ),
    (
        SLACK,
        "Slack",
        "Customers write to the app; docs/slack.md says where each value is found.",
        (
            ("slack_signing_secret", "Signing secret"),
            ("slack_bot_token", "Bot token, for one workspace"),
            ("slack_client_id", "Client id, for several workspaces"),
            ("slack_client_secret", "Client secret, for several workspaces"),
        ),
        False,
    ),
    (
        TEAMS,
        "Microsoft Teams",
        "Customers write to the bot; docs/teams.md says where each value is found.",
        (
            ("teams_app_id", "Application id"),
            ("teams_app_secret", "Client secret"),
            ("teams_tenant_id", "Tenant id"),
        ),
        False,
    ),
    (
        PAYMENT,
        "Payment by Stripe",
        "Support without a contract is paid ahead by a link.",
        (("stripe_secret_key", "Secret key"), ("stripe_webhook_secret", "Signing secret of the webhook")),
        True,
    ),
)
# What a channel cannot do without; each tuple is enough.
ENOUGH = {
    ADDRESS: (("public_url",),),
    EMAIL: (("smtp_url",),),
    NOTICES: (("notify_urls",),),
    SLACK: (
        ("slack_signing_secret", "slack_bot_token"),
        ("slack_signing_secret", "slack_client_id", "slack_client_secret"),
    ),
    TEAMS: (("teams_app_id", "teams_app_secret", "teams_tenant_id"),),
    PAYMENT: (("stripe_secret_key", "stripe_webhook_secret"),),
}


@dataclass(frozen=True)
class Value:
    """One setting of a channel. ``source``: environment, desk, or nothing."""

    name: str
    label: str
    source: str


@dataclass(frozen=True)
class ChannelView:
    """A channel on the page. ``complete``: it has what it needs; ``waits``: it is used after the next start."""

    id: str
    title: str
    about: str
    values: tuple[Value, ...]
    complete: bool
    waits: bool


def list_channels(ctx: Context, running: set[str]) -> list[ChannelView]:
    """Return every channel; ``running`` are those that began with the gateway."""
    stored, environment = channel_secrets.stored_names(ctx.home), ctx.environment
    return [
        ChannelView(
            name,
            title,
            about,
            tuple(Value(one, label, _source(environment, stored, one)) for one, label in values),
            is_complete(ctx.settings, name),
            not at_once and is_complete(ctx.settings, name) != (name in running),
        )
        for name, title, about, values, at_once in CHANNELS
    ]


def is_complete(settings: Settings, channel: str) -> bool:
    """Return whether the channel has what it needs."""
    return any(all(getattr(settings, name) for name in names) for names in ENOUGH[channel])


async def change_channel(ctx: Context, admin: Technician, channel: str, fields: dict[str, Any]) -> None:
    """Store what was typed in, encrypted; an empty field keeps what is there, ``remove_NAME`` removes it.

    Raises Invalid, which never quotes a value.
    """
    known = next((values for name, _, _, values, _ in CHANNELS if name == channel), None)
    if known is None:
        raise Invalid("There is no such channel; nothing was changed.")
    changes: dict[str, str | None] = {}
    for name, _ in known:
        written = fields.get(name)
        if fields.get(f"remove_{name}") is True:
            changes[name] = None
        elif isinstance(written, str) and written.strip():
            changes[name] = _checked(name, written.strip())
    if not changes:
        raise Invalid("Nothing was typed in, so nothing was changed.")
    await FILES.run(channel_secrets.store, ctx.environment, changes)
    ctx.refresh_channels()
    async with ctx.db.write() as session:
        actor = audit.technician_actor(admin)
        audit.record(session, actor, "channel.change", ctx.clock(), details={"keys": sorted(changes)})


def _checked(name: str, written: str) -> str:
    try:
        if len(written) > LONGEST:
            raise ValueError(f"write at most {LONGEST} characters")
        channel_secrets.parsed(name, written)
    except ValueError as error:
        raise Invalid(f"{name}: {error}. Nothing was changed.") from None
    return written


def _source(environment: Settings, stored: set[str], name: str) -> str:
    if getattr(environment, name):
        return "environment"
    return "desk" if name in stored else ""
