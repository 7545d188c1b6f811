"""An Events API envelope as what it means to us: a message, a change of one, a removal of the app, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.emoji_names import from_names
from bot.channels.slack.ids import UNKNOWN, outside_id
from bot.channels.slack.parse_text import from_mrkdwn, mentioned, speaks_to_another
from bot.services.channel.arrivals import Arrival, Place
from bot.services.channel.channel_people import SLACK, Person
from bot.services.channel.incoming_files import SentFile
from bot.services.channel.reactions import Reaction

# Everything else that has a subtype is Slack speaking: joins, topics, reminders, other apps.
WRITTEN_BY_PEOPLE = (None, "file_share", "thread_broadcast", "me_message")
SLACKBOT = "USLACKBOT"
# A mention without a word says no more than that somebody wants us; the dialogue knows what to answer to this.
BARE_MENTION = "Hello"
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """The message ``outside_id`` now says ``text``, or was deleted (None)."""

    outside_id: str
    source_id: str
    text: str | None


@dataclass(frozen=True)
class Removed:
    """The app was removed from this workspace, or its token withdrawn."""

    workspace: str


Meaning = Arrival | Change | Reaction | Removed | None


def read_event(envelope: Json, base: str, names: Mapping[str, str] | None = None) -> Meaning:
    """Return what an envelope means; raise KeyError for one that is not Slack's.

    ``base`` is the address of the gateway, for links; ``names`` are those of people and channels by their ids.

    An event that names no workspace means nothing to us: Slack would only send a refused one again.
    """
    if not envelope["team_id"]:
        return None
    event, kind = envelope["event"], envelope["event"].get("type")
    if kind == "app_uninstalled" or (kind == "tokens_revoked" and event.get("tokens", {}).get("bot")):
        return Removed(installation(envelope))
    if kind == "reaction_added":
        return _reaction(envelope, event)
    if kind not in ("message", "app_mention"):
        return None
    subtype = event.get("subtype")
    if subtype in ("message_changed", "message_deleted"):
        return _change(envelope, event, names)
    if subtype not in WRITTEN_BY_PEOPLE or event.get("hidden") or is_a_program(envelope, event):
        return None
    return _arrival(envelope, event, base, names)


def mentions_in(envelope: Json) -> set[str]:
    """Return the ids of people and channels that a message mentions without their names; we are not among them."""
    event = envelope["event"]
    texts = [event, event.get("message") or {}, *_shared_messages(event)]
    found = {one for text in texts for one in mentioned(text.get("text") or text.get("fallback") or "")}
    return found - {bot_user(envelope) or ""}


def place_in(envelope: Json) -> str:
    """Return the channel of a message: what is written there is stored in order."""
    return f"{envelope['team_id']}:{envelope['event']['channel']}"


def installation(envelope: Json) -> str:
    """Whose token answers: the team's, or the organisation's when the app is installed for all of it."""
    authorised = _authorised(envelope)
    if authorised.get("is_enterprise_install") and authorised.get("enterprise_id"):
        return str(authorised["enterprise_id"])
    return str(authorised.get("team_id") or envelope["team_id"])


def _authorised(envelope: Json) -> Json:
    found = envelope.get("authorizations") or [{}]
    first: Json = found[0]
    return first


def bot_user(envelope: Json) -> str | None:
    authorised = _authorised(envelope)
    return authorised.get("user_id") if authorised.get("is_bot") else None


def is_a_program(envelope: Json, event: Json) -> bool:
    """Bots, our own messages among them: answering one could go on for ever."""
    user = event.get("user")
    return bool(event.get("bot_id")) or user in (None, SLACKBOT, bot_user(envelope))


def _change(envelope: Json, event: Json, names: Mapping[str, str] | None) -> Change | None:
    team, channel = envelope["team_id"], event["channel"]
    if event["subtype"] == "message_deleted":
        deleted = outside_id(team, channel, event["deleted_ts"])
        return Change(deleted, f"{deleted}:deleted", None)
    message = event["message"]
    if message.get("subtype") == "tombstone":
        # What Slack leaves of a deleted message that has a thread.
        deleted = outside_id(team, channel, message["ts"])
        return Change(deleted, f"{deleted}:deleted", None)
    if "edited" not in message:
        return None  # Slack has only added the preview of a link
    changed = outside_id(team, channel, message["ts"])
    text = from_mrkdwn(message.get("text") or "", bot_user(envelope), names)
    return Change(changed, f"{changed}:{message['edited']['ts']}", text)


def _reaction(envelope: Json, event: Json) -> Reaction | None:
    """Return an emoji on a message (https://docs.slack.dev/reference/events/reaction_added); None on anything else."""
    item = event["item"]
    if item.get("type") != "message":
        return None
    return Reaction(
        channel=SLACK,
        outside_id=outside_id(envelope["team_id"], item["channel"], item["ts"]),
        person=person_in(envelope, event),
        emoji=from_names(f":{event['reaction'].partition('::')[0]}:"),
    )


def _arrival(envelope: Json, event: Json, base: str, names: Mapping[str, str] | None) -> Arrival | None:
    team, bot = envelope["team_id"], bot_user(envelope)
    written = event.get("text") or ""
    called = event["type"] == "app_mention" or (bot is not None and f"<@{bot}" in written)
    in_private = event.get("channel_type") == "im"
    if not (in_private or called or event.get("thread_ts")):
        return None  # people talking among themselves in a channel
    told = [from_mrkdwn(written, bot, names), *_forwarded(event, names), *_links_to_files(event)]
    text = "\n".join(filter(None, told))
    files = files_of(event, installation(envelope))
    if not text and not files:
        if not called:
            return None
        text = BARE_MENTION
    place = _direct(envelope, event, base) if in_private else _in_channel(envelope, event, base)
    return Arrival(
        channel=SLACK,
        source_id=outside_id(team, event["channel"], event["ts"]),
        place=place,
        person=person_in(envelope, event),
        text=text,
        opens=in_private or called,
        answered=in_private or called or not speaks_to_another(written),
        files=files,
    )


def _direct(envelope: Json, event: Json, base: str) -> Place:
    """Return a direct message goes on with the open conversation; a thread in it with its own."""
    team, channel, root = envelope["team_id"], event["channel"], event.get("thread_ts")
    return Place(
        workspace=team,
        thread=f"{channel}:{root}" if root else channel,
        reference=_reference(envelope, channel, root, base),
        shared=False,
        reply_to=outside_id(team, channel, root) if root else None,
    )


def _in_channel(envelope: Json, event: Json, base: str) -> Place:
    root = event.get("thread_ts") or event["ts"]
    return Place(
        workspace=envelope["team_id"],
        thread=f"{event['channel']}:{root}",
        reference=_reference(envelope, event["channel"], root, base),
        shared=True,
    )


def _reference(envelope: Json, channel: str, thread_ts: str | None, base: str) -> dict[str, Any]:
    return {
        "team": envelope["team_id"],
        "installation": installation(envelope),
        "channel": channel,
        "thread_ts": thread_ts,
        "base": base,
    }


def person_in(envelope: Json, event: Json) -> Person:
    """Return the writer with their own workspace: in a shared channel that is never the host's unless Slack says so."""
    own = event.get("user_team") or event.get("source_team") or event.get("team")
    if own is None:
        own = UNKNOWN if envelope.get("is_ext_shared_channel") else envelope["team_id"]
    profile = event.get("user_profile") or {}
    name = profile.get("display_name") or profile.get("real_name") or profile.get("name")
    return Person(own, event["user"], name or None)


def _forwarded(event: Json, names: Mapping[str, str] | None) -> list[str]:
    """Return what somebody passes on of another conversation: it is their report as much as their own words."""
    texts = [one.get("text") or one.get("fallback") or "" for one in _shared_messages(event)]
    return [from_mrkdwn(text, names=names) for text in texts]


def _shared_messages(event: Json) -> list[Json]:
    return [one for one in event.get("attachments") or () if one.get("is_share") or one.get("is_msg_unfurl")]


def _links_to_files(event: Json) -> list[str]:
    """Files that lie elsewhere, such as in Google Drive, cannot be fetched; the technician gets the link."""
    elsewhere = [file for file in event.get("files") or () if file.get("mode") == "external"]
    return [f"[{file.get('title') or file.get('name') or 'file'}]({file['url_private']})" for file in elsewhere]


def files_of(event: Json, installed: str) -> tuple[SentFile, ...]:
    """Return the files of the message that Slack has and shows."""
    return tuple(
        SentFile(
            name=file.get("name") or file.get("title") or "file",
            source={
                "installation": installed,
                "file": file["id"],
                "url": file.get("url_private_download") or file.get("url_private"),
                "size": file.get("size"),
            },
        )
        for file in event.get("files") or ()
        if file.get("mode") not in ("tombstone", "hidden_by_limit", "external")
    )
