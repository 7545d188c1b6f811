"""`techref migrate`: bring the database to this program's schema."""

import typer

from bot.commands.reporting import done, settings_or_stop, stop
from bot.settings.env.settings import Settings
from bot.store import schema

app = typer.Typer()


@app.command()
def migrate() -> None:
    """Bring the database to this program's schema; does nothing when it is there."""
    bring_up_to_date(settings_or_stop())


def bring_up_to_date(settings: Settings) -> None:
    """The step `techref up` shares; ends the command when it cannot be done."""
    before = schema.current(settings.database_url)
    try:
        schema.upgrade(settings.database_url)
    except (schema.SchemaMismatch, schema.UpgradeFailed) as error:
        stop(error)
    after = schema.newest()
    done(f"database schema is up to date: {after}" if before == after else f"database schema: {before} -> {after}")
