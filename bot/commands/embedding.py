"""`techref embedding`: build the sentence embedding that search and classifier share."""

import typer

from bot.commands.reporting import exit_with_error, load_settings_or_exit, print_done
from bot.installation.embedding.build import build
from bot.installation.embedding.weights import WeightsMissing
from bot.settings.env.settings import Settings

app = typer.Typer()


@app.command()
def embedding() -> None:
    """Build the sentence embedding under TECHREF_HOME; does nothing when it is there and whole."""
    build_embedding(load_settings_or_exit())


def build_embedding(settings: Settings) -> None:
    """Build the embedding, as a step that `techref up` shares; end the command when the weights are missing."""
    try:
        print_done(f"sentence embedding: {build(settings.home)}")
    except WeightsMissing as error:
        exit_with_error(error)
