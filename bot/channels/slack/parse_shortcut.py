"""A message that somebody chose to be logged, by the shortcut in its menu or by a reaction.

https://docs.slack.dev/interactivity/implementing-shortcuts/#messages
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.slack.ids import UNKNOWN
from bot.channels.slack.parse import installation, person_in
from bot.services.channel.channel_people import Person

# The shortcut's name in the manifest.
CREATE_ISSUE = "create_issue"
Json = Mapping[str, Any]


@dataclass(frozen=True)
class MessageChosen:
    """``person`` chose the message ``ts`` of a channel. ``message`` is what Slack tells of it; None for a reaction.

    ``trigger_id`` lets us show a form within three seconds; None for a reaction. ``app_id`` is our own.
    """

    team: str
    installed: str
    channel: str
    ts: str
    person: Person
    app_id: str
    message: Json | None = None
    trigger_id: str | None = None


def read_shortcut(payload: Json) -> MessageChosen | None:
    """Return the message that was chosen in its menu; None for any other interaction. Raises KeyError."""
    if payload.get("type") != "message_action" or payload.get("callback_id") != CREATE_ISSUE:
        return None
    team, enterprise = payload.get("team") or {}, payload.get("enterprise") or {}
    message, user = payload["message"], payload["user"]
    for_all = str(payload.get("is_enterprise_install")).lower() == "true" and enterprise.get("id")
    workspace = str(team.get("id") or user.get("team_id") or UNKNOWN)
    return MessageChosen(
        team=workspace,
        installed=str(enterprise["id"]) if for_all else workspace,
        channel=payload["channel"]["id"],
        ts=str(message["ts"]),
        person=Person(user.get("team_id") or workspace, user["id"]),
        app_id=str(payload.get("api_app_id") or ""),
        message=message,
        trigger_id=payload["trigger_id"],
    )


def read_issue_reaction(envelope: Json, emoji: tuple[str, ...]) -> MessageChosen | None:
    """Return the message that somebody reacted to with one of these emoji; None for another event. Raises KeyError."""
    event = envelope["event"]
    if event.get("type") != "reaction_added" or not envelope["team_id"] or event["item"].get("type") != "message":
        return None
    if event["reaction"].partition("::")[0] not in emoji:
        return None
    return MessageChosen(
        team=envelope["team_id"],
        installed=installation(envelope),
        channel=event["item"]["channel"],
        ts=event["item"]["ts"],
        person=person_in(envelope, event),
        app_id=str(envelope.get("api_app_id") or ""),
    )
