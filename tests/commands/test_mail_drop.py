"""`techref mail drop`, as a mail server calls it: the exit status says whether it must try again."""

import asyncio
from pathlib import Path

from bot.commands import mail_drop
from tests.channels.email.conftest import SECRET, written
from tests.support.gateway_fixture import open_gateway
from tests.support.running_stack import free_ports


async def test_a_mail_is_taken_or_is_to_be_tried_again(home: Path) -> None:
    raw = written("Quillbook crashes whenever I print.").as_bytes()
    async with open_gateway(home, {"TECHREF_MAIL_DROP_SECRET": SECRET}) as gateway:
        assert await asyncio.to_thread(mail_drop.drop, gateway.address, SECRET, raw) == (0, "stored")
        assert await asyncio.to_thread(mail_drop.drop, gateway.address, SECRET, raw) == (0, "repeated")
        assert (await asyncio.to_thread(mail_drop.drop, gateway.address, "x" * 40, raw))[0] == mail_drop.LATER
        large = raw + b"x" * (gateway.ctx.support.limits.file_bytes + 2_000_000)
        assert (await asyncio.to_thread(mail_drop.drop, gateway.address, SECRET, large))[0] in (65, 75)
    nobody = f"http://127.0.0.1:{free_ports(1)[0]}"
    assert (await asyncio.to_thread(mail_drop.drop, nobody, SECRET, raw))[0] == mail_drop.LATER
