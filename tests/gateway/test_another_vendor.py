"""Nothing of the demo product is left where a department has a support.yml of its own."""

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.settings.support.assistant_wording import spoken
from bot.settings.support.load import load_support, shipped
from bot.settings.support.translations import FILES, in_language, languages
from tests.support.gateway_fixture import Gateway, open_gateway

DEMO = re.compile(r"quill(?:book)?\b|\bqb-?\d*|234-542", re.IGNORECASE)
OWN = """
company: Hartley GmbH
product: Ledgerline
phone: +49 30 901820
hours: {zone: Europe/Berlin, holidays: {country: DE}}
email: {from_address: support@hartley.example}
"""
PAGES = (
    "/",
    "/widget/",
    "/widget/privacy",
    "/widget/embed.js",
    "/api/config",
    "/manual/",
    "/manual/tips-for-faster-service",
    "/manual/search?q=invoice",
    "/manual/no-such-page",
    "/desk/login",
    "/desk/join",
)
LINK = re.compile(r'(?:href|src)="(/[^"#?]*)')


@pytest.fixture
async def gateway(tmp_path: Path, migrated: Path) -> AsyncIterator[Gateway]:
    shutil.copy(migrated, tmp_path / "techref.db")
    (tmp_path / "manual").mkdir()
    (tmp_path / "manual" / "start.md").write_text("---\ntitle: Start\nchapter: First\n---\n\nHow to begin.\n")
    (tmp_path / "support.yml").write_text(OWN)
    async with open_gateway(tmp_path) as gateway:
        gateway.ctx.support = load_support(tmp_path)
        yield gateway


async def test_no_public_page_names_the_demo_product(gateway: Gateway) -> None:
    browser, seen, left = gateway.browser(), set[str](), list(PAGES)
    found: dict[str, list[str]] = {}
    while left:
        address = left.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = await browser.get(address, follow_redirects=True)
        if words := DEMO.findall(answer.text):
            found[address] = words
        if "text/html" in answer.headers.get("content-type", "") and not address.startswith("/desk"):
            left += [one for one in LINK.findall(answer.text) if not one.startswith("/desk")]
    assert found == {}
    assert len(seen) > 20 and "/manual/start" in seen


DESK = (
    "/desk/administration",
    *(f"/desk/administration/settings/{name}" for name in ("company", "teams", "questions", "requests", "hours")),
    "/desk/administration/products",
    "/desk/administration/learning",
    "/desk/administration/channels",
    "/desk/manual/pages/tips-for-faster-service",
    "/desk/manual/sources",
    "/desk/manual",
)


async def test_no_page_of_administration_shows_the_demo_product(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", role="admin")
    pages = {address: (await ada.browser.get(address)).text for address in DESK}
    assert {address: DEMO.findall(text) for address, text in pages.items() if DEMO.search(text)} == {}


def test_the_assistant_is_named_after_the_product_and_no_web_site_is_made_up(tmp_path: Path) -> None:
    (tmp_path / "support.yml").write_text(OWN)
    support = load_support(tmp_path)
    assert (support.assistant_name, support.website) == ("Ledgerline assistant", None)


def test_no_sentence_names_the_demo_product(tmp_path: Path) -> None:
    (tmp_path / "support.yml").write_text(OWN)
    support = load_support(tmp_path)
    told = {code: in_language(support, shipped(), code).model_dump_json() for code in ("en", *languages())}
    told |= {name: " ".join(texts) for name, texts in spoken().items()}
    told |= {file.name: file.read_text() for file in FILES.glob("*.yml")}
    assert {name: DEMO.findall(text) for name, text in told.items() if DEMO.search(text)} == {}


def test_a_product_has_the_error_codes_that_its_file_names(tmp_path: Path) -> None:
    (tmp_path / "support.yml").write_text(f"{OWN}error_code: LL-1001\n")
    support = load_support(tmp_path)
    assert support.details_of("it says ll 4711 when I open it").error_code == "LL-4711"
    (tmp_path / "support.yml").write_text(OWN)
    assert load_support(tmp_path).error_code is None
    assert load_support(tmp_path / "none").error_code == "QB-2107"
