"""`techref embedding`: build the sentence embedding that search and classifier share."""

from pathlib import Path

import typer

from bot.commands.reporting import errors, exit_with_error, load_settings_or_exit, print_done
from bot.installation.embedding.build import build
from bot.installation.embedding.weights import WeightsMissing
from bot.settings.env.settings import Settings

app = typer.Typer()


@app.command()
def embedding() -> None:
    """Build the sentence embedding under TECHREF_HOME; does nothing when it is there and whole."""
    build_embedding(load_settings_or_exit())


def build_embedding_if_possible(home: Path) -> None:
    """Build the embedding if its weights are installed; else say so, and leave the rest to the command."""
    try:
        build(home)
    except WeightsMissing as error:
        errors.print(str(error), style="red", markup=False)


def build_embedding(settings: Settings) -> None:
    """Build the embedding, as a step that `techref up` shares; end the command when the weights are missing."""
    try:
        print_done(f"sentence embedding: {build(settings.home)}")
    except WeightsMissing as error:
        exit_with_error(error)
