"""The draft of an issue: what the customer has answered so far, and what is to be asked next.

One class for the rows of the database and for the copy of them that a turn is decided on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.settings.support.support import Support
from bot.triage.issue.requests import Request
from bot.triage.issue.routing import Category, Question, categorise, next_question, open_questions
from bot.triage.privacy.secrets_in_words import without_passwords
from bot.triage.reading.correction_words import after_taking_back
from bot.triage.reading.main_trouble import main_trouble
from bot.triage.text.print_lines import plain

PROBLEM, CONTACT, CATEGORY, SUMMARY, CALL_BACK = "problem", "contact", "category", "summary", "call_back"
# The part of the problem that was written in private: never a title, never shown in a shared thread.
PRIVATE_PROBLEM = "private_problem"
# Questions of the customer that a technician is to answer.
ASKED = "asked"
# A second and a third problem of the same message: logged right after the first, and no lines of the summary.
FURTHER, THIRD = "further_problem", "third_problem"
# Whether there is a support contract: asked once in a conversation, and no line of the summary.
WHO_PAYS = "who_pays"
# Which of several products it is about: asked once in a conversation, and no line of the summary.
PRODUCT = "which_product"
# All open questions put at once, in a numbered list; the place of ``IntakeFields.asking``.
TOGETHER = "together"
# Since when, which may be told with the problem.
SINCE = "since"
PROBLEM_LIMIT = 20_000
FILE_ONLY = "(see the attached file)"
OTHER = "other"
ANSWERED, UNKNOWN, SKIPPED = "answered", "unknown", "skipped"
EVERYONE, TECHNICIAN_ONLY = "everyone", "technician"
# REQUEST: it holds a request, of which nothing is asked; it is never the conversation's draft.
OPEN, KEPT, DONE, REQUEST = "open", "kept", "done", "request"
SHORT_OF_PATIENCE = ("frustrated", "abusive", "abusive_repeated")


class IntakeFields(Protocol):
    """The plain fields of a draft."""

    id: int
    state: str
    version: int
    category: str | None
    wants_person: bool
    asking: str | None
    asking_private: bool
    misses: int
    brief: bool
    known_problem_id: int | None
    known_problem_offered: int | None


class AnswerFields(Protocol):
    """One answer of a draft."""

    value: str
    status: str
    visibility: str
    message_id: int | None


@dataclass
class Draft:
    """A draft as loaded. ``new_answer`` makes the answer to a question that has none yet."""

    intake: IntakeFields
    answers: dict[str, AnswerFields]
    support: Support
    new_answer: Callable[[str], AnswerFields]

    @property
    def category(self) -> Category | None:
        return self.support.category(self.intake.category) if self.intake.category else None

    @property
    def problem(self) -> str:
        """Return all that was said of the problem, for support's eyes."""
        parts = (self.answers[name].value for name in (PROBLEM, PRIVATE_PROBLEM) if name in self.answers)
        return "\n".join(parts)

    @property
    def has_problem(self) -> bool:
        return PROBLEM in self.answers or PRIVATE_PROBLEM in self.answers

    @property
    def title(self) -> str:
        """Return the problem in one line that everybody may read; the category's title when all of it is private."""
        if PROBLEM in self.answers:
            return title_of(main_trouble(self._standing(self.answers[PROBLEM].value)))
        return (self.category or self.support.category(OTHER)).title

    def _standing(self, problem: str) -> str:
        """Return the part of the problem that stands, where its writer takes back what it was said to be about."""
        rest = after_taking_back(problem)
        return rest if categorise(rest, self.support.categories) is not None else problem

    @property
    def contact(self) -> str:
        return self.answers[CONTACT].value if CONTACT in self.answers else ""

    @property
    def has_essentials(self) -> bool:
        return self.has_problem and (CONTACT in self.answers or not self.needs_contact)

    @property
    def needs_contact(self) -> bool:
        """Return whether somebody must be able to reach the customer; some requests need no answer."""
        return not isinstance(self.category, Request) or self.category.contact

    def question(self, question_id: str) -> Question | None:
        """Return the routing question of this id in the draft's category; None for essentials and the summary."""
        questions = self.category.questions if self.category else ()
        return next((question for question in questions if question.id == question_id), None)

    def next_step(self) -> str:
        """Return the id of the question to put next; the essentials first, the summary last."""
        if not self.has_problem:
            return PROBLEM
        if CONTACT not in self.answers:
            return CONTACT
        if self.category is None:
            return CATEGORY
        question = next_question(self.category, self.answers.keys(), brief=self.intake.brief)
        return question.id if question else SUMMARY

    def listed_together(self) -> list[str]:
        """Return the ids of the questions of a list put at once, in its order: who pays, then the routing questions.

        It is read off the draft: a line that was filled meanwhile has left the list.
        """
        payer = self.answers.get(WHO_PAYS)
        first = [WHO_PAYS] if payer is not None and payer.status == SKIPPED else []
        if self.category is None:
            return first
        return first + [one.id for one in open_questions(self.category, self.answers.keys(), brief=self.intake.brief)]

    def questions_left(self) -> int:
        """Return how many routing questions are still to be put."""
        if self.category is None:
            return 0
        return len(open_questions(self.category, self.answers.keys(), brief=self.intake.brief))

    @property
    def is_complete(self) -> bool:
        """Return whether every routing question has an answer, also those left out for an impatient customer."""
        return self.category is not None and next_question(self.category, self.answers.keys()) is None

    def put_aside(self) -> bool:
        """Keep the draft and ask no more; False when it was not being asked."""
        if self.intake.state != OPEN:
            return False
        self.intake.state, self.intake.asking = KEPT, None
        return True

    def shorten(self) -> None:
        """Ask only what is asked even in a hurry."""
        self.intake.brief = True
        asked = self.question(self.intake.asking or "")
        if asked is not None and not asked.even_in_a_hurry:
            self.intake.asking = None

    def lines(self) -> list[tuple[str, AnswerFields]]:
        """(question id, answer) in the order of asking: what the summary and the desk show.

        What was said without being asked stands after it.
        """
        asked = [question.id for question in self.category.questions] if self.category else []
        names = dict.fromkeys([PROBLEM, PRIVATE_PROBLEM, *asked, *self.support.questions, ASKED, CONTACT, CALL_BACK])
        order = {name: place for place, name in enumerate(names)}
        known = [(name, answer) for name, answer in self.answers.items() if name in order]
        return sorted(known, key=lambda line: order[line[0]])

    def put_answer(
        self,
        question_id: str,
        value: str,
        *,
        status: str = ANSWERED,
        message_id: int | None = None,
        private: bool = False,
        visibility: str | None = None,
    ) -> bool:
        """Save one answer; return False when it changes nothing.

        ``private``: it was given where nobody else reads along, or in confidence; except for the contact only
        technicians see it then.
        """
        asked = question_id
        if private and question_id == PROBLEM:
            question_id = PRIVATE_PROBLEM
        if private and question_id != CONTACT:
            visibility = TECHNICIAN_ONLY
        answer = self.answers.get(question_id)
        if answer is None:
            answer = self.answers[question_id] = self.new_answer(question_id)
        elif (answer.value, answer.status) == (value, status) and visibility in (None, answer.visibility):
            return False
        answer.value, answer.status, answer.message_id = value, status, message_id
        answer.visibility = visibility or answer.visibility or EVERYONE
        self.note_change(asked)
        return True

    def put_problem(self, text: str, *, message_id: int | None, private: bool) -> bool:
        """Add to the problem and guess its category; return False for what is part of it already, or says nothing."""
        part = PRIVATE_PROBLEM if private else PROBLEM
        answer = self.answers.get(part)
        if not text.strip() or (answer and answer.message_id == message_id and message_id is not None):
            return False
        whole = f"{answer.value}\n{text}" if answer else text
        visibility = TECHNICIAN_ONLY if private else None
        changed = self.put_answer(part, whole[:PROBLEM_LIMIT], message_id=message_id, visibility=visibility)
        if self.intake.category is None:
            guess = categorise(self._standing(self.problem), self.support.categories)
            self.intake.category = guess.id if guess else None
            self.note_change(CATEGORY)
            changed = True
        return changed

    def confide(self) -> None:
        """Let only technicians see what was answered so far, except for the contact; the title becomes general."""
        problem = self.answers.get(PROBLEM)
        if problem is not None:
            parts = [problem, *filter(None, [self.answers.get(PRIVATE_PROBLEM)])]
            whole = "\n".join(part.value for part in parts)[:PROBLEM_LIMIT]
            self.put_answer(PRIVATE_PROBLEM, whole, message_id=problem.message_id, visibility=TECHNICIAN_ONLY)
            del self.answers[PROBLEM]
        for name, answer in self.answers.items():
            if name != CONTACT:
                answer.visibility = TECHNICIAN_ONLY
        self.intake.version += 1

    def put_category(self, category_id: str) -> None:
        """Set the category: the questions of the former one are asked no more."""
        self.intake.category = category_id
        self.note_change(CATEGORY)

    def note_change(self, question_id: str) -> None:
        """Count a change; the question that it answers is asked no longer."""
        self.intake.version += 1
        if self.intake.asking == question_id:
            self.intake.asking, self.intake.asking_private, self.intake.misses = None, False, 0


def title_of(problem: str) -> str:
    """Return the problem in one line of at most 120 characters, without marks and with every link's address."""
    line = " ".join(plain(without_passwords(problem)).split())
    return line if len(line) <= 120 else line[:119].rstrip() + "…"
