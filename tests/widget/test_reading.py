"""Everybody can read and reach it: contrast, narrow and zoomed screens, names, order, calm."""

import pytest
from playwright.async_api import Browser, FilePayload, Route, expect

from tests.widget.browsing import Chat
from tests.widget.gallery import MESSAGES, STATE, close_gallery, message, open_gallery

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

# For every visible text its contrast with what lies behind it, by WCAG 2.2; gives those below 4.5.
TOO_FAINT = """() => {
  const channels = (css) => {
    const found = css.match(/-?[\\d.]+/g).map(Number);
    const scale = css.startsWith("color(") ? 255 : 1;
    return [...found.slice(0, 3).map((value) => value * scale), found[3] ?? 1];
  };
  const over = ([r, g, b, a], under) => [r, g, b].map((value, i) => value * a + under[i] * (1 - a));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      const colour = channels(getComputedStyle(e).backgroundColor);
      layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255]);
  };
  const faint = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    const text = walk.currentNode.data.trim();
    if (!text || element.closest(".aside, noscript, :disabled") || !element.checkVisibility()) continue;
    seen += 1;
    const ground = behind(element);
    const colour = over(channels(getComputedStyle(element).color), ground);
    const [high, low] = [light(colour), light(ground)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) faint.push(`${ratio.toFixed(2)}: ${text.slice(0, 40)} (${element.className})`);
  }
  return seen < 20 ? [`only ${seen} texts were looked at`] : faint;
}"""

NAMELESS = """() => [...document.querySelectorAll("a, button, textarea, input, [role=dialog], [role=log], nav")]
  .filter((e) => e.checkVisibility() && !(e.getAttribute("aria-label") || e.textContent.trim()))
  .map((e) => e.outerHTML.slice(0, 80))"""

TOO_SMALL = """() => [...document.querySelectorAll("a.tool, a.card, button, textarea")]
  .filter((e) => e.checkVisibility())
  .map((e) => [e.getBoundingClientRect(), e.textContent || e.className])
  .filter(([box]) => box.width < 24 || box.height < 24).map(([, name]) => name)"""


@pytest.fixture(params=["light", pytest.param("dark", marks=pytest.mark.slow)])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def with_every_notice(chat: Chat) -> None:
    await chat.write("this will be refused")
    await expect(chat.inside.get_by_text("Not sent. That cannot be taken.")).to_be_visible()
    await chat.write("this has to wait")
    await expect(chat.inside.get_by_text("Not sent yet")).to_be_visible()
    await chat.write("and this behind it")
    picker = chat.inside.locator("input[type=file]")
    await picker.set_input_files(FilePayload(name="big.png", mimeType="image/png", buffer=b"x" * 2000))
    await picker.set_input_files(FilePayload(name="small.log", mimeType="text/plain", buffer=b"x"))
    await chat.button("New issue").press("Enter")
    await expect(chat.inside.get_by_text("Your earlier conversation is kept")).to_be_visible()
    await chat.button("Back to the earlier conversation").click()
    await expect(chat.inside.get_by_text("Which version is it?")).to_be_visible()
    await chat.text_area.fill("x" * 10_001)


@pytest.mark.parametrize(("width", "height"), [(1280, 800), pytest.param(360, 700, marks=pytest.mark.slow)])
async def test_every_text_can_be_read_on_what_lies_behind_it(
    browser: Browser, site: str, scheme: str, width: int, height: int
) -> None:
    chat = await open_gallery(browser, site, width=width, height=height, scheme=scheme)
    frame = chat.page.frames[1]
    assert await frame.evaluate(TOO_FAINT) == []
    await with_every_notice(chat)
    assert await frame.evaluate(TOO_FAINT) == []
    await chat.button("My issues").press("Enter")
    await expect(chat.inside.get_by_text("A technician is working on it")).to_be_visible()
    assert await frame.evaluate(TOO_FAINT) == []
    await close_gallery(chat.page)


async def test_the_measure_of_contrast_sees_a_faint_text(browser: Browser, site: str) -> None:
    chat = await open_gallery(browser, site, width=1280, height=800, scheme="light")
    frame = chat.page.frames[1]
    await frame.evaluate("document.querySelector('.header-detail').style.color = '#5f8fb0'")
    (faint,) = await frame.evaluate(TOO_FAINT)
    assert "header-detail" in faint
    await close_gallery(chat.page)


@pytest.mark.parametrize(("width", "height"), [(320, 568), (640, 360), (320, 256)])
async def test_nothing_runs_out_of_a_small_or_zoomed_screen(
    browser: Browser, site: str, width: int, height: int
) -> None:
    """320 by 256 is a window of 1280 by 1024 at 400 %; 640 by 360 one of 1280 by 720 at 200 %."""
    chat = await open_gallery(browser, site, width=width, height=height, scheme="light")
    frame = chat.page.frames[1]
    assert await frame.evaluate("document.documentElement.scrollWidth") <= width
    outside = await frame.evaluate(
        """() => [...document.querySelectorAll(".header, .tool, .bubble, .card, .choice, .composer-box, .reference")]
            .filter((e) => e.getBoundingClientRect().left < 0 || e.getBoundingClientRect().right > innerWidth)
            .map((e) => e.className)"""
    )
    assert outside == []
    for name in ("Talk to a person", "My issues", "New issue", "Send"):
        await chat.button(name).scroll_into_view_if_needed()
        await expect(chat.button(name)).to_be_in_viewport()
    log = await chat.log.bounding_box()
    assert log
    assert log["height"] >= 90
    await close_gallery(chat.page)


async def test_everything_has_a_name_and_is_large_enough_to_press(browser: Browser, site: str) -> None:
    chat = await open_gallery(browser, site, width=360, height=700, scheme="light")
    await with_every_notice(chat)
    frame = chat.page.frames[1]
    assert await frame.evaluate(NAMELESS) == []
    assert await frame.evaluate(TOO_SMALL) == []
    await close_gallery(chat.page)


async def test_tab_goes_from_the_top_to_the_text_area(browser: Browser, site: str) -> None:
    chat = await open_gallery(browser, site, width=1280, height=800, scheme="light")
    frame = chat.page.frames[1]
    await chat.button("Close chat").focus()
    order = []
    for _ in range(16):
        order.append(await frame.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent"))
        await chat.page.keyboard.press("Tab")
    wanted = [
        "Close chat",
        "Copy Tech Reference TR-483-920-179",
        "Talk to a person",
        "Call us: 234-542-4400",
        "My issues",
    ]
    assert order[:6] == [*wanted, "New issue"]
    places = [
        order.index(name) for name in ("Conversation", "Quillbook 12.4", "Attach a photo or file", "Your message")
    ]
    assert places == sorted(places)
    await close_gallery(chat.page)


async def test_the_log_speaks_of_news_only(browser: Browser, site: str) -> None:
    chat = await open_gallery(browser, site, width=1280, height=800, scheme="light")
    await expect(chat.log).to_have_attribute("aria-live", "polite")
    # One's own words are not read back; those of others are.
    own = await chat.inside.locator(".from-customer").evaluate_all("(all) => all.map((e) => e.ariaLive)")
    others = await chat.inside.locator(".message:not(.from-customer)").evaluate_all(
        "(all) => all.map((e) => e.ariaLive)"
    )
    assert set(own) == {"off"}
    assert set(others) == {None}
    await close_gallery(chat.page)


async def test_only_web_addresses_become_links_of_cards(browser: Browser, site: str) -> None:
    chat = await open_gallery(browser, site, width=1280, height=800, scheme="light")
    cards = chat.inside.locator(".card")
    assert await cards.evaluate_all("(all) => all.map((e) => e.getAttribute('href'))") == [
        f"{site}/manual/reprint#again",
        None,
    ]
    await close_gallery(chat.page)


async def test_nothing_moves_for_those_who_asked_for_calm(browser: Browser, site: str) -> None:
    chat = await open_gallery(browser, site, width=1280, height=800, scheme="light")
    await chat.page.emulate_media(reduced_motion="reduce")
    moving = await chat.page.frames[1].evaluate(
        """() => [...document.querySelectorAll("*")].map((e) => getComputedStyle(e))
            .filter((s) => s.animationName !== "none" || !/^0s(, 0s)*$/.test(s.transitionDuration)).length"""
    )
    assert moving == 0
    await close_gallery(chat.page)


async def test_a_long_answer_is_shown_from_its_beginning(browser: Browser, site: str) -> None:
    chat = await open_gallery(browser, site, width=1280, height=800, scheme="light")
    cards = [{"title": f"Page {number}", "url": "/manual/x", "excerpt": "Many words. " * 20} for number in range(6)]
    news = [
        message(8, "assistant", "Quill", "Here is all of it:", cards=cards),
        message(9, "assistant", "Quill", "End."),
    ]

    async def with_news(route: Route) -> None:
        await route.fulfill(json={**STATE, "messages": [*MESSAGES, *news]})

    await chat.page.route("**/messages?after_seq=*", with_news)
    await chat.page.frames[1].evaluate("dispatchEvent(new Event('online'))")
    await expect(chat.inside.get_by_text("Here is all of it:")).to_be_in_viewport()
    await expect(chat.inside.get_by_text("End.")).not_to_be_in_viewport()
    await chat.button("More below").click()
    await expect(chat.inside.get_by_text("End.")).to_be_in_viewport()
    await expect(chat.button("More below")).to_be_hidden()
    await close_gallery(chat.page)


async def test_days_and_people_are_distinguished(browser: Browser, site: str) -> None:
    chat = await open_gallery(browser, site, width=1280, height=800, scheme="light")
    assert await chat.inside.locator(".day").count() == 2
    assert await chat.inside.locator(".byline-name").all_inner_texts() == [
        "You", "Quill", "You", "Quillbook Software", "Dana Reyes", "You", "Quill",
    ]  # fmt: skip
    await expect(chat.inside.get_by_role("banner")).to_contain_text("Number 2 in the queue")
    await close_gallery(chat.page)
