"""`techref rasa …`: Rasa's own command line in the engine's environment, with its exit status."""

import subprocess

import typer

from bot.commands.reporting import exit_with_error, load_settings_or_exit
from bot.installation.environment import engine_environment
from bot.installation.places import ENGINE_PYTHON, ROOT

app = typer.Typer()


@app.command(add_help_option=False, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def rasa(context: typer.Context) -> None:
    """Run Rasa's own command line in the engine's environment, for instance: techref rasa test nlu"""
    if not ENGINE_PYTHON.exists():
        exit_with_error("The engine's environment is missing; nothing was run. Run: make setup")
    settings = load_settings_or_exit()
    ended = subprocess.run(
        [ENGINE_PYTHON, "-m", "bot.engine", *context.args],
        cwd=ROOT,
        env=engine_environment(settings),
        check=False,
    )
    # A process that a signal ended has a negative status; shells say 128 and the signal's number.
    raise typer.Exit(ended.returncode if ended.returncode >= 0 else 128 - ended.returncode)
