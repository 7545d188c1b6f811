"""Manuals from elsewhere at the desk: for admins, file by file, in versions, and never from inside our own network."""

import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.gateway.workers import manual_upkeep
from bot.installation import manual_index
from bot.services.manual import manual_sources
from knowledge_base.importers.gather import import_source
from knowledge_base.sources import Library, Report
from tests.knowledge_base.files import pdf
from tests.support.gateway_fixture import Desk, Gateway, eventually

PAGE = b"# Print again\n\nChoose Print Again to reprint an invoice."
ZONE = ZoneInfo("America/New_York")


@pytest.fixture
async def admin(gateway: Gateway) -> Desk:
    return await gateway.technician("Ada", "admin")


async def send(desk: Desk, source_id: str, name: str, content: bytes) -> int:
    answer = await desk.browser.post(f"/desk/api/manual/sources/{source_id}/files", files={"file": (name, content)})
    return answer.status_code


async def uploaded(desk: Desk, name: str = "Our guide") -> str:
    answer = await desk.post("manual/sources", {"name": name})
    assert answer.status_code == 201, answer.text
    source_id: str = answer.json()["id"]
    return source_id


async def state_of(desk: Desk, source_id: str) -> Any:
    sources = (await desk.get("manual/sources")).json()["sources"]
    return next(source for source in sources if source["id"] == source_id)


async def test_sources_are_for_admins_only(gateway: Gateway, admin: Desk) -> None:
    source_id = await uploaded(admin)
    for role in ("technician", "supervisor"):
        desk = await gateway.technician(role.title(), role)
        assert (await desk.browser.get("/desk/manual/sources")).status_code == 403
        assert (await desk.get("manual/sources")).status_code == 403
        for address in ("manual/sources", *(f"manual/sources/{source_id}/{do}" for do in ("import", "remove"))):
            assert (await desk.post(address, {"name": "x"})).status_code == 403, (role, address)
        assert await send(desk, source_id, "a.md", PAGE) == 403
    page = await admin.browser.get("/desk/manual/sources")
    assert page.status_code == 200 and "Our guide" in page.text


async def test_an_upload_is_imported_searched_and_shown_without_a_restart(
    gateway: Gateway, admin: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)  # a busy machine starves who is nice
    await asyncio.to_thread(manual_index.index_manual, gateway.ctx.settings)
    source_id = await uploaded(admin)
    assert await send(admin, source_id, "print.md", PAGE) == 201
    assert await send(admin, source_id, "locked.pdf", pdf(["x"], password="y")) == 201
    assert (await admin.post(f"manual/sources/{source_id}/import")).status_code == 202
    assert (await state_of(admin, source_id))["waiting"]

    async def imported() -> bool:
        await manual_upkeep.keep_up(gateway.ctx)
        result = await gateway.ctx.manual.find("reprint an invoice")
        return result is not None and any(one.page_slug == f"{source_id}-print" for one in result.passages)

    await eventually(imported, seconds=90)
    state = await state_of(admin, source_id)
    assert (state["pages"], state["waiting"], state["last"]["failure"]) == (1, False, None)
    assert [one["name"] for one in state["last"]["refused"]] == ["locked.pdf"]
    page = (await admin.browser.get("/desk/manual/sources")).text
    assert "locked.pdf" in page and "encrypted" in page
    await asyncio.sleep(1.1)
    assert "Choose Print Again" in (await admin.browser.get(f"/manual/{source_id}-print")).text

    assert (await admin.post(f"manual/sources/{source_id}/roll-back")).status_code == 409
    assert (await admin.post(f"manual/sources/{source_id}/remove")).status_code == 204
    assert (await admin.post(f"manual/sources/{source_id}/remove")).status_code == 404


async def test_what_cannot_be_a_source_is_refused_in_words(admin: Desk) -> None:
    for body in (
        {"name": "", "address": "https://docs.example"},
        {"name": "x" * 61},
        {"name": "x", "address": "file:///etc/passwd"},
        {"name": "x", "address": "https://user:secret@docs.example"},
        {"name": 5},
        {"name": "a\u202eb"},
        {"name": "x", "address": "https://docs.example", "include": 5},
        {"name": "x", "address": "https://docs.example", "exclude": "a," * 60},
    ):
        assert (await admin.post("manual/sources", body)).status_code == 422, body
    source_id = await uploaded(admin)
    assert await send(admin, source_id, "run.exe", b"MZ") == 422
    assert await send(admin, source_id, "../../x.md", PAGE) == 201
    assert await send(admin, "../etc", "x.md", PAGE) == 404
    assert (await admin.post(f"manual/sources/{source_id}/roll-back", {"version": "../../x"})).status_code == 409


async def test_a_folder_is_uploaded_with_its_paths_and_replaced_by_the_next_of_its_name(
    gateway: Gateway, admin: Desk
) -> None:
    body = {"name": "Guide", "base_url": "https://docs.example/guide/"}
    source_id = (await admin.post("manual/sources", body)).json()["id"]
    parts = [
        ("file", (name, PAGE)) for name in ("en/print.md", "en/../../deep/.hid/scan.md", "en/picture.png", "run.exe")
    ]
    answer = await admin.browser.post(f"/desk/api/manual/sources/{source_id}/files", files=parts)
    assert answer.status_code == 201
    assert answer.json()["names"] == ["en/print.md", "en/deep/hid/scan.md", "en/picture.png"]
    assert [one["name"] for one in answer.json()["refused"]] == ["run.exe"]
    library = Library(gateway.ctx.home)
    await asyncio.to_thread(import_source, library, library.source(source_id), gateway.clock(), lambda *_: None)
    assert {page.source_url for page in library.pages()} == {
        "https://docs.example/guide/en/print.md",
        "https://docs.example/guide/en/deep/hid/scan.md",
    }
    again = await admin.post("manual/sources", {"name": "Guide"})
    assert again.json()["id"] == source_id and len(library.pages()) == 2
    assert not list(library.files(library.source(source_id)).rglob("*.md"))
    assert (await admin.post("manual/sources", {"name": "Other", "base_url": "ftp://docs"})).status_code == 422


async def test_the_desk_cannot_reach_into_our_own_network(gateway: Gateway, admin: Desk) -> None:
    answer = await admin.post("manual/sources", {"name": "Inside", "address": gateway.address})
    source_id = answer.json()["id"]
    library = Library(gateway.ctx.home)
    await asyncio.to_thread(import_source, library, library.source(source_id), gateway.clock(), lambda *_: None)
    failure = (await state_of(admin, source_id))["last"]["failure"]
    assert "private network" in failure


async def test_a_site_is_added_with_patterns_of_its_paths(admin: Desk) -> None:
    body = {"name": "Part", "address": "https://docs.example", "include": "guide/**, faq", "exclude": "*.pdf\nold"}
    state = await state_of(admin, (await admin.post("manual/sources", body)).json()["id"])
    assert (state["include"], state["exclude"]) == (["guide/**", "faq"], ["*.pdf", "old"])
    page = (await admin.browser.get("/desk/manual/sources")).text
    assert "only guide/**, faq" in page and "without *.pdf, old" in page


async def test_names_of_sources_and_files_are_words_not_markup(admin: Desk) -> None:
    await uploaded(admin, "<img src=x onerror=alert(1)>")
    page = (await admin.browser.get("/desk/manual/sources")).text
    assert "<img src=x" not in page and "&lt;img src=x" in page


def test_sites_and_folders_are_due_every_night_unless_held(tmp_path: Path) -> None:
    library = Library(tmp_path)
    now = datetime(2026, 6, 17, 14, 0, tzinfo=UTC)
    folder, files = library.add("Folder", "folder", "/x"), library.add("Files", "files", "")

    def imported(hours_ago: float) -> None:
        for source in (folder, files):
            library.publish(source, [], Report(now - timedelta(hours=hours_ago), 0, 0, [], 0.0))

    def due() -> list[str]:
        return manual_sources.due_sources(library, now, ZONE)

    imported(9)
    assert due() == ["folder"], "ten in the morning at the office; imported at one at night, before two"
    imported(7)
    assert due() == []
    library.request_import(files)
    assert due() == ["files"]
    library.clear_request(files)
    imported(30)
    library.roll_back(library.source("folder"), library.versions(folder)[-1])
    assert due() == []


@pytest.mark.parametrize(
    ("now", "night"),
    [
        (datetime(2026, 6, 17, 5, 59, tzinfo=UTC), datetime(2026, 6, 16, 6, 0, tzinfo=UTC)),
        (datetime(2026, 6, 17, 6, 0, tzinfo=UTC), datetime(2026, 6, 17, 6, 0, tzinfo=UTC)),
        (datetime(2026, 3, 8, 12, 0, tzinfo=UTC), datetime(2026, 3, 8, 7, 0, tzinfo=UTC)),
    ],
)
def test_the_night_is_the_offices(now: datetime, night: datetime) -> None:
    assert manual_sources.last_night(now, ZONE) == night
