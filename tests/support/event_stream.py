"""A customer's open event stream, followed by a thread of its own."""

import json
import threading

import httpx

from tests.support.api_customer import ApiCustomer, Json
from tests.support.running_stack import eventually


class EventStream:
    """All that one stream brings, as it comes; it is never opened anew, so that a repeat would be seen.

    ``url``: the gateway to listen at, which may be another than the one the customer writes to.
    """

    def __init__(self, customer: ApiCustomer, url: str) -> None:
        self.events: list[tuple[str, Json]] = []
        self._client = httpx.Client(base_url=url, timeout=None, trust_env=False, headers=customer.http.headers)
        self._path, self._open = f"{customer.path}/events", True
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()
        eventually(lambda: bool(self.events), 10, "the first event")

    def _follow(self) -> None:
        with self._client.stream("GET", self._path) as stream:
            name = ""
            for line in stream.iter_lines():
                if not self._open:
                    return
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    self.events.append((name, json.loads(line[6:])))

    @property
    def messages(self) -> list[Json]:
        return [data for name, data in list(self.events) if name == "message"]

    def hears(self, words: str, seconds: float = 40) -> None:
        eventually(lambda: any(words in one["text"] for one in self.messages), seconds, f"hearing {words}")

    def sees_typing(self, author: str) -> bool:
        return any(name == "typing" and data["author"] == author for name, data in list(self.events))

    def close(self) -> None:
        """At the next event, or heartbeat, the thread ends."""
        self._open = False
        self._thread.join(20)
        self._client.close()
