"""`techref customer`: find a customer, export their data, erase it."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.reporting import console, exit_with_error, print_done
from bot.commands.running import run_use_case
from bot.services.core.context import Context
from bot.services.privacy import customer_export, erasure

ACTOR = "operator"
app = typer.Typer(no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="The customer's number, as `techref customer find` shows it.")]


@app.callback()
def customer() -> None:
    """Customers and their personal data."""


@app.command("find")
def find_customers(
    query: Annotated[str, typer.Argument(help="A Tech Reference, a whole e-mail address, or a number.")],
) -> None:
    """Find customers."""
    for one in run_use_case(lambda ctx: customer_export.find_customers(ctx, query)):
        parts = [f"#{one['id']}", one["name"], one["email"], one["contract"], *one["references"]]
        erased = ["(erased)"] if one["erased_at"] else []
        console.print("  ".join(str(part) for part in [*parts, *erased] if part), markup=False)


@app.command("export")
def export_customer(
    number: Number,
    output: Annotated[Path | None, typer.Option(help="A file to write; without it the JSON is printed.")] = None,
) -> None:
    """Export a customer's personal data as JSON, files included."""
    told = json.dumps(
        run_use_case(lambda ctx: customer_export.export_customer(ctx, number, actor=ACTOR)),
        indent=2,
        ensure_ascii=False,
    )
    if output is None:
        console.print(told, markup=False)
        return
    try:
        output.touch(mode=0o600)
        output.write_text(told + "\n", encoding="utf-8")
    except OSError as error:
        exit_with_error(f"{output} cannot be written: {error.strerror}.")
    print_done(f"written to {output}")


@app.command("erase")
def erase_customer(
    number: Number,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a customer's personal data for good; references and counts stay."""
    if not yes:
        typer.confirm(f"Erase what is kept about customer {number}? It cannot be undone", abort=True)
    erased = run_use_case(lambda ctx: erasure.erase_customer(ctx, number, actor=ACTOR))
    days = run_use_case(_days_of_backups)
    print_done(
        f"{erased['conversations']} conversations, {erased['files']} files and {erased['mails']} mails are erased."
    )
    console.print(f"Backups made before still hold them; those in TECHREF_HOME/backups go after {days} days.")


async def _days_of_backups(ctx: Context) -> int:
    return ctx.support.retention.backup_days
