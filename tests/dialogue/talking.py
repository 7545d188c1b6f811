"""A customer who talks over the public API and knows when a turn is over, because the database says so."""

import sqlite3
import time
import uuid
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

SECONDS_FOR_A_TURN = 40
Json = dict[str, Any]


@dataclass
class Answer:
    """What one message brought: the messages of our side, in order, and how the conversation then stood."""

    messages: list[Json]
    state: Json

    @property
    def text(self) -> str:
        return "\n".join(message["text"] for message in self.messages)

    @property
    def choices(self) -> list[str]:
        return [choice["title"] for message in self.messages for choice in message["choices"]]

    @property
    def cards(self) -> list[str]:
        return [f"{card['title']} {card['url']}" for message in self.messages for card in message["cards"]]


@dataclass
class Talker:
    """One conversation. ``home`` is the stack's TECHREF_HOME: its database is read, never written."""

    url: str
    home: Path
    opening: Json = field(default_factory=dict)
    token: str | None = None

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.url, timeout=30, trust_env=False)
        older = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        opened = self.http.post("/api/conversations", json=self.opening, headers=older)
        assert opened.status_code == 201, opened.text
        self.id, self.token = opened.json()["conversation_id"], opened.json()["token"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"
        self.path = f"/api/conversations/{self.id}"
        self.seen = 0
        self.offered: dict[str, str] = {}

    def close(self) -> None:
        self.http.close()

    def posts(self, text: str | None = None, choice: str | None = None, seen_seq: int | None = None) -> int:
        """Send without waiting; the message's seq."""
        body: Json = {"client_message_id": str(uuid.uuid4())}
        body |= {"text": text} if choice is None else {"choice": choice}
        if seen_seq is not None:
            body["seen_seq"] = seen_seq
        stored = self.http.post(f"{self.path}/messages", json=body)
        assert stored.status_code == 202, stored.text
        return int(stored.json()["seq"])

    def says(self, text: str) -> Answer:
        return self.hears_after(self.posts(text))

    def chooses(self, title: str) -> Answer:
        """Press the newest quick reply of this title."""
        assert title in self.offered, f"{title!r} was never offered; offered were {list(self.offered)}"
        return self.hears_after(self.posts(choice=self.offered[title]))

    def hears_after(self, seq: int) -> Answer:
        """Wait until every turn up to the message ``seq`` is over; what our side said that was not heard before."""
        deadline = time.monotonic() + SECONDS_FOR_A_TURN
        while not self._is_worked_on(seq):
            assert time.monotonic() < deadline, "the turn did not end"
            time.sleep(0.03)
        return self.catches_up()

    def catches_up(self) -> Answer:
        read = self.http.get(f"{self.path}/messages", params={"after_seq": self.seen})
        assert read.status_code == 200, read.text
        state = read.json()
        messages = state.pop("messages")
        ours = [message for message in messages if message["author"] != "customer"]
        self.seen = messages[-1]["seq"] if messages else self.seen
        self.offered |= {choice["title"]: choice["id"] for message in ours for choice in message["choices"]}
        return Answer(ours, state)

    def _is_worked_on(self, seq: int) -> bool:
        pending = self._rows(
            "select 1 from inbound_events e join messages m on m.id = e.message_id"
            " where m.conversation_id = ? and m.seq <= ? and e.status = 'pending'",
            seq,
        )
        return not pending

    def waits_until_idle(self) -> None:
        """Wait until nothing that happened in the conversation still waits for its turn."""
        deadline = time.monotonic() + SECONDS_FOR_A_TURN
        while self._rows("select 1 from inbound_events where conversation_id = ? and status = 'pending'"):
            assert time.monotonic() < deadline, "the turn did not end"
            time.sleep(0.03)

    def draft(self) -> Json:
        """The newest draft as stored: its columns, and ``answers`` by question with value, status, visibility."""
        query = "select * from intakes where conversation_id = ? and state != 'request' order by id desc limit 1"
        intakes = self._rows(query)
        if not intakes:
            return {}
        answers = self._rows(
            "select a.* from intake_answers a join intakes i on i.id = a.intake_id"
            " where i.conversation_id = ? and i.id = ?",
            intakes[0]["id"],
        )
        return intakes[0] | {"answers": {answer["question_id"]: answer for answer in answers}}

    def conversation(self) -> Json:
        return self._rows("select * from conversations where id = ?")[0]

    def issues(self) -> list[Json]:
        return self._rows("select * from issues where conversation_id = ? order by id")

    def last_turn(self) -> Json:
        """The newest turn with the intent the classifier saw: what a failing test needs to be understood."""
        rows = self._rows("select * from turns where conversation_id = ? order by id desc limit 1")
        return rows[0] if rows else {}

    def _rows(self, query: str, *values: object) -> list[Json]:
        with closing(sqlite3.connect(f"file:{self.home / 'techref.db'}?mode=ro", uri=True, timeout=10)) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(query, (self.id, *values))]
