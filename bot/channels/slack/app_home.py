"""The app's Home tab in Slack: whoever opens it sees their own issues and how they stand.

https://docs.slack.dev/surfaces/app-home; nobody but them sees it, and what they wrote is shown as plain text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.slack.client import WebApi
from bot.channels.slack.parse import installation, person_in
from bot.services.channel.channel_people import SLACK, Person
from bot.services.core.context import Context
from bot.services.issue import customer_issues
from bot.settings.support.slack_wording import SlackWords

Json = Mapping[str, Any]
# A section's text may have 3,000 characters, a header's 150.
MOST_TITLE, MOST_HEADER = 300, 150


@dataclass(frozen=True)
class HomeOpened:
    """Somebody opened the Home tab."""

    person: Person
    installed: str


def home_opened(envelope: Json) -> HomeOpened | None:
    """Return who opened the Home tab; None for every other event. Raises KeyError for what is not Slack's."""
    event = envelope["event"]
    if event.get("type") != "app_home_opened" or event.get("tab") != "home" or not envelope["team_id"]:
        return None
    return HomeOpened(person_in(envelope, event), installation(envelope))


async def publish_home(ctx: Context, api: WebApi, opened: HomeOpened) -> None:
    """Show the person their issues. Raises NotNow or Refused."""
    person = opened.person
    issues = await customer_issues.of_channel_user(ctx, SLACK, person.workspace, person.user_id)
    view = home_view(ctx.support.slack, issues)
    await api.call(opened.installed, lambda client: client.views_publish(user_id=person.user_id, view=view))


def home_view(words: SlackWords, issues: Sequence[Json]) -> dict[str, Any]:
    """Return the tab's blocks: a heading, and a section for each issue."""
    heading = {"type": "header", "text": _plain(words.home_title[:MOST_HEADER])}
    if not issues:
        return {"type": "home", "blocks": [heading, {"type": "section", "text": _plain(words.home_empty)}]}
    sections = [{"type": "section", "fields": [_plain(_title(one)), _plain(one["status_text"])]} for one in issues]
    return {"type": "home", "blocks": [heading, *sections, {"type": "section", "text": _plain(words.home_more)}]}


def _title(issue: Json) -> str:
    return f"{issue['reference']}\n{issue['title'][:MOST_TITLE]}"


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}
