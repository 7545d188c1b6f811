"""GitHub and Jira as far as we need them: find an issue by our marker, make one, look whether the place is there."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

from bot.services.core import outbound
from bot.services.core.context import Context
from bot.services.core.encryption import CannotOpen, decrypt
from bot.services.outbox.outcomes import NotNow, Refused
from bot.store.tables import Escalation, Tracker

GITHUB, JIRA = "github", "jira"
KINDS = {GITHUB: "GitHub", JIRA: "Jira"}
PAGE, MOST_PAGES = 100, 10
LONGEST_KEY, LONGEST_URL = 100, 2000
# Clocks differ; what was made before that is not ours.
SKEW = timedelta(hours=1)


@dataclass(frozen=True)
class Opened:
    """An issue at the tracker: its number or key, and its page."""

    key: str
    url: str


class TrackerApi(Protocol):
    """One tracker. Every call raises NotNow to be tried again, Refused when that would not help."""

    async def look(self) -> str:
        """Return the name of the repository or project, as proof that the token opens it."""
        ...

    async def find(self, escalation: Escalation) -> Opened | None:
        """Return the issue that carries the escalation's marker."""
        ...

    async def create(self, escalation: Escalation) -> Opened:
        """Make the issue, with the marker in it."""
        ...


def api_of(ctx: Context, tracker: Tracker) -> TrackerApi:
    """Return the API of a tracker; raise Refused when its token cannot be read with the present key."""
    try:
        token = decrypt(ctx, tracker.token)
    except CannotOpen:
        raise Refused("token unreadable") from None
    return GitHub(ctx, tracker, token) if tracker.kind == GITHUB else Jira(ctx, tracker, token)


class GitHub:
    """A repository: https://docs.github.com/en/rest/issues/issues."""

    def __init__(self, ctx: Context, tracker: Tracker, token: str) -> None:
        self._ctx, self._base = ctx, f"{tracker.url.rstrip('/')}/repos/{quote(tracker.project)}"
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }

    async def look(self) -> str:
        found = await _ask(self._ctx, "GET", self._base, self._headers)
        return str(found["full_name"])

    async def find(self, escalation: Escalation) -> Opened | None:
        """Go through the newest issues: the search of GitHub knows a new one only after a while, the list at once."""
        since = _utc(escalation.created_at - SKEW)
        for page in range(1, MOST_PAGES + 1):
            wanted = {"state": "all", "sort": "created", "direction": "desc", "since": since}
            query = urlencode({**wanted, "per_page": PAGE, "page": page})
            found = await _ask(self._ctx, "GET", f"{self._base}/issues?{query}", self._headers)
            for one in found:
                if escalation.marker in (one.get("body") or ""):
                    return _github_issue(one)
            if len(found) < PAGE:
                break
        return None

    async def create(self, escalation: Escalation) -> Opened:
        # A comment is not shown, and stays in the text that the list gives.
        body = f"{escalation.text}\n\n<!-- {escalation.marker} -->"
        fields = {"title": escalation.title, "body": body}
        return _github_issue(await _ask(self._ctx, "POST", f"{self._base}/issues", self._headers, fields))


def _github_issue(found: Mapping[str, Any]) -> Opened:
    number, page = str(found["number"]), str(found["html_url"])
    # The desk shows it as a link.
    if urlsplit(page).scheme not in ("https", "http") or len(page) > LONGEST_URL or len(number) > LONGEST_KEY:
        raise NotNow("answer unreadable")
    return Opened(number, page)


class Jira:
    """A project: https://developer.atlassian.com/cloud/jira/platform/rest/v2/. The marker is a label."""

    def __init__(self, ctx: Context, tracker: Tracker, token: str) -> None:
        self._ctx, self._tracker, self._site = ctx, tracker, tracker.url.rstrip("/")
        proof = f"Bearer {token}"
        if tracker.account:
            proof = f"Basic {base64.b64encode(f'{tracker.account}:{token}'.encode()).decode()}"
        self._headers = {"Authorization": proof, "Accept": "application/json"}

    async def look(self) -> str:
        address = f"{self._site}/rest/api/2/project/{quote(self._tracker.project, safe='')}"
        return str((await _ask(self._ctx, "GET", address, self._headers))["name"])

    async def find(self, escalation: Escalation) -> Opened | None:
        wanted = f'project = "{self._tracker.project}" AND labels = "{escalation.marker}"'
        query = urlencode({"jql": wanted, "fields": "key", "maxResults": 1})
        try:
            found = await _ask(self._ctx, "GET", f"{self._site}/rest/api/2/search/jql?{query}", self._headers)
        except Refused as refused:
            if refused.code != f"answered {int(HTTPStatus.NOT_FOUND)}":
                raise
            # Jira of one's own knows only the older address.
            found = await _ask(self._ctx, "GET", f"{self._site}/rest/api/2/search?{query}", self._headers)
        return next((self._issue(one) for one in found["issues"]), None)

    async def create(self, escalation: Escalation) -> Opened:
        fields = {
            "project": {"key": self._tracker.project},
            "issuetype": {"name": self._tracker.issue_type or "Bug"},
            "summary": escalation.title,
            "description": escalation.text,
            "labels": [escalation.marker],
        }
        address = f"{self._site}/rest/api/2/issue"
        return self._issue(await _ask(self._ctx, "POST", address, self._headers, {"fields": fields}))

    def _issue(self, found: Mapping[str, Any]) -> Opened:
        key = str(found["key"])
        if len(key) > LONGEST_KEY:
            raise NotNow("answer unreadable")
        return Opened(key, f"{self._site}/browse/{quote(key)}")


async def _ask(
    ctx: Context, method: str, address: str, headers: Mapping[str, str], fields: Mapping[str, Any] | None = None
) -> Any:
    content = None if fields is None else json.dumps(fields).encode()
    more = {} if fields is None else {"Content-Type": "application/json"}
    sent = {**headers, **more, "User-Agent": "TechRef"}
    try:
        answer = await outbound.request(ctx.settings, method, address, content=content, headers=sent, read=True)
    except outbound.NotAllowed as why:
        raise Refused(why.code) from why
    except outbound.Unreachable as why:
        raise NotNow(why.code) from why
    if answer.is_success:
        try:
            return json.loads(answer.body)
        except ValueError:
            raise NotNow("answer unreadable") from None
    if answer.status == HTTPStatus.FORBIDDEN and b"rate limit" in answer.body:
        raise NotNow("rate limit")
    if 400 <= answer.status < 500 and answer.status not in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS):
        raise Refused(f"answered {answer.status}")
    raise NotNow(f"answered {answer.status}")


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
