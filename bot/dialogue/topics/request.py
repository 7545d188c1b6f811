"""Requests that are no technical problem: one honest sentence, logged for the team that answers, until when."""

from bot.dialogue.draft import DONE
from bot.dialogue.evidence import LookUp
from bot.dialogue.intake.answer_question import contact_in, keeps_contact_back
from bot.dialogue.plan import REQUEST_REFERENCE, LogRequest, SetRequestContact
from bot.dialogue.topics.how_to import look_up
from bot.dialogue.turn import REQUEST_CONTACT, REQUEST_LOGGED, Turn
from bot.dialogue.user_message import states_problem
from bot.settings.support.requests import names_reference
from bot.triage.hours.hours_in_words import describe_day_ahead
from bot.triage.issue.requests import Request
from bot.triage.reading.question_parts import asks_us

WORDS_OF_A_PLAIN_YES = 4
# Labels of words behind a request that say more of it: "and confirm it in writing", "it is for the shop in Leeds".
SAYS_MORE = frozenset(["cancel", "inform", "follow_up", "correct_answer", "affirm", "out_of_scope", "nlu_fallback"])


def is_made(turn: Turn) -> bool:
    """Return whether the words make a request."""
    return turn.request is not None and turn.message_id is not None


def take_request(turn: Turn) -> None:
    """Log a request, say who answers until when, and ask how to reach the customer where that is needed.

    What the manual answers is answered from it. A second message of the same kind is added to the first.
    """
    request = turn.request
    if request is None:
        return
    if request.manual_first and turn.evidence.of(LookUp(turn.text)).confident:
        look_up(turn, turn.text)
    elif _is_repeated(turn, request):
        take_more(turn)
    else:
        _log(turn, request)


def take_part(turn: Turn, request_id: str, words: str) -> None:
    """Log the request that one part of a message makes, in these words."""
    request = turn.support.category(request_id)
    if isinstance(request, Request):
        _say_logged(turn, request, words)


def ask_contact_for(turn: Turn, request_id: str) -> None:
    """Ask how to reach the customer about a request just logged, where that is needed."""
    request = turn.support.category(request_id)
    if isinstance(request, Request):
        _ask_contact(turn, request)


def _log(turn: Turn, request: Request) -> None:
    _say_logged(turn, request)
    if turn.in_form:
        _leave_empty_draft(turn)
    else:
        _ask_contact(turn, request)


def _say_logged(turn: Turn, request: Request, words: str | None = None) -> None:
    hours, now = turn.support.office_hours, turn.context.now
    day = hours.open_day_after(now, request.answer_days)
    turn.do(LogRequest(request.id, _messages(turn, words), _contact(turn) or None, words))
    told = {"reference": REQUEST_REFERENCE} if names_reference(request.reply) else {}
    by = describe_day_ahead(day, now.astimezone(hours.zone).date(), turn.support.hours_words)
    turn.say_text(request.reply, values={"team": turn.support.team_title(request.team), "day": by, **told})


def _ask_contact(turn: Turn, request: Request) -> None:
    if request.contact and not (_contact(turn) or turn.context.known_contact):
        turn.ask_about(REQUEST_CONTACT)
        turn.say("utter_request_contact")
    else:
        turn.ask_about(REQUEST_LOGGED)


def _contact(turn: Turn) -> str:
    return ", ".join(filter(None, (turn.said.details.email, turn.said.details.phone)))


def _messages(turn: Turn, words: str | None) -> tuple[int, ...]:
    """Return the messages of the request: all of the turn, or the one that holds the words."""
    parts = {part.message_id: part.text for part in turn.said.each if part.message_id is not None}
    if words is None:
        return tuple(parts)
    return (next((one for one, text in parts.items() if words in text), next(iter(parts))),)


def _leave_empty_draft(turn: Turn) -> None:
    """End a draft that still waits for its problem: the request was what the customer came for."""
    draft = turn.draft
    if draft is not None and not draft.has_problem:
        draft.intake.state, draft.intake.asking = DONE, None


def _is_repeated(turn: Turn, request: Request) -> bool:
    issue = turn.open_issue_state
    return issue is not None and issue.category == request.id


def is_contact(turn: Turn) -> bool:
    """Return whether the words say how to reach the customer about a request, or that they would rather not."""
    if turn.pending != REQUEST_CONTACT or turn.in_form or not turn.typed or turn.by_rules:
        return False
    a_problem = turn.said.means("report_issue") and states_problem(turn.support, turn.typed)
    given = contact_in(turn.typed, turn.said.details) and not a_problem
    return bool(given or keeps_contact_back(turn.typed) or turn.said.means("deny"))


def take_contact(turn: Turn) -> None:
    """Save the address for the request."""
    contact = contact_in(turn.typed, turn.said.details)
    turn.ask_about(REQUEST_LOGGED)
    if contact and turn.message_id is not None:
        turn.do(SetRequestContact(contact, turn.message_id))
        turn.say("utter_request_contact_noted", contact=contact)
    else:
        turn.say("utter_request_contact_here")


def is_more(turn: Turn) -> bool:
    """Return whether words right behind a request say more of it."""
    behind = turn.pending in (REQUEST_LOGGED, REQUEST_CONTACT) and not turn.in_form and bool(turn.typed)
    return behind and turn.intent in SAYS_MORE and not asks_us(turn.typed) and _requested(turn)


def take_more(turn: Turn) -> None:
    """Add the words to the request; a plain yes only confirms it."""
    issue = turn.open_issue_state
    turn.ask_about(REQUEST_CONTACT if turn.pending == REQUEST_CONTACT else REQUEST_LOGGED)
    if issue is None:
        return
    if turn.intent == "affirm" and turn.word_count <= WORDS_OF_A_PLAIN_YES:
        turn.say("utter_request_stands")
        return
    turn.add_to_issue(issue.reference)
    turn.say("utter_added", reference=issue.reference)


def _requested(turn: Turn) -> bool:
    """Return whether the conversation's issue is an unanswered request."""
    issue = turn.open_issue_state
    return issue is not None and isinstance(turn.support.category(issue.category), Request)
