"""`techref up`: prepare what has changed, then start gateway, Rasa and action server and keep them up.

This process stays as long as they run. What needs libraries is done in a child, or imported only with ``--reload``.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.folders import prepare_folders
from bot.commands.reporting import console, errors, exit_with_error, load_settings_or_exit, print_done
from bot.installation import ports
from bot.installation.environment import process_environment
from bot.installation.places import ENGINE_PYTHON, ROOT
from bot.installation.programs import ACTIONS, GATEWAY, RASA, programs_of_stack
from bot.installation.readiness import Readiness, base_url
from bot.processes.child import run_in_child
from bot.processes.only_one import AlreadyRunning, exclusive_lock, shared_lock
from bot.processes.stack import Stack
from bot.settings.env.settings import Settings

if TYPE_CHECKING:
    from bot.installation.reload import ChangedFiles, Needs

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
            if status := run_in_child(partial(prepare, settings)):
                raise typer.Exit(status)
            raise typer.Exit(keep_running(settings, reload))
    except AlreadyRunning as error:
        exit_with_error(error)


def prepare(settings: Settings) -> int:
    """Prepare all three programs; return the status of what ended it, 0 when it is done."""
    from bot.commands.prepare import prepare_programs

    try:
        prepare_programs(settings, GATEWAY, RASA, ACTIONS)
    except typer.Exit as end:
        return end.exit_code
    return 0


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
        changes = closing.enter_context(changed_files(settings)) if reload else None
        readiness = Readiness(settings)

        def each_tick(stack: Stack) -> None:
            if readiness.has_just_come():
                print_welcome(settings, readiness.seconds)
            if changes is not None:
                take_changes(stack, settings, changes)

        stack = Stack(
            programs_of_stack(settings), settings.local, ROOT, process_environment(settings), console, each_tick
        )
        return stack.run()


def changed_files(settings: Settings) -> "ChangedFiles":
    """Return the watch of the files that a running stack is made of."""
    from bot.installation.reload import WATCHED, ChangedFiles

    return ChangedFiles([*WATCHED, settings.home / "support.yml"])


def take_changes(stack: Stack, settings: Settings, changes: "ChangedFiles") -> None:
    """Apply what was edited since the last call."""
    from bot.installation.reload import required_actions

    if changed := changes.take():
        apply_changes(stack, settings, required_actions(changed))


def apply_changes(stack: Stack, settings: Settings, needs: "Needs") -> None:
    """Apply edited files to the running stack. When training fails the old model stays."""
    from bot.commands.index import index_if_needed
    from bot.installation import training

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


def print_first_link(settings: Settings) -> int:
    """Print the link that makes the first administrator, when nobody can sign in at the desk. Return 0."""
    from bot.installation.technicians import has_technicians
    from bot.services.technician.first_administrator import make_link_token

    if not has_technicians(settings.database_url):
        link = f"{settings.public_url or base_url(settings)}/desk/join#{make_link_token(settings.home)}"
        told = "\n  Nobody can sign in at the desk yet. This link makes the first administrator, once:"
        console.print(told, markup=False)
        # Whole, so that a terminal can open it.
        console.print(f"  {link}", markup=False, soft_wrap=True)
    return 0


def print_welcome(settings: Settings, seconds: float) -> None:
    url = base_url(settings)
    console.rule("TechRef is ready")
    print_done(f"ready after {seconds:.0f} s; Ctrl-C stops everything")
    console.print(f"  widget   {url}/\n  manual   {url}/manual/\n  desk     {url}/desk", markup=False)
    run_in_child(partial(print_first_link, settings))
    console.rule()
