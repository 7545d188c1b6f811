"""PostgreSQL gone or silent: nobody hears that something is stored which is not, and all goes on afterwards."""

import json
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from bot.store import database
from tests.cable import Cable, a_cable
from tests.channels.slack.conftest import Slack, captured, fake
from tests.channels.slack.fake_slack import FakeSlack
from tests.desk.office import Office, eventually, open_office

__all__ = ["fake"]
pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def cable() -> Iterator[Cable]:
    with a_cable(5432) as made:
        yield made


@pytest.fixture
async def office(
    tmp_path: Path, database_url: str, cable: Cable, fake: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Office]:
    monkeypatch.setattr(database, "STATEMENT_SECONDS", 1)
    monkeypatch.setattr(database, "CONNECT_SECONDS", 1)
    name = urlsplit(database_url).path
    url = f"postgresql://postgres@127.0.0.1:{cable.port}{name}"
    async with open_office(tmp_path, {"TECHREF_DATABASE_URL": url, **fake.environ}) as office:
        yield office


async def ready_checks(office: Office) -> dict[str, str]:
    found: dict[str, str] = (await office.browser().get("/readyz")).json()["checks"]
    return found


def is_told_to_come_back(answer: httpx.Response) -> bool:
    return (
        answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
        and int(answer.headers["Retry-After"]) > 0
        and "nothing was stored" in answer.json()["error"]["message"]
    )


@pytest.mark.parametrize("trouble", ["cut", "stalled"])
async def test_who_writes_meanwhile_is_told_to_come_back_and_loses_nothing(
    office: Office, cable: Cable, trouble: str
) -> None:
    case = await office.case()
    cable.cut() if trouble == "cut" else cable.stall()
    key = secrets.token_hex(8)
    assert is_told_to_come_back(await case.write("is anybody there?", key))
    assert is_told_to_come_back(await case.get(f"conversations/{case.conversation_id}/messages"))
    assert (await office.browser().get("/healthz")).status_code == httpx.codes.OK
    assert (await ready_checks(office))["database"] == "down"
    cable.mend()

    async def stored() -> bool:
        return (await case.write("is anybody there?", key)).status_code in (httpx.codes.OK, httpx.codes.ACCEPTED)

    await eventually(stored)
    assert (await case.write("is anybody there?", key)).status_code == httpx.codes.OK
    read = await case.reads()
    assert [one["text"] for one in read["messages"]].count("is anybody there?") == 1
    assert (await ready_checks(office))["database"] == "up"

    async def answered() -> bool:
        return (await case.reads())["messages"][-1]["author"] != "customer"

    await eventually(answered)


async def test_slack_gets_no_acknowledgement_and_sends_again(office: Office, cable: Cable, fake: FakeSlack) -> None:
    slack = Slack(office, fake)
    cable.cut()
    body = json.dumps(captured("message_im", fake)).encode()
    refused = await slack.post("events", body, **{"Content-Type": "application/json"})
    assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
    cable.mend()
    taken = await slack.post("events", body, **{"Content-Type": "application/json"})
    assert taken.status_code == httpx.codes.OK
