"""`techref migrate`: upgrade the database to this program's schema."""

import typer

from bot.commands.reporting import exit_with_error, load_settings_or_exit, print_done
from bot.settings.env.settings import Settings
from bot.store import schema

app = typer.Typer()


@app.command()
def migrate() -> None:
    """Upgrade the database to this program's schema; does nothing when it is current."""
    upgrade_if_needed(load_settings_or_exit())


def upgrade_if_needed(settings: Settings) -> None:
    """Upgrade the database, as a step that `techref up` shares; end the command when that fails."""
    before = schema.current(settings.database_url)
    try:
        schema.upgrade(settings.database_url)
    except (schema.SchemaMismatch, schema.UpgradeFailed) as error:
        exit_with_error(error)
    # The dialogue engine's own memory, of which nothing is kept any more: customers' words.
    for file in settings.home.glob("rasa_tracker.db*"):
        file.unlink()
    after = schema.newest()
    print_done(
        f"database schema is up to date: {after}" if before == after else f"database schema: {before} -> {after}"
    )
