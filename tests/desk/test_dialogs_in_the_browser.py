"""The desk's dialogs in a real Chromium: typed words stay, untouched fields are not sent, keys rest behind them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, Route, expect

from tests.support.browser_windows import Window, open_the_doors, signed_in
from tests.support.gateway_fixture import Case, Desk, Gateway

pytestmark = pytest.mark.e2e
TRACE = "line one\nline two\n  at QB.Vat (42)\nline four"


@dataclass
class Two:
    """Tess has the case open; Ted works on it elsewhere."""

    gateway: Gateway
    tess: Desk
    ted: Desk
    case: Case
    window: Window

    @property
    def page(self) -> Page:
        return self.window.page

    async def issue(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.tess.get(f"issues/{self.case.reference}")).json()
        return found

    async def ted_edits(self, **fields: Any) -> None:
        assert (await self.ted.edit(self.case, **fields)).status_code == 200

    async def opens(self, action: str) -> Locator:
        await self.window.more(action)
        dialog = self.page.locator("dialog[open]")
        await expect(dialog).to_be_visible()
        return dialog


@pytest_asyncio.fixture
async def two(gateway: Gateway, chromium: Browser) -> AsyncIterator[Two]:
    open_the_doors(gateway)
    tess, ted = await gateway.technician("Tess"), await gateway.technician("Ted")
    case = await gateway.case(what_changed=TRACE)
    await tess.claim(case)
    window = await signed_in(chromium, gateway, tess)
    await window.page.clock.install(time=gateway.clock())
    await window.open(case)
    yield Two(gateway, tess, ted, case, window)


async def test_only_touched_fields_are_sent_and_line_breaks_stay(two: Two) -> None:
    sent: list[Any] = []

    async def keep(route: Route) -> None:
        sent.append(route.request.post_data_json)
        await route.continue_()

    await two.page.route("**/desk/api/issues/*/edit", keep)
    dialog = await two.opens("Edit")
    await dialog.get_by_label("The problem in one line").fill("Crash opening the VAT report")
    await dialog.get_by_role("button", name="Save").click()
    await expect(two.page.locator("h1")).to_have_text("Crash opening the VAT report")
    assert set(sent[0]) == {"revision", "title", "seen"}
    answers = {one["question_id"]: one["value"] for one in (await two.issue())["answers"]}
    assert answers["what_changed"] == TRACE
    dialog = await two.opens("Edit")
    await expect(dialog.get_by_label("What changed")).to_have_value(TRACE)


async def test_a_colleagues_edit_appears_on_the_open_page_and_is_not_reverted(two: Two) -> None:
    dialog = await two.opens("Edit")
    await dialog.get_by_label("The problem in one line").fill("Tess's title")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_be_hidden()
    await two.ted_edits(title="Ted's corrected title")
    await expect(two.page.locator("h1")).to_have_text("Ted's corrected title")
    dialog = await two.opens("Edit")
    await expect(dialog.get_by_label("The problem in one line")).to_have_value("Ted's corrected title")
    await dialog.get_by_label("Impact").select_option("data_loss")
    await dialog.get_by_role("button", name="Save").click()
    await expect(two.page.locator(".marks")).to_contain_text("Data may be lost")
    assert (await two.issue())["title"] == "Ted's corrected title"


async def test_who_saves_second_sees_both_and_keeps_what_was_typed(two: Two) -> None:
    dialog = await two.opens("Edit")
    title = dialog.get_by_label("The problem in one line")
    await title.fill("Tess's title")
    await dialog.get_by_label("Version").fill("12.2.1")
    await two.ted_edits(title="Ted's title")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_text("It now says: Ted's title")).to_be_visible()
    await expect(dialog.get_by_text("Changed meanwhile: the problem in one line")).to_be_visible()
    await expect(title).to_have_value("Tess's title")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_be_hidden()
    issue = await two.issue()
    assert issue["title"] == "Tess's title"
    assert ("product_version", "12.2.1") in [(one["question_id"], one["value"]) for one in issue["answers"]]


async def test_a_cancelled_edit_does_not_come_back(two: Two) -> None:
    before = (await two.issue())["title"]
    for leave in ("Cancel", "Escape"):
        dialog = await two.opens("Edit")
        title = dialog.get_by_label("The problem in one line")
        await expect(title).to_have_value(before)
        await title.fill("I cancelled this")
        if leave == "Cancel":
            await dialog.get_by_role("button", name="Cancel").click()
        else:
            await two.page.keyboard.press("Escape")
        await expect(dialog).to_be_hidden()
    dialog = await two.opens("Transfer")
    await dialog.get_by_label("Note for them").fill("never mind")
    await dialog.get_by_role("button", name="Cancel").click()
    dialog = await two.opens("Transfer")
    await expect(dialog.get_by_label("Note for them")).to_have_value("")


async def test_enter_in_a_field_saves_instead_of_cancelling(two: Two) -> None:
    dialog = await two.opens("Edit")
    await dialog.get_by_label("The problem in one line").fill("Saved by Enter")
    await two.page.keyboard.press("Enter")
    await expect(two.page.locator("h1")).to_have_text("Saved by Enter")


async def test_the_status_dialog_opens_on_the_status_and_asks_for_a_moment_at_its_field(two: Two) -> None:
    await two.tess.post(f"issues/{two.case.reference}/status", {"status": "waiting_customer"})
    dialog = await two.opens("Status or snooze")
    await expect(dialog.get_by_label("Status", exact=True)).to_have_value("waiting_customer")
    await expect(dialog.get_by_label("Until")).to_be_hidden()
    await dialog.get_by_label("Status", exact=True).select_option("waiting_until")
    await dialog.get_by_role("button", name="Set").click()
    await expect(dialog.get_by_text("Choose a day and a time.")).to_be_visible()
    await expect(dialog.get_by_label("Status", exact=True)).to_have_value("waiting_until")
    await expect(dialog.get_by_label("Until")).to_be_focused()
    await dialog.get_by_role("button", name="Tomorrow 9:00").click()
    await dialog.get_by_role("button", name="Set").click()
    await expect(two.page.locator(".over .status")).to_contain_text("Waiting for us until")
    await expect(two.page.get_by_role("log")).to_contain_text("Tess will reply")
    dialog = await two.opens("Status or snooze")
    await expect(dialog.get_by_label("Until")).to_be_visible()
    await expect(dialog.get_by_label("Tell the customer")).to_have_count(0)


async def test_a_promise_without_a_moment_or_of_a_past_one_stays_open(two: Two) -> None:
    dialog = await two.opens("I will reply by …")
    await dialog.get_by_role("button", name="Tell the customer").click()
    await expect(dialog.get_by_text("Choose a day and a time.")).to_be_visible()
    await dialog.get_by_label("Day and time").fill("2020-01-01T10:00")
    await dialog.get_by_role("button", name="Tell the customer").click()
    await expect(dialog.get_by_text("That moment has passed.")).to_be_visible()
    await expect(dialog.get_by_label("Day and time")).to_have_value("2020-01-01T10:00")
    await dialog.get_by_role("button", name="In 1 hour").click()
    await dialog.get_by_role("button", name="Tell the customer").click()
    await expect(two.page.get_by_role("log")).to_contain_text("Tess will reply")


async def test_what_the_server_refuses_is_shown_in_the_dialog(two: Two) -> None:
    dialog = await two.opens("Give back")
    await dialog.get_by_label("What was done").fill("The licence is reset")
    refused = '{"error": {"code": "not_owner", "message": "You do not have this conversation now."}}'
    await two.page.route("**/return", lambda route: route.fulfill(status=409, body=refused))
    await dialog.get_by_role("button", name="Give back").click()
    await expect(dialog.get_by_text("You do not have this conversation now.")).to_be_visible()
    await expect(dialog.get_by_label("What was done")).to_have_value("The licence is reset")


async def test_a_transfer_preselects_nobody(two: Two) -> None:
    dialog = await two.opens("Transfer")
    await expect(dialog.get_by_label("To", exact=True)).to_have_value("")
    await dialog.get_by_role("button", name="Transfer").click()
    await expect(dialog.get_by_text("Choose a team or a colleague.", exact=True)).to_be_visible()
    assert (await two.tess.about(two.case))["state"]["mine"]


async def test_keys_rest_behind_an_open_dialog_and_escape_closes_it(two: Two) -> None:
    await two.page.locator("h1").click()
    await two.page.keyboard.press("m")
    search = two.page.get_by_label("Search the manual")
    await search.fill("backup")
    await two.page.evaluate("document.activeElement.blur()")
    for key in ("e", "n", "g", "?"):
        await two.page.keyboard.press(key)
    await expect(two.page.locator("dialog[open]")).to_have_count(1)
    await expect(two.page.locator("#dialog-manual")).to_be_visible()
    await search.fill("backup")
    await two.page.keyboard.press("Escape")
    await expect(two.page.locator("dialog[open]")).to_have_count(0)


async def test_what_is_typed_among_the_facts_survives_their_renewal(two: Two) -> None:
    await two.page.get_by_text("Record a payment taken by phone").click()
    authorisation = two.page.get_by_label("Authorisation of the terminal")
    await authorisation.fill("A-47")
    await two.ted_edits(title="Ted's title")
    await expect(two.page.locator("h1")).to_have_text("Ted's title")
    await expect(authorisation).to_have_value("A-47")
    await expect(authorisation).to_be_focused()


# A notice is shown for six seconds, in which a busy machine may not get to the next one.
KEEPS_NOTICES = (
    "const wait = setTimeout; window.setTimeout = (act, ms, ...more) => wait(act, ms === 6000 ? 1e6 : ms, ...more);"
)


async def test_one_notice_does_not_replace_another(gateway: Gateway, chromium: Browser) -> None:
    anna, ben, case = await gateway.hire("Anna"), await gateway.technician("Ben"), await gateway.case()
    window = await signed_in(chromium, gateway, anna)
    await window.page.add_init_script(KEEPS_NOTICES)
    await window.page.reload()
    await window.page.route("**/desk/api/handoffs/*/claim", _claimed_by(ben, case))
    await expect(window.page.locator("[data-badge=queue]")).to_have_text("1")
    await window.page.get_by_role("button", name=f"Claim {case.reference}").click()
    await gateway.case("Another one")
    await expect(window.page.get_by_text("A customer is waiting")).to_be_visible()
    await expect(window.page.get_by_text("Ben has taken this hand-off already")).to_be_visible()


def _claimed_by(ben: Desk, case: Case) -> Any:
    async def first(route: Any) -> None:
        await ben.claim(case)
        await route.continue_()

    return first


async def test_an_unknown_address_of_the_desk_is_a_page(gateway: Gateway, chromium: Browser) -> None:
    window = await signed_in(chromium, gateway, await gateway.hire("Anna"))
    answer = await window.page.goto(f"{gateway.address}/desk/nothing-here")
    assert answer is not None and answer.status == 404
    await expect(window.page.get_by_role("link", name="Back to the queue")).to_be_visible()
