"""Simulated customers: a fact sheet, a temper, a few twists, and no knowledge but what a person reads on the screen.

They answer the question that they read at the end of what was said; they never look into the database.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from ruamel.yaml import YAML

from bot.settings.support.support import Support
from tests.dialogue.talking import Answer, Talker
from tests.dialogue.transcript import TEXTS

MOST_TURNS, MOST_BUBBLES = 25, 2
SHEETS: dict[str, Any] = YAML(typ="safe").load((Path(__file__).parent / "fact_sheets.yml").read_text(encoding="utf-8"))
TEMPERS = ("calm", "hurried", "angry", "evasive")
FINISHED = re.compile(r"that's everything for|(?i:goodbye)")
HELPED = re.compile(r"Did that solve it|Does that answer your question")
REPHRASE = re.compile(r"in other words|nothing in the manual that")
ASIDES = ("what are your opening hours?", "how much does support cost?", "why do you need that?", "are you a bot?")
CURSES = ("this is bloody ridiculous, you are a bunch of idiots", "you people are completely useless")
IMPATIENCE = ("I have no time for this, how many more questions??", "this is taking far too long, I am really annoyed")
VAGUE = ("it does not work", "something is wrong with your program")
NO_IDEA = ("no idea", "I don't know", "can't tell you that", "skip")


@dataclass
class SimulatedCustomer:
    """One person with one matter. ``lines`` is the conversation as a person would read it."""

    name: str
    temper: str
    seed: int
    support: Support
    lines: list[str] = field(default_factory=list)
    turns: int = 0
    silences: int = 0
    asked_again: list[str] = field(default_factory=list)
    crowded: list[int] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    reference: str | None = None
    deflected: bool = False

    def __post_init__(self) -> None:
        self.random = Random(f"{self.name} {self.temper} {self.seed}")
        self.sheet = SHEETS[self.name]
        self.answered: set[str] = set()
        self.last_answered: str | None = None
        self.twists = self._choose_twists()

    def _choose_twists(self) -> list[str]:
        """What this person will do besides answering, each once, at a question of chance."""
        possible = {
            "calm": ["aside", "correct e-mail", "correct version", "cancel and go on"],
            "hurried": ["person", "correct e-mail", "impatience"],
            "angry": ["curse", "impatience", "person"],
            "evasive": ["aside", "why", "curse"],
        }[self.temper]
        return self.random.sample(possible, 2)

    def talks(self, talker: Talker) -> None:
        """Talk until the matter is closed, or 25 messages were written."""
        self.talker = talker
        answer = self._opens()
        while self.turns < MOST_TURNS and not self._is_over(answer):
            answer = self._says(self._reaction(answer))
        self.reference = answer.state["reference"]
        # The questions of the customer have a line of their own, which is no answer.
        stored = talker.draft().get("answers", {})
        self.answers = [one["value"] for name, one in stored.items() if name not in ("asked", "problem")]

    @property
    def succeeded(self) -> bool:
        return self.reference is not None or self.deflected

    def _opens(self) -> Answer:
        if self.temper == "hurried" and "burst" in self.sheet:
            return self._bursts(self.sheet["burst"])
        if self.temper == "evasive" and "asks" not in self.sheet:
            answer = self._says(self.random.choice(VAGUE))
            return self._says(self._opening()) if self._question(answer) == "problem" else answer
        return self._says(self._opening())

    def _opening(self) -> str:
        opening = str(self.random.choice(self.sheet["says"]))
        if self.temper == "angry":
            return f"{opening} {self.random.choice(['This is the third time!!', 'Your program is rubbish.'])}"
        return opening.lower() if self.temper == "hurried" else opening

    def _bursts(self, lines: list[str]) -> Answer:
        seqs = [self.talker.posts(line, seen_seq=0) for line in lines]
        self.lines += [f">> {line}" for line in lines]
        self.turns += len(lines)
        return self._reads(self.talker.hears_after(seqs[-1]))

    def _says(self, text: str) -> Answer:
        self.turns += 1
        self.lines.append(f"> {text}")
        answer = self._reads(self.talker.says(text))
        # Whatever is to be seen counts, the system's rows as well.
        if len(answer.messages) > MOST_BUBBLES:
            self.crowded.append(len(answer.messages))
        return answer

    def _reads(self, answer: Answer) -> Answer:
        self.lines += [f"  {message['author']}: {message['text']}" for message in answer.messages]
        if not answer.messages:
            self.silences += 1
            self.lines.append("  (silence)")
        question = self._question(answer)
        if question is not None and question in self.answered:
            self.asked_again.append(question)
        return answer

    def _question(self, answer: Answer) -> str | None:
        """The question at the end of what was said, as its words tell."""
        last = answer.messages[-1]["text"] if answer.messages else ""
        for name, words in TEXTS.items():
            if re.search(words, last):
                return name
        return next((name for name, one in self.support.questions.items() if one.ask.strip() in last), None)

    def _is_over(self, answer: Answer) -> bool:
        return bool(FINISHED.search(answer.text)) or self.deflected

    def _reaction(self, answer: Answer) -> str:
        if HELPED.search(answer.text):
            return self._judges_the_manual()
        question = self._question(answer)
        if question is None:
            return self._moves_on(answer)
        if self.twists and question not in ("problem", "summary", "which_line") and self.random.random() < 0.4:
            twist = self._twist(self.twists.pop(), answer)
            if twist:
                return twist
        return self._answers(question)

    def _judges_the_manual(self) -> str:
        if "asks" in self.sheet and self.temper in ("calm", "hurried"):
            self.deflected = True
            return self.random.choice(["yes", "yes thanks, that helped", "that solved it"])
        return self.random.choice(["no", "no, that's not it"])

    def _moves_on(self, answer: Answer) -> str:
        if REPHRASE.search(answer.text) and "again" in self.sheet:
            return str(self.sheet["again"])
        return self._opening() if answer.state["reference"] is None else "go on"

    def _answers(self, question: str) -> str:
        if question == "summary":
            return self.random.choice(["yes", "That is right", "correct"])
        if question == "problem":
            return self._opening()
        if question != "which_line":
            self.answered.add(question)
            self.last_answered = question
        if question == "contact":
            return self._contact()
        if self.temper == "evasive" and question != "category" and self.random.random() < 0.4:
            return self.random.choice(NO_IDEA)
        return str(self.sheet["facts"].get(question, "I don't know"))

    def _contact(self) -> str:
        contact = str(self.sheet.get("email") or self.sheet["phone"])
        if self.temper == "evasive":
            return self.random.choice(["I'd rather not give that", contact])
        return self.random.choice([contact, f"you can reach me at {contact}", f"{contact} please"])

    def _twist(self, twist: str, answer: Answer) -> str | None:
        if twist == "correct e-mail":
            return "sorry, wrong e-mail, it is right@corrected.example" if "contact" in self.answered else None
        if twist == "correct version":
            return "no, it is version 12.3.1" if "product_version" in self.answered else None
        if twist == "cancel and go on":
            self._says("never mind")
            return "go on"
        lines = {
            "aside": ASIDES,
            "why": ("why do you ask?",),
            "curse": CURSES,
            "impatience": IMPATIENCE,
            "person": ("can I just talk to a person?", "get me a human please"),
        }
        said = self.random.choice(lines[twist])
        if said.endswith("?"):
            self.asides.append(said)
        return said
