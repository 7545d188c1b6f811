"""Channels are set up in the browser: secrets are encrypted, never shown, taken up at once where that is possible."""

import io
import shutil
import zipfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.services.administration import staff_channels
from bot.services.core import channel_secrets
from tests.support.fake_slack import SECRET, TOKEN, FakeSlack
from tests.support.gateway_fixture import Desk, Gateway, open_gateway
from tests.support.mail_servers import Postbox, mail_server


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    running = FakeSlack().start()
    yield running
    running.stop()


@pytest.fixture
async def gateway(tmp_path: Path, migrated: Path, slack: FakeSlack) -> AsyncIterator[Gateway]:
    shutil.copy(migrated, tmp_path / "techref.db")
    environ = {"TECHREF_SLACK_API_URL": f"{slack.url}/api/", "TECHREF_STRIPE_SECRET_KEY": "sk_env"}
    async with open_gateway(tmp_path, environ) as gateway:
        yield gateway


@pytest.fixture
async def ada(gateway: Gateway) -> Desk:
    return await gateway.technician("Ada", "admin")


async def test_mail_goes_out_as_soon_as_its_server_is_typed_in(gateway: Gateway, ada: Desk) -> None:
    postbox = Postbox()
    with mail_server(postbox) as url:
        assert (await ada.post("channels/email", {"smtp_url": url})).status_code == 200
        told = await ada.post("channels/email/test", {"to": "ada@vendor.example"})
    assert "has taken a test mail" in told.json()["told"] and len(postbox.mails) == 1
    assert (await ada.post("channels/email", {"remove_smtp_url": True})).status_code == 200
    assert gateway.ctx.settings.smtp_url is None


async def test_secrets_are_encrypted_and_never_shown(gateway: Gateway, ada: Desk) -> None:
    fields = {"slack_signing_secret": SECRET, "slack_bot_token": TOKEN}
    assert (await ada.post("channels/slack", fields)).status_code == 200
    file = gateway.ctx.home / channel_secrets.FILE_NAME
    page = (await ada.browser.get("/desk/administration/channels")).text
    for secret in fields.values():
        assert secret not in file.read_text() and secret not in page
    assert file.stat().st_mode & 0o777 == 0o600
    assert "Stored; type to replace it" in page and "from the next start of the gateway on" in page
    assert "Slack knows the bot in the workspace Vendor" in (await ada.post("channels/slack/test")).json()["told"]
    await ada.post("channels/slack", {"slack_bot_token": "xoxb-wrong"})
    refused = await ada.post("channels/slack/test")
    assert refused.status_code == 409 and "refuses the bot token" in refused.json()["error"]["message"]
    assert "xoxb" not in refused.text


async def test_a_channel_is_on_after_the_next_start(
    gateway: Gateway, ada: Desk, slack: FakeSlack, tmp_path: Path
) -> None:
    fields = {"slack_signing_secret": SECRET, "slack_bot_token": TOKEN}
    assert (await ada.post("channels/slack", fields)).status_code == 200
    home = tmp_path / "started again"
    home.mkdir()
    for name in ("techref.db", channel_secrets.FILE_NAME, "sealing_key"):
        shutil.copy(gateway.ctx.home / name, home / name)
    async with open_gateway(home, {"TECHREF_SLACK_API_URL": f"{slack.url}/api/"}) as again:
        assert [one.name for one in again.app.ctx.channels if one.is_on] == ["slack"]


async def test_another_process_takes_a_change_up(gateway: Gateway, ada: Desk) -> None:
    await ada.post("channels/address", {"public_url": "https://support.hartley.example/"})
    assert gateway.ctx.settings.public_url == "https://support.hartley.example"
    channel_secrets.store(gateway.ctx.environment, {"public_url": "https://help.hartley.example"})
    assert gateway.ctx.refresh_channels()
    assert gateway.ctx.settings.public_url == "https://help.hartley.example"


async def test_what_the_environment_sets_holds(gateway: Gateway, ada: Desk) -> None:
    fields = {"stripe_secret_key": "sk_desk", "stripe_webhook_secret": "whsec_desk"}
    assert (await ada.post("channels/payment", fields)).status_code == 200
    assert gateway.ctx.settings.stripe_secret_key == "sk_env"
    assert gateway.ctx.settings.stripe_webhook_secret == "whsec_desk"
    assert "Set by the environment" in (await ada.browser.get("/desk/administration/channels")).text


async def test_a_wrong_value_is_refused_without_being_quoted(gateway: Gateway, ada: Desk) -> None:
    answer = await ada.post("channels/email", {"smtp_url": "http://user:hunter2@host"})
    assert answer.status_code == 422 and "smtp_url: write smtp://" in answer.text and "hunter2" not in answer.text
    assert (await ada.post("channels/email", {"smtp_url": "  "})).status_code == 422
    assert (await ada.post("channels/fax", {"smtp_url": "x"})).status_code == 422
    assert not (gateway.ctx.home / channel_secrets.FILE_NAME).exists()


async def test_manifests_are_downloaded(ada: Desk) -> None:
    lacking = await ada.get("channels/slack/manifest")
    assert lacking.status_code == 409 and "https address" in lacking.json()["error"]["message"]
    await ada.post("channels/address", {"public_url": "https://support.hartley.example"})
    assert "https://support.hartley.example/channels/slack" in (await ada.get("channels/slack/manifest")).text
    await ada.post("channels/teams", {"teams_app_id": "2f0c1c84-0000-4000-8000-000000000000"})
    package = await ada.get("channels/teams/manifest")
    assert "manifest.json" in zipfile.ZipFile(io.BytesIO(package.content)).namelist()


async def test_channels_are_for_administrators(gateway: Gateway) -> None:
    eva = await gateway.technician("Eva", "supervisor")
    assert (await eva.browser.get("/desk/administration/channels")).status_code == 403
    for address in ("channels/email", "channels/email/test"):
        assert (await eva.post(address, {"smtp_url": "smtp://h"})).status_code == 403
    assert (await eva.get("channels/slack/manifest")).status_code == 403


async def test_a_test_notice_reports_who_did_not_take_it(ada: Desk) -> None:
    assert (await ada.post("channels/notices/test")).status_code == 409
    assert (await ada.post("channels/notices", {"notify_urls": "json://127.0.0.1:9/x"})).status_code == 200
    refused = await ada.post("channels/notices/test")
    assert refused.status_code == 409 and "1 of 1 addresses did not take" in refused.json()["error"]["message"]


async def test_staff_channels_are_pasted_and_written_to_the_settings(gateway: Gateway, ada: Desk) -> None:
    base = staff_channels.read(gateway.ctx).base
    pasted = "https://app.slack.com/client/T0HOST/C0STAFF"
    saved = await ada.post(
        "staff-channels", {"base": base, "channel_data": pasted, "channel_sales": "", "thread": "replies"}
    )
    assert saved.status_code == 200, saved.text
    now = staff_channels.read(gateway.ctx)
    assert {one.id: one.address for one in now.teams if one.address} == {"data": "slack:T0HOST/C0STAFF"}
    assert now.thread == "replies"
    page = await ada.browser.get("/desk/administration/channels")
    assert 'value="slack:T0HOST/C0STAFF"' in page.text
    stale = await ada.post("staff-channels", {"base": base, "channel_data": ""})
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "changed_meanwhile")
    wrong = await ada.post("staff-channels", {"base": now.base, "channel_data": "#support"})
    assert wrong.status_code == 422 and "teams.data.staff_channel" in wrong.json()["error"]["message"]
    assert (await ada.post("staff-channels", {"base": now.base, "channel_data": ""})).status_code == 200
    assert not any(one.address for one in staff_channels.read(gateway.ctx).teams)
    technician = await gateway.technician("Tom")
    assert (await technician.post("staff-channels", {"base": base})).status_code == 403
