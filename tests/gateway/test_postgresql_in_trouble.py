"""PostgreSQL gone or silent: nobody hears that something is stored which is not, and all goes on afterwards."""

import json
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from bot.store import database
from tests.channels.slack.conftest import Slack, captured, fake
from tests.support.fake_slack import FakeSlack
from tests.support.gateway_fixture import Gateway, eventually, open_gateway
from tests.support.tcp_proxy import TcpProxy, tcp_proxy

__all__ = ["fake"]
pytestmark = [pytest.mark.postgresql, pytest.mark.timeout(120)]


@pytest.fixture
def proxy() -> Iterator[TcpProxy]:
    with tcp_proxy(5432) as made:
        yield made


@pytest.fixture
async def gateway(
    tmp_path: Path, database_url: str, proxy: TcpProxy, fake: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Gateway]:
    monkeypatch.setattr(database, "STATEMENT_SECONDS", 1)
    monkeypatch.setattr(database, "CONNECT_SECONDS", 1)
    name = urlsplit(database_url).path
    url = f"postgresql://postgres@127.0.0.1:{proxy.port}{name}"
    async with open_gateway(tmp_path, {"TECHREF_DATABASE_URL": url, **fake.environ}) as gateway:
        yield gateway


async def ready_checks(gateway: Gateway) -> dict[str, str]:
    found: dict[str, str] = (await gateway.browser().get("/readyz")).json()["checks"]
    return found


def is_asked_to_retry(answer: httpx.Response) -> bool:
    return (
        answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
        and int(answer.headers["Retry-After"]) > 0
        and "nothing was stored" in answer.json()["error"]["message"]
    )


@pytest.mark.parametrize("trouble", ["cut", "stalled"])
async def test_who_writes_meanwhile_is_informed_to_come_back_and_loses_nothing(
    gateway: Gateway, proxy: TcpProxy, trouble: str
) -> None:
    case = await gateway.case()
    proxy.cut() if trouble == "cut" else proxy.stall()
    key = secrets.token_hex(8)
    assert is_asked_to_retry(await case.write("is anybody there?", key))
    assert is_asked_to_retry(await case.get(f"conversations/{case.conversation_id}/messages"))
    assert (await gateway.browser().get("/healthz")).status_code == httpx.codes.OK
    assert (await ready_checks(gateway))["database"] == "down"
    proxy.restore()

    async def stored() -> bool:
        return (await case.write("is anybody there?", key)).status_code in (httpx.codes.OK, httpx.codes.ACCEPTED)

    await eventually(stored)
    assert (await case.write("is anybody there?", key)).status_code == httpx.codes.OK
    read = await case.reads()
    assert [one["text"] for one in read["messages"]].count("is anybody there?") == 1
    assert (await ready_checks(gateway))["database"] == "up"

    async def answered() -> bool:
        return bool((await case.reads())["messages"][-1]["author"] != "customer")

    await eventually(answered)


async def test_slack_gets_no_acknowledgement_and_sends_again(
    gateway: Gateway, proxy: TcpProxy, fake: FakeSlack
) -> None:
    slack = Slack(gateway, fake)
    proxy.cut()
    body = json.dumps(captured("message_im", fake)).encode()
    refused = await slack.post("events", body, **{"Content-Type": "application/json"})
    assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
    proxy.restore()
    taken = await slack.post("events", body, **{"Content-Type": "application/json"})
    assert taken.status_code == httpx.codes.OK
