"""An issue is brought to GitHub or Jira once, as its technician has edited it, and what is closed there is noted."""

import json
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.fake_trackers import TOKEN, FakeTrackers, fake_trackers, signed
from tests.support.gateway_fixture import Case, Desk, Gateway, eventually, open_gateway

SECRET = "the payroll of Hartley is wrong"
OWN = {"TECHREF_PRIVATE_NETWORKS": "127.0.0.0/8"}


@pytest.fixture
def outside() -> Iterator[FakeTrackers]:
    with fake_trackers() as trackers:
        yield trackers


@pytest.fixture
async def gateway(tmp_path: Path, migrated: Path) -> AsyncIterator[Gateway]:
    shutil.copy(migrated, tmp_path / "techref.db")
    async with open_gateway(tmp_path, OWN) as gateway:
        yield gateway


@pytest.fixture
async def ada(gateway: Gateway) -> Desk:
    return await gateway.technician("Ada", "admin")


async def add(ada: Desk, outside: FakeTrackers, kind: str = "github", **more: Any) -> dict[str, Any]:
    project = {"github": "hartley/quillbook", "jira": "QB"}[kind]
    fields = {"kind": kind, "name": "Quillbook", "url": outside.url, "project": project, "token": TOKEN, **more}
    added = await ada.post("trackers", fields)
    assert added.status_code == 201, added.text
    return {**added.json()["tracker"], "secret": added.json()["secret"]}


async def escalate(ada: Desk, case: Case, to: dict[str, Any], **more: Any) -> httpx.Response:
    fields = {"tracker": to["id"], "title": "Crash", "text": "It crashes when printing.", "client_id": "a", **more}
    return await ada.post(f"issues/{case.reference}/escalations", fields)


async def made(ada: Desk, case: Case) -> dict[str, Any]:
    """The escalation once it is at the tracker."""

    async def is_open() -> bool:
        return bool((await listed(ada, case))[0]["state"] == "open")

    await eventually(is_open)
    return (await listed(ada, case))[0]


async def listed(ada: Desk, case: Case) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await ada.get(f"issues/{case.reference}/escalations")).json()["escalations"]
    return found


async def event(gateway: Gateway, tracker: dict[str, Any], body: Any, secret: str | None = None) -> int:
    content = json.dumps(body).encode()
    header = "X-Hub-Signature-256" if tracker["kind"] == "github" else "X-Hub-Signature"
    headers = {header: signed(secret or tracker["secret"], content), "X-GitHub-Event": "issues"}
    answer = await gateway.browser().post(f"/trackers/{tracker['id']}/events", content=content, headers=headers)
    return answer.status_code


def closed(number: int = 1, action: str = "closed", place: str = "Hartley/quillbook") -> dict[str, Any]:
    return {"action": action, "issue": {"number": number, "id": 2**40}, "repository": {"full_name": place}}


async def test_what_is_proposed_names_nobody_and_holds_no_confidence(
    gateway: Gateway, ada: Desk, outside: FakeTrackers
) -> None:
    case = await gateway.case(
        problem="Quillbook crashes, this is Mia Jones, call 030 1234567 or mia@bakery.example\nQB-2107",
        private={"what_changed": SECRET},
        product_version="12.2.1",
    )
    await add(ada, outside)
    proposed = (await ada.get(f"issues/{case.reference}/escalations")).json()["proposed"]
    for words in ("Mia", "Jones", "1234567", "bakery", "payroll"):
        assert words not in proposed["title"] + proposed["text"], words
    assert "QB-2107" in proposed["text"] and "12.2.1" in proposed["text"]
    fragment = await ada.browser.get(f"/desk/fragments/issues/{case.reference}/escalate")
    assert "QB-2107" in fragment.text and "payroll" not in fragment.text
    assert outside.issues == [], "nothing leaves before it is sent"


async def test_an_issue_is_made_once_with_what_was_edited(gateway: Gateway, ada: Desk, outside: FakeTrackers) -> None:
    case, tracker = await gateway.case(), await add(ada, outside)
    assert (await escalate(ada, case, tracker)).status_code == 202
    assert (await escalate(ada, case, tracker)).status_code == 202
    there = await made(ada, case)
    assert there["key"] == "hartley/quillbook#1" and there["url"].endswith("/issues/1")
    assert len(outside.issues) == 1 and outside.issues[0]["title"] == "Crash"
    assert outside.issues[0]["body"].startswith("It crashes when printing.\n\n<!-- techref-")
    page = (await ada.browser.get(f"/desk/issues/{case.reference}")).text
    assert there["url"] in page and "escalated it to the developers" in page


@pytest.mark.parametrize(("kind", "older"), [("github", False), ("jira", False), ("jira", True)])
async def test_an_answer_that_was_lost_makes_no_second_issue(
    gateway: Gateway, ada: Desk, outside: FakeTrackers, kind: str, older: bool
) -> None:
    case, tracker = await gateway.case(), await add(ada, outside, kind)
    outside.older, outside.status = older, [502]
    await escalate(ada, case, tracker)

    async def waits() -> bool:
        return bool((await listed(ada, case))[0]["state"] == "waiting")

    await eventually(waits)
    assert (await listed(ada, case))[0]["why"] == "answered 502"
    gateway.clock.advance(minutes=5)
    await made(ada, case)
    assert len(outside.issues) == 1


async def test_a_jira_issue_has_type_label_and_the_account_of_the_token(
    gateway: Gateway, ada: Desk, outside: FakeTrackers
) -> None:
    tracker = await add(ada, outside, "jira", issue_type="Defect", account="bot@hartley.example")
    case = await gateway.case()
    await escalate(ada, case, tracker)
    there = await made(ada, case)
    assert there["key"] == "QB-1" and there["url"] == f"{outside.url}/browse/QB-1"
    fields = outside.issues[0]
    assert fields["project"] == {"key": "QB"} and fields["issuetype"] == {"name": "Defect"}
    assert fields["labels"][0].startswith("techref-")
    assert outside.receiver.requests[0].headers["authorization"].startswith("Basic ")


async def test_a_text_that_repeats_private_words_is_refused(gateway: Gateway, ada: Desk, outside: FakeTrackers) -> None:
    case, tracker = await gateway.case(private={"what_changed": SECRET}), await add(ada, outside)
    for text in (f"They say {SECRET}.", "Write to mia@bakery.example"):
        refused = await escalate(ada, case, tracker, text=text)
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "holds_confidence")
    assert await listed(ada, case) == [] and outside.issues == []


async def test_a_token_that_is_refused_is_reported_and_can_be_replaced(
    gateway: Gateway, ada: Desk, outside: FakeTrackers
) -> None:
    case, tracker = await gateway.case(), await add(ada, outside, token="wrong")
    refused = await ada.post(f"trackers/{tracker['id']}/test")
    assert refused.status_code == 409 and "answered 401" in refused.json()["error"]["message"]
    await escalate(ada, case, tracker)

    async def failed() -> bool:
        return bool((await listed(ada, case))[0]["state"] == "failed")

    await eventually(failed)
    assert "not taken (answered 401)" in (await ada.browser.get(f"/desk/issues/{case.reference}")).text
    changed = await ada.post(f"trackers/{tracker['id']}", {"name": "Quillbook", "url": outside.url, "token": TOKEN})
    assert changed.status_code == 200
    assert "knows hartley/quillbook" in (await ada.post(f"trackers/{tracker['id']}/test")).json()["told"]
    waiting = (await ada.get("outbox")).json()["attention"]
    assert (await ada.post(f"outbox/{waiting[0]['id']}/resend")).status_code == 200
    await made(ada, case)


async def test_closing_it_there_is_a_note_and_its_technicians_turn_and_resolves_nothing(
    gateway: Gateway, ada: Desk, outside: FakeTrackers
) -> None:
    case, tracker = await gateway.case(), await add(ada, outside)
    await ada.claim(case)
    await escalate(ada, case, tracker)
    await made(ada, case)
    await ada.say(case, "We have found it; please wait for the next version.")
    assert (await ada.get(f"issues/{case.reference}")).json()["status"] == "waiting_customer"
    before = await case.reads()
    for _ in range(2):
        assert await event(gateway, tracker, closed()) == 204
    issue = (await ada.get(f"issues/{case.reference}")).json()
    assert issue["status"] == "in_progress" and issue["resolved_at"] is None
    news = await ada.about(case, "/messages")
    notes = [one for one in news["notes"] if one["author_name"] == "GitHub"]
    assert len(notes) == 1 and "hartley/quillbook#1 was closed" in notes[0]["text"]
    assert "Your turn" in (await ada.browser.get("/desk/fragments/queue")).text
    assert (await case.reads())["messages"] == before["messages"], "the customer hears nothing of it"
    assert (await listed(ada, case))[0]["state"] == "closed"
    assert await event(gateway, tracker, closed(action="reopened")) == 204
    assert (await listed(ada, case))[0]["state"] == "open"


async def test_jira_reports_by_the_category_of_the_status(gateway: Gateway, ada: Desk, outside: FakeTrackers) -> None:
    case, tracker = await gateway.case(), await add(ada, outside, "jira")
    await escalate(ada, case, tracker)
    await made(ada, case)
    body = {"issue": {"key": "QB-1", "fields": {"status": {"name": "Erledigt", "statusCategory": {"key": "done"}}}}}
    assert await event(gateway, tracker, body) == 204
    assert (await listed(ada, case))[0]["state"] == "closed"


async def test_what_is_not_signed_or_of_another_place_changes_nothing(
    gateway: Gateway, ada: Desk, outside: FakeTrackers
) -> None:
    case, tracker = await gateway.case(), await add(ada, outside)
    other = await add(ada, outside, name="Other")
    await escalate(ada, case, tracker)
    await made(ada, case)
    assert await event(gateway, tracker, closed(), secret="guessed") == 401
    assert await event(gateway, tracker, closed(), secret=other["secret"]) == 401
    assert await event(gateway, {**tracker, "id": 99}, closed()) == 401
    assert await event(gateway, other, closed()) == 204
    assert await event(gateway, tracker, closed(place="hartley/elsewhere")) == 204
    assert await event(gateway, tracker, closed(number=7)) == 204
    assert await event(gateway, tracker, {"action": ["closed"], "issue": "x", "repository": None}) == 204
    unsigned = await gateway.browser().post(f"/trackers/{tracker['id']}/events", json=closed())
    assert unsigned.status_code == 401
    assert (await listed(ada, case))[0]["state"] == "open"
    await ada.post(f"trackers/{tracker['id']}/remove")
    assert await event(gateway, tracker, closed()) == 401


async def test_trackers_are_offered_to_their_team_and_typed_in_by_administrators(
    gateway: Gateway, ada: Desk, outside: FakeTrackers
) -> None:
    case = await gateway.case()
    team = (await ada.get(f"issues/{case.reference}")).json()["team"]
    other = next(one for one in gateway.ctx.support.team_titles if one != team)
    await add(ada, outside, team=other, name="Theirs")
    await add(ada, outside, team=team, name="Ours")
    await add(ada, outside, name="Everybody's")
    proposed = (await ada.get(f"issues/{case.reference}/escalations")).json()["proposed"]
    assert [one["name"] for one in proposed["trackers"]] == ["Ours", "Everybody's"]
    shown = (await ada.get("trackers")).text + (await ada.browser.get("/desk/administration/trackers")).text
    assert TOKEN not in shown
    right = {"kind": "github", "name": "x", "project": "a/b", "token": "t"}
    faults: tuple[dict[str, Any], ...] = (
        {"kind": "fax"},
        {"kind": ["github"]},
        {"name": ""},
        {"project": "no-owner"},
        {"project": "a/../b"},
        {"kind": "jira", "project": "lower"},
        {"kind": "jira", "project": "QB"},
        {"token": ""},
        {"token": "two words"},
        {"url": "ftp://x"},
        {"team": "nobody"},
        {"team": ["x"]},
    )
    for wrong in faults:
        assert (await ada.post("trackers", {**right, **wrong})).status_code == 422, wrong
    eva = await gateway.technician("Eva", "supervisor")
    assert (await eva.post("trackers", right)).status_code == 403
    for wrong in ({"tracker": 99}, {"tracker": "x"}, {"tracker": None}):
        assert (await escalate(ada, case, {"id": 1}, **wrong)).status_code == 404, wrong
    for wrong in ({"title": ""}, {"title": "x" * 201}, {"text": ""}, {"client_id": ""}, {"client_id": None}):
        assert (await escalate(ada, case, {"id": 1}, **wrong)).status_code == 422, wrong
