"""What the manual's site tells of searches: each once, with the hits that were opened, and nothing made up."""

from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.manual_site.finding import Finding
from tests.manual_site.site import Manual, serve

OURS = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Log:
    searched_for: list[str] = field(default_factory=list)
    opened_hits: list[tuple[str, int]] = field(default_factory=list)

    async def searched(self, reader: str, finding: Finding) -> str | None:
        self.searched_for.append(finding.question)
        return f"key-{len(self.searched_for)}"

    async def opened(self, reader: str, key: str, place: int) -> None:
        self.opened_hits.append((key, place))


async def report(browser: httpx.AsyncClient, body: Any, **headers: str) -> httpx.Response:
    return await browser.post("/manual/searches", json=body, headers={**OURS, **headers})


async def test_a_search_page_is_recorded_and_names_its_search_to_its_script(manual: Manual) -> None:
    log = Log()
    async with serve(manual, log=log) as browser:
        page = await browser.get("/manual/search", params={"q": "reprint an invoice"})
        assert 'data-searched="key-1"' in page.text
        assert (await report(browser, {"key": "key-1", "place": 2})).status_code == 204
        await browser.get("/manual/search")
        await browser.head("/manual/search", params={"q": "only a look"})
    assert log.searched_for == ["reprint an invoice"] and log.opened_hits == [("key-1", 2)]


async def test_typing_is_not_recorded_but_the_question_left_standing_is(manual: Manual) -> None:
    log = Log()
    async with serve(manual, log=log) as browser:
        for typed in ("rep", "reprint", "reprint an inv"):
            await browser.get("/manual/search.json", params={"q": typed})
        assert log.searched_for == []
        await report(browser, {"question": "reprint an invoice"})
        await report(browser, {"question": "reprint an invoice", "place": 0})
    assert log.searched_for == ["reprint an invoice"] * 2 and log.opened_hits == [("key-2", 0)]


async def test_other_sites_and_nonsense_are_not_recorded(manual: Manual) -> None:
    log = Log()
    async with serve(manual, log=log) as browser:
        await report(browser, {"question": "from elsewhere"}, **{"Sec-Fetch-Site": "cross-site"})
        bodies: list[Any] = [[], "text", {}, {"question": 5}, {"key": None, "place": 1}, {"question": "   "}]
        for nonsense in bodies:
            assert (await report(browser, nonsense)).status_code in (204, 422)
        assert (await browser.post("/manual/searches", content=b"\xff{", headers=OURS)).status_code == 422
    assert log.searched_for == [] and log.opened_hits == []
