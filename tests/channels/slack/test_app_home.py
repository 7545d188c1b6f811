"""The Home tab shows whoever opens it their own issues, and nothing of anybody else's."""

from typing import Any

from bot.channels.slack.app_home import home_view
from bot.services.core.context import Context
from bot.services.intake import draft
from bot.services.issue.open_issue import open_issue
from bot.store.locks import lock_conversation
from tests.channels.slack.conftest import Slack, captured
from tests.support.gateway_fixture import SUPPORT, eventually

Json = dict[str, Any]


async def logs_an_issue(ctx: Context, conversation_id: str, problem: str) -> str:
    async with ctx.db.write() as session:
        conversation = await lock_conversation(session, conversation_id)
        assert conversation is not None
        asked = await draft.begin_draft(session, ctx, conversation)
        await draft.add_to_problem(session, asked, problem, ctx.clock(), None)
        issue = await open_issue(session, ctx, conversation, asked, actor="assistant")
    return issue.reference


async def opens_home(slack: Slack, user: str, tab: str = "home") -> None:
    envelope = captured("message_im", slack.fake)
    event = {"type": "app_home_opened", "user": user, "channel": "D1KIM", "tab": tab, "event_ts": "1750171900.000100"}
    await slack.event({**envelope, "event": event})


async def home(slack: Slack, user: str) -> str:
    slack.fake.homes.clear()
    await opens_home(slack, user)

    async def published() -> bool:
        return bool(slack.fake.homes)

    await eventually(published)
    assert slack.fake.homes[-1]["user_id"] == user
    return str(slack.fake.homes[-1]["view"]["blocks"])


async def test_whoever_opens_it_sees_their_own_issues(slack: Slack) -> None:
    slack.gateway.ctx.work = lambda _: None
    assert SUPPORT.slack.home_empty in await home(slack, "U1KIM")
    await slack.writes("Quillbook crashes when I print", 1)
    reference = await logs_an_issue(slack.gateway.ctx, await slack.conversation(), "*Quillbook* <!channel> crashes")
    shown = await home(slack, "U1KIM")
    assert reference in shown and "<!channel> crashes" in shown and "mrkdwn" not in shown
    other = await home(slack, "U2EVE")
    assert reference not in other and SUPPORT.slack.home_empty in other


async def test_the_other_tab_shows_nothing_and_is_no_message(slack: Slack) -> None:
    await opens_home(slack, "U1KIM", tab="messages")
    assert slack.fake.homes == [] and await slack.threads() == []


def test_many_long_issues_keep_to_the_limits() -> None:
    issue = {"reference": "TR-483-920-179", "title": "x" * 5000, "status_text": "logged"}
    view = home_view(SUPPORT.slack, [issue] * 20)
    assert len(view["blocks"]) == 22
    assert all(len(field["text"]) <= 2000 for block in view["blocks"] for field in block.get("fields", []))
