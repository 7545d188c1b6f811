"""Measure the size of the desk's pages and the first contentful paint, with thousands of issues in the database.

    .venv/bin/python bench/desk_pages.py [--issues 5000] [--waiting 40]

Starts a gateway on a database of its own and drives Chromium with an empty cache each time. Prints one line a page.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.async_api import Browser, Page, async_playwright
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from bot.browser import find_chromium
from bot.store import schema
from bot.store import tables as t
from bot.triage.reading.tech_reference import new_reference
from tests.support.browser_windows import Window
from tests.support.gateway_fixture import Case, Desk, Gateway, open_gateway

ROUNDS = 5
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
WEIGHED = """performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))
    .filter((entry) => !entry.name.includes('/api/')).map((entry) => [entry.transferSize, entry.decodedBodySize])"""


async def fill(gateway: Gateway, issues: int) -> None:
    """Insert resolved issues with two answers and four messages each, straight into the tables."""
    now, numbers = gateway.clock(), iter(range(10**8))
    references = [new_reference(lambda below: next(numbers) * 7919 % below) for _ in range(issues)]
    async with gateway.ctx.db.write() as session:
        for number, reference in enumerate(dict.fromkeys(references), start=1_000):
            at, conversation = now - timedelta(minutes=number), f"c{number}"
            values = {"created_at": at, "updated_at": at}
            await session.execute(insert(t.Customer).values(id=number, name=f"Customer {number}", created_at=at))
            await session.execute(
                insert(t.Conversation).values(id=conversation, customer_id=number, owner="closed", last_seq=4, **values)
            )
            await session.execute(
                insert(t.Intake).values(id=number, conversation_id=conversation, state="done", **values)
            )
            await session.execute(
                insert(t.IntakeAnswer),
                [
                    {"intake_id": number, "question_id": question, "value": f"{question} {number}", "updated_at": at}
                    for question in ("problem", "contact")
                ],
            )
            await session.execute(
                insert(t.Issue).values(
                    id=number,
                    reference=reference,
                    intake_id=number,
                    conversation_id=conversation,
                    customer_id=number,
                    category="printing",
                    team="applications",
                    title=f"The printer prints nothing, number {number}",
                    status="resolved",
                    entitlement="contract",
                    resolved_at=at,
                    **values,
                )
            )
            await session.execute(
                insert(t.HandOff).values(
                    conversation_id=conversation,
                    issue_id=number,
                    team="applications",
                    state="done",
                    reason="issue logged",
                    ended_at=at,
                    **values,
                )
            )
            await session.execute(
                insert(t.Message),
                [
                    {
                        "conversation_id": conversation,
                        "seq": seq,
                        "author": "customer",
                        "author_name": "You",
                        "text": f"message {seq} about the printer",
                        "choices": [],
                        "cards": [],
                        "epoch": 1,
                        "created_at": at,
                    }
                    for seq in range(1, 5)
                ],
            )


async def measure(browser: Browser, gateway: Gateway, anna: Desk, address: str) -> tuple[float, float, float, int]:
    """Return the median first contentful paint and server's answer in ms, kB over the wire, and requests."""
    paints, answers, wire, requests = [], [], 0.0, 0
    for _ in range(ROUNDS):
        context = await browser.new_context()
        window = Window(await context.new_page(), gateway.address)
        await context.add_cookies(
            [{"name": "techref_desk", "value": anna.browser.cookies["techref_desk"], "url": gateway.address}]
        )
        page: Page = window.page
        await page.goto(gateway.address + address)
        await page.wait_for_timeout(300)
        paints.append(float(await page.evaluate(PAINTED)))
        answers.append(float(await page.evaluate("performance.getEntriesByType('navigation')[0].responseEnd")))
        entries = await page.evaluate(WEIGHED)
        wire, requests = sum(entry[0] for entry in entries) / 1024, len(entries)
        await context.close()
    return statistics.median(paints), statistics.median(answers), wire, requests


async def main(issues: int, waiting: int) -> None:
    home = Path(tempfile.mkdtemp(prefix="desk-pages"))
    schema.upgrade(f"sqlite:///{home / 'techref.db'}")
    (home / "manual").mkdir()
    (home / "manual" / "start.md").write_text("---\ntitle: Start\nchapter: All\norder: 1\n---\n\nStart here.\n")
    table = Table("page", "first paint (ms)", "server (ms)", "kB over the wire", "requests")
    async with open_gateway(home) as gateway:
        await fill(gateway, issues)
        anna = await gateway.technician("Anna")
        cases: list[Case] = [await gateway.case() for _ in range(waiting)]
        await anna.claim(cases[0])
        pages = {
            "queue": "/desk",
            "queue, all": "/desk?state=all",
            "conversation": f"/desk/conversations/{cases[0].conversation_id}",
            "issues": "/desk/issues",
            "search": "/desk/issues?q=printer+4711",
        }
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
            for name, address in pages.items():
                paint, answer, wire, requests = await measure(browser, gateway, anna, address)
                table.add_row(name, f"{paint:.0f}", f"{answer:.0f}", f"{wire:.1f}", str(requests))
            await browser.close()
    Console().print(f"{issues} issues, {waiting} waiting, median of {ROUNDS} with an empty cache")
    Console().print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=5000)
    parser.add_argument("--waiting", type=int, default=40)
    arguments = parser.parse_args()
    asyncio.run(main(arguments.issues, arguments.waiting))
