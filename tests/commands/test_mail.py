"""`techref mail` and `techref doctor` say what leaves and what is stuck."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import build_command_line
from bot.installation.outbox_checks import check_outbox
from bot.services.core.context import Context, wire
from bot.services.mail import outgoing_mail
from bot.services.outbox import items
from bot.services.outbox.items import FAILED, TEAM_NOTICE
from bot.services.technician import accounts
from bot.settings.env.settings import load_settings
from bot.store import schema
from bot.store.tables import WebhookEndpoint
from tests.support.outbox import a_mail, send_mail


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TECHREF_HOME", str(tmp_path))
    monkeypatch.setenv("TECHREF_SMTP_URL", "smtp://127.0.0.1:1")
    schema.upgrade(load_settings(os.environ).database_url)
    return tmp_path


def queue(*, minutes_ago: float) -> None:
    """Queue a mail so long ago, and try to send it: nothing listens there."""

    async def work() -> None:
        ctx: Context = wire(load_settings(os.environ))
        now = ctx.clock()
        ctx.clock = lambda: now - timedelta(minutes=minutes_ago)
        async with ctx.db.write() as session:
            await outgoing_mail.enqueue(session, ctx, a_mail("k", "reference", "mia@bakery.example", "Subject", "Text"))
        await send_mail(ctx)
        await ctx.db.close()

    asyncio.run(work())


def techref(*arguments: str) -> tuple[int, str]:
    ended = CliRunner().invoke(build_command_line(arguments[0]), list(arguments))
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return ended.exit_code, ended.output


def test_stuck_mails_are_admitted_by_mail_and_doctor(home: Path) -> None:
    assert techref("mail") == (0, "E-mail is on.\n")
    queue(minutes_ago=90)
    code, said = techref("mail")
    assert code == 0 and "E-mail does not work now (server: " in said and "1 wait, the oldest for 1 h 30 min" in said
    assert "queued" in said and "mia@bakery.example" in said
    (finding,) = check_outbox(load_settings(os.environ))
    assert finding.fine is False and "1 wait" in finding.text and "Outgoing" in finding.remedy


def test_a_test_mail_to_a_bad_address_is_an_error_text(home: Path) -> None:
    code, said = techref("mail", "test", "--to", "jörg@bakery.example")
    assert code == 1 and "Nothing was sent." in said and "Traceback" not in said


def test_notices_that_failed_are_a_finding(home: Path) -> None:
    async def work() -> None:
        ctx = wire(load_settings(os.environ))
        async with ctx.db.write() as session:
            await items.enqueue(session, kind=TEAM_NOTICE, key="k", target="slack:1", now=ctx.clock(), state=FAILED)
        await ctx.db.close()

    asyncio.run(work())
    texts = [f"{finding.about}: {finding.text}" for finding in check_outbox(load_settings(os.environ))]
    assert texts == ["e-mail: E-mail is on.", "notices to teams: 1 failed for good"]


def test_a_paused_webhook_is_a_finding(home: Path) -> None:
    async def work() -> None:
        ctx = wire(load_settings(os.environ))
        boss = await accounts.add_technician(ctx, email="b@vendor.example", name="B", password="correct horse battery")
        given = {"name": "Billing", "url": "https://x.example", "events": [], "secret": "s", "technician_id": boss.id}
        async with ctx.db.write() as session:
            session.add(WebhookEndpoint(**given, created_at=ctx.clock(), paused_at=ctx.clock()))
        await ctx.db.close()

    asyncio.run(work())
    finding = list(check_outbox(load_settings(os.environ)))[-1]
    assert (finding.about, finding.fine) == ("webhook Billing", False) and "Webhooks" in finding.remedy
