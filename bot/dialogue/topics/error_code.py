"""A message about an error code or a symptom that the manual knows, whatever it sounds like."""

from bot.dialogue.plan import Choice, RecordSearch
from bot.dialogue.topics.cure import code_of, look_up_code, look_up_cure, say_found, says_only_a_code
from bot.dialogue.topics.new_issue import DID_IT_HELP, report
from bot.dialogue.topics.report_issue import report_issue
from bot.dialogue.turn import Turn
from bot.triage.reading.form import asks, word_count
from bot.triage.reading.trouble import says_trouble

# These act on the message as they should: it is a report, or what else it wants comes first.
ACT_BY_THEMSELVES = frozenset(
    [
        *(
            "report_issue",
            "inform",
            "ask_person",
            "abusive",
            "frustrated",
            "give_reference",
            "ask_status",
            "leave_queue",
        ),
        *("new_issue", "solved", "not_solved", "follow_up", "correct_answer"),
    ]
)
FEWEST_WORDS_OF_A_PROBLEM = 4


def asks_about_a_code(turn: Turn) -> bool:
    """Return whether a message is nothing but an error code, or asks what a code of the manual means."""
    code = code_of(turn)
    if code is None or not _is_free(turn):
        return False
    return says_only_a_code(turn.typed) or (turn.intent == "how_to" and look_up_code(turn, code).confident)


def answer_code(turn: Turn) -> None:
    """Show the code's section and offer to log it; log a code that the manual does not know, and invent nothing."""
    code = code_of(turn) or ""
    found = look_up_code(turn, code)
    if not found.confident:
        turn.say("utter_code_unknown" if found.searched else "utter_manual_unavailable", code=code)
        report(turn)
        return
    turn.do(RecordSearch(turn.typed, turn.message_id, found.cards, found.score, confident=True))
    turn.ask_about(DID_IT_HELP)
    say_found(turn, found, "utter_code_found", code)
    turn.say("utter_code_log_it", choices=_ways_on(turn))


def is_known_trouble(turn: Turn) -> bool:
    """Return whether the words tell a problem that the manual has a cure for, though the label hears something else."""
    code = code_of(turn)
    # A code is a fact as well, and yet a problem where no question is open.
    acts = turn.intent in ACT_BY_THEMSELVES and not (code is not None and turn.intent == "inform")
    if acts or not _is_free(turn) or not says_trouble(turn.typed):
        return False
    if code is not None:
        return look_up_code(turn, code).confident
    if asks(turn.typed) or word_count(turn.typed) < FEWEST_WORDS_OF_A_PROBLEM:
        return False
    return look_up_cure(turn, turn.typed).confident


def take_trouble(turn: Turn) -> None:
    """Take it as the report that it is."""
    report_issue(turn)


def _is_free(turn: Turn) -> bool:
    """Return whether words were typed that no open question or waiting issue has a claim to."""
    return bool(turn.typed) and not (turn.by_rules or turn.in_form or turn.waiting)


def _ways_on(turn: Turn) -> list[Choice]:
    buttons = turn.support.buttons
    about = {"about": turn.message_id} if turn.message_id is not None else {}
    return [
        Choice(buttons.solved, "solved"),
        Choice(buttons.report, "report_issue", about),
        Choice(buttons.person, "ask_person", about),
    ]
