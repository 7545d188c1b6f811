"""Parse all that Slack sends of a staff channel: messages under cards, pressed buttons, sent forms, and the command."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from bot.channels.slack.form_inputs import values_of
from bot.channels.slack.parse import WRITTEN_BY_PEOPLE, bot_user, is_a_program
from bot.channels.slack.parse_text import from_mrkdwn
from bot.channels.slack.staff_blocks import FORM, PRESS
from bot.services.channel.channel_people import SLACK
from bot.services.staff_channel.act_forms import Form
from bot.services.staff_channel.written import Written
from bot.triage.reading.tech_reference import find_references

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Member:
    """A user who acts, and the workspace in which they do."""

    workspace: str
    user_id: str


@dataclass(frozen=True)
class StaffPress:
    """A button of a card, or of an answer under it. ``value`` is what we put into it."""

    act: str
    value: str
    member: Member
    trigger_id: str
    container: Json
    blocks: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class StaffFormSent:
    """A form of ours that was sent; of ``form`` only act, hand-off and state are known."""

    form: Form
    values: dict[str, str | list[str]]
    once: str
    member: Member


@dataclass(frozen=True)
class StaffCommand:
    """``/techref claim TR-483-920-179``: ``act`` is the first word, ``reference`` None where there is no valid one.

    ``whole`` are all words behind the command; ``installed`` says whose token answers.
    """

    act: str
    reference: str | None
    text: str
    member: Member
    trigger_id: str
    whole: str = ""
    installed: str = ""


def channel_in(envelope: Json) -> str | None:
    """Return the channel that an event is of; None where it is a direct message, or of none."""
    event = envelope.get("event") or {}
    if event.get("channel_type") in ("im", "mpim"):
        return None
    item = event.get("item")
    found = event.get("channel") or (item.get("channel") if isinstance(item, dict) else None)
    return found if isinstance(found, str) else None


def is_message(envelope: Json) -> bool:
    """Return whether an event is a message, or a change of one."""
    return envelope["event"].get("type") in ("message", "app_mention")


def read_written(envelope: Json, names: Mapping[str, str]) -> Written | None:
    """Return what somebody wrote in a thread, or changed there; None for any other message, and for programs."""
    event = envelope["event"]
    subtype = event.get("subtype")
    if subtype in ("message_changed", "message_deleted"):
        return _changed(envelope, event, names)
    if subtype not in WRITTEN_BY_PEOPLE or event.get("hidden") or is_a_program(envelope, event):
        return None
    if not event.get("thread_ts"):
        return None
    files = tuple(str(one.get("name") or one.get("title") or "file")[:200] for one in event.get("files") or ())
    return _written(
        envelope,
        event,
        event["ts"],
        from_mrkdwn(event.get("text") or "", bot_user(envelope), names),
        files=files,
        broadcast=subtype == "thread_broadcast",
    )


def _changed(envelope: Json, event: Json, names: Mapping[str, str]) -> Written | None:
    """Return an edit or a deletion; Slack also sends a change when it adds the preview of a link."""
    message, before = event.get("message") or {}, event.get("previous_message") or {}
    deleted = event["subtype"] == "message_deleted" or message.get("subtype") == "tombstone"
    old = before if deleted else message
    if is_a_program(envelope, old if old.get("user") else before) or not old.get("thread_ts"):
        return None
    if deleted:
        return _written(envelope, old, f"{old['ts']}:deleted", None, change=True)
    if "edited" not in message:
        return None
    text = from_mrkdwn(message.get("text") or "", bot_user(envelope), names)
    return _written(envelope, old, f"{old['ts']}:{message['edited']['ts']}", text, change=True)


def _written(envelope: Json, message: Json, event: str, text: str | None, **more: Any) -> Written:
    return Written(
        platform=SLACK,
        workspace=envelope["team_id"],
        channel=envelope["event"]["channel"],
        thread=message["thread_ts"],
        outside_id=message["ts"],
        event=event,
        user_id=message["user"],
        text=text,
        at=datetime.fromtimestamp(float(message["ts"]), UTC),
        **more,
    )


def read_staff_interaction(payload: Json) -> StaffPress | StaffFormSent | None:
    """Return a button or a form of a staff channel; None for any other. Raises KeyError for what is not Slack's."""
    if payload.get("type") == "view_submission" and payload["view"].get("callback_id") == FORM:
        return _form_sent(payload)
    if payload.get("type") != "block_actions":
        return None
    action = payload["actions"][0]
    kind, _, act = str(action["action_id"]).partition(":")
    if kind != PRESS:
        return None
    trigger, container = payload["trigger_id"], payload["container"]
    blocks = tuple((payload.get("message") or {}).get("blocks") or ())
    return StaffPress(act, str(action.get("value") or ""), _member(payload), trigger, container, blocks)


def _form_sent(payload: Json) -> StaffFormSent:
    view = payload["view"]
    kept = json.loads(view["private_metadata"])
    form = Form(kept["act"], kept["hand_off"], "", "", (), kept["state"])
    return StaffFormSent(form, values_of(view), str(view["id"]), _member(payload))


def _member(payload: Json) -> Member:
    """The workspace in which it was pressed: whether the user is its own is asked of Slack."""
    return Member(str((payload.get("team") or {}).get("id") or ""), payload["user"]["id"])


def read_command(body: bytes) -> StaffCommand | None:
    """Return a command (https://docs.slack.dev/interactivity/implementing-slash-commands); None for Slack's own check.

    Raises ValueError or KeyError for what is not Slack's.
    """
    fields = {name: values[0] for name, values in parse_qs(body.decode("utf-8"), strict_parsing=True).items()}
    if fields.get("ssl_check"):
        return None
    text = fields.get("text", "").strip()
    for_all = fields.get("is_enterprise_install") == "true" and fields.get("enterprise_id")
    more = {"whole": text, "installed": str(for_all or fields["team_id"])}
    act, _, rest = text.partition(" ")
    found = next((one for one in find_references(text) if one.valid), None)
    if found is None:
        return StaffCommand(act.lower(), None, rest.strip(), _commander(fields), fields["trigger_id"], **more)
    if find_references(act):
        act, rest = "", text
    first, _, others = rest.strip().partition(" ")
    behind = others if find_references(first) else rest
    done = act.lower().replace("-", "_")
    return StaffCommand(done, found.reference, behind.strip(), _commander(fields), fields["trigger_id"], **more)


def _commander(fields: Mapping[str, str]) -> Member:
    return Member(fields["team_id"], fields["user_id"])
