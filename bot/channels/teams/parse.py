"""Parse an activity of Teams into the product's own types."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.channels.html_text import plain_of_html, plain_of_text

BOT_PREFIX = "28:"
CHOICE_KEY = "techref_choice"
ACTION_KEY = "techref_action"
NEW_ISSUE = "new_issue"
# What the database holds, less room for a long message's further pieces.
SOURCE_ID_LIMIT = 280
FILE_INFO = "application/vnd.microsoft.teams.file.download.info"


class Kind(StrEnum):
    """``IGNORED``: bots' own words, joins and whatever else is not something a customer said."""

    MESSAGE = "message"
    EDITED = "edited"
    DELETED = "deleted"
    REACTION = "reaction"
    IGNORED = "ignored"


@dataclass(frozen=True)
class IncomingFile:
    """A file to fetch from ``url``. ``with_token``: it lies behind our own sign-in at the connector."""

    name: str
    url: str
    with_token: bool


@dataclass(frozen=True)
class ParsedActivity:
    """One activity, taken apart. ``shared``: others than the writer read along (a channel, a group chat).

    ``to_us``: the bot is mentioned, or a button of ours was pressed. ``reply_to``: the message it answers.
    """

    kind: Kind
    activity_id: str
    service_url: str
    conversation: str
    user: str
    user_name: str
    shared: bool
    to_us: bool = False
    reply_to: str | None = None
    locale: str | None = None
    text: str = ""
    choice: str | None = None
    action: str | None = None
    files: tuple[IncomingFile, ...] = ()
    reactions: tuple[str, ...] = ()
    reference: dict[str, Any] = field(default_factory=dict)

    @property
    def source_id(self) -> str:
        """Unique among all that Teams sends: message ids are unique within a conversation only."""
        return f"{self.conversation}:{self.activity_id}"


def read(activity: dict[str, Any]) -> ParsedActivity:
    """Take a verified activity apart; raises ValueError when it lacks what every activity has."""
    writer, conversation = _object(activity.get("from")), _object(activity.get("conversation"))
    conversation_id, activity_id = _text(conversation.get("id")), _text(activity.get("id"))
    if not conversation_id or len(conversation_id) + len(activity_id) > SOURCE_ID_LIMIT:
        raise ValueError("the activity names no conversation")
    kind = _kind(activity, writer)
    if kind in (Kind.MESSAGE, Kind.EDITED, Kind.DELETED) and not (activity_id and _text(writer.get("id"))):
        raise ValueError("the activity has no id or no writer")
    text, value = "", _object(activity.get("value"))
    if kind in (Kind.MESSAGE, Kind.EDITED):
        text = _said(activity)
    return ParsedActivity(
        kind=kind,
        activity_id=activity_id,
        service_url=_text(activity.get("serviceUrl")),
        conversation=conversation_id,
        user=_user(writer),
        user_name=_text(writer.get("name"))[:200],
        shared=_is_shared(conversation),
        to_us=bool(value) or bool(_mentions_of_us(activity)),
        reply_to=_reply_to(activity, conversation_id),
        locale=_text(activity.get("locale"))[:20] or None,
        text=text,
        choice=_text(value.get(CHOICE_KEY)) or None,
        action=_text(value.get(ACTION_KEY)) or None,
        files=tuple(_files(activity.get("attachments"))) if kind == Kind.MESSAGE else (),
        reactions=tuple(_reactions(activity)) if kind == Kind.REACTION else (),
        reference=_reference(activity, conversation, writer),
    )


def _kind(activity: dict[str, Any], writer: dict[str, Any]) -> Kind:
    kind, event = activity.get("type"), _object(activity.get("channelData")).get("eventType")
    if _text(writer.get("id")).startswith(BOT_PREFIX) or writer.get("role") == "bot":
        return Kind.IGNORED
    if kind == "message":
        return Kind.MESSAGE
    if kind == "messageUpdate":
        # undeleteMessage brings the text back: for the reader it is one more change of the same message.
        return Kind.EDITED if event in (None, "editMessage", "undeleteMessage") else Kind.IGNORED
    if kind == "messageDelete":
        return Kind.DELETED
    return Kind.REACTION if kind == "messageReaction" else Kind.IGNORED


def _mentions_of_us(activity: dict[str, Any]) -> list[dict[str, Any]]:
    us = _text(_object(activity.get("recipient")).get("id"))
    entities = (_object(entity) for entity in _list(activity.get("entities")))
    return [one for one in entities if one.get("type") == "mention" and _is_us(one.get("mentioned"), us)]


def _is_us(mentioned: object, us: str) -> bool:
    return bool(us) and _object(mentioned).get("id") == us


def _our_names(activity: dict[str, Any]) -> set[str]:
    """Return what we are called: as a bot in Azure, and as an app in Teams, which is what a mention shows."""
    names = {_text(_object(activity.get("recipient")).get("name"))}
    for mention in _mentions_of_us(activity):
        names |= {_text(_object(mention["mentioned"]).get("name")), plain_of_text(_text(mention.get("text")), ())}
    return names - {""}


def _reply_to(activity: dict[str, Any], conversation: str) -> str | None:
    answered = _text(activity.get("replyToId"))
    return f"{conversation}:{answered}" if answered and len(answered) <= 100 else None


def _said(activity: dict[str, Any]) -> str:
    """Return the HTML form keeps links and lists that ``text`` has lost; without one the text is taken."""
    names = _our_names(activity)
    for attachment in _list(activity.get("attachments")):
        one = _object(attachment)
        if one.get("contentType") == "text/html" and isinstance(one.get("content"), str):
            text = plain_of_html(one["content"], without=names)
            if text:
                return text
    written = activity.get("text")
    return plain_of_text(written, without=names) if isinstance(written, str) else ""


def _files(attachments: object) -> Iterable[IncomingFile]:
    for attachment in _list(attachments):
        one = _object(attachment)
        kind, content = _text(one.get("contentType")), _object(one.get("content"))
        if kind == FILE_INFO and _text(content.get("downloadUrl")):
            yield IncomingFile(_text(one.get("name")) or "file", _text(content["downloadUrl"]), with_token=False)
        elif kind.startswith("image/") and _text(one.get("contentUrl")):
            name = _text(one.get("name")) or f"picture.{kind.removeprefix('image/').partition('+')[0][:10]}"
            yield IncomingFile(name, _text(one["contentUrl"]), with_token=True)


def _reactions(activity: dict[str, Any]) -> Iterable[str]:
    """Return the emoji that were added: "like" or a code point and a name, such as 2705_whiteheavycheckmark
    (https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events).
    """
    for added in _list(activity.get("reactionsAdded")):
        name = _text(_object(added).get("type"))
        code = name.partition("_")[0]
        if name == "like":
            yield "\N{THUMBS UP SIGN}"
        elif re.fullmatch("[0-9a-f]{4,5}", code):
            yield chr(int(code, 16))


def _is_shared(conversation: dict[str, Any]) -> bool:
    kind = conversation.get("conversationType")
    return kind != "personal" if isinstance(kind, str) else conversation.get("isGroup") is True


def _user(writer: dict[str, Any]) -> str:
    """Return the person's id in their directory, which is the same in every chat; else Teams' own id for the chat."""
    return (_text(writer.get("aadObjectId")) or _text(writer.get("id")))[:200]


def _reference(activity: dict[str, Any], conversation: dict[str, Any], writer: dict[str, Any]) -> dict[str, Any]:
    """Return all that is needed to speak first in this conversation later on."""
    return {
        "service_url": _text(activity.get("serviceUrl")),
        "conversation": _text(conversation.get("id")),
        "tenant": _text(_object(_object(activity.get("channelData")).get("tenant")).get("id"))
        or _text(conversation.get("tenantId")),
        "bot": _text(_object(activity.get("recipient")).get("id")),
        "user": _text(writer.get("id")),
        "user_name": _text(writer.get("name"))[:200],
    }


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
