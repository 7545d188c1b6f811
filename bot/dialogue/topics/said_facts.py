"""Facts whatever the label: a problem told with its facts, facts told before the problem, a correction of the draft."""

import re

from bot.dialogue.intake.corrections import says_only_facts
from bot.dialogue.topics.ask_question import say_noted
from bot.dialogue.topics.new_issue import report
from bot.dialogue.topics.small_talk import ways
from bot.dialogue.turn import Turn
from bot.triage.reading.details import Details
from bot.triage.reading.form import word_count
from bot.triage.reading.leaning import opens_leaning
from bot.triage.reading.question_parts import parts_of
from bot.triage.reading.report_words import names_a_problem
from bot.triage.reading.trouble import says_trouble
from bot.triage.text.plain_text import fold, word_set

FEWEST_WORDS_OF_A_PROBLEM, FEWEST_WORDS_OF_AN_ACCOUNT = 4, 5
_INTRODUCES = re.compile(
    r"\b(?:i'm|i am|my name|this is|it's|its) [\w'-]{2,20}(?: (?:from|at|of|with)\b|\W*$)|\bmy (?:mail|e-?mail|"
    r"address|phone|"
    r"number|contact)\b|\b(?:reach|call|mail|write|contact) me\b|\bwe (?:use|have|run) \w+ \d"
)
_CLAUSE_END = re.compile(r"[,;.!?\n]+(?=\s|\Z)|\s-+\s|\s(?:and|but)\s(?=(?:i|we|you|my|our)\b)")
# A clause that says who writes and how to be reached.
_ABOUT_THE_WRITER = re.compile(
    r"\W*(?:(?:hi|hello|hey|good (?:day|morning|afternoon|evening)|dear \w+|greetings|and|so|oh)\b\W*){0,3}"
    r"(?:(?:i'm|i am|im|my name|our name|this is|it's|here is|here writes|we are|we're|name)\b[^@]{0,60}\Z|"
    r"(?:you (?:can |may |could )?(?:always |best )?(?:reach|find|get|contact|write|mail|call|have)|(?:please "
    r")?(?:reach|call|mail|"
    r"write|contact|answer|reply|e-?mail)(?: (?:me|us|to))?|best (?:on|at|under|is|way)|my|our)\b"
    r"(?=[^@]{0,40}(?:\Z|\b(?:mail|e-?mail|address|phone|number|contact|name|firm|company|office|role|job)\b))"
    r"|(?:kind |best |many )?(?:regards|thanks|greetings)\b|\W*\Z)"
)
_WORD = re.compile(r"[\w']+")
# Words that name a version or a system and say nothing of what is wanted with it.
_AROUND_FACTS = frozenset(
    (
        *("version", "release", "edition", "the", "a", "an", "our", "and", "on", "with", "under"),
        *("we", "i", "use", "run", "have", "are", "is", "it's", "here", "still"),
    )
)
# Words around facts that are said in passing: "hi, just so u know im on 12.1.0".
_AROUND_A_MENTION = _AROUND_FACTS | word_set(
    "hi hello hey hiya morning afternoon evening good btw fyi by way just only so you u know im i'm am we're were "
    "our my me ps also first before start oh ok okay well please pls thanks thank for info information record this "
    "that's to "
    "tell let already currently now pc computer laptop machine mac windows office system using running got has there "
    "installed program software number of at in"
)
# What a message may be taken for that is nothing but facts about its writer.
MAY_BE_FACTS = frozenset(
    ("greet", "inform", "correct_answer", "thank", "out_of_scope", "affirm", "nlu_fallback", "goodbye")
)


def is_problem_with_facts(turn: Turn) -> bool:
    """Return whether a problem is told together with the address and what it shows, whatever it was taken for."""
    if not _is_statement(turn) or turn.in_form or turn.waiting or turn.word_count < FEWEST_WORDS_OF_A_PROBLEM:
        return False
    details = turn.said.details
    if not (details.email or details.phone) or not names_a_problem(turn.typed):
        return False
    return says_trouble(turn.typed) or _shows(details) or _is_account(turn)


def report_with_facts(turn: Turn) -> None:
    """Begin the report; its facts are saved with it."""
    report(turn)


def is_facts_first(turn: Turn) -> bool:
    """Return whether the message gives an address, a version or a system, and says nothing of a problem yet."""
    if not _is_statement(turn) or turn.draft is not None or turn.pending:
        return False
    if turn.intent not in MAY_BE_FACTS and not _only_mentions_facts(turn):
        return False
    if turn.intent == "inform" and says_only_facts(turn.support, turn.typed):
        return False  # the report begins with them
    if turn.context.shown is not None and opens_leaning(turn.typed):
        return False  # "and on a Mac" goes on from the answer
    details = turn.said.details
    known = details.email or details.phone or details.version or details.operating_system
    return bool(known and not says_trouble(turn.typed) and not _shows(details))


def is_nothing_but_facts(turn: Turn) -> bool:
    """Return whether a version or a system is all that a first message says; as a question it would be about one."""
    if not _is_statement(turn) or turn.draft is not None or turn.pending or turn.intent != "how_to":
        return False
    details, rest = turn.said.details, fold(turn.typed)
    values = [value for value in (details.version, details.operating_system, turn.support.product) if value]
    for value in values:
        rest = rest.replace(fold(value), " ")
    return len(values) > 1 and set(_WORD.findall(rest)) <= _AROUND_FACTS


def _only_mentions_facts(turn: Turn) -> bool:
    """Return whether a message has no word besides its version and its system but those that mention them."""
    details, rest = turn.said.details, fold(turn.typed)
    for value in (details.version, details.operating_system, turn.support.product):
        rest = rest.replace(fold(value), " ") if value else rest
    return bool(details.version or details.operating_system) and set(_WORD.findall(rest)) <= _AROUND_A_MENTION


def note_facts_first(turn: Turn) -> None:
    """Thank for them: they stay with the conversation, and a draft takes them in when it begins."""
    turn.say("utter_facts_noted", choices=ways(turn))


def is_correction(turn: Turn) -> bool:
    """Return whether words correct a line of a draft whose questions are over; the line is corrected by asking."""
    return turn.corrected is not None


def say_corrected(turn: Turn) -> None:
    """Say what the corrected line says now."""
    if turn.draft is not None and turn.corrected is not None:
        say_noted(turn, turn.draft, turn.corrected)


def _is_statement(turn: Turn) -> bool:
    if turn.by_rules or turn.is_choice or turn.context.event is not None or not turn.typed or turn.typed_references:
        return False
    return not parts_of(turn.typed).asked


def _is_account(turn: Turn) -> bool:
    """Return whether enough is said beside an e-mail address to be the account of a problem, and no introduction."""
    address = turn.said.details.email
    if not address or turn.intent in ("greet", "thank", "goodbye") or says_only_facts(turn.support, turn.typed):
        return False
    clauses = _CLAUSE_END.split(turn.typed.replace(address, " "))
    told = [clause for clause in clauses if not _ABOUT_THE_WRITER.match(fold(clause))]
    return sum(map(word_count, told)) >= FEWEST_WORDS_OF_AN_ACCOUNT and not _INTRODUCES.search(fold(" ".join(told)))


def _shows(details: Details) -> bool:
    """Return whether the facts are those of a problem rather than of a computer."""
    return bool(
        details.error or details.since or details.expected or details.things or details.what_changed or details.tried
    )
