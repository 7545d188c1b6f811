"""`techref index`: make the manual searchable."""

import typer
from rich.progress import Progress

from bot.commands.embedding import build_embedding_if_possible
from bot.commands.progress import progress_callback
from bot.commands.reporting import console, errors, exit_with_error, load_settings_or_exit, print_done
from bot.installation.manual_index import index_manual as bring_index_up_to_date
from bot.settings.env.settings import Settings
from bot.settings.problems import SettingsError
from knowledge_base.cli import WordsOnly, embedder_or_stop
from knowledge_base.embedder import model_fault, model_folder
from knowledge_base.pages import PageUnreadable
from knowledge_base.sources import SourceError
from knowledge_base.versions import AnotherBuilder

app = typer.Typer()


@app.command()
def index(words_only: WordsOnly = False) -> None:
    """Index the manual if it has changed; a running stack notices the new index by itself."""
    settings = load_settings_or_exit()
    if not words_only:
        embedder_or_stop(settings.home, build_embedding_if_possible)
    index_if_needed(settings)


def index_if_needed(settings: Settings) -> None:
    """Index the manual, as a step that other commands share; end the command when the manual cannot be read.

    Without the sentence embedding it is indexed by words alone, and that is said.
    """
    try:
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
            built = bring_index_up_to_date(settings, progress_callback(bars))
    except (SettingsError, PageUnreadable, SourceError, AnotherBuilder) as error:
        exit_with_error(error)
    changed = built.pages_changed + built.pages_removed
    learned = f"the meaning of {built.sections_embedded} sections is new" if built.sections_embedded else ""
    news = f"{changed} changed" if changed else learned or "nothing changed"
    if model_fault(model_folder(settings.home)):
        errors.print("The sentence embedding is not built, so the search finds words alone: techref index")
    print_done(f"manual is indexed: {built.pages} pages, {built.sections} sections, {news}")
