"""`techref explain` shows how each turn of a conversation was decided, without anybody's words."""

import asyncio

import pytest
from typer.testing import CliRunner, Result

from bot.cli import build_command_line
from bot.commands import reporting
from bot.services.core.context import Context
from bot.services.turn import turns
from bot.services.turn.read_by_rules import decide_here
from tests.support.service_fixtures import Clock, Customer


@pytest.fixture(autouse=True)
def wide_terminal(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TECHREF_HOME", str(ctx.home))
    monkeypatch.setenv("TECHREF_DATABASE_URL", ctx.settings.database_url)
    monkeypatch.setattr(reporting.console, "_width", 300)


async def explained(name: str) -> Result:
    def run() -> Result:
        return CliRunner().invoke(build_command_line("explain"), ["explain", name])

    return await asyncio.to_thread(run)  # the command has an event loop of its own


async def test_a_turn_is_one_row_by_id_and_by_reference(ctx: Context, customer: Customer, clock: Clock) -> None:
    for text in ("it crashes when I print 4711", "kim@brightsons.example"):
        clock.advance(seconds=1)
        await customer.writes(text)
        lease, prepared = await customer.begins_a_turn()
        await turns.complete(ctx, lease, prepared, await decide_here(ctx, prepared.context, reason="unreachable"))
    reference = (await customer.state())["reference"]
    shown = await explained(customer.id)
    assert shown.exit_code == 0, shown.output
    assert shown.output == (await explained(reference)).output
    header, first = (line for line in shown.output.splitlines() if "message" in line or "1: " in line)
    assert [name.strip() for name in header.split("┃")[1:-1]] == [
        "message",
        "at",
        "read",
        "evidence",
        "rule",
        "commands",
        "result",
        "ms",
        "replies",
    ]
    cells = [cell.strip() for cell in first.split("│")[1:-1]]
    assert cells[0] == "1: xx xxxxxxx xxxx x xxxxx 0000"
    assert cells[2] == "rules nlu_fallback 0.00"
    assert cells[4] == "not read: toward a reference"
    assert cells[6] == "rules: done (unreachable)"
    assert cells[8] == "2"
    assert "crashes" not in shown.output and "brightsons" not in shown.output


async def test_an_unknown_name_is_refused(ctx: Context) -> None:
    shown = await explained("no such conversation")
    assert shown.exit_code == 1 and "There is no conversation or issue of that name" in shown.stderr
