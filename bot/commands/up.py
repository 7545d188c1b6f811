"""`techref up`: prepare what has changed, then start gateway, Rasa and action server and keep them up."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated

import typer

from bot.commands.index import index_if_needed
from bot.commands.prepare import prepare_folders, prepare_programs
from bot.commands.reporting import console, errors, exit_with_error, load_settings_or_exit, print_done
from bot.installation import ports, technicians, training
from bot.installation.environment import process_environment
from bot.installation.places import ENGINE_PYTHON, ROOT
from bot.installation.programs import ACTIONS, GATEWAY, RASA, programs_of_stack
from bot.installation.readiness import Readiness, base_url
from bot.installation.reload import WATCHED, ChangedFiles, Needs, required_actions
from bot.processes.only_one import AlreadyRunning, exclusive_lock, shared_lock
from bot.processes.stack import Stack
from bot.settings.env.settings import Settings

app = typer.Typer()


@app.command()
def up(
    reload: Annotated[
        bool, typer.Option("--reload", help="Restart on changed code, retrain on changed dialogue.")
    ] = False,
) -> None:
    """Start gateway, Rasa and action server, and keep them running until Ctrl-C."""
    settings = load_settings_or_exit()
    if not ENGINE_PYTHON.exists():
        exit_with_error("The engine's environment is missing; nothing was started. Run: make setup")
    prepare_folders(settings)
    try:
        with hold_stack_locks(settings):
            if problems := ports.busy_ports(settings):
                exit_with_error("\n".join(["Nothing was started.", *problems]))
            prepare_programs(settings, GATEWAY, RASA, ACTIONS)
            raise typer.Exit(keep_running(settings, reload))
    except AlreadyRunning as error:
        exit_with_error(error)


@contextmanager
def hold_stack_locks(settings: Settings) -> Iterator[None]:
    """Hold this stack's folder against other launchers; the home folder may be shared, but only on PostgreSQL."""
    with ExitStack() as holding:
        if settings.shares_home:
            holding.enter_context(shared_lock(settings.home))
            holding.enter_context(exclusive_lock(settings.local))
        else:
            holding.enter_context(exclusive_lock(settings.home))
        yield


def keep_running(settings: Settings, reload: bool) -> int:
    """Run the stack and return its exit status: 0 after a clean stop."""
    with ExitStack() as closing:
        changes = closing.enter_context(ChangedFiles([*WATCHED, settings.home / "support.yml"])) if reload else None
        readiness = Readiness(settings)
        closing.callback(readiness.close)

        def each_tick(stack: Stack) -> None:
            if readiness.has_just_come():
                print_welcome(settings, readiness.seconds)
            if changes and (changed := changes.take()):
                apply_changes(stack, settings, required_actions(changed))

        stack = Stack(
            programs_of_stack(settings), settings.local, ROOT, process_environment(settings), console, each_tick
        )
        return stack.run()


def apply_changes(stack: Stack, settings: Settings, needs: Needs) -> None:
    """Apply edited files to the running stack. When training fails the old model stays."""
    if needs.indexing:
        index_if_needed(settings)
    restart = [GATEWAY, ACTIONS] if needs.our_restart else []
    if needs.training and not training.model_is_current(settings):
        try:
            training.train_model(settings)
            restart.append(RASA)
        except (training.TrainingFailed, training.ModelWorse) as error:
            errors.print(str(error), style="red", markup=False)
    elif needs.engine_restart:
        restart.append(RASA)
    if restart:
        print_done(f"changed files: restarting {', '.join(restart)}")
        stack.restart(restart)


def print_welcome(settings: Settings, seconds: float) -> None:
    url = base_url(settings)
    console.rule("TechRef is ready")
    print_done(f"ready after {seconds:.0f} s; Ctrl-C stops everything")
    console.print(f"  widget   {url}/\n  manual   {url}/manual/\n  desk     {url}/desk", markup=False)
    if not technicians.has_technicians(settings.database_url):
        console.print(
            "\n  Nobody can sign in at the desk yet. Add a technician in another terminal:\n"
            "  .venv/bin/techref technician add --email you@example.com "
            "--name 'Your Name' --role admin --password-stdin",
            markup=False,
        )
    console.rule()
