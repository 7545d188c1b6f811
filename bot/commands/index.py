"""`techref index`: make the manual searchable."""

import typer
from rich.progress import Progress

from bot.commands.progress import progress_callback
from bot.commands.reporting import console, exit_with_error, load_settings_or_exit, print_done
from bot.installation.manual_index import index_manual as bring_index_up_to_date
from bot.settings.env.settings import Settings
from bot.settings.problems import SettingsError
from knowledge_base.pages import PageUnreadable
from knowledge_base.sources import SourceError
from knowledge_base.versions import AnotherBuilder

app = typer.Typer()


@app.command()
def index() -> None:
    """Index the manual if it has changed; a running stack notices the new index by itself."""
    index_if_needed(load_settings_or_exit())


def index_if_needed(settings: Settings) -> None:
    """Index the manual, as a step that `techref up` shares; end the command when the manual cannot be read."""
    try:
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
            built = bring_index_up_to_date(settings, progress_callback(bars))
    except (SettingsError, PageUnreadable, SourceError, AnotherBuilder) as error:
        exit_with_error(error)
    changed = built.pages_changed + built.pages_removed
    news = f"{changed} changed" if changed else "nothing changed"
    print_done(f"manual is indexed: {built.pages} pages, {built.sections} sections, {news}")
