"""`techref embedding`: build the sentence embedding that search and classifier share."""

import typer

from bot.commands.reporting import done, settings_or_stop, stop
from bot.installation.embedding.build import build
from bot.installation.embedding.weights import WeightsMissing
from bot.settings.env.settings import Settings

app = typer.Typer()


@app.command()
def embedding() -> None:
    """Build the sentence embedding under TECHREF_HOME; does nothing when it is there and whole."""
    build_embedding(settings_or_stop())


def build_embedding(settings: Settings) -> None:
    """Build the embedding, as a step that `techref up` shares; end the command when the weights are missing."""
    try:
        done(f"sentence embedding: {build(settings.home)}")
    except WeightsMissing as error:
        stop(error)
