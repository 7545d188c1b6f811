"""A customer in Teams: what Teams and the Bot Connector do for somebody who writes to our bot."""

import itertools
import json
import time
from pathlib import Path
from typing import Any

from tests.support.api_customer import SECONDS_FOR_AN_ANSWER, Json, http_client
from tests.support.fake_microsoft import FakeMicrosoft, Sent

FIXTURES = Path(__file__).parents[1] / "channels" / "teams" / "fixtures"
_ids = itertools.count(1764200000000)


class TeamsCustomer:
    """Writes in one chat or thread, in the shape of a captured activity; ``hears`` waits for our words there."""

    def __init__(self, url: str, microsoft: FakeMicrosoft, fixture: str, conversation: str, person: str) -> None:
        self.http, self.microsoft = http_client(url, timeout=30), microsoft
        self._fixture, self.conversation, self.person = fixture, conversation, person
        self.last: list[Sent] = []

    def activity(self, **changes: Any) -> Json:
        raw = (FIXTURES / f"{self._fixture}.json").read_text(encoding="utf-8")
        activity: Json = json.loads(raw.replace("{{SERVICE_URL}}", self.microsoft.service_url))
        activity["conversation"]["id"] = self.conversation
        activity["from"] |= {"id": f"29:{self.person}", "aadObjectId": f"aad-{self.person}", "name": self.person}
        return {**activity, "id": str(next(_ids)), "attachments": [], **changes}

    def sends(self, **changes: Any) -> None:
        """Post an activity as the connector does."""
        token = self.microsoft.sign()
        posted = self.http.post(
            "/channels/teams/messages",
            json=self.activity(**changes),
            headers={"Authorization": f"Bearer {token}"},
        )
        assert posted.status_code == 200, posted.text

    def says(self, text: str, answer: str) -> Sent:
        """Write, and wait for an answer that holds these words."""
        before = len(self.microsoft.sent)
        self.sends(text=text)
        return self.hears(answer, after=before)

    def presses(self, card: Sent, title: str, answer: str) -> Sent:
        """Press a button of a card, and wait likewise."""
        found = [button for button in card.buttons if button["title"] == title]
        assert found, f"{title} is not among {[button['title'] for button in card.buttons]}"
        before = len(self.microsoft.sent)
        self.sends(text="", value=found[0]["data"]["msteams"]["value"], replyToId=card.id)
        return self.hears(answer, after=before)

    def hears(self, words: str, after: int = 0, where: str | None = None) -> Sent:
        deadline = time.monotonic() + SECONDS_FOR_AN_ANSWER
        while time.monotonic() < deadline:
            for one in self.microsoft.sent[after:]:
                if one.conversation == (where or self.conversation) and words in json.dumps(one.activity):
                    return one
            time.sleep(0.05)
        said = [one.text for one in self.microsoft.sent[after:]]
        raise AssertionError(f"nobody said {words!r} there; said was: {said}")
