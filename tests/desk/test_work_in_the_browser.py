"""The pages of the day's work as technicians use them: a call, an edit, a link, canned replies, handing over."""

import csv
import io
import re

import pytest
from playwright.async_api import Browser, expect

from tests.support.browser_windows import open_the_doors, signed_in
from tests.support.gateway_fixture import Gateway

pytestmark = pytest.mark.e2e


async def test_a_call_is_logged_and_its_reference_read_out(gateway: Gateway, chromium: Browser) -> None:
    open_the_doors(gateway)
    window = await signed_in(chromium, gateway, await gateway.hire("Anna"))
    page = window.page
    await page.get_by_role("link", name="New call").click()
    await page.get_by_label("What is the problem?").fill("The till prints nothing since noon")
    await page.get_by_label("How can we reach you?").fill("0151 23456789")
    await page.get_by_label("Category").select_option(label="Crashes and error messages")
    await page.locator("fieldset:not([disabled])").get_by_label("Which version of Quillbook is it?").fill("12.2.1")
    await page.get_by_role("button", name="Log the issue").click()
    await expect(page.locator("#aloud")).to_contain_text("T R, ")
    await page.get_by_role("link", name="Open the conversation").click()
    await expect(page.get_by_role("button", name="End the call")).to_be_visible()
    await expect(page.locator(".glance")).to_contain_text("12.2.1")
    assert window.complaints == []


async def test_an_issue_is_edited_linked_and_its_status_set(gateway: Gateway, chromium: Browser) -> None:
    open_the_doors(gateway)
    anna, case, other = await gateway.technician("Anna"), await gateway.case(), await gateway.case("the same thing")
    window = await signed_in(chromium, gateway, anna)
    page = window.page
    await page.goto(f"{gateway.address}/desk/issues/{case.reference}")
    await page.locator("h1").click()
    await page.keyboard.press("e")
    await page.get_by_label("The problem in one line").fill("Printing fails after the update")
    await page.get_by_label("Version").fill("12.2.1")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Printing fails after the update")
    await expect(page.get_by_text("edited the issue: the problem in one line")).to_be_visible()
    await page.get_by_role("button", name="Status").click()
    await page.get_by_label("Status", exact=True).select_option("waiting_until")
    await page.get_by_label("Until").fill(gateway.clock().strftime("%Y-%m-%dT23:59"))
    await page.get_by_role("button", name="Set", exact=True).click()
    await expect(page.locator(".over .status")).to_contain_text("Waiting for us until")
    await page.get_by_label("What they are to each other").select_option("duplicate")
    await page.get_by_label("The other Tech Reference").fill(other.reference.replace("-", " "))
    await page.get_by_role("button", name="Link", exact=True).click()
    await expect(page.get_by_role("dialog")).to_contain_text("the same thing")
    await expect(page.get_by_role("dialog")).to_contain_text("New")
    await page.get_by_role("button", name="It is the same matter").click()
    await expect(page.locator("#link li")).to_contain_text(f"Same matter as {other.reference}")
    await page.get_by_role("button", name=f"Unlink {other.reference}").click()
    await page.get_by_role("dialog").get_by_role("button", name="Unlink").click()
    await expect(page.locator("#link li")).to_contain_text("None yet.")
    await page.get_by_label("The other Tech Reference").fill("TR-111")
    await page.get_by_role("button", name="Link", exact=True).click()
    await expect(page.locator("#link-other-problem")).to_contain_text("not a Tech Reference")
    window.complaints.clear()  # the browser notes the 422
    await page.goto(f"{gateway.address}/desk/issues?status=waiting_until")
    export = await page.get_by_role("link", name="Export as CSV").get_attribute("href")
    answer = await page.request.get(f"{gateway.address}{export}")
    rows = list(csv.DictReader(io.StringIO((await answer.text()).removeprefix("\ufeff"))))
    assert [row["title"] for row in rows] == ["Printing fails after the update"]
    assert window.complaints == []


async def test_a_colleagues_edit_appears_on_the_issue_page_and_disturbs_nothing_typed(
    gateway: Gateway, chromium: Browser
) -> None:
    open_the_doors(gateway)
    tess, ted, case = await gateway.technician("Tess"), await gateway.technician("Ted"), await gateway.case()
    page = (await signed_in(chromium, gateway, tess)).page
    await page.goto(f"{gateway.address}/desk/issues/{case.reference}")
    await expect(page.locator("#live")).to_have_text("Live")
    other = page.get_by_label("The other Tech Reference")
    await other.fill("TR-48")
    await page.evaluate("window.kept = true")
    await ted.edit(case, title="Ted's title", impact="data_loss", answers={"product_version": "12.2.1"})
    await expect(page.locator("h1")).to_have_text("Ted's title")
    await expect(page.locator(".marks")).to_contain_text("Data may be lost")
    await expect(page.locator("#issue-answers")).to_contain_text("12.2.1")
    await expect(page.locator("#issue-timeline")).to_contain_text("Ted")
    await expect(other).to_have_value("TR-48")
    await expect(other).to_be_focused()
    await page.get_by_role("button", name="Edit").click()
    title = page.get_by_label("The problem in one line")
    await title.fill("What Tess is typing")
    await ted.edit(case, team="data", title="Ted's second title")
    await expect(page.locator("h1")).to_have_text("Ted's second title")
    await expect(title).to_have_value("What Tess is typing")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("It now says: Ted's second title")).to_be_visible()
    assert await page.evaluate("window.kept"), "the page was not loaded again"


async def test_canned_replies_are_written_and_changed(gateway: Gateway, chromium: Browser) -> None:
    window = await signed_in(chromium, gateway, await gateway.hire("Bo", "supervisor"))
    page = window.page
    await page.get_by_role("link", name="Replies").click()
    await page.get_by_label("Title").fill("Greeting")
    await page.get_by_label("Text").fill("Dear {costumer}")
    await page.get_by_role("button", name="Keep").click()
    await expect(page.locator("#kept-problem")).to_contain_text("{costumer} is no placeholder")
    await page.get_by_label("Text").fill("Hello, {technician} here.")
    await page.get_by_role("button", name="Keep").click()
    await expect(page.get_by_role("heading", name="Greeting All teams")).to_be_visible()
    await page.get_by_role("button", name="Edit").click()
    await page.get_by_label("Title").fill("Hello")
    await page.get_by_role("button", name="Keep").click()
    page.once("dialog", lambda dialog: dialog.accept())
    await page.get_by_role("button", name="Remove Hello").click()
    await expect(page.get_by_role("heading", name="Hello")).to_have_count(0)
    window.complaints.clear()  # the browser notes the 422


async def test_macros_are_written_and_changed(gateway: Gateway, chromium: Browser) -> None:
    window = await signed_in(chromium, gateway, await gateway.hire("Bo", "supervisor"))
    page = window.page
    await page.goto(f"{gateway.address}/desk/macros")
    await page.get_by_label("Title").fill("Ask for the log")
    await page.get_by_role("textbox", name="Reply", exact=True).fill("Please send us the log.")
    tags = page.get_by_label("Tags, with commas between them")
    await tags.fill("log, asked")
    await page.get_by_role("button", name="Keep").click()
    await expect(page.get_by_role("heading", name="Ask for the log All teams")).to_be_visible()
    await page.get_by_role("button", name="Edit").click()
    await expect(page.get_by_label("Tags, with commas between them")).to_have_value(
        re.compile("^(log, asked|asked, log)$")
    )
    await page.get_by_label("Tags, with commas between them").fill("log")
    await page.get_by_role("button", name="Keep").click()
    await expect(page.locator(".does")).not_to_contain_text("asked")
    page.once("dialog", lambda dialog: dialog.accept())
    await page.get_by_role("button", name="Remove Ask for the log").click()
    await expect(page.get_by_role("heading", name="Ask for the log")).to_have_count(0)
    assert window.complaints == []


async def test_the_day_is_handed_over(gateway: Gateway, chromium: Browser) -> None:
    open_the_doors(gateway)
    anna, ben, case = await gateway.technician("Anna"), await gateway.technician("Ben"), await gateway.case()
    await anna.claim(case)
    window = await signed_in(chromium, gateway, anna)
    page = window.page
    await page.get_by_role("link", name="My day").click()
    await page.get_by_role("button", name="Hand over my day").click()
    await expect(page.get_by_label("To", exact=True)).to_have_value("")
    await page.get_by_role("button", name="Hand over what is chosen").click()
    await expect(page.get_by_text("Choose who goes on with at least one.")).to_be_visible()
    assert (await anna.get("handover")).json()["work"], "nothing is given away by one click"
    await page.get_by_label("To", exact=True).select_option(label="Ben")
    await page.get_by_label("Note for them").fill("Waits for the driver")
    await page.get_by_role("button", name="Hand over what is chosen").click()
    await expect(page.get_by_text("Handed over. Good evening!")).to_be_visible()
    await expect(page.locator("[data-reference]")).to_have_count(0)
    assert "Ben goes on" in (await case.reads())["messages"][-1]["text"]
    assert "Waits for the driver" in str(await ben.about(case, "/messages"))
    assert window.complaints == []


async def test_two_issues_of_one_customer_are_claimed_together_and_resolved_one_by_one(
    gateway: Gateway, chromium: Browser
) -> None:
    open_the_doors(gateway)
    anna, case = await gateway.technician("Anna"), await gateway.case()
    other = await gateway.another(case, "The server throws us out")
    window = await signed_in(chromium, gateway, anna)
    page = window.page
    row = page.locator(".case", has_text="The server throws us out")
    await expect(row.get_by_text(f"Together with {case.reference}")).to_be_visible()
    await row.get_by_role("link", name="The server throws us out").click()
    await page.get_by_role("button", name="Claim", exact=True).click()
    await expect(page.locator("#headline").get_by_text("together with")).to_contain_text(case.reference)
    await expect(page.get_by_role("button", name="Resolve", exact=True)).to_be_visible()
    await window.more("Give back")
    await expect(page.locator("#dialog-return [data-together]")).to_contain_text("go together")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Resolve").first.click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("checkbox")).to_have_count(2)
    for box in await dialog.get_by_role("checkbox").all():
        await box.uncheck()
    await dialog.get_by_role("button", name="Resolve").click()
    await expect(dialog.get_by_text("Tick what is solved.")).to_be_visible()
    await dialog.get_by_label(other).check()
    await dialog.get_by_role("button", name="Resolve").click()
    await expect(page.locator(".holder")).to_contain_text("with you")
    await expect(page.locator("#headline .reference")).to_have_text(case.reference, timeout=15_000)
    assert window.complaints == []
