"""Install the app into a further workspace: the state is this browser's, the token is never stored open."""

import sqlite3
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.channels.slack.scopes import SCOPES
from bot.services.channel import slack_workspaces
from bot.services.core import encryption, sealing_key
from bot.services.core.encryption import CannotOpen
from tests.channels.slack.conftest import Slack


async def begin(slack: Slack) -> dict[str, str]:
    answer = await slack.browser.get("/channels/slack/install")
    assert answer.status_code == 302
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert answer.headers["Location"].startswith(f"{slack.fake.url}/oauth/v2/authorize?")
    return {name: values[0] for name, values in asked.items()}


async def finish(slack: Slack, browser: httpx.AsyncClient | None = None, **query: str) -> httpx.Response:
    return await (browser or slack.browser).get("/channels/slack/oauth", params=query)


async def test_a_workspace_is_installed_and_answered_with_its_own_token(slack: Slack) -> None:
    asked = await begin(slack)
    assert set(asked["scope"].split(",")) == set(SCOPES)
    done = await finish(slack, code="good", state=asked["state"])
    assert done.status_code == 200 and "Brightsons" in done.text
    ctx = slack.gateway.ctx
    assert await slack_workspaces.token_for(ctx, "T9NEW") == "xoxb-new"
    assert [one.name for one in await slack_workspaces.list_workspaces(ctx)] == ["Brightsons"]
    await slack.event("message_im", ts="1750170000.000777")
    del slack.fake.tokens["xoxb-host"]
    (thread,) = await slack.threads()
    assert thread.reference["installation"] == "T0HOST"
    assert await slack_workspaces.token_for(ctx, "T0HOST") == "xoxb-host"


async def test_the_token_lies_encrypted_and_the_key_is_its_owners_only(slack: Slack) -> None:
    asked = await begin(slack)
    await finish(slack, code="good", state=asked["state"])
    with sqlite3.connect(slack.gateway.ctx.home / "techref.db") as database:
        ((stored,),) = database.execute("SELECT token FROM slack_workspaces").fetchall()
    database.close()
    assert "xoxb" not in stored
    key = slack.gateway.ctx.home / sealing_key.KEY_FILE
    assert key.stat().st_mode & 0o777 == 0o600
    key.write_text("A" * 43 + "=")
    assert await slack_workspaces.token_for(slack.gateway.ctx, "T9NEW") is None
    with pytest.raises(CannotOpen):
        encryption.decrypt(slack.gateway.ctx, stored)


async def test_a_state_of_another_browser_or_none_or_an_old_one_installs_nothing(slack: Slack) -> None:
    asked = await begin(slack)
    stranger = slack.gateway.browser()
    for browser, state in ((stranger, asked["state"]), (slack.browser, "made up"), (slack.browser, "")):
        refused = await finish(slack, browser, code="good", state=state)
        assert refused.status_code == 422 and refused.json()["error"]["code"] == "slack_install_state"
    assert await slack_workspaces.list_workspaces(slack.gateway.ctx) == []


async def test_what_slack_or_its_user_refuses_installs_nothing(slack: Slack) -> None:
    asked = await begin(slack)
    denied = await finish(slack, error="access_denied", state=asked["state"])
    bad = await finish(slack, code="bad", state=asked["state"])
    assert [one.json()["error"]["code"] for one in (denied, bad)] == ["slack_install_refused", "slack_install_failed"]
    assert await slack_workspaces.list_workspaces(slack.gateway.ctx) == []


async def test_a_browser_is_shown_a_refusal_as_a_page_that_says_how_to_go_on(slack: Slack) -> None:
    asked = await begin(slack)
    refusals: list[dict[str, str]] = [
        {"error": "access_denied", "state": asked["state"]},
        {"code": "good", "state": "made up"},
        {"code": "bad", "state": asked["state"]},
    ]
    for refusal in refusals:
        page = await slack.browser.get("/channels/slack/oauth", params=refusal, headers={"Accept": "text/html,*/*"})
        assert page.status_code == 422 and page.headers["Content-Type"].startswith("text/html")
        assert "nothing was stored" in page.text and '<a href="/channels/slack/install">' in page.text
    assert await slack_workspaces.list_workspaces(slack.gateway.ctx) == []
