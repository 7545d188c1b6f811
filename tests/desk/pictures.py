"""The pictures of the desk in the documentation, taken of a busy afternoon: wide, dark, and at 360 pixels.

.venv/bin/python -m tests.desk.pictures docs/pictures
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from bot.browser import find_chromium
from bot.store import schema
from tests.support.browser_windows import Window, customer_window, open_the_doors, signed_in
from tests.support.gateway_fixture import Case, Desk, Gateway, open_gateway

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
LOOKS: dict[str, dict[str, Any]] = {
    "": {"viewport": WIDE},
    "-dark": {"viewport": WIDE, "color_scheme": "dark"},
    "-360": {"viewport": NARROW},
}
OTHERS = (
    "The VAT report shows last year's figures",
    "How do I move Quillbook to a new server?",
    "Cannot log in after changing my password",
    "Backup stopped with an error on Sunday",
    "Our invoice from you was charged twice",
)


async def afternoon(gateway: Gateway) -> tuple[Desk, Case]:
    """Six customers, one of them with a colleague, and the one that the pictures are about."""
    open_the_doors(gateway)
    anna, ben = await gateway.technician("Anna Meyer"), await gateway.technician("Ben Ortiz")
    case = await gateway.case(
        "Quillbook crashes when I print an invoice since the update last night. Nobody in the office can print.",
        contact="Mia Brandt, 0151 23456789, mia@bakery.example",
        product_version="12.2.1",
        error_text="QB-2107: The printer layout could not be read",
        what_changed="Update to 12.2.1 last night, by our IT",
        impact="Everyone; right now",
        tried="Restarted the computer",
    )
    others = [await gateway.case(problem, f"customer{n}@example.com") for n, problem in enumerate(OTHERS)]
    gateway.clock.advance(minutes=9)
    await ben.claim(others[1])
    return anna, case


async def talk(anna: Desk, case: Case) -> None:
    """What has been said when the picture is taken."""
    await anna.claim(case)
    await anna.say(case, "Hello Mia, I am looking at the layout of your printer now. Is it every invoice?")
    await case.write("Yes, every one. Letters print fine.")
    note = {"text": "The same layout as last week: see the notes on 12.2.1"}
    await anna.post(f"conversations/{case.conversation_id}/notes", note)
    await anna.say(case, "Thank you. Choose Settings > Layouts > Repair once, then print again.")


async def take(folder: Path) -> None:
    home = Path(tempfile.mkdtemp(prefix="pictures"))
    schema.upgrade(f"sqlite:///{home / 'techref.db'}")
    (home / "manual").mkdir()
    (home / "manual" / "start.md").write_text("---\ntitle: Start\nchapter: All\norder: 1\n---\n\nStart here.\n")
    async with open_gateway(home) as gateway, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        anna, case = await afternoon(gateway)
        windows: dict[str, Window] = {}
        for look, how in LOOKS.items():
            windows[look] = await signed_in(browser, gateway, anna, **how)
            await windows[look].page.wait_for_timeout(800)
            await windows[look].page.screenshot(path=folder / f"desk-queue{look}.png")
        customer = await customer_window(await browser.new_context(), gateway, case)
        await talk(anna, case)
        for look, window in windows.items():
            await window.open(case)
            await window.page.wait_for_timeout(1000)
            await window.page.screenshot(path=folder / f"desk{look}.png")
        await windows["-360"].page.get_by_role("tab", name="Facts").click()
        await windows["-360"].page.screenshot(path=folder / "desk-facts-360.png")
        await customer.close()
        await browser.close()


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1])))
