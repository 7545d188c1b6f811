"""A disk that is full, or read-only: nobody hears that something was stored which was not, and /readyz says why."""

import contextlib
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from bot.gateway.routes import storage
from tests.support.gateway_fixture import Gateway, open_gateway
from tests.support.running_stack import ROOT, free_ports

DISK_BYTES = 24_000_000


def mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    if shutil.which("mount") is None or not mount("-t", "tmpfs", "-o", f"size={DISK_BYTES}", "none", str(disk)):
        pytest.skip("A FULL DISK WAS NOT TESTED: no file system can be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.fixture
async def gateway(small_disk: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Gateway]:
    monkeypatch.setattr(storage, "FULL", 100_000)
    monkeypatch.setattr(storage, "LOW", 1_000_000)
    shutil.copy(migrated, small_disk / "techref.db")
    async with open_gateway(small_disk) as gateway:
        yield gateway


async def storage_state(gateway: Gateway) -> str:
    found: str = (await gateway.browser().get("/readyz")).json()["checks"]["storage"]
    return found


def fill(folder: Path, leave: int) -> Path:
    """Leave so many bytes on the disk, or fewer: the gateway's own work takes and frees some of it meanwhile."""
    filling = folder / "filling"
    with contextlib.suppress(OSError), filling.open("wb", buffering=0) as file:
        while (more := shutil.disk_usage(folder).free - leave) > 0:
            file.write(b"x" * more)
    return filling


def is_refused(answer: httpx.Response) -> bool:
    return answer.status_code == httpx.codes.SERVICE_UNAVAILABLE and "Retry-After" in answer.headers


async def test_on_a_full_disk_who_writes_is_informed_and_can_send_it_again(gateway: Gateway, small_disk: Path) -> None:
    case = await gateway.case()
    assert await storage_state(gateway) == "up"
    filling = fill(small_disk, leave=500_000)
    assert await storage_state(gateway) == "low"
    filling.unlink()
    filling = fill(small_disk, leave=0)
    assert await storage_state(gateway) == "full"
    keys = [secrets.token_hex(8) for _ in range(20)]
    # The log of writes has some room left in what it already holds: sooner or later there is none.
    answers = [await case.write(f"{'word ' * 1500}{key}", key) for key in keys]
    assert answers[-1].status_code == httpx.codes.SERVICE_UNAVAILABLE and is_refused(answers[-1])
    assert (await gateway.browser().get("/healthz")).status_code == httpx.codes.OK
    stored = (await case.reads())["messages"]
    read = [message["client_message_id"] for message in stored if "client_message_id" in message]
    taken = [key for key, answer in zip(keys, answers, strict=True) if answer.status_code == httpx.codes.ACCEPTED]
    assert read == taken, "what was acknowledged is stored, what was refused is not"
    filling.unlink()
    again = [await case.write(f"{'word ' * 1500}{key}", key) for key in keys]
    assert [answer.status_code for answer in again] == [
        httpx.codes.OK if key in taken else httpx.codes.ACCEPTED for key in keys
    ]
    assert await storage_state(gateway) == "up"


async def test_half_a_file_is_not_left_on_a_full_disk(gateway: Gateway, small_disk: Path) -> None:
    case = await gateway.case()
    filling = fill(small_disk, leave=300_000)
    address = f"/api/conversations/{case.conversation_id}/attachments"
    sent = await gateway.browser().post(
        address, files={"file": ("log.txt", b"l" * 3_000_000)}, headers={"Authorization": f"Bearer {case.token}"}
    )
    assert is_refused(sent)
    assert not list((small_disk / "attachments").iterdir())
    filling.unlink()


@pytest.mark.parametrize("command", [["bot.gateway"], ["bot.cli", "up"], ["bot.cli", "serve", "gateway"]])
def test_a_read_only_home_ends_the_start_with_what_to_do(small_disk: Path, migrated: Path, command: list[str]) -> None:
    shutil.copy(migrated, small_disk / "techref.db")
    assert mount("-o", "remount,ro", str(small_disk))
    ports = zip(("TECHREF_PORT", "TECHREF_RASA_PORT", "TECHREF_ACTIONS_PORT"), free_ports(3), strict=True)
    environ = {**os.environ, "TECHREF_HOME": str(small_disk), **{name: str(port) for name, port in ports}}
    started = [sys.executable, "-m", *command]
    ended = subprocess.run(started, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)
    said = ended.stdout + ended.stderr
    assert ended.returncode == 1 and "Traceback" not in said
    assert f"{small_disk} cannot be used" in said and "set TECHREF_HOME" in said and "Read-only" in said


def test_a_read_only_disk_is_named(small_disk: Path) -> None:
    """A disk with faults is remounted so by the system; a mounted one that is in use cannot be by a test."""
    elsewhere = small_disk.parent / "read-only"
    elsewhere.mkdir()
    assert mount("-t", "tmpfs", "-o", "ro", "none", str(elsewhere))
    try:
        assert storage.state_of([small_disk, elsewhere]) == "read-only"
        assert storage.state_of([small_disk, elsewhere / "gone"]) == "down"
        assert storage.state_of([small_disk]) == "low"
    finally:
        subprocess.run(["umount", str(elsewhere)], check=True)
