"""Webhooks are sent what happens to issues: signed, in order, without words, and never into our own network."""

import hashlib
import hmac
import json
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.services.issue.issue_status import change_status
from bot.services.technician.access import logged_issue
from bot.services.webhook.signature import signed
from bot.services.webhook.webhook_events import EVENTS
from bot.services.webhook.webhook_sender import PAUSED_AFTER, note_failure
from bot.store.tables import OutboxItem, WebhookEndpoint
from bot.triage.issue.issue_status import IssueStatus
from tests.support.gateway_fixture import Case, Desk, Gateway, eventually, open_gateway
from tests.support.receiving import Received, Receiver, receiving

SECRET = "the payroll of Hartley"
OWN = {"TECHREF_PRIVATE_NETWORKS": "127.0.0.0/8", "TECHREF_PUBLIC_URL": "http://support.hartley.example"}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
async def gateway(tmp_path: Path, migrated: Path) -> AsyncIterator[Gateway]:
    shutil.copy(migrated, tmp_path / "techref.db")
    async with open_gateway(tmp_path, OWN) as gateway:
        yield gateway


@pytest.fixture
async def ada(gateway: Gateway) -> Desk:
    return await gateway.technician("Ada", "admin")


async def webhook(ada: Desk, url: str, *events: str) -> dict[str, Any]:
    body = {"name": "Dashboard", "url": url, "events": list(events or EVENTS)}
    added = await ada.post("webhooks", body)
    assert added.status_code == 201, added.text
    return {**added.json()["webhook"], "secret": added.json()["secret"]}


def events_of(receiver: Receiver) -> list[str]:
    return [one.json["event"] for one in receiver.requests]


async def worked_on(ada: Desk, case: Case) -> None:
    await ada.claim(case)
    await ada.say(case, "Please install 12.2.2")
    await case.write("It works, thank you")
    resolved = await ada.post(f"conversations/{case.conversation_id}/resolve", {"delay": 0})
    assert resolved.status_code == 200, resolved.text


async def test_what_happens_to_an_issue_is_sent_signed_once_and_in_order(
    gateway: Gateway, ada: Desk, receiver: Receiver
) -> None:
    added = await webhook(ada, f"{receiver.url}/hook?from=desk")
    case = await gateway.case(private={"what_changed": SECRET})
    await worked_on(ada, case)
    wanted = [
        "issue.logged",
        "issue.claimed",
        "issue.status_changed",
        "issue.replied",
        "issue.status_changed",
        "issue.customer_replied",
        "issue.status_changed",
        "issue.resolved",
    ]

    async def came() -> bool:
        return len(receiver.requests) >= len(wanted)

    await eventually(came)
    assert sorted(events_of(receiver)) == sorted(wanted)
    assert events_of(receiver)[0] == "issue.logged" and events_of(receiver)[-1] == "issue.resolved"
    first = receiver.requests[0]
    assert first.path == "/hook?from=desk"
    moment, _, signature = first.headers["techref-signature"].partition(",v1=")
    content = f"{moment.removeprefix('t=')}.".encode() + first.body
    assert signature == hmac.new(added["secret"].encode(), content, hashlib.sha256).hexdigest()
    assert first.headers["techref-delivery"] == first.json["id"]
    assert first.json["issue"]["reference"] == case.reference and first.json["issue"]["told_in_confidence"]
    assert first.json["links"]["desk"] == f"http://support.hartley.example/desk/issues/{case.reference}"
    assert len({one.json["id"] for one in receiver.requests}) == len(wanted)
    said = b"".join(one.body for one in receiver.requests)
    for words in (SECRET, "Quillbook crashes", "install", "thank you", "mia@bakery", "Ada"):
        assert words.encode() not in said, words


async def test_only_the_events_that_were_asked_for_are_sent(gateway: Gateway, ada: Desk, receiver: Receiver) -> None:
    await webhook(ada, receiver.url, "issue.resolved")
    await worked_on(ada, await gateway.case())

    async def came() -> bool:
        return bool(receiver.requests)

    await eventually(came)
    listed = (await ada.get("webhooks")).json()["deliveries"]
    assert [one["event"] for one in listed] == ["issue.resolved"]


async def test_a_transaction_that_is_rolled_back_sends_nothing(gateway: Gateway, ada: Desk, receiver: Receiver) -> None:
    await webhook(ada, receiver.url)
    case = await gateway.case()
    with pytest.raises(ZeroDivisionError):
        async with gateway.ctx.db.write() as session:
            issue, _ = await logged_issue(session, case.reference, lock=True)
            change_status(session, issue, IssueStatus.RESOLVED, actor="system", now=gateway.ctx.clock())
            await session.flush()
            raise ZeroDivisionError
    async with gateway.ctx.db.read() as session:
        keys = list(await session.scalars(select(OutboxItem).where(OutboxItem.kind == "webhook")))
    assert [(one.payload or {})["body"]["event"] for one in keys] == ["issue.logged"]


async def test_a_delivery_that_fails_is_tried_again_under_the_same_id_and_can_be_replayed(
    gateway: Gateway, ada: Desk, receiver: Receiver
) -> None:
    failures = [503]

    def answer(_request: Received) -> tuple[int, dict[str, str], bytes]:
        return (failures.pop(), {}, b"") if failures else (204, {}, b"")

    receiver.answer = answer
    await webhook(ada, receiver.url, "issue.logged")
    await gateway.case()

    async def failed() -> bool:
        return bool((await ada.get("webhooks")).json()["webhooks"][0]["state"] == "failing")

    await eventually(failed)
    page = (await ada.browser.get("/desk/administration/webhooks")).text
    assert "answered 503" in page and "It fails since" in page
    gateway.clock.advance(minutes=2)

    async def arrived() -> bool:
        return bool((await ada.get("webhooks")).json()["deliveries"][0]["state"] == "sent")

    await eventually(arrived)
    sent = (await ada.get("webhooks")).json()
    assert sent["webhooks"][0]["state"] == "on" and sent["deliveries"][0]["answer"] == "answered 204"
    assert (await ada.post(f"webhook-deliveries/{sent['deliveries'][0]['id']}/replay")).status_code == 200

    async def replayed() -> bool:
        return len(receiver.requests) == 3

    await eventually(replayed)
    assert len({one.json["id"] for one in receiver.requests}) == 1
    assert (await ada.post("webhook-deliveries/999/replay")).status_code == 404


async def test_a_webhook_that_fails_for_days_is_paused_until_somebody_resumes_it(
    gateway: Gateway, ada: Desk, receiver: Receiver
) -> None:
    added = await webhook(ada, receiver.url, "issue.logged")
    await note_failure(gateway.ctx, added["id"])
    gateway.clock.advance(seconds=PAUSED_AFTER.total_seconds() + 1)
    # The session of the desk is older than it may be by now.
    await ada.sign_in()
    await note_failure(gateway.ctx, added["id"])
    await gateway.case()
    listed = (await ada.get("webhooks")).json()
    assert listed["webhooks"][0]["state"] == "paused" and listed["deliveries"] == []
    assert "is paused since" in (await ada.browser.get("/desk/administration/webhooks")).text
    assert (await ada.post(f"webhooks/{added['id']}/resume")).status_code == 200
    await gateway.case()

    async def came() -> bool:
        return len(receiver.requests) == 1

    await eventually(came)


async def test_a_test_reports_what_was_answered_and_no_redirect_is_followed(ada: Desk, receiver: Receiver) -> None:
    added = await webhook(ada, receiver.url)
    address = f"webhooks/{added['id']}/test"
    assert "answered 204" in (await ada.post(address)).json()["told"]
    assert receiver.requests[0].json["event"] == "ping" and receiver.requests[0].json["issue"] is None
    receiver.answer = lambda _request: (302, {"Location": f"{receiver.url}/elsewhere"}, b"")
    refused = await ada.post(address)
    assert refused.status_code == 409 and "answered 302" in refused.json()["error"]["message"]
    assert [one.path for one in receiver.requests] == ["/", "/"]


async def test_the_secret_is_encrypted_shown_once_and_renewed(gateway: Gateway, ada: Desk, receiver: Receiver) -> None:
    added = await webhook(ada, receiver.url)
    async with gateway.ctx.db.read() as session:
        kept = (await session.scalars(select(WebhookEndpoint))).one()
    shown = (await ada.get("webhooks")).text + (await ada.browser.get("/desk/administration/webhooks")).text
    assert added["secret"] not in kept.secret + shown
    renewed = (await ada.post(f"webhooks/{added['id']}/secret")).json()["secret"]
    await ada.post(f"webhooks/{added['id']}/test")
    body, (moment, _, signature) = (
        receiver.requests[0].body,
        receiver.requests[0].headers["techref-signature"].partition(",v1="),
    )
    content = f"{moment.removeprefix('t=')}.".encode() + body
    assert signature == hmac.new(renewed.encode(), content, hashlib.sha256).hexdigest()


async def test_what_is_typed_in_wrong_is_refused(ada: Desk) -> None:
    right = {"name": "x", "url": "https://hooks.example/", "events": ["issue.logged"]}
    faults: tuple[dict[str, Any], ...] = (
        {"name": ""},
        {"events": []},
        {"events": ["everything"]},
        {"url": "ftp://hooks.example/"},
        {"url": "https://"},
        {"url": "https://user:pass@hooks.example/"},
        {"url": "https://hooks.example:x/"},
        {"url": "javascript:alert(1)"},
        {"url": 5},
    )
    for wrong in faults:
        answer = await ada.post("webhooks", {**right, **wrong})
        assert answer.status_code == 422, wrong
    for move in ("", "/secret", "/test", "/resume", "/remove"):
        assert (await ada.post(f"webhooks/77{move}", right)).status_code == 404, move
    added = (await ada.post("webhooks", right)).json()["webhook"]
    assert (await ada.post(f"webhooks/{added['id']}", {**right, "name": "y"})).json()["webhook"]["name"] == "y"
    assert (await ada.post(f"webhooks/{added['id']}/remove")).status_code == 200
    assert (await ada.get("webhooks")).json()["webhooks"] == []


async def test_our_own_network_is_not_reached_unless_it_is_allowed(tmp_path: Path, migrated: Path) -> None:
    shutil.copy(migrated, tmp_path / "techref.db")
    with receiving() as receiver:
        async with open_gateway(tmp_path) as gateway:
            ada = await gateway.technician("Ada", "admin")
            for url in (receiver.url, receiver.url.replace("127.0.0.1", "localhost"), "http://169.254.169.254/latest"):
                added = await webhook(ada, url)
                refused = await ada.post(f"webhooks/{added['id']}/test")
                assert refused.status_code == 409, url
                assert "TECHREF_PRIVATE_NETWORKS" in refused.json()["error"]["message"]
            await gateway.case()

            async def ended() -> bool:
                sent = (await ada.get("webhooks")).json()["deliveries"]
                return len(sent) == 3 and {one["state"] for one in sent} == {"failed"}

            await eventually(ended)
            assert {one["answer"] for one in (await ada.get("webhooks")).json()["deliveries"]} == {"private address"}
        assert receiver.requests == []


def test_the_documented_check_of_a_signature_is_right() -> None:
    """The check in docs/api.md, run as it stands there."""
    text = (Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")
    code = text.partition("```python\n")[2].partition("```")[0]
    names: dict[str, Any] = {}
    exec(code, names)
    body, now = json.dumps({"id": "evt_1"}).encode(), 1_796_000_000
    header = signed("whsec_x", body, now)
    assert names["is_ours"]("whsec_x", header, body, now + 10)
    assert not names["is_ours"]("whsec_y", header, body, now + 10)
    assert not names["is_ours"]("whsec_x", header, body + b" ", now + 10)
    assert not names["is_ours"]("whsec_x", header, body, now + 1000)
