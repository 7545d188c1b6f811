"""`techref train`: train the dialogue model when any of its sources has changed."""

import time
from typing import Annotated

import typer

from bot.commands.embedding import build_embedding_if_possible
from bot.commands.reporting import console, errors, exit_with_error, load_settings_or_exit, print_done
from bot.installation import training
from bot.installation.places import MODEL_LOCK, model_file
from bot.processes.only_one import preparation_lock
from bot.settings.env.settings import Settings
from knowledge_base.cli import WordsOnly, embedder_or_stop

app = typer.Typer()


@app.command()
def train(
    force: Annotated[bool, typer.Option(help="Train even when nothing has changed.")] = False,
    even_if_worse: Annotated[
        bool, typer.Option("--even-if-worse", help="Use the new model although it understands clearly less.")
    ] = False,
    words_only: WordsOnly = False,
) -> None:
    """Train the dialogue model if anything has changed, and print the change of the held-out scores.

    A running stack loads the new model by itself within seconds; no conversation is interrupted.
    """
    settings = load_settings_or_exit()
    if not words_only:
        embedder_or_stop(settings.home, build_embedding_if_possible)
    with preparation_lock(settings.home, _say_that_it_waits, MODEL_LOCK):
        if training.model_is_current(settings) and not force:
            print_done(f"dialogue model is up to date: {model_file(settings.home)}")
            return
        try:
            _train(settings, even_if_worse=even_if_worse)
        except (training.TrainingFailed, training.ModelWorse) as error:
            exit_with_error(error)


def train_if_needed(settings: Settings) -> None:
    """Train the model, as a step of `techref up`; end the command when training fails.

    A model in use is kept when the new one is clearly worse, and that is not retried until something changes.
    """
    if training.model_is_current(settings):
        print_done(f"dialogue model is up to date: {model_file(settings.home)}")
        return
    if training.model_was_rejected(settings):
        print_done("dialogue model: the one in use is kept; the newest was clearly worse (techref train says how)")
        return
    try:
        _train(settings)
    except training.TrainingFailed as error:
        exit_with_error(error)
    except training.ModelWorse as error:
        errors.print(str(error), style="red", markup=False)


def _say_that_it_waits() -> None:
    console.print("another process trains the dialogue model; waiting for it", style="yellow", markup=False)


def _train(settings: Settings, *, even_if_worse: bool = False) -> None:
    started = time.monotonic()
    with console.status("training the dialogue model …"):
        comparison = training.train_model(settings, even_if_worse=even_if_worse)
    print_done(f"dialogue model trained in {time.monotonic() - started:.0f} s: {model_file(settings.home)}")
    for line in comparison.lines():
        console.print(f"    {line}", markup=False)
