"""A stand-in for Slack's Web API that holds to its published limits and error replies; the peer is Slack's own client.

It runs in a thread of its own, so that gateways in this process and in others can use it.
"""

import asyncio
import hashlib
import hmac
import itertools
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from aiohttp import web
from slack_sdk.models.views import View

TOKEN, BOT, HOST_TEAM = "xoxb-host", "U0BOT", "T0HOST"
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
MOST_TEXT = 40_000
GRANTED = (
    "app_mentions:read,channels:history,groups:history,im:history,mpim:history,im:write,chat:write,"
    "chat:write.customize,files:read,files:write,reactions:read,users:read,channels:read,groups:read,"
    "users:read.email,commands"
)
Json = dict[str, Any]


class Refusal(Exception):
    """What Slack answers instead: an error with 200, or another status."""

    def __init__(self, error: str, status: int = 200, headers: dict[str, str] | None = None) -> None:
        super().__init__(error)
        self.error, self.status, self.headers = error, status, headers or {}


def check_blocks(blocks: list[Json]) -> None:
    """The limits of https://docs.slack.dev/reference/block-kit; raises Refusal as Slack does."""
    if len(blocks) > 50:
        raise Refusal("invalid_blocks")
    # Not published; 11,341 characters were refused (https://github.com/slackapi/bolt-js/issues/2867).
    if sum(map(_characters, blocks)) > 11_300:
        raise Refusal("msg_blocks_too_long")
    for block in blocks:
        texts = [block["text"]["text"]] if "text" in block else []
        fields = [field["text"] for field in block.get("fields", [])]
        elements = block.get("elements", [])
        if block["type"] == "section":
            fine = (
                bool(texts or fields)
                and all(1 <= len(text) <= 3000 for text in texts)
                and len(fields) <= 10
                and all(1 <= len(text) <= 2000 for text in fields)
            )
        elif block["type"] == "header":
            fine = bool(texts) and 1 <= len(texts[0]) <= 150
        elif block["type"] == "context":
            fine = 1 <= len(elements) <= 10 and all(1 <= len(one["text"]) <= 3000 for one in elements)
        else:
            names = {one["action_id"] for one in elements}
            fine = 1 <= len(elements) <= 25 and len(names) == len(elements)
            fine = fine and all(1 <= len(one["text"]["text"]) <= 75 for one in elements)
            fine = fine and all(len(one["value"]) <= 2000 for one in elements)
        if not fine:
            raise Refusal("invalid_blocks")


def _characters(block: Json) -> int:
    shown = [block.get("text"), *block.get("fields", []), *(one.get("text") for one in block.get("elements", []))]
    texts = [one["text"] if isinstance(one, dict) else one for one in shown if one]
    return sum(len(text) for text in texts)


class FakeSlack:
    """``posted`` are the messages it took, in order; ``calls`` everything that was asked, refused or not."""

    def __init__(self) -> None:
        self.posted: list[Json] = []
        self.ephemeral: list[Json] = []
        self.updated: list[Json] = []
        self.views: list[Json] = []
        self.homes: list[Json] = []
        self.files: dict[str, Json] = {}
        self.shared_files: list[Json] = []
        self.calls: list[tuple[str, Json]] = []
        # The methods in the order they were called, before they are answered.
        self.begun: list[str] = []
        self.taken_at: dict[str, list[float]] = defaultdict(list)
        self.people = {"U1KIM": "Kim", "U2LEE": "Lee"}
        # Addresses of people, and whose workspace they belong to where it is not the host's.
        self.emails: dict[str, str] = {}
        self.teams: dict[str, str] = {}
        self.unconfirmed: set[str] = set()
        self.channels = {"C2ROOM": "print-room"}
        # What stands in channels, and the channels that the app is not in.
        self.threads: dict[str, list[Json]] = defaultdict(list)
        self.not_in: set[str] = set()
        self.tokens = {TOKEN: HOST_TEAM}
        self.scopes = GRANTED
        self.status_allowed = True
        self.no_direct_messages = False
        self.downloads: dict[str, bytes] = {}
        # Raised once each, first in first out, by the method named.
        self.troubles: dict[str, list[Refusal]] = defaultdict(list)
        # Slack allows about one message a second and channel, and lets short bursts pass.
        self.seconds_apart = 0.0
        self.slow_seconds = 0.0
        self._numbers = itertools.count(1)
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.url = ""

    def start(self) -> "FakeSlack":
        self._thread.start()
        assert self._started.wait(10)
        return self

    def stop(self) -> None:
        if self._loop.is_closed():
            return
        self.slow_seconds = 0.0
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        app = web.Application(client_max_size=50_000_000)
        app.router.add_route("*", "/api/{method}", self._method)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_get("/files/{name}", self._download)
        runner = web.AppRunner(app, shutdown_timeout=0)
        self._loop.run_until_complete(runner.setup())
        site = web.TCPSite(runner, "127.0.0.1", 0)
        self._loop.run_until_complete(site.start())
        port = runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"
        self._started.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def environ(self) -> dict[str, str]:
        """Settings of a gateway that talks to this stand-in."""
        return {
            "TECHREF_SLACK_SIGNING_SECRET": SECRET,
            "TECHREF_SLACK_BOT_TOKEN": TOKEN,
            "TECHREF_SLACK_API_URL": self.api_url,
            "TECHREF_SLACK_CLIENT_ID": "1.2",
            "TECHREF_SLACK_CLIENT_SECRET": "client-secret",
        }

    async def _method(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        self.begun.append(method)
        await asyncio.sleep(self.slow_seconds)
        try:
            answer = self._answer(method, request.headers.get("Authorization", ""), arguments)
        except Refusal as no:
            self.calls.append((method, arguments))
            body = {"ok": False, "error": no.error}
            if no.status >= 500:
                return web.Response(status=no.status, text="<html>upstream is away</html>", content_type="text/html")
            return web.json_response(body, status=no.status, headers=no.headers)
        self.calls.append((method, arguments))
        return web.json_response({"ok": True, **answer}, headers={"X-OAuth-Scopes": self.scopes})

    def _answer(self, method: str, authorization: str, arguments: Json) -> Json:
        if self.troubles[method]:
            raise self.troubles[method].pop(0)
        if method != "oauth.v2.access" and authorization.removeprefix("Bearer ") not in self.tokens:
            raise Refusal("invalid_auth")
        handler: Callable[[Json], Json] | None = getattr(self, "_" + method.replace(".", "_"), None)
        if handler is None:
            raise Refusal("unknown_method")
        return handler(arguments)

    def _pace(self, channel: str) -> None:
        now = time.monotonic()
        taken = self.taken_at[channel]
        if taken and now - taken[-1] < self.seconds_apart:
            raise Refusal("ratelimited", 429, {"Retry-After": "1"})
        taken.append(now)

    def _ts(self) -> str:
        return f"1700000000.{next(self._numbers):06d}"

    def _auth_test(self, _arguments: Json) -> Json:
        return {"team_id": HOST_TEAM, "team": "Vendor", "user_id": BOT}

    def _chat_postMessage(self, arguments: Json) -> Json:
        if not arguments.get("text") and not arguments.get("blocks"):
            raise Refusal("no_text")
        if len(arguments.get("text") or "") > MOST_TEXT:
            raise Refusal("msg_too_long")
        if "username" in arguments and "chat:write.customize" not in self.scopes:
            raise Refusal("missing_scope")
        check_blocks(arguments.get("blocks") or [])
        self._pace(arguments["channel"])
        ts = self._ts()
        self.posted.append({**arguments, "ts": ts})
        return {"channel": arguments["channel"], "ts": ts}

    def _chat_postEphemeral(self, arguments: Json) -> Json:
        check_blocks(arguments.get("blocks") or [])
        self.ephemeral.append(arguments)
        return {"message_ts": self._ts()}

    def _chat_update(self, arguments: Json) -> Json:
        check_blocks(arguments.get("blocks") or [])
        self.updated.append(arguments)
        return {"ts": arguments["ts"]}

    def _conversations_open(self, arguments: Json) -> Json:
        if self.no_direct_messages:
            raise Refusal("cannot_dm_bot")
        return {"channel": {"id": f"D{arguments['users']}"}}

    def _conversations_info(self, arguments: Json) -> Json:
        name = self.channels.get(str(arguments["channel"]))
        if name is None:
            raise Refusal("channel_not_found")
        return {"channel": {"id": arguments["channel"], "name": name}}

    def _conversations_replies(self, arguments: Json) -> Json:
        """A thread by its first message; by a reply that reply alone (https://docs.slack.dev/reference/methods)."""
        if arguments["channel"] in self.not_in:
            raise Refusal("not_in_channel")
        asked, latest = arguments["ts"], arguments.get("latest")
        found = [one for one in self.threads[arguments["channel"]] if asked in (one["ts"], one.get("thread_ts"))]
        if not found:
            raise Refusal("thread_not_found")
        return {"messages": [one for one in found if latest is None or float(one["ts"]) <= float(latest)]}

    def _users_info(self, arguments: Json) -> Json:
        user = arguments["user"]
        if user not in self.people:
            raise Refusal("user_not_found")
        return {"user": self._user(user)}

    def _user(self, user: str) -> Json:
        profile: Json = {"display_name": self.people[user]}
        if "users:read.email" in self.scopes and user in self.emails:
            profile["email"] = self.emails[user]
        return {
            "id": user,
            "team_id": self.teams.get(user, HOST_TEAM),
            "name": user.lower(),
            "deleted": False,
            "is_bot": False,
            "is_email_confirmed": user not in self.unconfirmed,
            "profile": profile,
        }

    def _users_lookupByEmail(self, arguments: Json) -> Json:
        if "users:read.email" not in self.scopes:
            raise Refusal("missing_scope")
        found = [user for user, email in self.emails.items() if email == arguments["email"]]
        if not found:
            raise Refusal("users_not_found")
        return {"user": self._user(found[0])}

    def _views_open(self, arguments: Json) -> Json:
        view = arguments["view"]
        assert all(len(view[name]["text"]) <= 24 for name in ("title", "submit") if name in view)
        View(**view).validate_json()
        self.views.append(arguments)
        return {"view": {"id": "V1"}}

    def _views_publish(self, arguments: Json) -> Json:
        view = arguments["view"]
        View(**view).validate_json()
        check_blocks(view["blocks"])
        self.homes.append(arguments)
        return {"view": {"id": "V2"}}

    def _assistant_threads_setStatus(self, arguments: Json) -> Json:
        if not self.status_allowed:
            raise Refusal("missing_scope")
        return {}

    def _files_getUploadURLExternal(self, arguments: Json) -> Json:
        file_id = f"F{next(self._numbers)}"
        self.files[file_id] = {"name": arguments["filename"], "length": int(arguments["length"])}
        return {"file_id": file_id, "upload_url": f"{self.url}/upload/{file_id}"}

    def _files_completeUploadExternal(self, arguments: Json) -> Json:
        for file in arguments["files"]:
            kept = self.files[file["id"]]
            assert len(kept["data"]) == kept["length"]
            self.shared_files.append({**arguments, **kept, "title": file["title"]})
        return {"files": [{"id": file["id"]} for file in arguments["files"]]}

    def _files_info(self, arguments: Json) -> Json:
        address = f"{self.url}/files/{arguments['file']}"
        return {"file": {"id": arguments["file"], "name": "error.txt", "url_private_download": address}}

    def _oauth_v2_access(self, arguments: Json) -> Json:
        if arguments["code"] != "good":
            raise Refusal("invalid_code")
        self.tokens["xoxb-new"] = "T9NEW"
        return {
            "access_token": "xoxb-new",
            "bot_user_id": "U9BOT",
            "scope": self.scopes,
            "team": {"id": "T9NEW", "name": "Brightsons"},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    async def _upload(self, request: web.Request) -> web.Response:
        self.files[request.match_info["file"]]["data"] = await request.read()
        return web.Response(text="OK - 1")

    async def _download(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.Response(status=302, headers={"Location": f"{self.url}/signin"})
        return web.Response(body=self.downloads[request.match_info["name"]])


async def _arguments(request: web.Request) -> Json:
    """The client sends JSON, or a form in which lists and objects are JSON."""
    if request.content_type == "application/json":
        sent: Json = await request.json()
        return {key: value for key, value in sent.items() if value is not None}
    fields = {**request.query, **dict(await request.post())}
    return {key: _value(str(value)) for key, value in fields.items()}


def _value(text: str) -> Any:
    if text[:1] in "[{":
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def signed(body: bytes, at: float, secret: str = SECRET) -> dict[str, str]:
    """The headers by which Slack proves a request."""
    stamp = str(int(at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}
