"""The shell in a real Chromium: no page is loaded twice, each view has its address, who writes elsewhere is told."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from bot.services.desk import delayed_actions
from tests.support.browser_windows import open_the_doors, signed_in
from tests.support.gateway_fixture import Case, Desk, Gateway

pytestmark = pytest.mark.e2e
WIDE = ViewportSize(width=1440, height=900)


async def stays(page: Page) -> None:
    """Mark the page, so that ``has_stayed`` can tell whether it was loaded again."""
    await page.evaluate("window.kept = true")


async def has_stayed(page: Page) -> bool:
    return bool(await page.evaluate("window.kept === true"))


def row(page: Page, case: Case) -> Locator:
    return page.locator(f'.worklist .case[data-conversation="{case.conversation_id}"]')


def section(page: Page, name: str) -> Locator:
    return page.locator(".section", has=page.get_by_role("heading", name=name, exact=True))


async def test_opening_claiming_sending_and_moving_on_load_no_page(gateway: Gateway, chromium: Browser) -> None:
    open_the_doors(gateway)
    anna = await gateway.technician("Anna")
    first, second = await gateway.case("The first problem"), await gateway.case("The second problem")
    window = await signed_in(chromium, gateway, anna, viewport=WIDE)
    page = window.page
    await stays(page)
    await page.get_by_role("link", name="The second problem").click()
    await expect(page.locator("h1")).to_have_text("The second problem")
    await expect(page).to_have_url(re.compile(f"/desk/conversations/{second.conversation_id}$"))
    await page.get_by_role("button", name="Claim", exact=True).click()
    await expect(page.get_by_role("button", name="Resolve", exact=True)).to_be_visible()
    await page.get_by_label("Reply to the customer").fill("Hello")
    await page.keyboard.press("Enter")
    await expect(page.locator(".technician:not(.pending)")).to_contain_text("Hello")
    await expect(section(page, "Waiting for customer").locator(".said")).to_contain_text("You: Hello")
    await page.get_by_role("link", name="The first problem").click()
    await expect(page.locator("h1")).to_have_text("The first problem")
    await page.go_back()
    await expect(page.locator("h1")).to_have_text("The second problem")
    await page.get_by_role("button", name="Resolve", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Resolve").click()
    await page.get_by_role("link", name="Go to the next one").click()
    await expect(page.locator("h1")).to_have_text("The first problem")
    assert await has_stayed(page)
    address = page.url
    assert address.endswith(first.conversation_id)
    await page.goto(address)
    await expect(page.locator("h1")).to_have_text("The first problem")
    await expect(row(page, first)).to_have_class(re.compile("current"))
    assert window.complaints == []


async def test_the_list_has_its_sections_and_says_whose_turn_it_is(gateway: Gateway, chromium: Browser) -> None:
    open_the_doors(gateway)
    anna, ben = await gateway.technician("Anna"), await gateway.technician("Ben")
    answered, passed = await gateway.case("Answered already"), await gateway.case("Passed to me")
    for case in (answered,):
        await anna.claim(case)
        await anna.say(case, "Is it better now?")
    await ben.claim(passed)
    await ben.post(f"conversations/{passed.conversation_id}/transfer", {"technician": anna.id, "note": "Yours"})
    await gateway.case("Nobody has this one")
    window = await signed_in(chromium, gateway, anna, viewport=WIDE)
    page = window.page
    headings = page.locator(".section h2")
    await expect(headings).to_have_text(["For you", "Payment ahead", "Waiting for customer"])
    await stays(page)
    await answered.write("I have done step 3, it is worse now!")
    await expect(headings).to_have_text(["Your turn", "For you", "Payment ahead"])
    mine = section(page, "Your turn")
    await expect(mine.locator(".said")).to_contain_text("it is worse now!")
    await expect(mine.locator(".title")).to_contain_text("unread")
    gateway.clock.advance(minutes=10)
    await page.reload()
    await expect(mine.locator(".case.soon .age")).to_be_visible()
    await page.get_by_role("link", name="Answered already").click()
    await expect(mine.locator(".case.unread")).to_have_count(0)


async def two_talks(gateway: Gateway) -> tuple[Desk, Case, Case]:
    open_the_doors(gateway)
    anna = await gateway.technician("Anna")
    here, elsewhere = await gateway.case("The one on the page"), await gateway.case("The other one")
    for case in (here, elsewhere):
        await anna.claim(case)
        await anna.say(case, "Hello")
    return anna, here, elsewhere


@pytest.mark.parametrize("place", ["conversation", "issues", "day", "call", "replies"])
async def test_anothers_words_are_announced_on_every_page(gateway: Gateway, chromium: Browser, place: str) -> None:
    anna, here, elsewhere = await two_talks(gateway)
    window = await signed_in(chromium, gateway, anna, viewport=WIDE)
    page = window.page
    for case in (here, elsewhere):
        await window.open(case)
        await page.wait_for_timeout(600)  # it counts as read
    if place == "conversation":
        await window.open(here)
    else:
        await page.goto(f"{gateway.address}/desk/{place}")
    await expect(page.locator("[data-badge=queue]")).to_be_hidden()
    await elsewhere.write("It is worse now")
    await expect(page.locator("[data-badge=queue]")).to_have_text("1")
    await expect(page).to_have_title(re.compile(r"^● \(1\) "))
    await expect(page.get_by_text("A customer has answered you")).to_be_visible()
    await page.get_by_role("link", name="Open", exact=True).click()
    await expect(page.get_by_role("log")).to_contain_text("It is worse now")
    await expect(page).to_have_title(re.compile(r"^TR-"))


async def test_tabs_share_one_stream_and_the_next_takes_over(gateway: Gateway, chromium: Browser) -> None:
    open_the_doors(gateway)
    anna = await gateway.technician("Anna")
    window = await signed_in(chromium, gateway, anna, viewport=WIDE)
    await window.page.goto("about:blank")
    streams: list[str] = []
    context = window.page.context
    context.on("request", lambda asked: streams.append(asked.url) if asked.url.endswith("/desk/api/events") else None)
    async with window.page.expect_request("**/desk/api/events"):
        await window.page.goto(f"{gateway.address}/desk/issues")
    tabs = [window.page, *[await context.new_page() for _ in range(2)]]
    for tab in tabs[1:]:
        await tab.goto(f"{gateway.address}/desk/issues")
    await gateway.case("Someone waits")
    for tab in tabs:
        await expect(tab.locator("[data-badge=queue]")).to_have_text("1")
    assert len(streams) == 1, "the first tab's stream is everybody's"
    await tabs[0].close()
    await gateway.case("Another one waits")
    for tab in tabs[1:]:
        await expect(tab.locator("[data-badge=queue]")).to_have_text("2")
    assert len(streams) == 2


async def test_sounds_and_notifications_are_off_until_somebody_chooses_them(
    gateway: Gateway, chromium: Browser
) -> None:
    window = await signed_in(chromium, gateway, await gateway.technician("Anna"), viewport=WIDE)
    page = window.page
    await page.get_by_role("button", name="Sound and notifications").click()
    await expect(page.get_by_label("Play a sound")).not_to_be_checked()
    await expect(page.get_by_label("Show a notification")).not_to_be_checked()
    await page.get_by_label("Play a sound").check()
    await page.get_by_role("button", name="Close").click()
    await page.reload()
    await page.get_by_role("button", name="Sound and notifications").click()
    await expect(page.get_by_label("Play a sound")).to_be_checked()
    assert window.complaints == []


async def test_on_a_telephone_there_is_one_pane_at_a_time_and_a_way_back(gateway: Gateway, chromium: Browser) -> None:
    case = await gateway.case("The printer prints nothing")
    anna = await gateway.technician("Anna")
    window = await signed_in(chromium, gateway, anna, viewport=ViewportSize(width=360, height=640))
    page = window.page
    await stays(page)
    await page.get_by_role("link", name="The printer prints nothing").click()
    await expect(page.get_by_role("tab", name="Facts")).to_be_visible()
    await expect(page.locator(".worklist")).to_be_hidden()
    await page.get_by_role("tab", name="Facts").click()
    await expect(page.locator("#facts")).to_be_visible()
    await expect(page.get_by_role("log")).to_be_hidden()
    await page.get_by_role("link", name="Back to the list").click()
    await expect(page.get_by_role("link", name="The printer prints nothing")).to_be_visible()
    await expect(page).to_have_url(re.compile("/desk$"))
    assert await has_stayed(page)
    assert case.reference


async def test_the_team_and_whose_work_stay_in_the_address(gateway: Gateway, chromium: Browser) -> None:
    anna, ben = await gateway.technician("Anna"), await gateway.technician("Ben")
    case = await gateway.case("With Ben")
    await ben.claim(case)
    window = await signed_in(chromium, gateway, anna, viewport=WIDE)
    page: Page = window.page
    await stays(page)
    await expect(page.get_by_text("Nobody is waiting")).to_be_visible()
    await page.get_by_role("link", name="Everybody").click()
    await expect(page.get_by_role("heading", name="With colleagues")).to_be_visible()
    await page.get_by_role("link", name="With Ben").click()
    await expect(page).to_have_url(re.compile(r"\?state=all$"))
    assert await has_stayed(page)
    await page.reload()
    await expect(page.get_by_role("heading", name="With colleagues")).to_be_visible()
    await page.get_by_label("Team").select_option(label="Accounts and licences")
    await expect(page).to_have_url(re.compile(r"team="))
    await expect(page.get_by_role("heading", name="With colleagues")).to_have_count(0)


async def test_what_was_just_done_can_be_undone_on_another_page_too(
    gateway: Gateway, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delayed_actions, "DELAY", timedelta(minutes=30))
    open_the_doors(gateway)
    anna = await gateway.technician("Anna")
    case = await gateway.case("Resolved too soon")
    await anna.claim(case)
    window = await signed_in(chromium, gateway, anna, viewport=WIDE)
    await window.open(case)
    page = window.page
    await page.keyboard.press("x")
    await page.get_by_role("dialog").get_by_role("button", name="Resolve").click()
    undo = page.get_by_role("button", name="Undo", exact=True)
    await expect(undo).to_be_visible()
    await page.goto(f"{gateway.address}/desk/issues")
    await expect(page.locator("[data-undo=resolve]")).to_contain_text(f"Resolving {case.reference}")
    await undo.click()
    await expect(page.get_by_text("Undone.")).to_be_visible()
    gateway.clock.advance(minutes=31)
    await delayed_actions.do_what_is_due(gateway.ctx)
    assert (await case.reads())["owner"] == "technician"
    assert window.complaints == []
