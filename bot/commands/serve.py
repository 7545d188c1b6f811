"""`techref serve PROGRAM`: prepare what one of the three programs needs, then become it.

For systemd, containers and other process managers: the started process is the program itself, gets the signals, and
writes its log to standard error. `techref up` is for a machine without such a manager.
"""

import os
import signal
from enum import StrEnum
from types import FrameType
from typing import Annotated, NoReturn

import typer

from bot.commands.folders import prepare_folders
from bot.commands.prepare import prepare_programs
from bot.commands.reporting import exit_with_error, load_settings_or_exit
from bot.installation import ports
from bot.installation.environment import process_environment
from bot.installation.places import ENGINE_PYTHON, ROOT
from bot.installation.programs import ACTIONS, GATEWAY, RASA, programs_of_stack
from bot.processes.only_one import AlreadyRunning, hold_until_exit, share_until_exit
from bot.settings.env.settings import Settings

app = typer.Typer()


class Served(StrEnum):
    """The programs that can be served alone."""

    GATEWAY = GATEWAY
    RASA = RASA
    ACTIONS = ACTIONS


@app.command()
def serve(program: Annotated[Served, typer.Argument(help="The program to become.")]) -> None:
    """Prepare what one program needs, then become it; ends with 1 and a message when it cannot."""
    # While preparing, so that a running training ends too. The program has a handler of its own.
    signal.signal(signal.SIGTERM, _end)
    settings = load_settings_or_exit()
    if program == Served.RASA and not ENGINE_PYTHON.exists():
        exit_with_error("The engine's environment is missing; nothing was started. Run: make setup")
    prepare_folders(settings)
    try:
        hold_locks(settings, program)
    except AlreadyRunning as error:
        exit_with_error(error)
    if problems := ports.busy_ports(settings, program):
        exit_with_error("\n".join(["Nothing was started.", *problems]))
    prepare_programs(settings, program)
    exec_program(settings, program)


def hold_locks(settings: Settings, program: str) -> None:
    """Hold the locks against restores, whole stacks and a second program of this name until this process ends."""
    if settings.shares_home:
        share_until_exit(settings.home)
    hold_until_exit(settings.local if settings.shares_home else settings.home, program)


def exec_program(settings: Settings, program: str) -> NoReturn:
    """Replace this process by the program."""
    (command,) = [one.command for one in programs_of_stack(settings) if one.name == program]
    os.chdir(ROOT)
    os.execve(command[0], command, process_environment(settings))


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
