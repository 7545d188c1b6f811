"""The command `techref`. Only the command asked for is imported, so that `techref --help` is quick."""

import importlib
import inspect
import sys
from dataclasses import dataclass

import typer

from bot.services.core.private_files import keep_files_private


@dataclass(frozen=True)
class Command:
    """The module of a command, which has a typer application ``app``; a ``group`` has sub-commands."""

    module: str
    help: str
    group: bool = False


COMMANDS = {
    "up": Command("bot.commands.up", "Start gateway, Rasa and action server, and keep them running."),
    "serve": Command("bot.commands.serve", "Become gateway, rasa or actions, for systemd and containers."),
    "doctor": Command("bot.commands.doctor", "Check the installation and say how to repair each fault."),
    "settings": Command("bot.commands.settings", "List every setting with its value, its source and its meaning."),
    "migrate": Command("bot.commands.migrate", "Upgrade the database to this program's schema."),
    "embedding": Command("bot.commands.embedding", "Build the sentence embedding from its installed weights."),
    "index": Command("bot.commands.index", "Index the manual if it has changed."),
    "train": Command("bot.commands.train", "Train the dialogue model if any of its sources has changed."),
    "rasa": Command("bot.commands.rasa", "Run Rasa's own command line in the engine's environment."),
    "nlu": Command("bot.commands.nlu", "Teach the assistant what it did not understand.", group=True),
    "technician": Command("bot.commands.technician", "Add and list technicians.", group=True),
    "contract": Command("bot.commands.contract", "Import support contracts.", group=True),
    "customer": Command("bot.commands.customer", "Find, export or erase a customer's personal data.", group=True),
    "mail": Command("bot.commands.mail", "List outgoing mail, or send a test.", group=True),
    "backup": Command("bot.commands.backup", "Back up database, files and settings, while it runs."),
    "restore": Command("bot.commands.restore", "Restore a backup, while it is stopped."),
    "export": Command("bot.commands.export", "Export everything in open formats, while it runs."),
    "chat": Command("bot.commands.chat", "Talk to the assistant in the terminal."),
    "explain": Command("bot.commands.explain", "Show how each turn of a conversation was decided."),
    "slack": Command("bot.commands.slack", "Write the Slack app's manifest; list the workspaces.", group=True),
    "teams": Command("bot.commands.teams", "Write the app package for Microsoft Teams.", group=True),
    "demo": Command("bot.commands.demo", "Fill an empty database with made-up conversations."),
    "kb": Command("bot.commands.kb", "Search, evaluate and improve the knowledge base.", group=True),
}

HELP = "TechRef: the front door of a support department. Settings: `techref settings`."


def build_command_line(asked_for: str | None) -> typer.Typer:
    """Return the command line with the command that was asked for; all others are only listed with their help."""
    root = typer.Typer(help=HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    root.callback()(_nothing)
    for name, command in COMMANDS.items():
        if name == asked_for:
            mount_command(root, name, command)
        else:
            root.command(name, help=command.help)(_nothing)
    return root


def mount_command(root: typer.Typer, name: str, command: Command) -> None:
    """Import a command's module and mount its application under ``name``."""
    application: typer.Typer = importlib.import_module(command.module).app
    if command.group:
        root.add_typer(application, name=name, help=command.help)
        return
    (single,) = application.registered_commands
    single.name = name
    single.help = single.help or inspect.getdoc(single.callback) or command.help
    root.registered_commands.append(single)


def _nothing() -> None:
    """Stand for a command that is only listed."""


def app() -> None:
    """Entry point of the console script `techref`."""
    keep_files_private()
    build_command_line(next((word for word in sys.argv[1:] if not word.startswith("-")), None))()


if __name__ == "__main__":
    app()
