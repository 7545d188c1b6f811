"""Replay a conversation that is written down in YAML, step by step, and hold the assistant to it.

A step has one of: ``say`` (a typed line), ``choose`` (a quick reply's title), ``burst`` (lines sent without waiting),
``desk`` (claims, returns, resolves), ``known`` (a supervisor publishes, tells, resolves a known problem),
``again: new conversation`` (the same customer opens another one). What is expected of it, all optional:

    hear, never     regular expressions that the replies, joined, must and must not match
    asks            the question that is put at the end: its id, and its words in the last reply
    offers          titles of quick replies
    cards           true or false
    silent          nothing is said
    owner, outcome, mood, entitlement, status, issues (how many), reference (true: one is there)
    draft           question id -> regular expression, or null for unanswered; ``state`` for the intake's
    private         ids of answers that only the technician sees
    unanswered      ids of answers recorded as unknown or skipped

Whether there is a contract is skipped as soon as it is asked, and what follows belongs to the same step, unless the
step says ``asks: who_pays``.

``{reference}``, ``{typo}`` (one digit wrong) and ``{unknown}`` (valid, nobody's) stand for Tech References.
"""

import re
import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.settings.support.load import load_support
from bot.triage.reading.tech_reference import new_reference
from tests.dialogue.talking import Answer, Json, Talker
from tests.support.api_customer import ApiTechnician

TEXTS = {
    "problem": r"What's going wrong|tell me what goes wrong",
    "contact": (
        r"we use to reach you|can we reach you|best e-mail address|address seems to have a slip|"
        r"can a technician reach you|kann ein Techniker Sie erreichen|technicien peut-il vous joindre"
    ),
    "who_pays": r"Do you have a support contract",
    "category": r"Which of these is it about",
    "summary": r"Is (?:that right|everything right now)\?$",
    "which_line": r"Which line should I change",
}
WHO_PAYS = TEXTS["who_pays"]
ANSWERED = "answered"
# The job that tells news looks every ten seconds.
SECONDS_FOR_NEWS = 60


@dataclass
class Player:
    """Replays steps as one customer; ``problems`` says what was not as written."""

    url: str
    home: Path
    desk: Callable[[], ApiTechnician]
    log: list[str] = field(default_factory=list)
    reference: str | None = None
    problem: int | None = None

    def __post_init__(self) -> None:
        self.support = load_support(self.home)
        self.talker = Talker(self.url, self.home, {"time_zone": "Europe/London"})

    def play(self, steps: list[Json]) -> None:
        """Raises AssertionError at the first step that is not as written, with the whole conversation."""
        try:
            for step in steps:
                self._step(step)
        except AssertionError as error:
            raise AssertionError(f"{error}\n\n" + "\n".join(self.log)) from None
        finally:
            self.talker.close()

    def _step(self, step: Json) -> None:
        answer = self._without_contract(step, self._does(step))
        self._write_down(answer)
        self.reference = answer.state["reference"] or self.reference
        self._replies_of(step, answer)
        self._asked(step, answer)
        self._stands(step, answer.state)
        self._drafted(step)

    def _without_contract(self, step: Json, answer: Answer) -> Answer:
        if step.get("asks") == "who_pays" or not (answer.messages and re.search(WHO_PAYS, answer.messages[-1]["text"])):
            return answer
        further = self.talker.chooses(self.support.buttons.skip)
        return Answer([*answer.messages, *further.messages], further.state)

    def _does(self, step: Json) -> Answer:
        if "say" in step:
            self.log.append(f"> {self._filled(step['say'])}")
            return self.talker.says(self._filled(step["say"]))
        if "choose" in step:
            self.log.append(f"> [{step['choose']}]")
            return self.talker.chooses(step["choose"])
        if "burst" in step:
            self.log += [f">> {line}" for line in step["burst"]]
            seen = self.talker.seen
            seqs = [self.talker.posts(line, seen_seq=seen) for line in step["burst"]]
            return self.talker.hears_after(seqs[-1])
        if "desk" in step:
            return self._at_the_desk(step)
        if "known" in step:
            return self._known_problem(step)
        assert step.get("again") == "new conversation", f"a step that says nothing: {step}"
        self.talker.close()
        self.talker = Talker(self.url, self.home, {}, token=self.talker.token)
        return self.talker.catches_up()

    def _at_the_desk(self, step: Json) -> Answer:
        technician, path = self.desk(), f"conversations/{self.talker.id}"
        self.log.append(f"* technician {step['desk']}")
        assert self.reference is not None, "there is no issue yet"
        if step["desk"] == "claims":
            technician.claims(self.reference)
        elif step["desk"] == "resolves":
            assert technician.posts(f"{path}/resolve").status_code == 200
        elif step["desk"] == "writes":
            body = {"client_message_id": str(uuid.uuid4()), "text": step["text"]}
            assert technician.posts(f"{path}/messages", **body).status_code in (200, 201)
        else:
            assert technician.posts(f"{path}/return", note=step.get("note", "")).status_code == 200
            self.talker.waits_until_idle()
        return self.talker.catches_up()

    def _known_problem(self, step: Json) -> Answer:
        supervisor, what = self.desk(), step["known"]
        self.log.append(f"* supervisor {what} a known problem")
        if what == "publishes":
            made = supervisor.posts("known-problems", title=step["title"], text=step["text"])
            assert made.status_code == 201, made.text
            self.problem = made.json()["id"]
            return self.talker.catches_up()
        path = {"tells": "updates", "resolves": "resolve"}[what]
        answer = supervisor.posts(f"known-problems/{self.problem}/{path}", text=step["text"])
        assert answer.status_code == 200, answer.text
        deadline = time.monotonic() + SECONDS_FOR_NEWS
        while not (heard := self.talker.catches_up()).messages:
            assert time.monotonic() < deadline, "the news was not told"
            time.sleep(0.2)
        return heard

    def _filled(self, text: str) -> str:
        if "{" not in text:
            return text
        mine = self.reference or ""
        typo = re.sub(r"\d(?=\D*$)", lambda digit: str((int(digit[0]) + 1) % 10), mine)
        return text.format(reference=mine, typo=typo, unknown=new_reference(secrets.randbelow))

    def _write_down(self, answer: Answer) -> None:
        turn = self.talker.last_turn()
        self.log.append(f"     ({turn['intent']} {turn['confidence'] or 0:.2f} {turn['result']})" if turn else "")
        for message in answer.messages:
            titles = [choice["title"] for choice in message["choices"]]
            self.log.append(f"  {message['author']}: {message['text']} {titles or ''}")

    def _replies_of(self, step: Json, answer: Answer) -> None:
        if step.get("silent"):
            assert not answer.messages, "something was said"
            return
        assert answer.messages or "again" in step or "desk" in step or "known" in step, "nothing was said"
        for pattern in _several(step.get("hear")):
            assert re.search(pattern, answer.text), f"not heard: {pattern}"
        for pattern in _several(step.get("never")):
            assert not re.search(pattern, answer.text), f"heard: {pattern}"
        for title in _several(step.get("offers")):
            assert title in answer.choices, f"not offered: {title}"
        if "cards" in step:
            assert bool(answer.cards) is step["cards"], f"cards: {answer.cards}"

    def _asked(self, step: Json, answer: Answer) -> None:
        if "asks" in step:
            self.is_asked(step["asks"], answer)

    def is_asked(self, question: str, answer: Answer) -> None:
        """The question is the last thing said, and the draft knows that it was put; it is put once."""
        words = TEXTS.get(question) or re.escape(self.support.questions[question].ask.strip())
        assert re.search(words, answer.messages[-1]["text"]), f"not asked at the end: {question}"
        assert len(re.findall(words, answer.text)) == 1, f"asked more than once: {question}"
        assert question == "who_pays" or self.talker.draft()["asking"] == question

    def _stands(self, step: Json, state: Json) -> None:
        if "owner" in step:
            assert state["owner"] == step["owner"], f"the owner is {state['owner']}"
        if "reference" in step:
            assert bool(state["reference"]) is step["reference"], f"the reference is {state['reference']}"
        conversation, issues = self.talker.conversation(), self.talker.issues()
        for name in ("outcome", "mood"):
            if name in step:
                assert conversation[name] == step[name], f"the {name} is {conversation[name]}"
        for name in ("entitlement", "status"):
            if name in step:
                assert issues[-1][name] == step[name], f"the issue's {name} is {issues[-1][name]}"
        if "issues" in step:
            assert len(issues) == step["issues"], f"there are {len(issues)} issues"

    def _drafted(self, step: Json) -> None:
        draft = self.talker.draft()
        answers = draft.get("answers", {})
        for name, pattern in (step.get("draft") or {}).items():
            value = draft["state"] if name == "state" else answers.get(name, {}).get("value")
            fits = value is None if pattern is None else value is not None and re.search(pattern, value)
            assert fits, f"the draft's {name} is {value!r}"
        for name in _several(step.get("private")):
            assert answers[name]["visibility"] == "technician", f"{name} is not private"
        for name in _several(step.get("unanswered")):
            assert answers[name]["status"] != ANSWERED, f"{name} counts as answered"


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
