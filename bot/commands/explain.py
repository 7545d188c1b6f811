"""`techref explain`: show how each turn of a conversation was decided, without anybody's words."""

import asyncio

import typer
from rich.table import Table

from bot.commands.reporting import console, exit_with_error, load_settings_or_exit
from bot.services.core.errors import NotFound
from bot.services.turn.explain import TurnLine, explain_turns, find_conversation
from bot.settings.env.settings import Settings
from bot.store.database import Database

app = typer.Typer()


@app.command()
def explain(conversation: str) -> None:
    """Show who read, evidence, rule and commands of each turn; CONVERSATION is its id or its Tech Reference."""
    try:
        lines = asyncio.run(_read(load_settings_or_exit(), conversation))
    except NotFound as error:
        exit_with_error(error)
    table = Table("message", "at", "read", "evidence", "rule", "commands", "result", "ms", "replies")
    for line in lines:
        table.add_row(
            "" if line.seq is None else f"{line.seq}: {line.masked_text}",
            f"{line.at:%Y-%m-%d %H:%M:%S}",
            f"{line.read_by} {_label(line)}".strip(),
            "\n".join(line.evidence),
            line.rule or "",
            "\n".join(line.commands),
            line.result,
            str(line.milliseconds),
            " ".join(map(str, line.replies)),
        )
    console.print(table)


def _label(line: TurnLine) -> str:
    return "" if line.intent is None else f"{line.intent} {line.confidence or 0:.2f}"


async def _read(settings: Settings, conversation: str) -> list[TurnLine]:
    database = Database(settings.database_url)
    try:
        async with database.read() as session:
            return await explain_turns(session, await find_conversation(session, conversation))
    finally:
        await database.close()
