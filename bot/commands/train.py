"""`techref train`: train the dialogue model when anything it is made from has changed."""

import time
from typing import Annotated

import typer

from bot.commands.reporting import console, done, settings_or_stop, stop
from bot.installation import training
from bot.installation.places import model
from bot.settings import Settings

app = typer.Typer()


@app.command()
def train(force: Annotated[bool, typer.Option(help="Train even when nothing has changed.")] = False) -> None:
    """Train the dialogue model if anything it is made from has changed."""
    train_if_needed(settings_or_stop(), force=force)


def train_if_needed(settings: Settings, *, force: bool = False) -> None:
    """The step `techref up` shares; ends the command when training fails."""
    if training.is_up_to_date(settings) and not force:
        done(f"dialogue model is up to date: {model(settings.home)}")
        return
    started = time.monotonic()
    try:
        with console.status("training the dialogue model …"):
            made = training.train(settings)
    except training.TrainingFailed as error:
        stop(error)
    done(f"dialogue model trained in {time.monotonic() - started:.0f} s: {made}")
