"""`techref doctor` tries both ways in for mail as they are configured."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest_asyncio

from bot.installation.finding import Finding
from bot.installation.mail_checks import check_incoming_mail
from bot.services.core.worker_threads import FILES
from bot.settings.env.settings import Settings
from tests.support.gateway_fixture import Gateway, open_gateway
from tests.support.running_stack import free_ports

SECRET = "s" * 40


@pytest_asyncio.fixture
async def gateway(home: Path) -> AsyncIterator[Gateway]:
    async with open_gateway(home, {"TECHREF_MAIL_DROP_SECRET": SECRET}) as opened:
        yield opened


def _checked(settings: Settings) -> list[Finding]:
    return list(check_incoming_mail(settings))


async def test_the_drop_is_tried_with_the_secret_and_the_mailbox_is_signed_in_to(gateway: Gateway) -> None:
    port = int(gateway.address.rpartition(":")[2])
    settings = replace(gateway.ctx.settings, port=port)
    nobody = f"imap://user:password@127.0.0.1:{free_ports(1)[0]}/INBOX"
    found = {}
    for name, changed in {
        "same": settings,
        "other": replace(settings, mail_drop_secret="t" * 40),
        "mailbox": replace(settings, mail_drop_secret=None, imap_url=nobody),
        "off": replace(settings, mail_drop_secret=None),
    }.items():
        (found[name],) = await FILES.run(partial(_checked, changed))
    assert found["same"].fine is True and "signed" in found["same"].text
    assert found["other"].fine is False and "401" in found["other"].text
    assert found["mailbox"].fine is False and "user" not in found["mailbox"].text
    assert found["off"].fine is None
