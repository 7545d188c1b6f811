"""The customer's side of the public API, for the terminal."""

import time
import uuid
from typing import Any

import httpx

QUIET_SECONDS = 1.5
LONGEST_WAIT = 15.0


class ChatRefused(Exception):
    """The gateway could not be reached or refused a message; the text says what to do."""


class ChatClient:
    """One conversation. ``news`` returns every message once, in order."""

    def __init__(self, http: httpx.Client, conversation_id: str) -> None:
        self._http = http
        self._messages = f"/api/conversations/{conversation_id}/messages"
        self._seen = 0
        self._choices: list[dict[str, str]] = []
        self._sent = self._heard = time.monotonic()

    @classmethod
    def open(cls, url: str) -> "ChatClient":
        """Open a conversation; raises ChatRefused."""
        http = httpx.Client(base_url=url, timeout=20)
        opened = _checked(http, "POST", "/api/conversations", {})
        http.headers["Authorization"] = f"Bearer {opened['token']}"
        return cls(http, opened["conversation_id"])

    def send(self, line: str) -> None:
        """Send a line; the number of a quick reply on screen sends that choice. Raises ChatRefused."""
        body: dict[str, Any] = {"client_message_id": str(uuid.uuid4()), "seen_seq": self._seen}
        if line.isascii() and line.isdigit() and 0 < int(line) <= len(self._choices):
            body["choice"] = self._choices[int(line) - 1]["id"]
        else:
            body["text"] = line
        _checked(self._http, "POST", self._messages, body)
        self._sent = time.monotonic()

    def news(self) -> list[dict[str, Any]]:
        """Return the messages since the last call; raises ChatRefused."""
        read = _checked(self._http, "GET", f"{self._messages}?after_seq={self._seen}")
        messages: list[dict[str, Any]] = read["messages"]
        for message in messages:
            self._seen = message["seq"]
            if message["author"] != "customer":
                self._choices, self._heard = message["choices"], time.monotonic()
        return messages

    def wait_for_answers(self) -> None:
        """Wait until the last message is answered, so that piped input shows its answers."""
        deadline = time.monotonic() + LONGEST_WAIT
        while time.monotonic() < deadline:
            if self._heard > self._sent and time.monotonic() - self._heard > QUIET_SECONDS:
                return
            time.sleep(0.1)


def _checked(http: httpx.Client, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    try:
        answer = http.request(method, path, json=body)
        read: dict[str, Any] = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise ChatRefused("The gateway does not answer. Is it running? Start it with: techref up") from error
    if answer.is_error:
        raise ChatRefused(read["error"]["message"])
    return read
