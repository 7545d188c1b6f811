"""A channel of TechRef as a package of its own: signed JSON in, signed JSON out."""

import hashlib
import hmac
import json
import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json as as_json

from bot.channels.channel import Channel
from bot.channels.split_text import split_text
from bot.http.requests import ctx_of, json_body
from bot.services.channel import arrivals
from bot.services.channel.answered import Answered
from bot.services.channel.arrivals import Arrival, Place
from bot.services.channel.channel_people import Person
from bot.services.channel.outgoing import Outgoing
from bot.services.core import outbound
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NotFound, Unauthorised
from bot.services.outbox.outcomes import NotNow, Refused

NAME = "plain_http"
SECRET, URL = "CHANNEL_PLAIN_HTTP_SECRET", "CHANNEL_PLAIN_HTTP_URL"
TIMESTAMP, SIGNATURE = "X-Timestamp", "X-Signature"
GOOD_FOR = timedelta(minutes=5)
SHORTEST_SECRET, LONGEST_TEXT, LONGEST_ID = 32, 4000, 100
# One program speaks for all of them: a workspace is whoever has the secret.
WORKSPACE = "program"


def plain_http_channel(ctx: Context) -> Channel:
    """Return the channel; off until both settings are there."""
    secret, url = os.environ.get(SECRET, ""), os.environ.get(URL, "")
    missing = _missing(secret, url)
    deliver = None if missing else PlainHttpDeliver(ctx, secret, url)
    return Channel(NAME, _blueprint("" if missing else secret), missing, deliver)


def _missing(secret: str, url: str) -> str | None:
    if len(secret) < SHORTEST_SECRET:
        return f"set {SECRET} to {SHORTEST_SECRET} characters or more"
    try:
        outbound.check_address(url)
    except ValueError as error:
        return f"set {URL}: {error}"
    return None


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return what stands in the header for this body, sent at ``timestamp`` (seconds since 1970)."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _is_genuine(ctx: Context, secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    timestamp = headers.get(TIMESTAMP, "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 15):
        return False
    recent = abs(ctx.clock().timestamp() - int(timestamp)) <= GOOD_FOR.total_seconds()
    given = headers.get(SIGNATURE, "").encode("utf-8", "replace")
    return recent and hmac.compare_digest(signature(secret, timestamp, body).encode(), given)


def _blueprint(secret: str) -> Blueprint:
    """Return the routes; without a secret the channel is off, and there is nothing at its address."""
    plain_http = Blueprint(NAME, url_prefix=f"/channels/{NAME}")

    @plain_http.post("/messages")
    async def take(request: Request) -> HTTPResponse:
        ctx = ctx_of(request)
        if not secret:
            raise NotFound("There is nothing at this address.")
        if not _is_genuine(ctx, secret, request.headers, request.body):
            raise Unauthorised("This message is not signed with the secret, or was signed more than five minutes ago.")
        arrived = await arrivals.arrive(ctx, _arrival(json_body(request)))
        return as_json({"repeated": arrived.repeated if arrived else False}, status=202)

    return plain_http


def _arrival(body: Mapping[str, Any]) -> Arrival:
    """Return what the program hands in; raises Invalid with the field's name."""
    thread, user = _id(body, "thread"), _id(body, "user")
    text, choice = body.get("text"), body.get("choice")
    if (isinstance(text, str) and bool(text.strip())) == isinstance(choice, str):
        raise Invalid("Send either text or the id of a choice; nothing was stored.")
    name = body.get("name")
    return Arrival(
        channel=NAME,
        source_id=_id(body, "id"),
        place=Place(WORKSPACE, thread, {"thread": thread}, shared=False),
        person=Person(WORKSPACE, user, name[:LONGEST_ID] if isinstance(name, str) and name.strip() else None),
        text=text if isinstance(text, str) else None,
        choice=choice if isinstance(choice, str) else None,
    )


def _id(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID or not value.isprintable():
        raise Invalid(f"{name} must be text of at most {LONGEST_ID} characters; nothing was stored.")
    return value


class PlainHttpDeliver:
    """Sends what we say to the program's address."""

    seconds_apart = 0.0

    def __init__(self, ctx: Context, secret: str, url: str) -> None:
        self._ctx, self._secret, self._url = ctx, secret, url

    def rate_key(self, outgoing: Outgoing) -> str:
        return str(outgoing.reference["thread"])

    async def parts(self, outgoing: Outgoing) -> Sequence[Any]:
        """Return the bundle in pieces of at most 4,000 characters; the buttons go with the last."""
        pieces = split_text(outgoing.text, LONGEST_TEXT)
        choices = [{"id": one["id"], "title": one["title"]} for one in outgoing.choices]
        newest = outgoing.messages[-1]["seq"]
        return [
            {
                "id": f"{outgoing.conversation_id}:{newest}:{number}",
                "text": piece,
                "choices": choices if number == len(pieces) - 1 else [],
            }
            for number, piece in enumerate(pieces)
        ]

    def smaller(self, part: Any) -> Sequence[Any]:
        """Nothing is refused for its size."""
        return [part]

    async def send(self, outgoing: Outgoing, part: Any) -> str | None:
        """Send one piece, and return its id. Raises NotNow or Refused."""
        fields = {**part, "thread": outgoing.reference["thread"], "technician": outgoing.technician}
        body = json.dumps(fields, ensure_ascii=False).encode()
        timestamp = str(int(self._ctx.clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            TIMESTAMP: timestamp,
            SIGNATURE: signature(self._secret, timestamp, body),
        }
        try:
            answer = await outbound.request(self._ctx.settings, "POST", self._url, content=body, headers=headers)
        except outbound.NotAllowed as why:
            raise Refused(why.code) from why
        except outbound.Unreachable as why:
            raise NotNow(why.code) from why
        if answer.is_success:
            return str(part["id"])
        if 400 <= answer.status < 500 and answer.status not in (408, 429):
            raise Refused(f"answered {answer.status}")
        raise NotNow(f"answered {answer.status}")

    async def show_answer(self, parts: Sequence[Any], answered: Answered) -> None:
        """The program was sent the buttons and knows itself when they are over."""
        raise Refused("cannot be changed")

    async def typing(self, reference: dict[str, Any], workspace: str, on: bool) -> None:
        """The program is not notified of that."""

    async def close(self) -> None:
        """Nothing is held open."""
