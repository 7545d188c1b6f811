"""Mail that is fetched from a real IMAP server: at once, once, and never lost when the fetcher ends between."""

import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from imapclient import SEEN, IMAPClient

from bot.channels.email import imap
from bot.channels.email.handler import Outcome, receive_mail
from bot.channels.email.imap import Mailbox, Unreachable
from bot.services.core.context import Context
from bot.services.core.errors import DatabaseUnavailable
from tests.channels.email.conftest import Mailing, written
from tests.support.gateway_fixture import eventually, open_gateway
from tests.support.mail_servers import Postbox
from tests.support.running_stack import free_ports

PROBLEM = "Quillbook crashes whenever I print an invoice."


@contextmanager
def imap_server() -> Iterator[int]:
    """A server in memory with one empty mailbox; its port."""
    port = free_ports(1)[0]
    program = Path(sys.executable).with_name("pymap")
    command = [str(program), "--host", "127.0.0.1", "--port", str(port), "--no-tls", "--no-service", "admin", "dict"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(200):
                with socket.socket() as tried:
                    if tried.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield port
        finally:
            server.terminate()


@pytest.fixture
def port() -> Iterator[int]:
    with imap_server() as port:
        yield port


@pytest.fixture
def client(port: int) -> Iterator[IMAPClient]:
    """Somebody who puts mail into the mailbox and looks at it."""
    with IMAPClient("127.0.0.1", port, ssl=False, timeout=10) as client:
        client.login("demouser", "demopass")
        client.select_folder("INBOX")
        yield client


@pytest_asyncio.fixture
async def mailing(home: Path, port: int) -> AsyncIterator[Mailing]:
    url = f"imap://demouser:demopass@127.0.0.1:{port}/INBOX"
    async with open_gateway(home, {"TECHREF_IMAP_URL": url}) as opened:
        yield Mailing(opened, Postbox())


async def test_a_mail_in_the_mailbox_is_stored_and_marked_as_read(mailing: Mailing, client: IMAPClient) -> None:
    client.append("INBOX", written(PROBLEM).as_bytes())

    async def stored() -> bool:
        return [one.text for one in await mailing.written()] == [PROBLEM]

    await eventually(stored, 30)

    async def read() -> bool:
        return not client.search(["UNSEEN"])

    await eventually(read, 30)
    # While the gateway listens (IDLE) the next one comes at once.
    client.append("INBOX", written("It also happens with estimates.", sender="lea@x.example").as_bytes())

    async def both() -> bool:
        return len(await mailing.written()) == 2

    await eventually(both, 30)


async def test_a_mail_that_was_stored_but_not_marked_is_not_stored_again(mailing: Mailing, client: IMAPClient) -> None:
    client.append("INBOX", written(PROBLEM).as_bytes())

    async def read() -> bool:
        return not client.search(["UNSEEN"])

    await eventually(read, 30)
    client.remove_flags(client.search(["ALL"]), [SEEN])
    await eventually(read, 30)
    assert len(await mailing.written()) == 1


async def test_a_mail_that_cannot_be_stored_stays_unread_and_holds_back_no_other(
    mailing: Mailing, client: IMAPClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = receive_mail
    refused: list[bytes] = []

    async def refusing(ctx: Context, raw: bytes) -> Outcome:
        if b"poison" in raw and not refused:
            refused.append(raw)
            raise DatabaseUnavailable("not now", 1)
        return await take(ctx, raw)

    monkeypatch.setattr(imap, "receive_mail", refusing)
    monkeypatch.setattr(imap, "AGAIN_SECONDS", 0.5)
    client.append("INBOX", written("poison: this one waits.").as_bytes())
    client.append("INBOX", written(PROBLEM, sender="lea@x.example").as_bytes())

    async def all_stored() -> bool:
        return sorted(one.text for one in await mailing.written()) == [PROBLEM, "poison: this one waits."]

    await eventually(all_stored, 60)
    assert refused


async def test_a_mailbox_that_refuses_is_named_without_its_password(mailing: Mailing, port: int) -> None:
    box = Mailbox(mailing.gateway.ctx, f"imap://demouser:wrong-secret@127.0.0.1:{port}", lambda: None)
    with pytest.raises(Unreachable) as raised:
        await box.look()
    assert "wrong-secret" not in str(raised.value)
