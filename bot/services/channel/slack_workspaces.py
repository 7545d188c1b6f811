"""The Slack workspaces that have installed the app, and the token for each."""

from dataclasses import dataclass

from sqlalchemy import delete, select

from bot.services.core import encryption
from bot.services.core.context import Context
from bot.services.core.encryption import CannotOpen
from bot.store.tables import SlackWorkspace


@dataclass(frozen=True)
class Installed:
    """An installation in Slack; ``id`` is the team's, or the organisation's for an installation in all of it."""

    id: str
    name: str
    token: str
    bot_user: str | None
    scopes: tuple[str, ...]


async def save_workspace(ctx: Context, installed: Installed) -> None:
    """Add the workspace, or replace its token."""
    token = encryption.encrypt(ctx, installed.token)
    async with ctx.db.write() as session:
        await session.merge(
            SlackWorkspace(
                id=installed.id,
                name=installed.name[:200],
                token=token,
                bot_user=installed.bot_user,
                scopes=list(installed.scopes),
                installed_at=ctx.clock(),
            )
        )


async def remove_workspace(ctx: Context, workspace: str) -> None:
    """The workspace removed the app: its token is worth nothing and is not kept."""
    async with ctx.db.write() as session:
        await session.execute(delete(SlackWorkspace).where(SlackWorkspace.id == workspace))


async def token_for(ctx: Context, workspace: str) -> str | None:
    """Return the workspace's own token, else the one of TECHREF_SLACK_BOT_TOKEN; None when there is neither."""
    async with ctx.db.read() as session:
        row = await session.get(SlackWorkspace, workspace)
    if row is not None:
        try:
            return encryption.decrypt(ctx, row.token)
        except CannotOpen:
            return None
    return ctx.settings.slack_bot_token


async def list_workspaces(ctx: Context) -> list[SlackWorkspace]:
    """Return all that have installed it, in the order of their names."""
    async with ctx.db.read() as session:
        return list(await session.scalars(select(SlackWorkspace).order_by(SlackWorkspace.name)))
