"""`techref explain`: show how each turn of a conversation was decided, without anybody's words."""

import asyncio

import typer
from rich.table import Table

from bot.commands.reporting import console, exit_with_error, load_settings_or_exit
from bot.services.core.errors import NotFound
from bot.services.turn.explain import TurnLine, explain_turns
from bot.settings.env.settings import Settings
from bot.store.database import Database

app = typer.Typer()


@app.command()
def explain(conversation: str) -> None:
    """Show intent, confidence, rule, actions and effects of each turn; CONVERSATION is its id or its Tech Reference."""
    try:
        lines = asyncio.run(_read(load_settings_or_exit(), conversation))
    except NotFound as error:
        exit_with_error(error)
    table = Table("seq", "text", "intent", "sure", "rule", "actions", "effects", "result", "ms")
    for line in lines:
        table.add_row(
            str(line.seq or ""),
            line.masked_text,
            line.intent or "",
            "" if line.confidence is None else f"{line.confidence:.2f}",
            line.rule or "",
            "\n".join(line.actions),
            "\n".join(line.effects),
            line.result,
            str(line.milliseconds),
        )
    console.print(table)


async def _read(settings: Settings, conversation: str) -> list[TurnLine]:
    database = Database(settings.database_url)
    try:
        async with database.read() as session:
            return await explain_turns(session, conversation)
    finally:
        await database.close()
