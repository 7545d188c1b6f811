"""A technician in a staff channel of Slack: what Slack sends on their behalf, and what it shows them."""

import itertools
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.support.fake_slack import BOT, HOST_TEAM, FakeSlack

CHANNEL = "C0STAFF"
SUPPORT_YML = "teams: {applications: {staff_channel: 'slack:T0HOST/C0STAFF'}}\n"
FIXTURES = Path(__file__).parents[1] / "channels" / "slack" / "fixtures"
Json = dict[str, Any]
_triggers = itertools.count()
_numbers = itertools.count(1)


def new_ts(clock: Callable[[], float] = time.time) -> str:
    """The time of a message, which names it."""
    return f"{int(clock())}.{next(_numbers):06d}"


def posted_under(slack: FakeSlack, thread: str) -> list[Json]:
    return [one for one in list(slack.posted) if one.get("thread_ts") == thread]


def buttons_of(message: Json) -> dict[str, Json]:
    """The buttons of a message by their titles."""
    elements = [one for block in message["blocks"] if block["type"] == "actions" for one in block["elements"]]
    return {one["text"]["text"]: one for one in elements}


def message_event(user: str, text: str, ts: str, thread: str | None, **changes: Any) -> Json:
    """An envelope as Slack sends it for a message in the staff channel."""
    envelope: Json = json.loads((FIXTURES / "message_in_channel_thread.json").read_text(encoding="utf-8"))
    event = envelope["event"]
    event |= {"user": user, "text": text, "ts": ts, "event_ts": ts, "channel": CHANNEL, "client_msg_id": f"m-{ts}"}
    event.pop("thread_ts")
    event.pop("parent_user_id")
    if thread is not None:
        event |= {"thread_ts": thread, "parent_user_id": BOT}
    envelope["event_id"] = f"Ev{ts}"
    event |= changes
    return envelope


def edit_event(before: Json, text: str, ts: str) -> Json:
    """The envelope of an edit of a message."""
    envelope: Json = json.loads((FIXTURES / "message_changed.json").read_text(encoding="utf-8"))
    old = before["event"]
    changed = {**old, "text": text, "edited": {"user": old["user"], "ts": ts}}
    envelope["event"] |= {"message": changed, "previous_message": old, "channel": CHANNEL, "channel_type": "channel"}
    return envelope


def deletion_event(before: Json, ts: str) -> Json:
    """The envelope of a deletion of a message."""
    envelope: Json = json.loads((FIXTURES / "message_deleted.json").read_text(encoding="utf-8"))
    old = before["event"]
    event = {"previous_message": old, "deleted_ts": old["ts"], "channel": CHANNEL, "channel_type": "channel"}
    envelope["event"] |= {**event, "event_ts": ts, "ts": ts}
    return envelope


def press_payload(user: str, message: Json, title: str, team: str = HOST_TEAM) -> Json:
    """The payload of a pressed button of one of our messages."""
    payload: Json = json.loads((FIXTURES / "button_choice.json").read_text(encoding="utf-8"))
    button = buttons_of(message)[title]
    payload["user"] |= {"id": user, "team_id": team}
    payload["team"]["id"] = team
    payload["container"] |= {"channel_id": CHANNEL, "message_ts": message["ts"]}
    if "thread_ts" in message:
        payload["container"]["thread_ts"] = message["thread_ts"]
    payload["message"]["blocks"] = message["blocks"]
    payload["actions"] = [{**button, "block_id": "a1", "action_ts": new_ts()}]
    return payload


def form_payload(
    user: str, view: Json, values: dict[str, str | list[str]], view_id: str, team: str = HOST_TEAM
) -> Json:
    """The payload of a form that was filled in and sent."""
    payload: Json = json.loads((FIXTURES / "private_form_sent.json").read_text(encoding="utf-8"))
    payload["user"] |= {"id": user, "team_id": team}
    payload["team"]["id"] = team
    state: Json = {}
    for block in view["blocks"]:
        name, element = block["block_id"], block["element"]
        state[name] = {element["action_id"]: _field(element, values.get(name))}
    kept = {name: view[name] for name in ("callback_id", "private_metadata", "title", "blocks")}
    payload["view"] |= {**kept, "id": view_id, "state": {"values": state}}
    return payload


def _field(element: Json, value: str | list[str] | None) -> Json:
    if element["type"] == "plain_text_input":
        return {"type": element["type"], "value": value if value is not None else element.get("initial_value")}
    options = {one["text"]["text"]: one for one in element["options"]}
    if element["type"] == "checkboxes":
        chosen = [options[one] for one in value] if value is not None else element.get("initial_options", [])
        return {"type": element["type"], "selected_options": chosen}
    return {"type": element["type"], "selected_option": options[str(value)] if value is not None else None}


def command_body(user: str, text: str, team: str = HOST_TEAM) -> bytes:
    """The body of a slash command."""
    fields = {
        "token": "verification-token",
        "team_id": team,
        "team_domain": "vendor",
        "channel_id": CHANNEL,
        "channel_name": "staff",
        "user_id": user,
        "user_name": user.lower(),
        "command": "/techref",
        "text": text,
        "api_app_id": "A0TECHREF",
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.com/commands/T0HOST/1/x",
        "trigger_id": f"1.2.{next(_triggers)}",
    }
    return urlencode(fields).encode()


def payload_body(payload: Json) -> bytes:
    return urlencode({"payload": json.dumps(payload)}).encode()
