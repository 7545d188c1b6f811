"""A customer in Slack: what Slack does on behalf of somebody who writes to our app, and what it then shows them."""

import itertools
import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.support.api_customer import SECONDS_FOR_AN_ANSWER, Json, http_client
from tests.support.fake_slack import FakeSlack, signed

FIXTURES = Path(__file__).parents[1] / "channels" / "slack" / "fixtures"
_times = itertools.count(1764200001)


class SlackCustomer:
    """Writes in one channel, in the shape of captured events; ``hears`` waits for our words wherever they are said."""

    def __init__(self, url: str, slack: FakeSlack, user: str, channel: str) -> None:
        self.http, self.slack = http_client(url, timeout=30), slack
        self.user, self.channel = user, channel

    def _posts(self, address: str, body: bytes, content_type: str) -> None:
        headers = {"Content-Type": content_type, **signed(body, time.time())}
        answer = self.http.post(f"/channels/slack/{address}", content=body, headers=headers)
        assert answer.status_code == 200, answer.text

    def sends(self, text: str, fixture: str = "message_im", **changes: Any) -> str:
        """Write; the message's time, which names it."""
        ts = f"{next(_times)}.000100"
        envelope = json.loads((FIXTURES / f"{fixture}.json").read_text(encoding="utf-8"))
        envelope["event"] |= {"user": self.user, "channel": self.channel, "text": text, "ts": ts, "event_ts": ts}
        envelope["event"] |= changes
        self._posts("events", json.dumps(envelope).encode(), "application/json")
        return ts

    def says(self, text: str, answer: str, **changes: Any) -> Json:
        before = len(self.slack.posted)
        self.sends(text, **changes)
        return self.hears(answer, after=before)

    def presses(self, message: Json, title: str, answer: str) -> Json:
        """Press a button of a message of ours, and wait for the answer."""
        elements = [one for block in message["blocks"] for one in block.get("elements", []) if "action_id" in one]
        (found,) = [one for one in elements if one["text"]["text"] == title]
        payload = json.loads((FIXTURES / "button_choice.json").read_text(encoding="utf-8"))
        payload["user"]["id"] = self.user
        payload["container"] |= {"channel_id": message["channel"], "message_ts": message["ts"]}
        payload["message"] |= {"text": message["text"], "blocks": message["blocks"], "ts": message["ts"]}
        payload["actions"] = [{**found, "block_id": "b", "action_ts": f"{next(_times)}.000100"}]
        before = len(self.slack.posted)
        body = urlencode({"payload": json.dumps(payload)}).encode()
        self._posts("interactions", body, "application/x-www-form-urlencoded")
        return self.hears(answer, after=before)

    def hears(self, words: str, after: int = 0, where: str | None = None) -> Json:
        deadline = time.monotonic() + SECONDS_FOR_AN_ANSWER
        while time.monotonic() < deadline:
            for one in self.slack.posted[after:]:
                if words in json.dumps(one, ensure_ascii=False) and where in (None, one["channel"]):
                    return one
            time.sleep(0.05)
        said = [(one["channel"], one["text"]) for one in self.slack.posted[after:]]
        raise AssertionError(f"nobody said {words!r}; said was: {said}")
