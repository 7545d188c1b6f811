"""`techref kb …`: the commands of the knowledge base that need the database or the operator's settings."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.commands import kb_import
from bot.commands.reporting import console, exit_with_error, load_settings_or_exit
from bot.services.core.context import CannotStart, wire
from bot.services.manual import search_gaps
from bot.services.manual.search_gaps import Gaps
from knowledge_base.cli import Surroundings, app

__all__ = ["app"]


@app.callback()
def prepare(ctx: typer.Context) -> None:
    """Search, evaluate and improve the knowledge base."""
    ctx.obj = Surroundings(_prepare_embedding, kb_import.place_of_product)


def _prepare_embedding(home: Path) -> None:
    # Imports what only a build needs.
    from bot.commands.embedding import build_embedding_if_possible

    build_embedding_if_possible(home)


@app.command("gaps")
def list_gaps(
    days: Annotated[int, typer.Option(min=1, max=3650, help="How far back.")] = search_gaps.PERIOD_DAYS,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many lines of each list.")] = 20,
) -> None:
    """List the questions that the manual does not answer, grouped by meaning, and the pages that did not help."""
    found = asyncio.run(_gaps(days, limit))
    console.print(
        f"Since {found.since:%d %B %Y}: {found.searches} searches, {found.answered} with an answer to show, "
        f"{found.solved} said to be solved."
    )
    questions = Table("asked", "question without a good answer", "nothing found", "did not help", "issues")
    for gap in found.questions:
        words = Text("\n".join([gap.question, *(f"· {other}" for other in gap.others)]))
        questions.add_row(str(gap.askers), words, *map(str, (gap.nothing_shown, gap.not_solved, gap.issues)))
    pages = Table("page shown without solving", "shown", "opened", "solved", "did not help")
    for page in found.pages:
        pages.add_row(Text(page.title), *map(str, (page.shown, page.opened, page.solved, page.not_solved)))
    for table in (questions, pages):
        if table.row_count:
            console.print(table)


async def _gaps(days: int, limit: int) -> Gaps:
    try:
        ctx = wire(load_settings_or_exit())
    except CannotStart as error:
        exit_with_error(error)
    try:
        return await search_gaps.search_gaps(ctx, days, limit)
    finally:
        await ctx.db.close()


kb_import.register(app)
