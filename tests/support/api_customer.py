"""A customer on the public API: what a widget does, without the widget."""

import time
import uuid
from typing import Any

import httpx

SECONDS_FOR_AN_ANSWER = 40
Json = dict[str, Any]
OPENED: list[httpx.Client] = []


def http_client(url: str, timeout: float) -> httpx.Client:
    """A client that conftest closes when the module's tests are over."""
    client = httpx.Client(base_url=url, timeout=timeout, trust_env=False)
    OPENED.append(client)
    return client


class ApiCustomer:
    """Opens a conversation; ``says`` writes and waits until the assistant has answered."""

    def __init__(self, url: str, **opening: Any) -> None:
        self.http = http_client(url, timeout=30)
        opened = self.http.post("/api/conversations", json=opening)
        assert opened.status_code == 201, opened.text
        self.id, self.token = opened.json()["conversation_id"], opened.json()["token"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"
        self.path = f"/api/conversations/{self.id}"
        self.last: list[Json] = []

    def posts(self, text: str, client_id: str | None = None, **fields: Any) -> httpx.Response:
        body = {"client_message_id": client_id or str(uuid.uuid4()), "text": text, **fields}
        return self.http.post(f"{self.path}/messages", json=body)

    def reads(self, after_seq: int = 0) -> Json:
        answer = self.http.get(f"{self.path}/messages", params={"after_seq": after_seq})
        assert answer.status_code == 200, answer.text
        read: Json = answer.json()
        return read

    def says(self, text: str) -> list[Json]:
        """What is answered to a typed message."""
        return self._answered(self.posts(text))

    def chooses(self, title: str) -> list[Json]:
        """What is answered to the quick reply of this title among those offered last."""
        offered = {choice["title"]: choice["id"] for message in self.last for choice in message["choices"]}
        assert title in offered, f"{title} is not among {list(offered)}"
        body = {"client_message_id": str(uuid.uuid4()), "choice": offered[title]}
        return self._answered(self.http.post(f"{self.path}/messages", json=body))

    def _answered(self, stored: httpx.Response) -> list[Json]:
        assert stored.status_code == 202, stored.text
        seq = stored.json()["seq"]
        deadline = time.monotonic() + SECONDS_FOR_AN_ANSWER
        while time.monotonic() < deadline:
            answers = [message for message in self.reads(seq)["messages"] if message["author"] != "customer"]
            if answers:
                self.last = answers
                return answers
            time.sleep(0.05)
        raise AssertionError("nobody answered")

    def hears(self, words: str, seconds: float = SECONDS_FOR_AN_ANSWER) -> Json:
        """Wait for a message that holds these words."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for message in self.reads()["messages"]:
                if words in message["text"]:
                    found: Json = message
                    return found
            time.sleep(0.1)
        raise AssertionError(f"nobody said: {words}")


def texts(messages: list[Json]) -> str:
    return "\n".join(message["text"] for message in messages)


class ApiTechnician:
    """A technician on the desk's API."""

    def __init__(self, url: str, email: str, password: str) -> None:
        self.http = http_client(url, timeout=60)
        signed_in = self.http.post("/desk/api/login", json={"email": email, "password": password})
        assert signed_in.status_code == 200, signed_in.text
        self.http.headers["X-CSRF-Token"] = signed_in.json()["csrf_token"]

    def hand_off_of(self, reference: str, state: str = "waiting") -> Json:
        listed = self.http.get("/desk/api/handoffs", params={"state": state}).json()["handoffs"]
        (found,) = [hand_off for hand_off in listed if hand_off["reference"] == reference]
        one: Json = found
        return one

    def posts(self, path: str, **body: Any) -> httpx.Response:
        return self.http.post(f"/desk/api/{path}", json=body)

    def claims(self, reference: str) -> None:
        claimed = self.posts(f"handoffs/{self.hand_off_of(reference)['id']}/claim")
        assert claimed.status_code == 200, claimed.text
