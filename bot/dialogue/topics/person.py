"""A person, at any moment: asked once what it is about and how to reach them, then the reference and the queue."""

from bot.dialogue.context import IssueState
from bot.dialogue.draft import CALL_BACK, CONTACT, DONE, OPEN, PROBLEM
from bot.dialogue.intake.answer_question import contact_in
from bot.dialogue.intake.corrections import says_only_facts
from bot.dialogue.intake.harm_warning import first_harm
from bot.dialogue.intake.side_facts import fill_from
from bot.dialogue.plan import Choice, ClaimContract, MarkSearch, NoteFacts
from bot.dialogue.topics.ask_question import say_call_back
from bot.dialogue.topics.asking import log_as_it_is
from bot.dialogue.topics.harm_warning import give_first_aid
from bot.dialogue.topics.new_issue import ABOUT_THE_MANUAL
from bot.dialogue.turn import PERSON, Turn
from bot.dialogue.user_message import states_problem
from bot.dialogue.working_draft import WorkingDraft
from bot.triage.reading.control_words import Control, read_control
from bot.triage.reading.form import asks
from bot.triage.reading.person_wish import technician_wished, wishes_appointment, wishes_person
from bot.triage.reading.wished_matter import matter_of_wish
from bot.triage.text.language import foreign_language

# Questions that are answered on the way to a person; everything else is what the person is wanted for.
ASKED_ON_THE_WAY = frozenset(("ask_hours", "ask_contact", "ask_coverage", "ask_why", "bot_challenge", "ask_status"))


def is_wished(turn: Turn) -> bool:
    """Return whether the typed words ask for a person, whatever their label."""
    return bool(turn.typed) and wishes_person(turn.typed)


def ask_person(turn: Turn) -> None:
    """Bring the customer to a person: with the issue there is, else with what is known after one question."""
    issue = turn.open_issue_state
    if issue is None:
        _toward_person(turn)
        return
    call_back = _noted(turn, issue)
    turn.ask_about(None)
    _end_questions(turn)
    if call_back:
        say_call_back(turn, call_back)
    if turn.context.queue_place is not None:
        if not call_back:
            turn.say_queue_place(choices=[Choice(turn.support.buttons.leave_queue, "leave_queue")])
    else:
        turn.say("utter_person_coming")
        turn.set_outcome("hand_off")
        turn.hand_off("customer asked")


def _noted(turn: Turn, issue: IssueState) -> str | None:
    """Save the facts of the message, and a named technician's wish, to the open issue; return the time to call."""
    said, draft = turn.said, turn.draft
    if _is_more_than_a_wish(turn):
        turn.add_to_issue(issue.reference)
    if draft is not None and draft.reference == issue.reference:
        fill_from(draft, said)
    else:
        for part in said.each:
            if part.message_id is not None:
                turn.do(NoteFacts(part.message_id))
    return said.call_back


def _end_questions(turn: Turn) -> None:
    """Ask no more of somebody who wants a person and has a reference."""
    if turn.draft is not None and turn.draft.logged and turn.draft.intake.state == OPEN:
        turn.draft.intake.state, turn.draft.intake.asking = DONE, None


def _toward_person(turn: Turn) -> None:
    """Log at once what is known already; else ask once for what is missing."""
    if turn.pending in ABOUT_THE_MANUAL and turn.context.last_search_open:
        turn.do(MarkSearch(solved=False))
    draft, is_new = _draft(turn)
    is_asked_again = not is_new and turn.in_form and not turn.unseen_question
    knows_problem = draft.has_problem or _knows_from_the_manual(turn, draft)
    words = _words(turn)
    says_problem = states_problem(turn.support, words) or matter_of_wish(words) is not None
    if says_problem or _is_more_than_a_wish(turn):
        draft.add_to_problem(turn.said)
    knows_problem = knows_problem or says_problem
    _take_facts(turn, draft)
    if (knows_problem and (CONTACT in draft.answers or is_asked_again)) or (
        is_asked_again and (turn.said.details.email or turn.said.details.phone)
    ):
        _log(turn, draft)
    else:
        _ask_once(turn, draft, knows_problem=knows_problem)


def _words(turn: Turn) -> str:
    """Return the words that the wish is about: those of the message, or of the earlier one behind the button."""
    return turn.text if not turn.is_choice or turn.field("about") else ""


def _draft(turn: Turn) -> tuple[WorkingDraft, bool]:
    """Return the draft to log, and whether it is new."""
    draft = turn.draft
    if draft is None or draft.intake.state == DONE or draft.logged:
        return turn.begin_draft(), True
    draft.intake.state, draft.intake.wants_person = OPEN, True
    return draft, False


def _knows_from_the_manual(turn: Turn, draft: WorkingDraft) -> bool:
    """Take the question that a page did not answer as what the person is wanted for."""
    asked = turn.context.unsolved
    if turn.pending not in ABOUT_THE_MANUAL or not asked:
        return False
    words = "\n".join(one.question for one in asked)
    draft.add_words_to_problem(words, turn.message_id, private=any(one.private for one in asked))
    return True


def _is_more_than_a_wish(turn: Turn) -> bool:
    """Return whether the wish names a person or a time, which the technicians have to read."""
    text = turn.typed
    return technician_wished(text) is not None or wishes_appointment(text)


def _take_facts(turn: Turn, draft: WorkingDraft) -> None:
    filled = fill_from(draft, turn.said)
    contact = contact_in(turn.typed, turn.said.details)
    if CONTACT not in draft.answers and contact:
        draft.save_answer(CONTACT, contact, turn.said)
    if CALL_BACK in filled:
        say_call_back(turn, draft.answers[CALL_BACK].value)
    if turn.claims_contract and not turn.is_choice:
        turn.do(ClaimContract())


def _ask_once(turn: Turn, draft: WorkingDraft, *, knows_problem: bool) -> None:
    """Ask for what is missing in one question; whatever is written then is logged."""
    turn.ask_about(PERSON)
    turn.leave_question_open()
    draft.intake.asking = CONTACT if knows_problem else PROBLEM
    if knows_problem:
        turn.say("utter_person_reach")
    else:
        turn.say("utter_person_about" if CONTACT in draft.answers else "utter_person_about_and_reach")


def is_answered(turn: Turn) -> bool:
    """Return whether this is the answer to the one question on the way to a person."""
    if turn.pending != PERSON or not turn.in_form or not turn.typed or turn.draft is None or turn.draft.logged:
        return False
    if foreign_language(turn.typed) is not None:
        return False
    on_the_way = turn.intent in ASKED_ON_THE_WAY and asks(turn.typed)
    return not on_the_way and read_control(turn.typed) in (None, Control.SKIP)


def log_for_person(turn: Turn) -> None:
    """Log what was said, much or little, and put it in the queue: nothing more is asked."""
    draft = turn.draft
    if draft is None:
        return
    before = draft.problem
    if not says_only_facts(turn.support, turn.typed):
        draft.add_to_problem(turn.said)
    _take_facts(turn, draft)
    if harm := first_harm(turn.typed, before):
        give_first_aid(turn, harm, turn.typed)
    _log(turn, draft)


def _log(turn: Turn, draft: WorkingDraft) -> None:
    turn.ask_about(None)
    if not draft.has_problem:
        draft.add_words_to_problem(turn.support.buttons.person, turn.message_id, private=turn.said.private)
    draft.intake.state, draft.intake.asking = DONE, None
    log_as_it_is(turn, draft)
