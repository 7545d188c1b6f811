"""Microsoft as the bot sees it, on loopback: signing keys, sign-in, the Bot Connector with its limits and refusals.

It runs in a thread of its own, so that tests of a gateway in the same process and of one in another process can use
it alike.
"""

import hashlib
import hmac
import itertools
import json
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from microsoft_teams.api.activities import MessageActivityInput, TypingActivityInput
from microsoft_teams.cards import AdaptiveCard

APP_ID = "6d3b1c52-0a55-4c1c-9f0e-2b1d5a2f7a11"
SECRET = "a-secret-of-the-bot"
OUR_TENANT = "0f5f4a0e-1111-4a6f-8f0b-6a7d2b1c3d4e"
CUSTOMER_TENANT = "9c2d7b1e-2222-4b7a-9d3c-7b8e3c2d4f5a"
# Published: about 28 KB for an activity; seven messages a second, sixty in half a minute, in one conversation.
ACTIVITY_BYTES = 28 * 1024
IN_ONE_SECOND, IN_HALF_A_MINUTE = 7, 60
ADAPTIVE = "application/vnd.microsoft.card.adaptive"

Json = dict[str, Any]
_KEYS = {kid: rsa.generate_private_key(public_exponent=65537, key_size=2048) for kid in ("k1", "k2", "k3")}


@dataclass(frozen=True)
class Sent:
    """An activity that the connector took; ``id`` is what it answered."""

    conversation: str
    activity: Json
    id: str

    @property
    def text(self) -> str:
        return str(self.activity.get("text", ""))

    @property
    def buttons(self) -> list[Json]:
        """The actions of all cards."""
        bodies = [one["content"]["body"] for one in self.activity.get("attachments", [])]
        return [action for body in bodies for element in body for action in element.get("actions", [])]


@dataclass
class Failure:
    """What the connector answers instead of taking the next activities."""

    status: int
    body: Json = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    after_taking: bool = False


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A gateway that ends in the middle of a call is no fault of this side."""


class FakeMicrosoft:
    def __init__(self) -> None:
        self.offered = {"k1": ["msteams", "webchat"]}
        self.openid_asked = 0
        self.keys_down = False
        self.tokens_given = 0
        self.token_seconds = 3600
        self.token_failures: deque[int] = deque()
        self.failures: deque[Failure] = deque()
        self.sent: list[Sent] = []
        self.updated: list[Sent] = []
        self.update_failures: deque[Failure] = deque()
        self.typing: list[str] = []
        self.unreachable: set[str] = set()
        # The roster of our own team, by Teams' id.
        self.roster: dict[str, Json] = {}
        self.files: dict[str, bytes] = {}
        self.tokens_seen_at_files: list[str | None] = []
        self.refused: list[str] = []
        self._valid: dict[str, float] = {}
        self._times: dict[str, deque[float]] = defaultdict(deque)
        self._ids = itertools.count(1764100000000)
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.service_url = f"{self.url}/emea/"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def environ(self) -> dict[str, str]:
        """The settings of a gateway that takes this for Microsoft."""
        return {
            "TECHREF_TEAMS_APP_ID": APP_ID,
            "TECHREF_TEAMS_APP_SECRET": SECRET,
            "TECHREF_TEAMS_TENANT_ID": OUR_TENANT,
            "TECHREF_TEAMS_OPENID_URL": f"{self.url}/openid",
            "TECHREF_TEAMS_TOKEN_URL": f"{self.url}/token",
            "TECHREF_TEAMS_SERVICE_HOSTS": self.url,
        }

    def sign(self, *, kid: str = "k1", header_kid: str | None = None, algorithm: str = "RS256", **claims: Any) -> str:
        """A token as the connector sends it; a claim given as None is left out."""
        now = time.time()
        told = {
            "iss": "https://api.botframework.com",
            "aud": APP_ID,
            "iat": int(now),
            "nbf": int(now) - 300,
            "exp": int(now) + 3600,
            "serviceurl": self.service_url,
            **claims,
        }
        told = {name: value for name, value in told.items() if value is not None}
        return jwt.encode(told, _KEYS[kid], algorithm=algorithm, headers={"kid": header_kid or kid})

    def forged(self, algorithm: str, **claims: Any) -> str:
        """A token with algorithm "none", or signed with the public key as if it were a shared secret."""
        honest = jwt.decode(self.sign(**claims), options={"verify_signature": False})
        header = {"alg": algorithm, "typ": "JWT", "kid": "k1"}
        signed = f"{_part(header)}.{_part(honest)}"
        if algorithm == "none":
            return f"{signed}."
        public = _KEYS["k1"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        digest = hmac.new(public, signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{urlsafe_b64encode(digest).rstrip(b'=').decode()}"

    def said_in(self, conversation: str) -> list[Sent]:
        return [one for one in self.sent if one.conversation == conversation]

    # what follows answers the bot's calls

    def _openid(self) -> tuple[int, Json]:
        self.openid_asked += 1
        if self.keys_down:
            return 503, {}
        return 200, {"issuer": "https://api.botframework.com", "jwks_uri": f"{self.url}/keys"}

    def _offered_keys(self) -> Json:
        keys = []
        for kid, endorsements in self.offered.items():
            jwk = jwt.algorithms.RSAAlgorithm.to_jwk(_KEYS[kid].public_key(), as_dict=True)
            keys.append({**jwk, "use": "sig", "kid": kid, "x5t": kid, "endorsements": endorsements})
        return {"keys": keys}

    def _token(self, form: dict[str, list[str]]) -> tuple[int, Json]:
        if self.token_failures:
            return self.token_failures.popleft(), {"error": "temporarily_unavailable"}
        wanted = {
            "grant_type": ["client_credentials"],
            "client_id": [APP_ID],
            "client_secret": [SECRET],
            "scope": ["https://api.botframework.com/.default"],
        }
        if form != wanted:
            return 401, {"error": "invalid_client"}
        self.tokens_given += 1
        token = secrets.token_urlsafe(24)
        self._valid[token] = time.time() + self.token_seconds
        return 200, {"token_type": "Bearer", "expires_in": self.token_seconds, "access_token": token}

    def expire_tokens(self) -> None:
        self._valid.clear()

    def _is_valid(self, authorization: str | None) -> bool:
        token = (authorization or "").removeprefix("Bearer ")
        return self._valid.get(token, 0) > time.time()

    def _activity(self, conversation: str, raw: bytes) -> tuple[int, Json, dict[str, str]]:
        with self._lock:
            is_message = b'"type":"message"' in raw
            failure = self.failures.popleft() if self.failures and is_message else None
            if failure is not None and not failure.after_taking:
                return failure.status, failure.body, failure.headers
            if len(raw) > ACTIVITY_BYTES:
                return 413, {"error": {"code": "MessageSizeTooBig", "message": "Message size too large."}}, {}
            if (wait := self._too_fast(conversation)) is not None:
                return 429, {"error": {"code": "RateLimitExceeded"}}, {"Retry-After": str(wait)}
            activity = json.loads(raw)
            if (fault := _fault(activity)) is not None:
                self.refused.append(fault)
                return 400, {"error": {"code": "BadSyntax", "message": fault}}, {}
            if activity["type"] == "typing":
                self.typing.append(conversation)
                return 201, {"id": str(next(self._ids))}, {}
            sent = Sent(conversation, activity, str(next(self._ids)))
            self.sent.append(sent)
            if failure is not None:
                return failure.status, failure.body, failure.headers
            return 201, {"id": sent.id}, {}

    def _too_fast(self, conversation: str) -> int | None:
        now, times = time.monotonic(), self._times[conversation]
        while times and now - times[0] > 30:
            times.popleft()
        if sum(1 for one in times if now - one < 1) >= IN_ONE_SECOND or len(times) >= IN_HALF_A_MINUTE:
            return 1
        times.append(now)
        return None

    def _update(self, conversation: str, activity_id: str, activity: Json) -> tuple[int, Json]:
        if self.update_failures:
            failure = self.update_failures.popleft()
            return failure.status, failure.body
        fault = _fault(activity)
        if fault or activity.get("id") != activity_id:
            self.refused.append(fault or "the id of an update is not the one in its address")
            return 400, {"error": {"code": "BadSyntax"}}
        if not any((one.conversation, one.id) == (conversation, activity_id) for one in self.sent):
            return 404, {"error": {"code": "ActivityNotFoundInConversation"}}
        self.updated.append(Sent(conversation, activity, activity_id))
        return 200, {"id": activity_id}

    def _begun_thread(self, asked: Json) -> tuple[int, Json]:
        """A post that begins a thread in a channel."""
        fault = _fault(asked["activity"])
        if fault or asked["bot"]["id"] != f"28:{APP_ID}":
            self.refused.append(fault or "a thread is begun by another bot")
            return 400, {"error": {"code": "BadSyntax"}}
        named = str(next(self._ids))
        conversation = f"{asked['channelData']['channel']['id']};messageid={named}"
        self.sent.append(Sent(conversation, asked["activity"], named))
        return 201, {"id": conversation, "activityId": named}

    def _member(self, path: str) -> tuple[int, Json]:
        """Somebody of the roster, or all of it in pages of one."""
        _, _, asked = path.partition("members")
        if asked.startswith("/"):
            found = self.roster.get(unquote(asked.removeprefix("/")))
            return (200, found) if found else (404, {"error": {"code": "MemberNotFoundInConversation"}})
        everybody = list(self.roster.values())
        at = int(parse_qs(urlsplit(asked).query).get("continuationToken", ["0"])[0])
        following = {"continuationToken": str(at + 1)} if at + 1 < len(everybody) else {}
        return 200, {"members": everybody[at : at + 1], **following}

    def _personal_chat(self, asked: Json) -> tuple[int, Json]:
        if "channel" in asked["channelData"]:
            return self._begun_thread(asked)
        user = asked["members"][0]["id"]
        if asked["bot"]["id"] != f"28:{APP_ID}" or asked["isGroup"] or not asked["channelData"]["tenant"]["id"]:
            return 400, {"error": {"code": "BadArgument"}}
        if user in self.unreachable:
            return 403, {"error": {"code": "ForbiddenOperationException", "message": "Bot is not in the roster."}}
        return 201, {"id": f"a:personal-{user}"}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        microsoft = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

            def answer(self, status: int, body: Json | bytes, headers: dict[str, str] | None = None) -> None:
                raw = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                if path == "/openid":
                    self.answer(*microsoft._openid())
                elif path == "/keys":
                    self.answer(200, microsoft._offered_keys())
                elif path.startswith("/emea/v3/conversations/") and "members" in path:
                    found = microsoft._member(self.path)
                    self.answer(*found if microsoft._is_valid(self.headers.get("Authorization")) else (401, {}))
                elif path in microsoft.files:
                    microsoft.tokens_seen_at_files.append(self.headers.get("Authorization"))
                    needs_token = path.startswith("/emea/v3/attachments/")
                    if needs_token and not microsoft._is_valid(self.headers.get("Authorization")):
                        self.answer(401, {})
                    else:
                        self.answer(200, microsoft.files[path])
                else:
                    self.answer(404, {})

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                path = urlsplit(self.path).path
                if path == "/token":
                    self.answer(*microsoft._token(parse_qs(raw.decode())))
                elif not microsoft._is_valid(self.headers.get("Authorization")):
                    self.answer(401, {"message": "Authorization has been denied for this request."})
                elif path == "/emea/v3/conversations":
                    self.answer(*microsoft._personal_chat(json.loads(raw)))
                elif path.startswith("/emea/v3/conversations/") and path.endswith("/activities"):
                    named = path.removeprefix("/emea/v3/conversations/").removesuffix("/activities")
                    self.answer(*microsoft._activity(unquote(named), raw))
                else:
                    self.answer(404, {"error": {"code": "ServiceError"}})

            def do_PUT(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                path = urlsplit(self.path).path.removeprefix("/emea/v3/conversations/")
                if not microsoft._is_valid(self.headers.get("Authorization")):
                    self.answer(401, {"message": "Authorization has been denied for this request."})
                else:
                    conversation, _, activity_id = path.partition("/activities/")
                    self.answer(*microsoft._update(unquote(conversation), unquote(activity_id), json.loads(raw)))

        return Handler


def _fault(activity: Json) -> str | None:
    """What Microsoft's own library finds wrong with an activity of ours; None when nothing."""
    shapes: dict[str, Callable[[Json], Any]] = {
        "message": MessageActivityInput.model_validate,
        "typing": TypingActivityInput.model_validate,
    }
    try:
        shapes[activity["type"]](activity)
        for attachment in activity.get("attachments", []):
            if attachment["contentType"] == ADAPTIVE:
                AdaptiveCard.model_validate(attachment["content"])
    except (ValueError, KeyError) as error:
        return f"{type(error).__name__}: {error}"
    if activity["type"] == "message" and not (activity.get("text") or activity.get("attachments")):
        return "a message needs text or a card"
    return None


def _part(told: Json) -> str:
    return urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()
