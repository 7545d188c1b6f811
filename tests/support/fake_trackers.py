"""Stand-ins for GitHub and Jira: they keep issues, list and search them, and forget to answer when asked to."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.receiving import Received, Receiver, receiving

TOKEN = "ghp_attested"


@dataclass
class FakeTrackers:
    """``status`` answers the next creations instead, after the issue was made; ``older`` has Jira's older search."""

    receiver: Receiver
    issues: list[dict[str, Any]] = field(default_factory=list)
    status: list[int] = field(default_factory=list)
    older: bool = False

    @property
    def url(self) -> str:
        return self.receiver.url

    def answer(self, request: Received) -> tuple[int, dict[str, str], bytes]:
        if not request.headers["authorization"].endswith(TOKEN) and "Basic" not in request.headers["authorization"]:
            return 401, {}, b"{}"
        parts = urlsplit(request.path)
        status, body = self._answer(request, parts.path, parse_qs(parts.query))
        return status, {"Content-Type": "application/json"}, json.dumps(body).encode()

    def _answer(self, request: Received, path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        if path == "/repos/hartley/quillbook":
            return 200, {"full_name": "hartley/quillbook"}
        if path == "/rest/api/2/project/QB":
            return 200, {"name": "Quillbook"}
        if path == "/repos/hartley/quillbook/issues":
            return self._create(request.json) if request.method == "POST" else (200, self.issues[::-1])
        if path == "/rest/api/2/issue":
            return self._create(request.json["fields"])
        if path in ("/rest/api/2/search", "/rest/api/2/search/jql") and self.older == path.endswith("search"):
            wanted = query["jql"][0].rpartition('labels = "')[2].rstrip('"')
            return 200, {"issues": [one for one in self.issues if wanted in one.get("labels", ())]}
        return 404, {}

    def _create(self, fields: dict[str, Any]) -> tuple[int, Any]:
        number = len(self.issues) + 1
        page = f"https://github.example/hartley/quillbook/issues/{number}"
        made = {**fields, "number": number, "key": f"QB-{number}", "html_url": page}
        self.issues.append(made)
        return (self.status.pop(), {}) if self.status else (201, made)


@contextmanager
def fake_trackers() -> Iterator[FakeTrackers]:
    """GitHub and Jira on one free port for as long as the block runs."""
    with receiving() as receiver:
        trackers = FakeTrackers(receiver)
        receiver.answer = trackers.answer
        yield trackers


def signed(secret: str, body: bytes) -> str:
    """The signature as GitHub and Jira send it."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
