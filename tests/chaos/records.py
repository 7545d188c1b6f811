"""What clients saw, and what the three promises say of it."""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

REFERENCE = re.compile(r"TR-\d{3}-\d{3}-\d{3}")
Json = dict[str, Any]


@dataclass
class Record:
    """One conversation as those outside saw it.

    ``sent``: the ids of the customer's and technician's messages in the order of writing, each acknowledged;
    ``heard``: the messages of the event stream as they came; ``transcript``: what the API shows at the end.
    """

    sent: list[str] = field(default_factory=list)
    said_by_technician: list[str] = field(default_factory=list)
    heard: list[Json] = field(default_factory=list)
    transcript: list[Json] = field(default_factory=list)
    reference: str | None = None


@dataclass
class Faults:
    """How often each promise was broken."""

    messages_lost: int = 0
    duplicated_turns: int = 0
    out_of_order: int = 0
    references_duplicated: int = 0
    spoken_but_not_stored: int = 0
    bot_after_technician: int = 0
    notices_lost: int = 0
    notices_repeated: int = 0
    mails_lost: int = 0
    mails_repeated: int = 0
    payments_lost: int = 0
    payments_double_counted: int = 0

    def any(self) -> bool:
        return any(vars(self).values())

    def __str__(self) -> str:
        return ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in vars(self).items())


def judge(records: list[Record], stored: set[str]) -> Faults:
    """The faults in these records; ``stored`` are the references that the desk finds."""
    faults = Faults()
    for record in records:
        faults.messages_lost += lost(record)
        faults.duplicated_turns += doubled(record)
        faults.out_of_order += reordered(record)
        faults.bot_after_technician += spoken_over(record)
    given = Counter(record.reference for record in records if record.reference)
    faults.references_duplicated = sum(times - 1 for times in given.values())
    faults.spoken_but_not_stored = len(spoken(records) - stored)
    return faults


def lost(record: Record) -> int:
    """Acknowledged messages that the transcript does not hold, and stored ones that the stream never brought."""
    kept = {message.get("client_message_id") for message in record.transcript}
    texts = {message["text"] for message in record.transcript if message["author"] == "technician"}
    heard = {message["seq"] for message in record.heard}
    missing = sum(one not in kept for one in record.sent) + sum(one not in texts for one in record.said_by_technician)
    return missing + sum(message["seq"] not in heard for message in record.transcript)


def doubled(record: Record) -> int:
    """Messages kept or brought twice, and answers that were given more often than messages were open.

    An answer that comes after the customer's next message leaves that one open. A block of answers closes at least as
    many messages as its most frequent text has copies; ``stored.turns_done_twice`` counts what this leaves undecided.
    """
    ids = Counter(message.get("client_message_id") for message in record.transcript if message["author"] == "customer")
    technicians = Counter(message["text"] for message in record.transcript if message["author"] == "technician")
    brought = Counter(message["seq"] for message in record.heard)
    twice = sum(times - 1 for counts in (ids, technicians, brought) for times in counts.values())
    answers: Counter[str] = Counter()
    still_open = 0
    for message in record.transcript:
        if message["author"] == "customer":
            still_open = max(0, still_open - max(answers.values(), default=0)) + 1
            answers.clear()
        elif message["author"] == "assistant":
            answers[message["text"]] += 1
            twice += answers[message["text"]] > still_open
    return twice


def reordered(record: Record) -> int:
    """Messages that stand elsewhere than they were written, or came by the stream before an earlier one."""
    wrote = record.sent
    stand = [m.get("client_message_id") for m in record.transcript if m.get("client_message_id") in set(wrote)]
    numbers = [message["seq"] for message in record.transcript]
    streamed = [message["seq"] for message in record.heard]
    moved = sum(mine != theirs for mine, theirs in zip(wrote, stand, strict=False)) if len(wrote) == len(stand) else 0
    backwards = sum(later < earlier for earlier, later in pairwise(streamed))
    misplaced = sum(seq != place for place, seq in enumerate(numbers, start=1))
    return int(moved + backwards + misplaced)


def spoken_over(record: Record) -> int:
    """What the assistant said after a technician's first word."""
    first = next((m["seq"] for m in record.transcript if m["author"] == "technician"), None)
    if first is None:
        return 0
    return sum(message["author"] == "assistant" and message["seq"] > first for message in record.transcript)


def spoken(records: list[Record]) -> set[str]:
    """Every reference that any of us said to anybody."""
    ours = (m["text"] for record in records for m in record.transcript if m["author"] != "customer")
    return {reference for text in ours for reference in REFERENCE.findall(text)}
