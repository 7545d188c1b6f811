"""Channels that installed packages bring along, shown by the one in examples/, installed as its users would."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.registry import GROUP
from tests.support.database import new_home
from tests.support.gateway_fixture import Gateway, eventually, open_gateway
from tests.support.receiving import Received, Receiver, receiving

ROOT = Path(__file__).parents[2]
SECRET = "kept-for-myself-kept-for-myself-kept"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, built and installed by pip into a folder."""
    folder = tmp_path_factory.mktemp("installed")
    source = tmp_path_factory.mktemp("source") / "channel"
    source.mkdir()
    for file in (ROOT / "examples/channel_plain_http").iterdir():
        if file.is_file():
            (source / file.name).write_bytes(file.read_bytes())
    command = ["install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", *command, str(source)], check=True)
    return folder


@pytest.fixture
def receiver(installed: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.syspath_prepend(str(installed))
    with receiving() as receiver:
        monkeypatch.setenv("CHANNEL_PLAIN_HTTP_SECRET", SECRET)
        monkeypatch.setenv("CHANNEL_PLAIN_HTTP_URL", f"{receiver.url}/answers")
        yield receiver


@asynccontextmanager
async def started(home: Path, migrated: Path) -> AsyncIterator[Gateway]:
    new_home(home, migrated)
    async with open_gateway(home, {"TECHREF_PRIVATE_NETWORKS": "127.0.0.0/8"}) as gateway:
        yield gateway


async def hand_in(gateway: Gateway, secret: str = SECRET, age: int = 0, **fields: Any) -> httpx.Response:
    from techref_plain_http import SIGNATURE, TIMESTAMP, signature  # type: ignore[import-not-found]

    body = json.dumps({"id": "m1", "thread": "t1", "user": "kim", "name": "Kim", **fields}).encode()
    timestamp = str(int(gateway.ctx.clock().timestamp()) - age)
    headers = {TIMESTAMP: timestamp, SIGNATURE: signature(secret, timestamp, body)}
    return await gateway.browser().post("/channels/plain_http/messages", content=body, headers=headers)


async def test_a_whole_conversation_goes_through_an_installed_channel(
    receiver: Receiver, tmp_path: Path, migrated: Path
) -> None:
    async with started(tmp_path / "home", migrated) as gateway:
        ready = (await gateway.browser().get("/readyz")).json()
        assert ready["channels"]["plain_http"] == "on"
        assert (await hand_in(gateway, text="Quillbook crashes when I print an invoice")).status_code == 202
        again = await hand_in(gateway, text="Quillbook crashes when I print an invoice")
        assert again.json() == {"repeated": True}

        async def answered() -> bool:
            return bool(receiver.requests)

        await eventually(answered)
        first = receiver.requests[0]
        assert first.path == "/answers" and first.json["thread"] == "t1" and first.json["text"]
        from techref_plain_http import signature

        assert first.headers["x-signature"] == signature(SECRET, first.headers["x-timestamp"], first.body)
        listed = (await (await gateway.technician("Ada", "admin")).get("outbox")).json()["newest"]
        assert {one["to"] for one in listed if one["kind"] == "message"} == {"plain_http"}


async def test_an_answer_that_is_not_taken_is_sent_again_under_the_same_id(
    receiver: Receiver, tmp_path: Path, migrated: Path
) -> None:
    failures = [503]

    def answer(_request: Received) -> tuple[int, dict[str, str], bytes]:
        return (failures.pop(), {}, b"") if failures else (204, {}, b"")

    receiver.answer = answer
    async with started(tmp_path / "home", migrated) as gateway:
        await hand_in(gateway, text="hello")

        async def repeated() -> bool:
            return len(receiver.requests) >= 2

        await eventually(repeated)
        assert receiver.requests[0].json["id"] == receiver.requests[1].json["id"]


async def test_what_is_not_signed_or_not_whole_is_refused(receiver: Receiver, tmp_path: Path, migrated: Path) -> None:
    async with started(tmp_path / "home", migrated) as gateway:
        assert (await hand_in(gateway, secret="guessed", text="hello")).status_code == 401
        assert (await hand_in(gateway, age=400, text="hello")).status_code == 401
        assert (await gateway.browser().post("/channels/plain_http/messages", content=b"{}")).status_code == 401
        faults: tuple[dict[str, Any], ...] = (
            {},
            {"text": ""},
            {"text": "a", "choice": "b"},
            {"text": "a", "thread": ""},
            {"text": "a", "user": 5},
            {"text": "a", "id": "x" * 101},
            {"choice": "made up"},
        )
        for wrong in faults:
            assert (await hand_in(gateway, **wrong)).status_code == 422, wrong
        assert receiver.requests == []


async def test_an_installed_channel_without_its_settings_is_off(
    receiver: Receiver, tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHANNEL_PLAIN_HTTP_SECRET")
    async with started(tmp_path / "home", migrated) as gateway:
        assert (await hand_in(gateway, text="hello")).status_code == 404
        ready = (await gateway.browser().get("/readyz")).json()
        assert ready["channels"]["plain_http"].startswith("off: set CHANNEL_PLAIN_HTTP_SECRET")


BROKEN = {
    "slack": "def make(ctx):\n    return None\n",
    "Upper": "def make(ctx):\n    return None\n",
    "fails": "def make(ctx):\n    raise RuntimeError('secret words')\n",
    "nothing": "def make(ctx):\n    return None\n",
    "elsewhere": (
        "from sanic import Blueprint\nfrom bot.channels.channel import Channel\n"
        "def make(ctx):\n    return Channel('elsewhere', Blueprint('e', url_prefix='/desk'), None)\n"
    ),
    "missing": "",
}


async def test_a_package_that_breaks_the_contract_is_off_and_stops_nothing(
    tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "broken"
    about = folder / "broken-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    named = "\n".join(f"{name} = broken_{name.lower()}:make" for name in BROKEN)
    (about / "entry_points.txt").write_text(f"[{GROUP}]\n{named}\n")
    for name, code in BROKEN.items():
        (folder / f"broken_{name.lower()}.py").write_text(code)
    monkeypatch.syspath_prepend(str(folder))
    async with started(tmp_path / "home", migrated) as gateway:
        assert (await gateway.browser().get("/healthz")).status_code == 200
        channels = (await gateway.browser().get("/readyz")).json()["channels"]
        for name in BROKEN:
            assert channels[f"{name} (installed)"].startswith("off: its package cannot be used: "), name
        assert channels["slack"].startswith("off: ") and "package" not in channels["slack"], "the real one stays"
        assert "secret words" not in str(channels)
