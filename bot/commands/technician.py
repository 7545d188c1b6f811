"""`techref technician`: manage the accounts of the desk."""

import sys
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.commands.reporting import console, exit_with_error, print_done
from bot.commands.running import run_use_case
from bot.services.technician import accounts

app = typer.Typer(no_args_is_help=True)

Email = Annotated[str, typer.Option(help="The e-mail they sign in with.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input instead of asking.")
]


@app.command("add")
def add_technician(
    email: Email,
    name: Annotated[str, typer.Option(help="The name that customers see.")],
    team: Annotated[str | None, typer.Option(help="A team's id in support.yml.")] = None,
    role: Annotated[str, typer.Option(help="technician, supervisor or admin.")] = "technician",
    password_stdin: FromStdin = False,
) -> None:
    """Add a technician, who can sign in at /desk at once."""
    password = _password(password_stdin)
    added = run_use_case(
        lambda ctx: accounts.add_technician(ctx, email=email, name=name, password=password, role=role, team=team)
    )
    print_done(f"{added.name} can sign in at /desk with {added.email}.")


@app.command("list")
def list_technicians() -> None:
    """List the technicians with their roles and teams."""
    table = Table("Name", "E-mail", "Role", "Team", "Signs in")
    for one in run_use_case(accounts.list_technicians):
        cells = (one.name, one.email, one.role, one.team or "–", "yes" if one.active else "no")
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)


@app.command("password")
def set_password(email: Email, password_stdin: FromStdin = False) -> None:
    """Set a technician's password and end all their sessions."""
    new = _password(password_stdin)
    changed = run_use_case(lambda ctx: accounts.set_password(ctx, email=email, password=new))
    print_done(f"{changed.name} has a new password; all their sessions have ended.")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        exit_with_error("Give the password on standard input together with --password-stdin; nothing was changed.")
    asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked
