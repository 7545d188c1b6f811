"""`techref contract import`: support contracts from a CSV file, all of it or nothing."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from bot.commands.reporting import console, done, settings_or_stop, stop
from bot.services.contracts import BadContracts, import_contracts, read_contracts
from bot.settings import Settings
from bot.store.database import Database
from bot.store.tables import Contract

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
        contracts = read_contracts(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        stop(f"{file} cannot be read: {error.strerror}. Nothing was changed.")
    except UnicodeDecodeError:
        stop(f"{file} is not UTF-8 text; save it as CSV in UTF-8. Nothing was changed.")
    except BadContracts as error:
        table = Table("row", "column", "what is wrong")
        for row, column, problem in error.problems:
            table.add_row(str(row), column, problem)
        console.print(table)
        stop(error)
    if dry_run:
        done(f"{len(contracts)} contracts are fine; nothing was changed")
        return
    asyncio.run(_store(settings_or_stop(), contracts))
    done(f"{len(contracts)} contracts imported")


async def _store(settings: Settings, contracts: list[Contract]) -> None:
    database = Database(settings.database_url)
    try:
        await import_contracts(database, contracts)
    finally:
        await database.close()
