"""A problem is reported, by itself or on top of an earlier one."""

from dataclasses import replace

from bot.dialogue.draft import CALL_BACK, DONE, KEPT, OPEN, PRIVATE_PROBLEM, PROBLEM
from bot.dialogue.intake.corrections import of_the_problem
from bot.dialogue.intake.harm_warning import first_harm
from bot.dialogue.intake.side_facts import fill_from
from bot.dialogue.plan import AddToIssue, Choice, ClaimContract, ReopenIssue
from bot.dialogue.topics.ask_question import say_call_back
from bot.dialogue.topics.cure import show_cure
from bot.dialogue.topics.harm_warning import give_first_aid
from bot.dialogue.turn import Turn
from bot.dialogue.user_message import UserMessage
from bot.dialogue.working_draft import WorkingDraft
from bot.triage.reading.form import asks
from bot.triage.reading.report_words import names_a_problem

DID_IT_HELP, SAY_IT_DIFFERENTLY, HELPED_AT_LAST, FIXED_BY_TECHNICIAN = (
    "did_it_help",
    "say_it_differently",
    "helped_at_last",
    "fixed_by_technician",
)
# Facts of a message that hold for each of its matters.
FACTS_OF_THE_CUSTOMER = ("email", "phone", "version", "operating_system")
ABOUT_THE_MANUAL = (DID_IT_HELP, SAY_IT_DIFFERENTLY, HELPED_AT_LAST)


def report(turn: Turn, *, text_is_problem: bool = True, words: str | None = None, told: bool = True) -> None:
    """Start the draft, or add to what is there, and let the questions go on.

    ``words`` are the problem when it is a part of the message. Without ``told`` they say no trouble to be cured.
    """
    part = _Problem(words, whole_message=False) if words else None
    if part is not None:
        part.is_told = told
    _report(turn, part or _Problem.of(turn, text_is_problem=text_is_problem), words)


def log_message(turn: Turn) -> None:
    """Log the message that the choice is about as an issue of its own, whatever it says; say which it is if it is one.

    A draft that has no reference yet takes it in.
    """
    draft = turn.draft
    problem = [draft.answers[name] for name in (PROBLEM, PRIVATE_PROBLEM) if name in draft.answers] if draft else []
    if draft is not None and any(part.message_id in turn.said.message_ids for part in problem):
        if draft.logged:
            turn.say("utter_reference", reference=turn.issue_reference(draft))
        else:
            draft.intake.state = OPEN
        turn.go_on_with_questions()
        return
    if draft is not None and draft.logged:
        draft.intake.state, draft.intake.asking = DONE, None
        draft.finish()
    _report(turn, _Problem(turn.text, whole_message=True), None, of_its_own=True)


def _report(turn: Turn, problem: "_Problem", words: str | None, *, of_its_own: bool = False) -> None:
    draft = turn.draft
    before = draft.problem if draft is not None and draft.intake.state != DONE else ""
    is_addition = draft is not None and not of_its_own and bool(problem.text) and _is_addition(turn, draft)
    if draft is None or not is_addition:
        draft = _open(turn, problem)
    else:
        problem.add_to_issue(turn, draft)
    filled = fill_from(draft, _of_part(turn, words) if words else turn.said)
    turn.ask_about(None)
    if is_addition and turn.context.issue is not None:
        turn.say("utter_added", reference=turn.context.issue.reference, choices=_another(turn))
    if harmful := first_harm(problem.text, before):
        give_first_aid(turn, harmful, problem.text)
    elif problem.is_told:
        show_cure(turn, problem.text)
    if CALL_BACK in filled:
        say_call_back(turn, draft.answers[CALL_BACK].value)
    if turn.claims_contract:
        turn.do(ClaimContract())
        turn.say_text(turn.support.wording.contract_to_check)
    if draft.intake.state == OPEN:
        turn.go_on_with_questions()


def _of_part(turn: Turn, words: str) -> UserMessage:
    """Return the message with the facts of this part of it, and with what is the same for all parts."""
    of_part, whole = turn.support.details_of(words), turn.said.details
    shared = {name: getattr(of_part, name) or getattr(whole, name) for name in FACTS_OF_THE_CUSTOMER}
    return replace(turn.said, details=replace(of_part, **shared))


class _Problem:
    """Words on what goes wrong: those of the message, or earlier questions. ``private``: asked in private."""

    def __init__(self, text: str, *, whole_message: bool, private: bool = False) -> None:
        self.text, self._whole_message, self._private = text, whole_message, private
        self.is_told = whole_message

    @classmethod
    def of(cls, turn: Turn, *, text_is_problem: bool) -> "_Problem":
        """Return the customer's words; after a search that did not help, what was asked."""
        text = turn.text if text_is_problem else ""
        if says_more_than_a_button(turn, text):
            return cls(text, whole_message=True)
        # A bare "something is wrong" after a passage of the manual is about something else.
        if turn.pending in ABOUT_THE_MANUAL and (not text or turn.is_choice or _is_button(turn, text)):
            asked = turn.context.unsolved
            words = "\n".join(one.question for one in asked)
            return cls(words, whole_message=False, private=any(one.private for one in asked))
        return cls("", whole_message=False)

    def add_to_draft(self, turn: Turn, draft: WorkingDraft) -> None:
        if self._whole_message:
            draft.add_to_problem(of_the_problem(turn.support, turn.said))
        elif self.text:
            draft.add_words_to_problem(self.text, turn.message_id, private=self._private or turn.said.private)

    def add_to_issue(self, turn: Turn, draft: WorkingDraft) -> None:
        issue = turn.context.issue
        if issue is not None and draft.reference == issue.reference:
            self.add_to_draft(turn, draft)
        elif self._whole_message:
            turn.do_for_each(lambda part: AddToIssue(part.message_id, private=part.private))
        else:
            turn.do(AddToIssue(turn.message_id, self.text, self._private or turn.said.private))


def says_more_than_a_button(turn: Turn, text: str) -> bool:
    """Return whether the words say what goes wrong, rather than repeat the title of a quick reply."""
    return names_a_problem(text) and not _is_button(turn, text)


def _is_button(turn: Turn, text: str) -> bool:
    buttons = turn.support.buttons
    titles = (buttons.report, buttons.person, buttons.not_solved, buttons.new_issue)
    return text.strip(" .!").casefold() in {title.strip(" .!").casefold() for title in titles}


def _is_addition(turn: Turn, draft: WorkingDraft) -> bool:
    """Return True while an issue waits: more trouble belongs to it unless stated otherwise.

    The same holds for stopped questions: a customer who stopped them is not asked again for adding a word.
    """
    if not draft.logged or draft.intake.state == OPEN:
        return False
    return turn.waiting or draft.intake.state == KEPT


def _another(turn: Turn) -> list[Choice]:
    return [Choice(turn.support.buttons.new_issue, "new_issue")]


def _open(turn: Turn, problem: _Problem) -> WorkingDraft:
    draft = turn.draft
    if draft is None or draft.intake.state == DONE:
        draft = turn.begin_draft()
    draft.intake.state, draft.intake.wants_person = OPEN, True
    problem.add_to_draft(turn, draft)
    return draft


def back_to_the_technician(turn: Turn) -> None:
    """Return the same issue to the queue, with the new message: the solution has not worked, or is not understood."""
    issue = turn.context.issue
    turn.ask_about(None)
    if issue is None:
        report(turn)
        return
    turn.do(ReopenIssue())
    if says_more_than_a_button(turn, turn.text):
        turn.add_to_issue(issue.reference)
    response = "utter_passed_to_technician" if asks(turn.typed) else "utter_back_to_technician"
    turn.say(response, reference=issue.reference)
    turn.set_outcome("hand_off")
    turn.hand_off("not solved")


def new_issue(turn: Turn) -> None:
    """Begin a draft of its own: the customer says that this is another problem."""
    draft = turn.draft
    if draft is None or draft.logged:
        turn.begin_draft()
    else:
        draft.intake.state = OPEN
    turn.ask_about(None)
    turn.go_on_with_questions()
