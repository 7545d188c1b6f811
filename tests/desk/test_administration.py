"""A manager sets the department up without a developer: settings with preview and undo, people, the checklist."""

from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.services.administration import settings_fields, setup_checklist
from bot.services.technician import first_administrator
from bot.settings.support.own_file import text_of
from bot.store.tables import AuditEntry, Issue
from tests.support.gateway_fixture import PASSWORD, Desk, Gateway


async def change(desk: Desk, path: str, text: str) -> Any:
    base = (await desk.get("settings/company")).json()["base"]
    answer = await desk.post("settings", {"base": base, "edits": [{"path": path, "text": text}]})
    return {"status": answer.status_code, **answer.json()}


async def test_a_saved_setting_is_in_use_at_once_and_can_be_undone(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", role="admin")
    assert (await change(ada, "company", "Example Ltd"))["status"] == 200
    assert gateway.ctx.support.company == "Example Ltd"
    assert "Example Ltd" in (await ada.browser.get("/desk/issues")).text
    assert "Example Ltd" in (await gateway.browser().get("/manual/")).text
    assert (await change(ada, "hours.holidays.own", "2026-12-24 Christmas Eve\n2026-12-31 New Year's Eve"))[
        "status"
    ] == 200
    assert "2026-12-24: Christmas Eve" in text_of(gateway.ctx.home)
    page = (await ada.browser.get("/desk/administration/settings/history")).text
    assert page.count(">Go back to this<") == 2
    async with gateway.ctx.db.read() as session:
        rows = list(await session.scalars(select(AuditEntry).where(AuditEntry.action == "settings.change")))
    assert [row.details["keys"] for row in rows] == [["company"], ["hours"]]
    assert all("Example" not in str(row.details) for row in rows)
    assert (await ada.post("settings/undo", {"version": "1"})).status_code == 200
    assert gateway.ctx.support.company == "Quillbook Software"
    assert text_of(gateway.ctx.home) == ""


async def test_what_is_wrong_is_named_and_nothing_is_written(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", role="admin")
    for path, text, said in (
        ("colour", "blue", "colour"),
        ("hours.week.monday", "17:00-08:00", "hours.week.monday"),
        ("hours.holidays.own", "Christmas", "hours.holidays.own"),
        ("wording.claimed", "Somebody is here {who}", "wording.claimed"),
        ("sentences.utter_goodbye", "Bye {name}", "utter_goodbye"),
        ("charges.hourly_rate", "much", "charges.hourly_rate"),
        ("no.such.key", "1", "no.such.key"),
    ):
        told = await change(ada, path, text)
        assert told["status"] == 422, path
        assert said in told["error"]["message"]
    assert text_of(gateway.ctx.home) == ""


async def test_a_preview_changes_nothing(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", role="admin")
    base = (await ada.get("settings/company")).json()["base"]
    edits = [{"path": "hours.holidays.own", "text": "2026-12-24 Christmas Eve"}]
    seen = (await ada.post("settings/preview", {"base": base, "edits": edits})).json()
    assert "+    2026-12-24: Christmas Eve" in seen["diff"] or "2026-12-24: Christmas Eve" in seen["diff"]
    assert seen["shown"]["hours"]
    assert text_of(gateway.ctx.home) == ""


async def test_of_two_who_edit_the_second_is_informed(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", role="admin")
    base = (await ada.get("settings/company")).json()["base"]
    await change(ada, "company", "First")
    late = await ada.post("settings", {"base": base, "edits": [{"path": "company", "text": "Second"}]})
    assert late.status_code == 409 and late.json()["error"]["code"] == "changed_meanwhile"
    assert gateway.ctx.support.company == "First"


async def test_a_file_edited_by_hand_is_resumed_and_kept_for_undo(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", role="admin")
    (gateway.ctx.home / "support.yml").write_text("# by hand\ncompany: By Hand\n")
    assert await gateway.ctx.refresh_support()
    assert gateway.ctx.support.company == "By Hand"
    await change(ada, "phone", "555-010-2030")
    assert "# by hand" in text_of(gateway.ctx.home)
    (gateway.ctx.home / "support.yml").write_text("company: [wrong\n")
    assert not await gateway.ctx.refresh_support()
    assert gateway.ctx.support.phone == "555-010-2030"
    assert (await ada.post("settings/undo", {"version": 1})).status_code == 200
    assert text_of(gateway.ctx.home) == "# by hand\ncompany: By Hand\n"


@pytest.mark.parametrize("section", [*settings_fields.SECTIONS, "file", "history"])
async def test_every_page_of_settings_opens_for_administrators_alone(gateway: Gateway, section: str) -> None:
    ada, eva = await gateway.technician("Ada", role="admin"), await gateway.technician("Eva", role="supervisor")
    address = f"/desk/administration/settings/{section}"
    assert (await ada.browser.get(address)).status_code == 200
    assert (await eva.browser.get(address)).status_code == 403


async def test_the_first_sign_in_opens_the_checklist_once(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", role="admin")
    assert (await ada.browser.get("/desk")).headers["location"] == "/desk/administration"
    page = (await ada.browser.get("/desk/administration")).text
    assert "Office hours" in page and "/widget/embed.js" in page
    assert (await ada.browser.get("/desk")).status_code == 200


async def test_the_checklist_sees_what_is_done_and_takes_a_tick(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", role="admin")
    await change(ada, "hours.holidays.own", f"{gateway.clock().year}-12-24 Christmas Eve")
    await ada.post("checklist/embed", {"done": True})
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 20
    assert (await ada.browser.post("/desk/api/logo", files={"file": ("l.png", png)})).status_code == 200
    done = {item.id for item in await setup_checklist.list_items(gateway.ctx) if item.done}
    assert done == {"closings", "embed", "logo", "manual"}
    assert (await gateway.browser().get("/brand/logo")).headers["content-type"] == "image/png"
    assert (await ada.browser.post("/desk/api/logo", files={"file": ("l.svg", b"<svg/>")})).status_code == 422
    assert (await ada.post("checklist/dance", {})).status_code == 404


async def test_the_first_administrator_joins_by_a_link_that_works_once(gateway: Gateway) -> None:
    token = first_administrator.make_link_token(gateway.ctx.home)
    browser, who = gateway.browser(), {"name": "Ada", "email": "ada@vendor.example", "password": PASSWORD}
    for body in ({**who, "token": f"{token}x"}, {**who, "token": first_administrator.MARK}):
        assert (await browser.post("/desk/api/join", json=body)).status_code == 404
    assert (await browser.post("/desk/api/join", json={**who, "token": token, "password": "short"})).status_code == 422
    assert (await browser.post("/desk/api/join", json={**who, "token": token})).json()["email"] == who["email"]
    assert (await browser.post("/desk/api/join", json={**who, "token": token})).status_code == 404
    late = {**who, "token": first_administrator.make_link_token(gateway.ctx.home), "email": "eve@vendor.example"}
    assert (await browser.post("/desk/api/join", json=late)).status_code == 404, "somebody can sign in already"


async def test_somebody_invited_sets_a_password_once(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", role="admin")
    body = {"email": "New@desk.example", "name": "Newt", "role": "technician", "team": "data"}
    link = (await ada.post("people", body)).json()["link"]
    token = link.partition("#")[2]
    assert link.startswith(f"{gateway.address}/desk/join#") and len(token) > 40
    stranger = gateway.browser()
    weak = await stranger.post("/desk/api/join", json={"token": token, "password": "short"})
    assert weak.status_code == 422
    assert (await stranger.post("/desk/api/join", json={"token": token, "password": PASSWORD})).status_code == 200
    assert (await stranger.post("/desk/api/join", json={"token": token, "password": PASSWORD})).status_code == 404
    newt = Desk(gateway.browser(), "Newt", "new@desk.example", 0)
    assert (await newt.sign_in()).status_code == 200
    assert (await newt.get("me")).json()["technician"]["team"] == "data"
    assert (await ada.post("people", body)).status_code == 409


async def test_a_link_is_over_after_a_week_or_when_withdrawn(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", role="admin")
    body = {"email": "late@desk.example", "name": "Late", "role": "technician"}
    tokens = [(await ada.post("people", body)).json()["link"].partition("#")[2] for _ in range(2)]

    async def use(token: str) -> httpx.Response:
        return await gateway.browser().post("/desk/api/join", json={"token": token, "password": PASSWORD})

    assert (await use(tokens[0])).status_code == 404, "a newer link replaces it"
    await ada.post("people/withdraw", {"email": "late@desk.example"})
    assert (await use(tokens[1])).status_code == 404
    token = (await ada.post("people", body)).json()["link"].partition("#")[2]
    gateway.clock.advance(days=8)
    assert (await use(token)).status_code == 404


async def test_a_new_password_by_link_ends_the_old_one(gateway: Gateway) -> None:
    ada, ben = await gateway.technician("Ada", role="admin"), await gateway.technician("Ben")
    token = (await ada.post(f"people/{ben.id}/reset")).json()["link"].partition("#")[2]
    assert (await ben.get("me")).status_code == 200, "the old one holds until the link is used"
    answer = await gateway.browser().post("/desk/api/join", json={"token": token, "password": "another good one"})
    assert answer.status_code == 200
    assert (await ben.get("me")).status_code == 401
    assert (await ben.sign_in()).status_code == 401
    assert (await ben.sign_in("another good one")).status_code == 200


async def test_who_is_deactivated_is_signed_out_and_the_last_administrator_stays(gateway: Gateway) -> None:
    ada, ben = await gateway.technician("Ada", role="admin"), await gateway.technician("Ben")
    case = await gateway.case()
    await ben.claim(case)
    assert (await ada.post(f"people/{ben.id}", {"active": False})).json()["active"] is False
    assert (await case.reads())["owner"] == "queue", "nobody answers for somebody who has left"
    assert (await ben.get("me")).status_code == 401
    for fields in ({"active": False}, {"role": "technician"}):
        refused = await ada.post(f"people/{ada.id}", fields)
        assert refused.status_code == 409 and refused.json()["error"]["code"] == "last_admin"
    assert (await ada.post(f"people/{ben.id}", {"active": True, "role": "dancer"})).status_code == 422
    assert (await ada.post("people/999", {"active": True})).status_code == 404


async def test_availability_is_mine_to_say(gateway: Gateway) -> None:
    ben = await gateway.technician("Ben")
    assert (await ben.post("availability", {"availability": "lunch"})).status_code == 200
    assert (await ben.get("me")).json()["technician"]["availability"] == "lunch"
    assert (await ben.post("availability", {"availability": "dancing"})).status_code == 422


async def test_only_administrators_change_people_and_settings(gateway: Gateway) -> None:
    eva = await gateway.technician("Eva", role="supervisor")
    for address in (
        "people",
        "settings",
        "settings/preview",
        "settings/undo",
        "checklist/embed",
        "logo",
        f"people/{eva.id}",
    ):
        assert (await eva.post(address)).status_code == 403, address


async def test_an_address_that_is_no_text_is_only_unknown(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", "admin")
    headers = {"Content-Type": "application/json"}
    answer = await ada.browser.post("/desk/api/people/withdraw", content=b'{"email": "\\ud800"}', headers=headers)
    assert answer.status_code == 404


async def test_a_request_is_added_changed_and_removed_at_the_desk(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", role="admin")

    async def save(*edits: dict[str, Any]) -> Any:
        base = (await ada.get("settings/requests")).json()["base"]
        return await ada.post("settings", {"base": base, "edits": list(edits)})

    new = {
        "title": "Training",
        "team": "sales",
        "sentence": "{team} call you by {day}.",
        "examples": "Do you train us?",
    }
    saved = await save(*({"path": f"requests.training.{name}", "text": text} for name, text in new.items()))
    assert saved.status_code == 200, saved.text
    added = next(one for one in gateway.ctx.support.requests if one.id == "training")
    assert (added.title, added.reply, added.examples) == ("Training", new["sentence"], (new["examples"],))
    page = (await ada.browser.get("/desk/administration/settings/requests")).text
    assert 'data-path="requests.training.urgent"' in page and 'data-entry="training"' in page
    assert (await save({"path": "requests.training.urgent", "text": "yes"})).status_code == 200
    assert gateway.ctx.support.is_urgent("training")
    for removed in ("training", "praise"):
        ids = [one.id for one in gateway.ctx.support.requests if one.id != removed]
        assert (await save({"path": "requests", "ids": ids})).status_code == 200
    assert {"training", "praise"}.isdisjoint(one.id for one in gateway.ctx.support.requests)
    assert text_of(gateway.ctx.home).splitlines()[-2:] == ["requests:", "  praise:"]


async def test_a_wrong_request_is_refused_by_its_key(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", role="admin")
    for path, text, said in (
        ("requests.praise.team", "nobody", "requests.praise.team"),
        ("requests.praise.sentence", "Thanks, {who}", "requests.praise.sentence"),
        ("requests.praise.examples", "", "requests.praise.examples"),
        ("requests.praise.keywords", "well + |done", "requests.praise.keywords"),
        ("requests.training.title", "Training", "requests.training.team"),
        ("requests.printing.title", "Printing", "requests.printing"),
        ("requests.praise.questions", "printer", "requests.praise.questions"),
    ):
        told = await change(ada, path, text)
        assert told["status"] == 422, path
        assert said in told["error"]["message"], told
    base = (await ada.get("settings/requests")).json()["base"]
    for path, ids in (("hours", []), ("requests", "praise"), ("requests", ["a", "a"]), ("requests", ["A"])):
        edits = [{"path": path, "ids": ids}]
        assert (await ada.post("settings", {"base": base, "edits": edits})).status_code == 422
    assert text_of(gateway.ctx.home) == ""


async def test_an_urgent_request_is_marked_in_its_teams_list(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", role="admin")
    assert (await change(ada, "requests.praise.urgent", "yes"))["status"] == 200
    case = await gateway.case("we are delighted")
    async with gateway.ctx.db.write() as session:
        issue = await session.scalar(select(Issue).where(Issue.conversation_id == case.conversation_id))
        assert issue is not None
        issue.category, issue.team = "praise", "management"
    page = (await ada.browser.get("/desk/issues?team=management")).text
    assert "Praise" in page and "Urgent" in page


async def test_lists_are_ordered_emptied_and_filled_at_the_desk(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", role="admin")

    async def save(*edits: dict[str, Any]) -> httpx.Response:
        base = (await ada.get("settings/teams")).json()["base"]
        return await ada.post("settings", {"base": base, "edits": list(edits)})

    shipped = [one.id for one in gateway.ctx.support.categories]
    turned = [*reversed(shipped[:-1]), "other"]
    assert (await save({"path": "categories", "ids": turned})).status_code == 200
    assert [one.id for one in gateway.ctx.support.categories] == turned
    assert (await ada.post("settings/empty-lists")).status_code == 200
    assert ([one.id for one in gateway.ctx.support.categories], gateway.ctx.support.requests) == (["other"], ())
    fields = {"title": "Signing in", "team": "first_line", "keywords": "sso\n502", "questions": ""}
    new = [{"path": f"categories.signing_in.{name}", "text": text} for name, text in fields.items()]
    teams: list[dict[str, Any]] = [
        {"path": "teams", "ids": ["first_line"]},
        {"path": "teams.first_line.title", "text": "First line"},
    ]
    saved = await save(*new, {"path": "categories", "ids": ["signing_in", "other"]}, *teams)
    assert saved.status_code == 200, saved.text
    found = gateway.ctx.support
    first = found.categories[0]
    assert (first.id, first.team, first.keywords) == ("signing_in", "first_line", ("sso", "502"))
    assert list(found.teams) == ["first_line"] and found.category("other").team == "first_line"
    done = {item.id for item in await setup_checklist.list_items(gateway.ctx) if item.done}
    assert "questions" in done
    page = (await ada.browser.get("/desk/administration/settings/teams")).text
    assert "Signing in" in page and "Quillbook" not in page.partition("<main")[2].partition("</main>")[0]
    assert (await ada.post("settings/undo", {"version": 1})).status_code == 200
    assert [one.id for one in gateway.ctx.support.categories] == shipped


async def test_one_changed_sentence_does_not_tick_the_questions(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", role="admin")
    assert (await change(ada, "questions.product_version.ask", "Which one?"))["status"] == 200
    assert not any(item.done for item in await setup_checklist.list_items(gateway.ctx) if item.id == "questions")


async def test_numbers_and_dates_are_read_as_europe_writes_them(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", role="admin")
    for written, rate in (("95,50", "95.5"), ("1.250,00", "1250"), ("95.50", "95.5")):
        assert (await change(ada, "charges.hourly_rate", written))["status"] == 200
        assert gateway.ctx.support.charges.hourly_rate == Decimal(rate)
    assert (await change(ada, "charges.hourly_rate", "1,250"))["status"] == 422
    assert (await change(ada, "hours.holidays.own", "24.12.2026 Heiligabend"))["status"] == 200
    assert gateway.ctx.support.office_hours.closed_on(date(2026, 12, 24)) == "Heiligabend"
    assert (await change(ada, "charges.cards", "VISA\nAmerican Express"))["status"] == 200
    assert gateway.ctx.support.charges.brands == ("visa", "amex")


async def test_an_office_has_one_clock_the_one_of_its_country(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", role="admin")
    assert (await change(ada, "hours.zone", "Europe/Berlin"))["status"] == 200
    assert (await change(ada, "hours.holidays.country", "DE"))["status"] == 200
    page = (await gateway.browser().get("/")).text
    assert "08:00 to 17:00" in page and ".m." not in page
    assert "08:00 to 17:00" in (await gateway.browser().get("/manual/tips-for-faster-service")).text
    assert (await change(ada, "hours.holidays.country", "US"))["status"] == 200
    assert "8:00 a.m. to 5:00 p.m." in (await gateway.browser().get("/")).text


async def test_the_logo_is_on_every_public_page(gateway: Gateway) -> None:
    ada = await gateway.technician("Ada", role="admin")
    pages = ("/", "/privacy", "/manual/", "/manual/tips-for-faster-service")
    for address in pages:
        assert "/brand/logo" not in (await gateway.browser().get(address)).text
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 20
    assert (await ada.browser.post("/desk/api/logo", files={"file": ("l.png", png)})).status_code == 200
    for address in pages:
        text = (await gateway.browser().get(address)).text
        assert text.count("/brand/logo") == 2 and "icon.svg" not in text and "book.svg" not in text, address
