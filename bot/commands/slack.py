"""`techref slack`: the parts of setting up Slack that this installation provides."""

import asyncio

import typer

from bot.channels.slack.manifest import manifest as manifest_of
from bot.commands.reporting import exit_with_error, load_settings_or_exit
from bot.services.channel import slack_workspaces
from bot.services.core.context import CannotStart, wire
from bot.settings.problems import SettingsError
from bot.settings.support.load import load_support
from bot.store.tables import SlackWorkspace

app = typer.Typer(no_args_is_help=True)


@app.callback()
def slack() -> None:
    """Slack; docs/slack.md says what to click there."""


@app.command("manifest")
def print_slack_manifest() -> None:
    """Print the app's manifest with this installation's address."""
    settings = load_settings_or_exit()
    try:
        typer.echo(manifest_of(settings, load_support(settings.home)))
    except SettingsError as error:
        exit_with_error(error)


@app.command("workspaces")
def list_workspaces() -> None:
    """List the workspaces that have installed the app."""
    try:
        found = asyncio.run(_workspaces())
    except CannotStart as error:
        exit_with_error(error)
    for workspace in found:
        typer.echo(f"{workspace.id}  {workspace.name}  since {workspace.installed_at:%Y-%m-%d}")


async def _workspaces() -> list[SlackWorkspace]:
    ctx = wire(load_settings_or_exit())
    try:
        return await slack_workspaces.list_workspaces(ctx)
    finally:
        await ctx.db.close()
