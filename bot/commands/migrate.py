"""`techref migrate`: upgrade the database to this program's schema."""

import typer

from bot.commands.reporting import done, settings_or_stop, stop
from bot.settings.env.settings import Settings
from bot.store import schema

app = typer.Typer()


@app.command()
def migrate() -> None:
    """Upgrade the database to this program's schema; does nothing when it is current."""
    bring_up_to_date(settings_or_stop())


def bring_up_to_date(settings: Settings) -> None:
    """Upgrade the database, as a step that `techref up` shares; end the command when that fails."""
    before = schema.current(settings.database_url)
    try:
        schema.upgrade(settings.database_url)
    except (schema.SchemaMismatch, schema.UpgradeFailed) as error:
        stop(error)
    after = schema.newest()
    done(f"database schema is up to date: {after}" if before == after else f"database schema: {before} -> {after}")
