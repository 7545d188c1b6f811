"""`techref contract import`: support contracts from a CSV file, all of it or nothing."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from bot.commands.reporting import console, exit_with_error, load_settings_or_exit, print_done
from bot.commands.running import run_use_case
from bot.services.billing.contracts import (
    BadContracts,
    check_products,
    find_contracts,
    import_contracts,
    read_contracts,
)
from bot.settings.problems import SettingsError
from bot.settings.support.load import load_support

app = typer.Typer(no_args_is_help=True)


@app.callback()
def contract() -> None:
    """Support contracts."""


@app.command("import")
def import_csv(
    file: Annotated[Path, typer.Argument(help="number, company, status, starts_on, ends_on, contact_email, …")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the file and change nothing.")] = False,
) -> None:
    """Add or replace the contracts of a CSV file; one wrong row and nothing is changed."""
    try:
        contracts = read_contracts(file.read_bytes())
        check_products(load_support(load_settings_or_exit().home), contracts)
    except SettingsError as error:
        exit_with_error(error)
    except OSError as error:
        exit_with_error(f"{file} cannot be read: {error.strerror}. Nothing was changed.")
    except BadContracts as error:
        table = Table("row", "column", "what is wrong")
        for row, column, problem in error.problems:
            table.add_row(str(row), column, problem)
        console.print(table)
        exit_with_error(error)
    if dry_run:
        print_done(f"{len(contracts)} contracts are fine; nothing was changed")
        return
    run_use_case(lambda ctx: import_contracts(ctx, contracts))
    print_done(f"{len(contracts)} contracts imported")


@app.command("list")
def list_contracts(
    query: Annotated[str, typer.Argument(help="A part of number, company or domain.")] = "",
    state: Annotated[str, typer.Option(help="in_force, ends_soon, ended, not_begun or suspended.")] = "",
) -> None:
    """List contracts, those that end first on top."""
    for one in run_use_case(lambda ctx: find_contracts(ctx, query, state)):
        span = f"{one['starts_on']} to {one['ends_on'] or 'no end'}"
        parts = [one["number"], one["company"], one["state"], span, one["contact_email"], one["email_domains"]]
        console.print("  ".join(part for part in parts if part), markup=False)
