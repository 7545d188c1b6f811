"""Follow-ups: a short message that leans on what was said last is answered from there, and never begins an issue."""

import re
from dataclasses import dataclass

from bot.dialogue.context import ShownAnswer
from bot.dialogue.evidence import LookUp, ManualResult
from bot.dialogue.plan import RecordSearch
from bot.dialogue.topics import about_support, how_to
from bot.dialogue.topics.new_issue import SAY_IT_DIFFERENTLY
from bot.dialogue.turn import Turn
from bot.dialogue.user_message import SURE, states_problem
from bot.triage.hours.hours_asked import day_asked, zone_asked
from bot.triage.reading.courtesies import without_courtesies
from bot.triage.reading.form import asks, is_short
from bot.triage.reading.impact import assess
from bot.triage.reading.leaning import cannot_see, leans_on_before, opens_leaning, refers_back
from bot.triage.reading.listed_questions import listed_questions, pointed_at
from bot.triage.reading.question_topics import Topic, topic_asked
from bot.triage.reading.status_wish import asks_for_news, asks_own_number
from bot.triage.reading.trouble import says_trouble
from bot.triage.text.language import foreign_language
from bot.triage.text.plain_text import fold

HOURS, MORE_HOURS = "opening hours", "more about the hours"
MOST_WORDS = 20
# These say what they want by themselves, whatever was shown before.
OF_THEIR_OWN = frozenset(["ask_person", "leave_queue", "abusive", "greet", "goodbye", "give_reference", "new_issue"])
# These may lean on the answer when they ask or go on: "thanks, and how do I undo that?", "that works, but …".
WITH_A_QUESTION = frozenset(["thank", "affirm", "solved", "not_solved"])
# These are about the customer's issue, whose words a page may hold as well.
ABOUT_AN_ISSUE = frozenset(["ask_status", "missing_reference", "follow_up"])
_WHOLE_QUESTION = re.compile(
    r"\W{0,3}(?:(?:and|also|then|ok|so|hi|hello|please)[ ,]{1,2}){0,2}"
    r"(?:how (?:do|can|could|would|should) (?:i|we|you)|how to|where (?:do|can) (?:i|we))\b"
)
# "No, that's not it" answers whether it helped, although it leans on something.
_PLAIN_ANSWER = re.compile(
    r"(?:\W*\b(?:no|nope|nah|not|yes|yeah|yep|ok|okay|sorry|it|it's|its|that|that's|thats|this|is|isn't|isnt|was|wasn't|did|"
    r"didn't|didnt|does|doesn't|doesnt|do|don't|really|quite|at|all|help|helped|work|worked|solve|solved|what|i|asked|"
    r"meant|need|needed|thanks|thank|you)\b){1,8}\W*"
)
_ASKS_WHERE = re.compile(
    r"\bwhere(?:'s| is| are| do i (?:find|see|get)| can i (?:find|see))? (?:it|that|this|they|those)\b"
)
# Without an answer on the page, these are not taken for a question about it.
BY_ANOTHER_RULE = (
    OF_THEIR_OWN
    | WITH_A_QUESTION
    | ABOUT_AN_ISSUE
    | {
        "ask_hours",
        "ask_contact",
        "ask_coverage",
        "ask_tips",
        "deny",
        "cancel",
        "frustrated",
        "continue_issue",
        "bot_challenge",
    }
)
# What may end a wait is never taken for a question about a page.
ENDS_A_WAIT = frozenset(["cancel", "solved", "frustrated"])
# How much better another page must answer the words than the page shown, so that they are about something else.
BETTER, BETTER_FOR_TROUBLE = 0.2, 0.12
BETTER_THOUGH_IT_LEANS = 0.25
_GOES_ON = re.compile(r"\bbut\b")
_THERE_IS = re.compile(r"\b(?:is|are|was|were) there\b")


@dataclass(frozen=True)
class Found:
    """The answer to a follow-up: lines of the page shown, or the question to put to the whole manual."""

    lines: ManualResult | None = None
    question: str | None = None


def is_about_hours(turn: Turn) -> bool:
    """Return whether a short message asks about another day or place right after the opening hours."""
    if turn.context.last_rule not in (HOURS, MORE_HOURS) or turn.in_form or not is_short(turn.typed):
        return False
    hours = turn.support.office_hours
    today = turn.context.now.astimezone(hours.zone).date()
    return day_asked(turn.typed, today, hours) is not None or zone_asked(turn.typed) is not None


def answer_about_hours(turn: Turn) -> None:
    """Say the hours of the day or place that was asked about."""
    about_support.ask_hours(turn)


def points_at_a_part(turn: Turn) -> bool:
    """Return whether the message points at one of several questions asked before, or of several pages shown."""
    return _part(turn) is not None


def answer_part(turn: Turn) -> None:
    """Answer the question that is pointed at, or show what its page says."""
    part = _part(turn)
    if part is None:
        return
    if part.question is not None:
        how_to.look_up(turn, part.question, private=_is_private(turn))
    elif part.lines is not None:
        show_lines(turn, part.lines)


def is_follow_up(turn: Turn) -> bool:
    """Return whether the message is about the answer shown, and can be answered as such."""
    return _found(turn) is not None


def answer_follow_up(turn: Turn) -> None:
    """Answer inside the page shown, else from the whole manual; else say that only the manual is known."""
    found = _found(turn)
    if found is None:
        return
    if found.question is not None:
        how_to.look_up(turn, found.question, private=_is_private(turn))
    elif found.lines is not None and found.lines.confident:
        show_lines(turn, found.lines)
    else:
        _say_only_the_page(turn, found.lines or ManualResult(searched=True))


def _may_lean(turn: Turn) -> ShownAnswer | None:
    """Return the answer that the message may lean on; None when it says by itself what it wants."""
    shown, said = turn.context.shown, turn.said
    if shown is None or turn.in_form or not turn.typed or turn.by_rules or turn.word_count > MOST_WORDS:
        return None
    if _PLAIN_ANSWER.fullmatch(fold(turn.typed)):
        return None
    details = said.details
    tells_facts = details.email or details.phone or details.references or (details.version and not asks(turn.typed))
    if tells_facts or assess(turn.typed, {}) or foreign_language(turn.typed) is not None:
        return None
    return shown


def _part(turn: Turn) -> Found | None:
    shown = _may_lean(turn)
    if shown is None or turn.intent in OF_THEIR_OWN:
        return None
    asked = listed_questions(shown.question) or tuple(
        one.question for one in turn.context.unsolved if "\n" not in one.question
    )
    place = pointed_at(turn.typed, len(asked))
    if place is not None:
        return Found(question=asked[place])
    page = pointed_at(turn.typed, len(shown.pages))
    if page is None:
        return None
    return Found(lines=turn.evidence.of(LookUp(shown.question, pages=(shown.pages[page],))))


def _found(turn: Turn) -> Found | None:
    shown = _may_lean(turn)
    if shown is None or _says_by_itself(turn):
        return None
    lines = turn.evidence.of(LookUp(turn.typed, pages=shown.pages, former=_former(shown), read=shown.section))
    if not lines.confident and (cannot_see(turn.typed) or _ASKS_WHERE.search(fold(turn.typed))):
        # "Where is that?" has no word of its own: the place is that of the answer.
        lines = turn.evidence.of(LookUp(_root(shown), pages=shown.pages))
    leans = leans_on_before(_THERE_IS.sub(" ", fold(turn.typed)))
    if lines.confident and not _has_subject_of_its_own(turn, shown, lines, leans=leans):
        return Found(lines=lines)
    if not lines.searched or not leans or turn.waiting:
        return None
    if turn.intent in BY_ANOTHER_RULE and not _asks_of_no_issue(turn):
        return None
    if states_problem(turn.support, turn.typed) and not opens_leaning(turn.typed):
        return None
    return _elsewhere(turn, shown) or Found(lines=lines)


def _says_by_itself(turn: Turn) -> bool:
    """Return whether the label speaks for itself: a person is wanted, thanks without a question, and the like."""
    if _asks_of_no_issue(turn):
        return False
    if turn.intent in OF_THEIR_OWN | ABOUT_AN_ISSUE:
        return turn.reading.confidence >= SURE
    if turn.waiting and (turn.intent in ENDS_A_WAIT or not asks(turn.typed)):
        # In the queue what is only told is for the technician.
        return True
    goes_on = asks(turn.typed) or _GOES_ON.search(fold(turn.typed)) is not None
    return turn.intent in WITH_A_QUESTION and not goes_on


def _asks_of_no_issue(turn: Turn) -> bool:
    """Return whether the label hears a customer's issue where there is none, nor a word of one."""
    if turn.intent not in ABOUT_AN_ISSUE or turn.known_issue is not None:
        return False
    return refers_back(turn.typed) or not _speaks_of_an_issue(turn.typed)


def _speaks_of_an_issue(text: str) -> bool:
    return asks_for_news(text) or asks_own_number(text) or topic_asked(text) in (Topic.STATUS, Topic.PLACE)


def _has_subject_of_its_own(turn: Turn, shown: ShownAnswer, lines: ManualResult, *, leans: bool) -> bool:
    """Return whether it is a whole question, or another page than those shown answers the words clearly better."""
    code = turn.said.details.error_code
    if code is not None and not any(code in card["excerpt"] for card in lines.cards):
        return True
    # "It crashes when I print" and "does it run on Linux" lean by their words, and may be about the product.
    trouble = says_trouble(turn.typed) and not cannot_see(turn.typed)
    if opens_leaning(turn.typed) or cannot_see(turn.typed) or refers_back(turn.typed):
        return False
    if turn.intent == "how_to" and _WHOLE_QUESTION.match(fold(without_courtesies(turn.typed))):
        return True
    whole = turn.evidence.of(LookUp(turn.typed))
    if not whole.confident or _is_shown(whole, shown):
        return False
    other = turn.evidence.of(LookUp(turn.typed, pages=whole.pages[:1], former=_root(shown)))
    enough = BETTER_FOR_TROUBLE if trouble else BETTER_THOUGH_IT_LEANS if leans else BETTER
    return other.score - lines.score > enough


def _elsewhere(turn: Turn, shown: ShownAnswer) -> Found | None:
    """Return the question for the whole manual that another page answers: the message, or it behind the former.

    None for words that only go on from the answer: "and on a Mac?" finds by itself some page about anything.
    """
    whole_question = _WHOLE_QUESTION.match(fold(without_courtesies(turn.typed))) is not None
    if refers_back(turn.typed) or (opens_leaning(turn.typed) and not whole_question):
        return None
    for question in (turn.typed, f"{_root(shown)} {turn.typed}"):
        whole = turn.evidence.of(LookUp(question))
        if whole.confident and not _is_shown(whole, shown):
            return Found(question=question)
    return None


def _is_shown(found: ManualResult, shown: ShownAnswer) -> bool:
    return bool(found.cards) and found.cards[0]["url"].partition("#")[0] == shown.pages[0]


def _root(shown: ShownAnswer) -> str:
    """Return the question that led to the page: a follow-up is recorded on a line below it."""
    return shown.question.split("\n", 1)[0]


def _former(shown: ShownAnswer) -> str:
    """Return the question that led to the page, with the last message about it if there was one."""
    first, *further = shown.question.split("\n")
    return " ".join([first, *further[-1:]])


def _is_private(turn: Turn) -> bool:
    return turn.context.shown is not None and turn.context.shown.private


def show_lines(turn: Turn, found: ManualResult) -> None:
    """Show lines of the page shown before, and remember the message behind the question that led there."""
    _record(turn, found, found.cards)
    how_to.show(turn, found, private=_is_private(turn))


def _say_only_the_page(turn: Turn, found: ManualResult) -> None:
    """Say what the page has that comes nearest, if anything, and offer a person."""
    _record(turn, found, ())
    turn.ask_about(SAY_IT_DIFFERENTLY)
    lines = " ".join(found.answer.lines) if found.answer is not None else ""
    response = "utter_only_the_page" if lines else "utter_page_has_nothing"
    turn.say(response, lines=lines, choices=how_to.offers(turn), private=_is_private(turn))


def _record(turn: Turn, found: ManualResult, cards: tuple[dict[str, str], ...]) -> None:
    shown = turn.context.shown
    if found.searched and shown is not None:
        asked = f"{_root(shown)}\n{turn.typed}"[: how_to.MOST_CHARACTERS_RECORDED]
        turn.do(RecordSearch(asked, turn.message_id, cards, found.score, bool(cards)))
