"""`techref demo`: fill an empty database with made-up conversations, or remove them."""

from functools import partial
from typing import Annotated

import typer

from bot.commands.reporting import console, print_done
from bot.commands.running import run_use_case
from bot.services.demo import fill

app = typer.Typer()


@app.command("demo")
def fill_or_remove(
    remove: Annotated[bool, typer.Option("--remove", help="Take the demonstration out again.")] = False,
    issues: Annotated[int, typer.Option(min=50, max=20_000, help="How many issues it has.")] = 300,
) -> None:
    """Fill an empty database with made-up issues, conversations and technicians; or remove them."""
    if remove:
        number = run_use_case(fill.remove_demo)
        print_done(f"{number} made-up conversations were taken out, with their issues, customers and technicians.")
        return
    with console.status("making conversations …"):
        number = run_use_case(partial(fill.fill_demo, issues=issues))
    print_done(f"{number} made-up conversations with {issues} issues. Take them out with: techref demo --remove")
