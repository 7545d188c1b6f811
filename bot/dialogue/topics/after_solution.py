"""After a solution: an answer to "does it work now?" belongs to that issue, and so does its return after the end."""

from bot.dialogue.draft import DONE, OPEN
from bot.dialogue.evidence import LookUp
from bot.dialogue.intake.harm_warning import first_harm
from bot.dialogue.intake.side_facts import fill_from
from bot.dialogue.plan import Choice
from bot.dialogue.topics.closing import ask_to_close, fixed_or_not
from bot.dialogue.topics.did_it_help import is_solved, resolve, solved
from bot.dialogue.topics.frustration import remark
from bot.dialogue.topics.harm_warning import give_first_aid
from bot.dialogue.topics.how_to import record, say_answer
from bot.dialogue.topics.new_issue import FIXED_BY_TECHNICIAN, back_to_the_technician
from bot.dialogue.turn import Turn
from bot.triage.reading.coming_back import Another, another_matter, asks_where, says_it_is_back
from bot.triage.reading.courtesies import is_courtesy, is_plain_no, is_plain_yes, says_farewell
from bot.triage.reading.form import asks
from bot.triage.reading.outcome import Outcome, denies, read_outcome
from bot.triage.text.language import foreign_language

# Questions about the service, which their own rules answer; "does it work?" stays open.
ABOUT_THE_SERVICE = frozenset(
    ("ask_hours", "ask_contact", "ask_coverage", "ask_tips", "ask_status", "bot_challenge", "missing_reference")
)
MOST_WORDS_OF_A_HINT = 4


def is_given_back(turn: Turn) -> bool:
    """Return whether typed words answer "does it work now?" about an open issue, or are to be taken for it."""
    if not turn.typed or turn.in_form or turn.waiting or turn.open_issue_state is None:
        return False
    if turn.pending != FIXED_BY_TECHNICIAN or any(one.valid for one in turn.typed_references):
        return False
    if foreign_language(turn.typed) is not None:
        return False
    about_us = turn.intent in ABOUT_THE_SERVICE and asks(turn.typed)
    greets = turn.intent == "greet" and turn.word_count <= MOST_WORDS_OF_A_HINT
    return not about_us and not greets


def given_back(turn: Turn) -> None:
    """Take words as solved, later, where is it, another matter; everything else goes back to the technician."""
    text = turn.typed
    another = another_matter(text)
    if another is not None:
        _begin_another(turn, another)
    elif is_solved(turn):
        solved(turn)
    elif read_outcome(text) is Outcome.SEEMS_SOLVED or is_courtesy(text) or says_farewell(text):
        ask_to_close(turn)
    elif read_outcome(text) is Outcome.LATER:
        turn.say("utter_waits_for_you", reference=_reference(turn))
    elif turn.intent in ("solved", "affirm") and not denies(text):
        ask_to_close(turn)
    elif not (asks_where(text) and _looked_up(turn)):
        _back(turn)


def _begin_another(turn: Turn, another: Another) -> None:
    """Close the issue if the words before say that it is solved, and begin a draft of the other matter."""
    before = another.before
    if read_outcome(before) is Outcome.SOLVED or is_plain_yes(before):
        turn.say("utter_first_closed", reference=resolve(turn) or "")
        turn.set_outcome("solved")
    else:
        turn.say("utter_first_stays", reference=_reference(turn))
    turn.ask_about(None)
    if turn.draft is not None:
        turn.draft.finish()
    draft = turn.begin_draft()
    draft.intake.state = OPEN
    draft.add_words_to_problem(another.matter, turn.message_id, private=turn.said.private)
    fill_from(draft, turn.said)
    if harm := first_harm(another.matter, ""):
        give_first_aid(turn, harm, another.matter)
    turn.go_on_with_questions()


def _looked_up(turn: Turn) -> bool:
    """Show the page on what the technician wrote, if there is one; "does it work?" stays open."""
    issue = turn.open_issue_state
    question = f"{issue.last_words} {turn.typed}" if issue is not None and issue.last_words else turn.typed
    found = turn.evidence.of(LookUp(question))
    if not found.confident or not found.cards:
        return False
    record(turn, question, found)
    say_answer(turn, found, private=turn.said.private)
    turn.ask_about(FIXED_BY_TECHNICIAN)
    turn.say("utter_tell_whether_it_works", choices=fixed_or_not(turn))
    return True


def _back(turn: Turn) -> None:
    if turn.intent == "abusive":
        remark(turn)
    harm = first_harm(turn.typed, "")
    back_to_the_technician(turn)
    if harm:
        give_first_aid(turn, harm, turn.typed)


def _reference(turn: Turn) -> str:
    return turn.context.issue.reference if turn.context.issue is not None else ""


def is_resolved(turn: Turn) -> bool:
    """Return whether words are typed in a conversation whose issue is resolved, while nothing new was begun."""
    issue, draft = turn.context.issue, turn.draft
    if not turn.typed or turn.in_form or turn.waiting or issue is None or not issue.resolved:
        return False
    return draft is None or draft.intake.state == DONE or draft.reference == issue.reference


def is_thanks_after_the_end(turn: Turn) -> bool:
    """Return whether nothing but thanks, or one more word of success, follows a resolved issue."""
    if not is_resolved(turn):
        return False
    text = turn.typed
    return is_courtesy(text) or is_plain_yes(text) or read_outcome(text) in (Outcome.SOLVED, Outcome.SEEMS_SOLVED)


def thanks_after_the_end(turn: Turn) -> None:
    turn.ask_about(None)
    turn.say("utter_welcome")


def is_back_after_the_end(turn: Turn) -> bool:
    """Return whether the words say that a resolved trouble is there still or again."""
    issue = turn.context.issue
    if not is_resolved(turn) or issue is None or any(one.valid for one in turn.typed_references):
        return False
    return is_plain_no(turn.typed) or says_it_is_back(turn.typed, issue.title)


def may_be_back(turn: Turn) -> bool:
    """Return whether a short report after the end may be of the same trouble: "it crashes"."""
    if not is_resolved(turn) or turn.intent not in ("report_issue", "inform", "follow_up", "solved", "deny"):
        return False
    words = turn.typed.casefold().split()
    return another_matter(turn.typed) is None and (
        words[0].strip(",.!") in ("it", "it's", "its", "that", "this", "they") or len(words) <= MOST_WORDS_OF_A_HINT
    )


def ask_whether_back(turn: Turn) -> None:
    """Ask whether the resolved issue is meant or a new one."""
    buttons = turn.support.buttons
    about = {"about": turn.message_id} if turn.message_id is not None else {}
    turn.ask_about(FIXED_BY_TECHNICIAN)
    choices = [Choice(buttons.not_solved, "not_solved", about), Choice(buttons.new_issue, "report_issue", about)]
    turn.say("utter_same_or_new", reference=_reference(turn), choices=choices)
